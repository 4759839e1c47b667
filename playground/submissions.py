"""Sending and closing modals, and what the app's answer does to them."""

from typing import Any

from playground import connect, interactions, modals
from playground.checks import refuse_bad_view
from playground.clicks import TROUBLE, Clicks
from playground.elements import VALUE_FIELDS, all_elements, value_of
from playground.inputs import complaint
from playground.people import People
from playground.records import Json, User, View
from playground.refusals import NotPossibleError, RefusalError
from playground.socket import AnswerKind
from playground.world import World


class Submissions:
    """Deeds on whole modals."""

    def __init__(self, world: World, people: People, clicks: Clicks) -> None:
        self._world = world
        self._people = people
        self._clicks = clicks

    async def submit(self, user_id: str, view_id: str, values: Json) -> None:
        """Send a modal; refuses with sentences by block_id what the client or the app does not take."""
        other = self._abroad(user_id, view_id)
        if other is not None:
            await other.submit(user_id, view_id, values)
            return
        user = self._people.person(user_id)
        view = self._clicks.open_view(user, view_id)
        if view.type != "modal" or not view.content.get("submit"):
            raise NotPossibleError("not_submittable", "This form can't be sent.")
        self._clicks.note_values(user, view, values)
        errors = complaints(view)
        if errors:
            raise NotPossibleError("invalid_input", "Something is missing.", errors)
        self._world.journal.note("person", f"{user.name} sends {_title(view)}", detail={"values": view.values})
        payload = interactions.submission(self._world, user, view)
        answer = await self._world.deliver.ask("interactive", payload, (user.id,))
        if answer.kind is not AnswerKind.ACK:
            self._fail(view, "the app did not answer", {"answer": answer.reason})
            self._people.require_ack(answer, _title(view))
        sent_as = view.content.get("callback_id", "")  # the answer may put another view in its place
        self._take(user, view, answer.payload)
        self._world.guide.happened("submit", user.id, sent_as)

    def _abroad(self, user_id: str, view_id: str) -> "Submissions | None":
        """The same deeds in the workspace whose app opened this view."""
        other = connect.installed_for(self._world, user_id, {"view": view_id})
        if other is None:
            return None
        people = People(other)
        return Submissions(other, people, Clicks(other, people))

    def _fail(self, view: View, why: str, detail: Json) -> None:
        modals.set_problem(self._world, view, TROUBLE)
        self._world.journal.note("socket", f"{_title(view)}: {why}", status="failed", detail=detail)

    def _refuse(self, view: View, why: str, detail: Json) -> NotPossibleError:
        self._fail(view, why, detail)
        return NotPossibleError("bad_response", TROUBLE)

    # -- the app's answer --------------------------------------------------------------------------------

    def _take(self, user: User, view: View, payload: Any) -> None:
        if self._world.state.views.get(view.id) is not view:
            return  # a second sending was answered after the first had closed it
        if payload in (None, "", {}):
            modals.pop(self._world, view)
            return
        if not isinstance(payload, dict):
            raise self._refuse(view, "an answer that is no object", {"answer": payload})
        match payload.get("response_action"):
            case "errors":
                self._show_errors(view, payload)
            case "clear":
                modals.clear(self._world, user.id)
            case "update" | "push":
                self._show_view(user, view, payload)
            case _:
                raise self._refuse(view, "an answer without a known response_action", payload)

    def _show_errors(self, view: View, payload: Json) -> None:
        errors = payload.get("errors")
        inputs = {block["block_id"] for block in view.content["blocks"] if block.get("type") == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise self._refuse(view, "errors for what is no input block", payload)
        if not all(isinstance(each, str) and each for each in errors.values()):
            raise self._refuse(view, "errors that are no sentences", payload)
        modals.set_problem(self._world, view, None)
        raise NotPossibleError("app_errors", "The app asks for a change.", dict(errors))

    def _show_view(self, user: User, view: View, payload: Json) -> None:
        content = payload.get("view")
        try:
            if not isinstance(content, dict) or content.get("type") != "modal":
                raise RefusalError("invalid_arguments")  # noqa: TRY301  (one place judges all)
            refuse_bad_view(content)
            pushed = payload["response_action"] == "push"
            modals.check_external_id(self._world, content, besides=None if pushed else view)
            if pushed:
                modals.open_modal(self._world, user.id, content, push=True)
            else:
                modals.replace(self._world, view, content)
        except RefusalError as refusal:
            raise self._refuse(view, f"the view in the answer was refused: {refusal}", refusal.answer()) from refusal

    # -- closing -----------------------------------------------------------------------------------------

    async def close(self, user_id: str, view_id: str, *, everything: bool = False) -> None:
        """Dismiss a modal, or the whole stack at once; the app hears of it if it asked to."""
        other = self._abroad(user_id, view_id)
        if other is not None:
            await other.close(user_id, view_id, everything=everything)
            return
        user = self._people.person(user_id)
        view = self._clicks.open_view(user, view_id)
        if view.type != "modal":
            raise NotPossibleError("not_found", "That can't be closed.")
        stack = self._world.state.modals(user.id)
        cleared = everything or bool(view.content.get("clear_on_close"))
        told = stack[0] if cleared else view
        payload = interactions.closing(self._world, user, told, cleared=cleared)
        modals.pop(self._world, told)
        self._world.journal.note("person", f"{user.name} closes {_title(view)}")
        if any(each.content.get("notify_on_close") for each in (stack if cleared else [view])):
            await self._world.deliver.ask("interactive", payload, (user.id,))


def complaints(view: View) -> dict[str, str]:
    """Why the client would not send this, by block_id."""
    found: dict[str, str] = {}
    for block, element in all_elements(view.content.get("blocks")):
        if block.get("type") != "input" or element["type"] not in VALUE_FIELDS:
            continue
        entry = view.values.get(block["block_id"], {}).get(element["action_id"], {})
        sentence = complaint(block, element, value_of(element, entry))
        if sentence:
            found[block["block_id"]] = sentence
    return found


def _title(view: View) -> str:
    return f"“{(view.content.get('title') or {}).get('text', 'the form')}”"
