"""The workspace in a test's hands: people do things and read what they see; every wait is on state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from playground.deeds import Deeds
from playground.driver_blocks import Choice, TextOf, buttons_in, choose, raw_values
from playground.elements import words_of
from playground.journal import Entry
from playground.records import Json, Kind, Message, User, View
from playground.refusals import NotPossibleError
from playground.shapes import place_name
from playground.things import Person
from playground.watch import PATIENCE
from playground.world import World

Found = TypeVar("Found")
Since = "MessageInHand | str | None"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deed led to; `error` is Slack's word when the app did not take it."""

    hands: "PersonInHand"
    since: str
    error: str | None = None
    sentence: str = ""

    @property
    def ephemeral(self) -> list["MessageInHand"]:
        """The messages shown to this person only, since the deed."""
        return [each for each in self.hands.all_messages() if each.only_you and each.ts > self.since]

    async def told(self, containing: str | None = None, seconds: float = PATIENCE) -> "MessageInHand":
        """Wait for an answer only this person sees."""
        return await self.hands.wait(
            lambda: next((each for each in reversed(self.ephemeral) if each.has(containing)), None),
            f"was told nothing privately{_with(containing)}",
            seconds,
        )


@dataclass(frozen=True, slots=True)
class InHand:
    """Something with blocks before a person's eyes."""

    hands: "PersonInHand"

    @property
    def blocks(self) -> list[Json]:
        """The blocks as they are now."""
        raise NotImplementedError

    def _place(self) -> Json:
        raise NotImplementedError

    @property
    def buttons(self) -> list[str]:
        """What can be pressed, by label."""
        return [each.label for each in buttons_in(self.blocks)]

    async def click(self, label: str, option: str | None = None) -> Outcome:
        """Press a button, or open a menu and take an option, by label or action_id; refuses an ambiguous one."""
        block_id, action_id, raw = choose(self.blocks, label, option)
        deeds = self.hands.deeds
        return await self.hands.do(lambda: deeds.clicks.click(self.hands.id, self._place(), block_id, action_id, raw))

    async def choose(self, block_id: str, value: object) -> Outcome:
        """Choose something in a field that tells the app at once; the value as `fill` takes it."""
        values = raw_values(self.blocks, {block_id: value}, self.hands.names)
        ((action_id, raw),) = values[block_id].items()
        deeds = self.hands.deeds
        return await self.hands.do(
            lambda: deeds.clicks.click(self.hands.id, self._place(), block_id, action_id, {"value": raw})
        )

    async def options(self, block_id: str, query: str) -> list[str]:
        """Type into an external select; the labels the app offers."""
        offered = await self.hands.deeds.clicks.options(
            self.hands.id, self._place(), block_id, _action_in(self.blocks, block_id), query
        )
        groups = offered.get("option_groups") or [offered]
        return [each["text"]["text"] for group in groups for each in group.get("options") or []]


def _action_in(blocks: list[Json], block_id: str) -> str:
    for choice in Choice.all_in(blocks):
        if choice.block_id == block_id:
            return choice.action_id
    raise AssertionError(f"There is no field {block_id!r}; there are {sorted(Choice.fields_in(blocks))}.")


@dataclass(frozen=True, slots=True)
class MessageInHand(InHand):
    """A message; it reads the state anew each time, so an edit is seen."""

    channel: str
    ts: str

    @property
    def record(self) -> Message:
        """The message as it is kept now."""
        found = self.hands.world.state.message(self.channel, self.ts)
        if found is None:
            raise AssertionError(f"The message {self.ts} is no longer there.")
        return found

    @property
    def gone(self) -> bool:
        """Whether it was taken away."""
        return self.hands.world.state.message(self.channel, self.ts) is None

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return self.record.blocks or []

    def _place(self) -> Json:
        return {"message": {"channel": self.channel, "ts": self.ts}}

    @property
    def text(self) -> str:
        """Every word a reader sees; the plain text where there are no blocks."""
        record = self.record
        return "\n".join(words_of(record.blocks)) if record.blocks else record.text

    @property
    def summary(self) -> str:
        """The plain text, as notifications and screen readers read it."""
        return self.record.text

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was sent."""
        return self.record.edited is not None

    @property
    def only_you(self) -> bool:
        """Whether nobody else sees it."""
        return self.record.only_for is not None

    @property
    def by_app(self) -> bool:
        """Whether the app wrote it."""
        return self.record.by_app

    @property
    def files(self) -> list[str]:
        """The names of the files it carries."""
        return [str(each["name"]) for each in self.record.files or ()]

    def has(self, words: str | None) -> bool:
        """Whether these words stand in it."""
        return words is None or words in self.text or words in self.summary

    async def changed(self, containing: str | None = None, seconds: float = PATIENCE) -> "MessageInHand":
        """Wait until the app has changed it (to contain these words)."""
        before = self.record.edited
        return await self.hands.wait(
            lambda: self if self.has(containing) and (containing is not None or self.record.edited != before) else None,
            f"saw no change of “{self.summary}”{_with(containing)}",
            seconds,
        )

    async def use_shortcut(self, callback_id: str) -> Outcome:
        """Use one of the app's shortcuts on it."""
        deeds = self.hands.deeds
        return await self.hands.do(lambda: deeds.people.shortcut(self.hands.id, callback_id, self.channel, self.ts))


@dataclass(frozen=True, slots=True)
class ViewInHand(InHand):
    """A modal or Home tab; it reads the state anew each time, so an update is seen."""

    view_id: str

    @property
    def record(self) -> View:
        """The view as it is kept now."""
        found = self.hands.world.state.views.get(self.view_id)
        if found is None:
            raise AssertionError("That is no longer open.")
        return found

    @property
    def open(self) -> bool:
        """Whether it is still before the person."""
        return self.view_id in self.hands.world.state.views

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        found: list[Json] = self.record.content.get("blocks") or []
        return found

    def _place(self) -> Json:
        return {"view": self.view_id}

    @property
    def title(self) -> str:
        """A modal's title."""
        return TextOf.plain(self.record.content.get("title"))

    @property
    def callback_id(self) -> str:
        """The app's name for it."""
        return str(self.record.content.get("callback_id", ""))

    @property
    def text(self) -> str:
        """Every word a reader sees."""
        return "\n".join(words_of(self.blocks))

    @property
    def fields(self) -> list[str]:
        """The block_ids of its inputs."""
        return list(Choice.fields_in(self.blocks))

    @property
    def submit_label(self) -> str:
        """What the button that sends it says; empty when it cannot be sent."""
        return TextOf.plain(self.record.content.get("submit"))

    @property
    def problem(self) -> str | None:
        """What is wrong with it, when the app could not be reached or answered nonsense."""
        return self.record.problem

    @property
    def values(self) -> Json:
        """The state of its inputs, in Slack's shapes."""
        return self.record.values

    async def fill(self, **answers: object) -> None:
        """Fill fields by block_id; refuses an unknown field and a value that could not be typed or chosen."""
        await self.fill_in(answers)

    async def fill_in(self, answers: dict[str, object]) -> None:
        """The same for block_ids that are no Python names."""
        values = raw_values(self.blocks, answers, self.hands.names)
        user = self.hands.deeds.people.person(self.hands.id)
        self.hands.deeds.clicks.note_values(user, self.record, values)

    async def submit(self) -> Outcome:
        """Send it; what was not taken stands in `errors` afterwards."""
        deeds, errors = self.hands.deeds, self.hands.errors
        errors.pop(self.view_id, None)

        async def send() -> None:
            try:
                await deeds.submissions.submit(self.hands.id, self.view_id, {})
            except NotPossibleError as problem:
                errors[self.view_id] = problem.errors or {}
                raise

        return await self.hands.do(send)

    @property
    def errors(self) -> dict[str, str]:
        """The sentences beside fields after the last sending, by block_id."""
        return self.hands.errors.get(self.view_id, {})

    async def close(self, *, everything: bool = False) -> None:
        """Dismiss it, or the whole stack."""
        await self.hands.deeds.submissions.close(self.hands.id, self.view_id, everything=everything)

    async def changed(self, containing: str, seconds: float = PATIENCE) -> "ViewInHand":
        """Wait until these words stand in it."""
        return await self.hands.wait(
            lambda: self if self.open and (containing in self.text or containing in self.title) else None,
            f"saw no {containing!r} in the view",
            seconds,
        )


def _with(containing: str | None) -> str:
    return "" if containing is None else f" containing {containing!r}"


class PersonInHand:
    """One person, as a test plays them."""

    def __init__(self, world: World, deeds: Deeds, user: User) -> None:
        self.world = world
        self.deeds = deeds
        self.id = user.id
        self.errors: dict[str, dict[str, str]] = {}

    @property
    def user(self) -> User:
        """Their record."""
        return self.world.state.users[self.id]

    def names(self, key: str) -> str | None:
        """The id of whoever or whatever is called so, for choosing in selects."""
        state = self.world.state
        person = state.person(key)
        if person is not None:
            return person.id
        return next((each.id for each in state.conversations.values() if key in (each.id, each.name)), None)

    # -- waiting and doing -------------------------------------------------------------------------------

    async def wait(self, probe: Callable[[], Found | None], what: str, seconds: float = PATIENCE) -> Found:
        """Wait for something to be so; the error tells what there was instead."""
        return await self.world.state.watch.until(probe, lambda: f"{self.user.name} {what}. {self.sight()}", seconds)

    async def do(self, deed: Callable[[], object]) -> Outcome:
        """Do something and tell how it ended."""
        since = self.world.state.next_ts()
        try:
            done = deed()
            if hasattr(done, "__await__"):
                await done
        except NotPossibleError as problem:
            return Outcome(self, since, problem.code, problem.sentence)
        return Outcome(self, since)

    def sight(self) -> str:
        """What this person has before them, for errors."""
        lines = ["They see:"]
        lines += [f"  modal “{each.title}”: {each.text!r}" for each in self.modals()]
        lines += [
            f"  {each.ts} {'(only them) ' if each.only_you else ''}{each.text!r}" for each in self.all_messages()[-6:]
        ]
        home = self.world.state.home(self.id)
        if home is not None:
            lines.append(f"  home: {' / '.join(words_of(home.content.get('blocks')))[:300]!r}")
        lines.append("The last things on the wire:")
        lines += [f"  {title}" for title in self.world.journal.titles()[-12:]]
        return "\n".join(lines)

    # -- deeds -------------------------------------------------------------------------------------------

    async def command(self, text: str, channel: str | None = None) -> Outcome:
        """Run a slash command, in the app's conversation unless another place is named."""
        place = self._place(channel) if channel else ""
        return await self.do(lambda: self.deeds.people.command(self.id, text, place))

    async def say(self, text: str, channel: str | None = None, thread: "MessageInHand | None" = None) -> MessageInHand:
        """Write to the app, or to another place."""
        place = self._place(channel or "@app")
        said = await self.deeds.people.say(self.id, place, text, thread.ts if thread else None)
        return MessageInHand(self, said.channel, said.ts)

    async def open_home(self) -> None:
        """Come to the app's Home."""
        await self.deeds.people.open_place(self.id, "@app", "home")

    async def open_messages(self) -> None:
        """Come to the app's messages."""
        await self.deeds.people.open_place(self.id, "@app", "messages")

    async def use_shortcut(self, callback_id: str) -> Outcome:
        """Use one of the app's global shortcuts."""
        return await self.do(lambda: self.deeds.people.shortcut(self.id, callback_id))

    def _place(self, name: str) -> str:
        """The id of "@app", "@somebody", or a channel."""
        if name == "@app":
            return self.deeds.people.app_place(self.user).id
        if name.startswith("@"):
            other = self.deeds.workspace.user(name[1:])
            return self.world.state.open_direct((self.id, other.id), self.id)[0].id
        return self.deeds.workspace.channel(name).id

    # -- what they see -----------------------------------------------------------------------------------

    def modals(self) -> list[ViewInHand]:
        """Their stack of modals, the top one last."""
        return [ViewInHand(self, each.id) for each in self.world.state.modals(self.id)]

    async def modal(
        self, containing: str | None = None, *, callback_id: str | None = None, seconds: float = PATIENCE
    ) -> ViewInHand:
        """The top modal, once there is one (with these words, of this callback_id)."""

        def top() -> ViewInHand | None:
            for each in self.modals()[-1:]:
                words = containing is None or containing in each.text or containing in each.title
                if words and callback_id in {None, each.callback_id}:
                    return each
            return None

        return await self.wait(top, f"has no modal{_with(containing)}", seconds)

    async def no_modal(self, seconds: float = PATIENCE) -> None:
        """Wait until no modal is open."""
        await self.wait(lambda: True if not self.modals() else None, "still has a modal", seconds)

    async def home(self, containing: str | None = None, seconds: float = PATIENCE) -> ViewInHand:
        """Their Home, once the app has published one (with these words); comes to it first if there is none."""
        if self.world.state.home(self.id) is None:
            await self.open_home()

        def there() -> ViewInHand | None:
            view = self.world.state.home(self.id)
            found = ViewInHand(self, view.id) if view else None
            return found if found and (containing is None or containing in found.text) else None

        return await self.wait(there, f"has no Home{_with(containing)}", seconds)

    def all_messages(self) -> list[MessageInHand]:
        """Every message of the app they can see anywhere, oldest first."""
        state = self.world.state
        places = [each for each in state.visible_to(self.id) if each.kind != Kind.DM]
        said = [m for place in places for m in state.said_in(place.id, self.id) if m.by_app]
        return [MessageInHand(self, each.channel, each.ts) for each in sorted(said, key=lambda each: each.ts)]

    async def messages(self, channel: str = "@app") -> list[MessageInHand]:
        """What was said at one place, by anybody, oldest first."""
        place = self._place(channel)
        said = self.world.state.said_in(place, self.id)
        return [MessageInHand(self, each.channel, each.ts) for each in said]

    async def message(
        self,
        containing: str | None = None,
        after: MessageInHand | str | None = None,
        *,
        channel: str | None = None,
        seconds: float = PATIENCE,
    ) -> MessageInHand:
        """The newest message of the app before them (with these words, after that one), once there is one."""
        since = after.ts if isinstance(after, MessageInHand) else after or ""
        place = None if channel is None else self._place(channel)

        def newest() -> MessageInHand | None:
            for each in reversed(self.all_messages()):
                if each.ts > since and each.has(containing) and place in {None, each.channel}:
                    return each
            return None

        return await self.wait(newest, f"has no message{_with(containing)}", seconds)

    def moment(self) -> str:
        """A mark in time: pass it as `after` to see only what comes later."""
        return self.world.state.next_ts()


class Workspace:
    """The whole workspace in a test's hands."""

    def __init__(self, world: World, deeds: Deeds) -> None:
        self._world = world
        self._deeds = deeds
        self._hands: dict[str, PersonInHand] = {}

    def person(self, key: str) -> PersonInHand:
        """Somebody of the cast."""
        user = self._deeds.workspace.user(key)
        return self._hands.setdefault(user.id, PersonInHand(self._world, self._deeds, user))

    @property
    def people(self) -> list[str]:
        """The keys of everybody there is."""
        return [each.key for each in self._world.state.people()]

    @property
    def journal(self) -> list[Entry]:
        """Everything that crossed the wire lately."""
        return self._world.journal.entries()

    @property
    def last_modal(self) -> ViewInHand | None:
        """The modal opened last, for anybody."""
        views = [each for each in self._world.state.views.values() if each.type == "modal"]
        return ViewInHand(self.person(views[-1].user), views[-1].id) if views else None

    def place_name(self, channel: str, user_id: str) -> str:
        """What somebody calls a place."""
        return place_name(self._world.state, self._world.state.conversations[channel], user_id)

    # -- what befalls it ---------------------------------------------------------------------------------

    def deactivate(self, key: str) -> None:
        """Close somebody's account."""
        self._deeds.workspace.deactivate(key)

    def restore(self, key: str) -> None:
        """Open it again."""
        self._deeds.workspace.restore(key)

    def set_zone(self, key: str, tz: str) -> None:
        """Move somebody to another time zone."""
        self._deeds.workspace.set_zone(key, tz)

    def rename(self, key: str, name: str) -> None:
        """Give somebody another name."""
        self._deeds.workspace.rename(key, name)

    def make_guest(self, key: str, *, guest: bool = True) -> None:
        """Make somebody a guest, or a full member again."""
        self._deeds.workspace.make_guest(key, guest=guest)

    def welcome(self, person: Person) -> PersonInHand:
        """Let somebody new join."""
        self._deeds.workspace.welcome(person)
        return self.person(person.key)

    def join(self, key: str, channel: str) -> None:
        """Put somebody, or "@app", into a channel."""
        self._deeds.workspace.join(key, channel)

    def leave(self, key: str, channel: str) -> None:
        """Take somebody, or "@app", out of a channel."""
        self._deeds.workspace.leave(key, channel)

    def archive(self, channel: str) -> None:
        """Close a channel."""
        self._deeds.workspace.archive(channel)

    def revoke_token(self) -> None:
        """Make the bot's token worthless."""
        self._deeds.workspace.revoke_token()

    def remove_app(self) -> None:
        """Uninstall the app."""
        self._deeds.workspace.remove_app()

    def reinstall_app(self) -> None:
        """Install it again."""
        self._deeds.workspace.reinstall_app()

    def remove_scope(self, scope: str) -> None:
        """Take one permission away."""
        self._deeds.workspace.remove_scope(scope)

    async def until(self, probe: Callable[[], Found | None], what: str, seconds: float = PATIENCE) -> Found:
        """Wait for anything about the workspace to be so."""
        return await self._world.state.watch.until(probe, lambda: f"It never came true that {what}.", seconds)

    async def connected(self, seconds: float = PATIENCE) -> None:
        """Wait until the app's socket is open."""
        hub = self._world.hub
        await self.until(lambda: True if hub.connected else None, "the app was connected", seconds)

    async def settled(self) -> None:
        """Wait until nothing is on its way to the app any more."""
        await self._world.deliver.settled()
