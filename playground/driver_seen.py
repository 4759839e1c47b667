"""What a person has before them, in a test's hands: messages, modals and Home, read anew each time."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playground.driver_blocks import Choice, TextOf, buttons_in, choose, raw_values
from playground.driver_hands import Hands
from playground.elements import words_of
from playground.records import Json, Message, View
from playground.refusals import NotPossibleError
from playground.watch import PATIENCE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deed led to; `error` is Slack's word when the app did not take it."""

    hands: Hands
    since: str
    error: str | None = None
    sentence: str = ""

    def taken(self) -> "Outcome":
        """The same, when the app took it; an error otherwise, for scripts that go on only then."""
        if self.error is not None:
            raise AssertionError(f"{self.hands.user.name} was refused: {self.sentence} ({self.error})")
        return self

    @property
    def ephemeral(self) -> list["MessageInHand"]:
        """The messages shown to this person only, since the deed."""
        return [each for each in messages_of_app(self.hands) if each.only_you and each.ts > self.since]

    async def told(self, containing: str | None = None, seconds: float = PATIENCE) -> "MessageInHand":
        """Wait for an answer only this person sees."""
        return await self.hands.wait(
            lambda: next((each for each in reversed(self.ephemeral) if each.has(containing)), None),
            f"was told nothing privately{with_words(containing)}",
            seconds,
        )


async def attempt(hands: Hands, deed: Callable[[], Awaitable[object]]) -> Outcome:
    """Do something and tell how it ended."""
    since = hands.world.state.next_ts()
    try:
        await deed()
    except NotPossibleError as problem:
        return Outcome(hands, since, problem.code, problem.sentence)
    return Outcome(hands, since)


def messages_of_app(hands: Hands) -> list["MessageInHand"]:
    """Every message of the app they can see, oldest first."""
    return [MessageInHand(hands, each.channel, each.ts) for each in hands.said_by_app()]


@dataclass(frozen=True, slots=True)
class InHand(ABC):
    """Something with blocks before a person's eyes."""

    hands: Hands

    @property
    @abstractmethod
    def blocks(self) -> list[Json]:
        """The blocks as they are now."""

    @abstractmethod
    def _place(self) -> Json: ...

    @property
    @abstractmethod
    def _id(self) -> str: ...

    def _raw(self, answers: dict[str, object]) -> Json:
        loaded = self.hands.world.loaded
        return raw_values(
            self.blocks, answers, self.hands.names, lambda block, action: loaded.get((self._id, block, action), [])
        )

    @property
    def buttons(self) -> list[str]:
        """What can be pressed, by label."""
        return [each.label for each in buttons_in(self.blocks)]

    async def click(self, label: str, option: str | None = None) -> Outcome:
        """Press a button, or open a menu and take an option, by label or action_id; refuses an ambiguous one."""
        block_id, action_id, raw = choose(self.blocks, label, option)
        deeds = self.hands.deeds
        return await attempt(
            self.hands, lambda: deeds.clicks.click(self.hands.id, self._place(), block_id, action_id, raw)
        )

    async def choose(self, block_id: str, value: object) -> Outcome:
        """Choose something in a field that tells the app at once; the value as `fill` takes it."""
        values = self._raw({block_id: value})
        ((action_id, raw),) = values[block_id].items()
        deeds = self.hands.deeds
        return await attempt(
            self.hands, lambda: deeds.clicks.click(self.hands.id, self._place(), block_id, action_id, {"value": raw})
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
    def _id(self) -> str:
        return self.record.id

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
    def thread_ts(self) -> str | None:
        """The message it stands below, or None where it stands by itself."""
        return self.record.thread_ts

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
            f"saw no change of “{self.summary}”{with_words(containing)}",
            seconds,
        )

    async def use_shortcut(self, callback_id: str) -> Outcome:
        """Use one of the app's shortcuts on it."""
        deeds = self.hands.deeds
        return await attempt(
            self.hands, lambda: deeds.people.shortcut(self.hands.id, callback_id, self.channel, self.ts)
        )


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
    def _id(self) -> str:
        return self.view_id

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
        values = self._raw(answers)
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

        return await attempt(self.hands, send)

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


def with_words(containing: str | None) -> str:
    """The end of a sentence about what was looked for."""
    return "" if containing is None else f" containing {containing!r}"
