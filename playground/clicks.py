"""Pressing and choosing: the element is looked up in what is stored, so what is gone cannot be pressed."""

from typing import Any

from playground import connect, interactions, modals
from playground.elements import (
    BUTTONS,
    VALUE_FIELDS,
    all_elements,
    beginning_state,
    find_element,
    options_of,
    shape,
)
from playground.inputs import NotAChoiceError, Reader, complaint
from playground.people import People
from playground.records import Json, Message, User, View
from playground.refusals import NotPossibleError
from playground.socket import Answer, AnswerKind
from playground.world import World

RAW_KEYS = [
    "option",
    "options",
    "value",
    "user",
    "users",
    "conversation",
    "conversations",
    "channel",
    "channels",
    "date",
    "time",
    "date_time",
    "rich_text",
    "files",
]
TROUBLE = "We had some trouble connecting. Try again?"
MOST_OPTIONS = 100

Where = Message | View


class Clicks:
    """Deeds inside blocks."""

    def __init__(self, world: World, people: People) -> None:
        self._world = world
        self._people = people

    # -- finding -----------------------------------------------------------------------------------------

    def where(self, user: User, place: Json) -> Where:
        """The message or view meant, if this person has it before them now."""
        if place.get("view"):
            return self.open_view(user, str(place["view"]))
        named = place.get("message") or {}
        return self._people.seen_message(user, str(named.get("channel", "")), str(named.get("ts", "")))

    def open_view(self, user: User, view_id: str) -> View:
        """A view that is open for this person: the top modal, or their Home."""
        view = self._world.state.views.get(view_id)
        if view is None or view.user != user.id:
            raise NotPossibleError("not_found", "That is no longer open.")
        stack = self._world.state.modals(user.id)
        if view.type == "modal" and (not stack or stack[-1] is not view):
            raise NotPossibleError("not_found", "Another form lies on top of that one.")
        return view

    def _blocks(self, where: Where) -> list[Json]:
        return (where.blocks if isinstance(where, Message) else where.content.get("blocks")) or []

    def _find(self, where: Where, block_id: str, action_id: str) -> tuple[Json, Json]:
        found = find_element(self._blocks(where), block_id, action_id)
        if found is None:
            raise NotPossibleError("element_not_found", "That is no longer there.")
        return found

    # -- the deed ----------------------------------------------------------------------------------------

    async def click(self, user_id: str, place: Json, block_id: str, action_id: str, raw: Json) -> None:
        """Press a button or choose something that tells the app at once."""
        other = connect.installed_for(self._world, user_id, place)
        if other is not None:
            await Clicks(other, People(other)).click(user_id, place, block_id, action_id, raw)
            return
        user = self._people.person(user_id)
        where = self.where(user, place)
        block, element = self._find(where, block_id, action_id)
        if not self._world.manifest.interactive or self._world.state.app.gone:
            raise NotPossibleError("interactivity_disabled", "This app has no interactivity.")
        if isinstance(where, View) and raw.get("values"):
            self.note_values(user, where, raw["values"])
        action = self._action(user, where, block, element, raw)
        self._world.journal.note("person", f"{user.name} presses {self._label(element, action_id)}", detail=action)
        if block.get("type") == "input" and not block.get("dispatch_action"):
            return
        answer = await self._deliver(user, where, action)
        self._judge(where, answer)
        self._world.guide.happened("click", user.id, action_id)

    def _label(self, element: Json, action_id: str) -> str:
        text = (element.get("text") or {}).get("text") if isinstance(element.get("text"), dict) else None
        return f"“{text}”" if text else action_id

    def _action(self, user: User, where: Where, block: Json, element: Json, raw: Json) -> Json:
        action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        if element["type"] in BUTTONS:
            action |= self._pressed(element, raw)
        else:
            action |= self._chosen(user, where, block, element, raw)
        return action | {"action_ts": self._world.state.next_ts()}

    def _pressed(self, element: Json, raw: Json) -> Json:
        if element["type"] == "overflow":
            wanted = raw.get("option")
            value = wanted.get("value") if isinstance(wanted, dict) else wanted
            for option in options_of(element):
                if option.get("value") == value:
                    return {"selected_option": {key: option[key] for key in ("text", "value") if key in option}}
            raise NotAChoiceError("There is no such choice in the menu.")
        facts: Json = {}
        if element["type"] == "feedback_buttons":
            sides = [element.get("positive_button") or {}, element.get("negative_button") or {}]
            picked = next((each for each in sides if each.get("value") == raw.get("value")), None)
            if picked is None:
                raise NotAChoiceError("That is neither of the two buttons.")
            return {"value": picked["value"], "text": picked.get("text")}
        for name in ("text", "value", "style", "url"):
            if name in element:
                facts[name] = element[name]
        return facts

    def _chosen(self, user: User, where: Where, block: Json, element: Json, raw: Json) -> Json:
        given: Any = next((raw[key] for key in RAW_KEYS if key in raw), None)
        value = self._reader(user, where, block, element).read(element, given)
        problem = complaint({**block, "optional": True}, element, value)
        if problem:
            raise NotPossibleError("invalid_value", problem, {block["block_id"]: problem})
        entry = shape(element, value)
        self._remember(user, where, block["block_id"], element["action_id"], entry)
        facts = {name: inner for name, inner in entry.items() if name != "type"}
        for name in ("initial_option", "initial_options", "initial_date", "initial_time", "initial_user"):
            if name in element:
                facts[name] = element[name]
        if "placeholder" in element:
            facts["placeholder"] = element["placeholder"]
        return facts

    def _reader(self, user: User, where: Where, block: Json, element: Json) -> Reader:
        key = (_id_of(where), block["block_id"], element["action_id"])
        return Reader(self._world.state, user.id, self._world.loaded.get(key, []))

    def _remember(self, user: User, where: Where, block_id: str, action_id: str, entry: Json) -> None:
        if isinstance(where, View):
            values = where.values
        else:
            values = where.typed.setdefault(user.id, beginning_state(where.blocks))
        values.setdefault(block_id, {})[action_id] = entry
        self._world.state.keep(where)

    def note_values(self, user: User, view: View, values: Json) -> None:
        """Take over what stands in a view's fields, by block_id and action_id; what is not named stays."""
        for block, element in all_elements(view.content.get("blocks")):
            given = values.get(block["block_id"])
            if element["type"] not in VALUE_FIELDS or not isinstance(given, dict):
                continue
            if element["action_id"] in given:
                reader = self._reader(user, view, block, element)
                entry = shape(element, reader.read(element, given[element["action_id"]]))
                self._remember(user, view, block["block_id"], element["action_id"], entry)

    async def _deliver(self, user: User, where: Where, action: Json) -> Answer:
        if isinstance(where, View):
            payload = interactions.click_in_view(self._world, user, where, action)
        else:
            payload = interactions.click_in_message(self._world, user, where, action)
        return await self._world.deliver.ask("interactive", payload, (user.id,))

    def _judge(self, where: Where, answer: Answer) -> None:
        if answer.kind is AnswerKind.ACK:
            if isinstance(where, View):
                modals.set_problem(self._world, where, None)
            return
        if isinstance(where, View) and where.type == "modal":
            modals.set_problem(self._world, where, TROUBLE)
        self._people.require_ack(answer, "That")

    # -- external selects --------------------------------------------------------------------------------

    async def options(self, user_id: str, place: Json, block_id: str, action_id: str, query: str) -> Json:
        """What the app offers for these letters: `options` or `option_groups`."""
        other = connect.installed_for(self._world, user_id, place)
        if other is not None:
            return await Clicks(other, People(other)).options(user_id, place, block_id, action_id, query)
        user = self._people.person(user_id)
        where = self.where(user, place)
        block, element = self._find(where, block_id, action_id)
        if "external_select" not in element["type"]:
            raise NotPossibleError("invalid_element", "That field does not ask the app.")
        if len(query) < element.get("min_query_length", 3):
            return {"options": []}
        payload = interactions.suggestion(self._world, user, where, (block_id, action_id), query)
        answer = await self._world.deliver.ask("interactive", payload, (user.id,))
        self._people.require_ack(answer, "The list")
        offered = _offered(answer.payload)
        self._world.loaded[_id_of(where), block["block_id"], action_id] = options_of(offered)
        return offered


def _offered(payload: Any) -> Json:
    given = payload if isinstance(payload, dict) else {}
    name = "option_groups" if "option_groups" in given else "options"
    offered = given.get(name)
    if not isinstance(offered, list) or len(offered) > MOST_OPTIONS:
        raise NotPossibleError("dispatch_failed", "The app's list could not be read.")
    for option in options_of({name: offered}):
        if not isinstance(option.get("value"), str) or "text" not in option:
            raise NotPossibleError("dispatch_failed", "The app's list could not be read.")
    return {name: offered}


def _id_of(where: Where) -> str:
    return where.id
