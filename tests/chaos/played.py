"""The courier as the simulator plays it: its own points and order, on rows that are values and a Slack that is played.

Every decision about a row is `bot.outbox.machine`'s own. What is played is the shell around it, and that it does what
the real one does is asked in `test_conformance`. Pace is left out: allowances have a test of their own.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.outbox import machine
from bot.outbox.courier import IN_A_ROW
from bot.outbox.machine import (
    Absent,
    Begin,
    Blind,
    Cancel,
    Effect,
    Event,
    Found,
    NotSent,
    Orphaned,
    Postpone,
    Refused,
    Sent,
    Standing,
    Suspected,
    Timing,
    Unclear,
)
from bot.outbox.pace import AGEING, LANES
from bot.outbox.parcels import LATER, SENT_AGAIN
from bot.outbox.rows import MOVES, POSTPONED_UNTIL_TOKEN
from bot.outbox.slack_errors import DEFAULT_WAIT
from storage.models.outbox import POSTING, Lane, Op, RowState

OWED = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)
# One step of a life: the courier's own point, or "" while Slack is waited for, and how many seconds that takes.
Life = Generator[tuple[str, float], None, None]


class Answer(StrEnum):
    """What Slack says to a call, or does not."""

    YES = "yes"
    LOST = "done, and the answer was lost"
    CUT = "cut before it arrived"
    BROKEN = "a broken page"
    TOO_FAST = "too fast"
    BUSY = "not now"
    UNREACHED = "nobody there"
    NO_TOKEN = "the token is dead"  # noqa: S105  (no secret)
    BAD_BLOCKS = "wrong blocks"
    NEVER = "is_archived"


@dataclass(slots=True)
class Subject:
    """What a message is about: how often it has changed since, and whether there is reason to tell it still."""

    version: int = 1
    is_true: bool = True


@dataclass(slots=True, eq=False)
class Message:
    """One row of the outbox; an update is of the message of its subject."""

    number: int
    row: Standing
    op: Op
    subject: Subject
    created_at: datetime
    target: "Message | None" = None
    may_look: bool = True
    forgotten_since: datetime | None = None
    is_chat_known: bool = True
    words: int | None = None
    is_marked: bool = False
    reason: str = ""
    story: list[str] = field(default_factory=list)

    @property
    def lane(self) -> Lane:
        """The queue it stands in."""
        return Lane.UPDATE if self.op is Op.UPDATE else Lane.ANSWER


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was taken in hand, as it was then."""

    message: Message
    lease_until: datetime
    words: int
    is_marked: bool
    is_chat_known: bool
    was_true: bool


class Slack(Protocol):
    """Who answers: what becomes of a call, and after how many seconds it is known."""

    def call(self, parcel: Parcel) -> tuple[Answer, float]:
        """Post it, or update what is there."""

    def open(self, message: Message) -> tuple[Answer, float]:
        """Open the chat or the group it goes to."""

    def look(self, message: Message, since: datetime) -> tuple[Answer, bool, float]:
        """Read the chat's history: how that went, and whether the message is there."""


def by_urgency(due: list[Message], now: datetime) -> Message:
    """What the courier takes first."""

    def order(message: Message) -> tuple[int, datetime, datetime, int]:
        waited = max(timedelta(0), now - message.row.due_at) // AGEING
        return LANES[message.lane].order - waited, message.row.due_at, message.created_at, message.number

    return min(due, key=order)


class Played:
    """One process's courier, step by step; `clock` is the process's own."""

    def __init__(
        self,
        me: str,
        messages: list[Message],
        clock: Callable[[], datetime],
        slack: Slack,
        *,
        timing: Timing = machine.TIMING,
        choose: Callable[[list[Message], datetime], Message] = by_urgency,
    ) -> None:
        self.me = me
        self._messages, self._clock, self._slack = messages, clock, slack
        self._timing, self._choose = timing, choose

    def take_over(self) -> None:
        """Put in doubt what another was sending, where no other can be alive."""
        for message in self._messages:
            if message.row.state is RowState.SENDING and message.row.owner != self.me:
                self._apply(message, Orphaned(), self._clock())

    def deliver_due(self) -> Life:
        """Settle old doubts, then send everything that may go now."""
        yield from self._settle_doubts()
        while self._due(self._clock()):
            for _ in range(IN_A_ROW):
                now = self._clock()
                yield "before intent", 0.0
                parcel, is_over = self._begin(now)
                yield "after intent", 0.0
                if parcel is not None:
                    yield from self._deliver(parcel)
                if is_over:
                    return

    def _due(self, now: datetime) -> list[Message]:
        return [each for each in self._messages if each.row.state is RowState.PENDING and each.row.due_at <= now]

    def _begin(self, now: datetime) -> tuple[Parcel | None, bool]:
        """Take the most urgent in hand; (it, whether nothing more may go now)."""
        for _ in range(MOVES):
            due = self._due(now)
            if not due:
                return None, True
            message = self._choose(due, now)
            event = self._event_for(message, now)
            if event is None:
                return self._freeze(message, now), False
            self._apply(message, event, now)
        return None, False

    def _event_for(self, message: Message, now: datetime) -> Event | None:
        if message.forgotten_since is not None and message.row.first_tried_at is None:
            return Suspected(message.forgotten_since)
        if reason := self._why_not(message, now):
            return Cancel(reason)
        is_early = message.target is not None and message.target.row.state is not RowState.DONE
        return Postpone(now + LATER) if is_early or self._is_in_hand(message) else None

    def _why_not(self, message: Message, now: datetime) -> str:
        """Why it does not go at all."""
        if now > machine.expires_at(message.row):
            return "expired"
        if message.target is not None and not self._may_come(message.target):
            return "nothing to update"
        return "" if message.subject.is_true else "no longer true"

    def _may_come(self, target: Message) -> bool:
        """Whether it is there, or may be: one that was surely not begun will carry the newest words itself."""
        is_forgotten = target.forgotten_since is not None and target.row.first_tried_at is None
        is_unbegun = target.row.state is RowState.PENDING and target.words is None and not is_forgotten
        return target.row.state is RowState.DONE or (target.row.state in OWED and not is_unbegun)

    def _is_in_hand(self, message: Message) -> bool:
        """Whether another update of the same message is being sent: the older words could arrive last."""
        return message.op is Op.UPDATE and any(
            each.row.state is RowState.SENDING and each.target is message.target and each is not message
            for each in self._messages
        )

    def _freeze(self, message: Message, now: datetime) -> Parcel | None:
        words = self._words(message)
        row = self._apply(message, Begin(self.me), now)
        if row is None or row.lease_until is None:
            return None
        message.words = words if message.op in POSTING else None
        is_true = message.subject.is_true
        return Parcel(message, row.lease_until, words, message.is_marked, message.is_chat_known, is_true)

    def _words(self, message: Message) -> int:
        """A post keeps the words of its first attempt; an update says the newest."""
        return message.words if message.words is not None else message.subject.version

    def _deliver(self, parcel: Parcel) -> Life:
        message, answer = parcel.message, Answer.YES
        if message.op is Op.OPEN_GROUP or (message.op is Op.POST and not parcel.is_chat_known):
            answer, seconds = self._slack.open(message)
            yield "", seconds
            if answer is Answer.YES and message.op is Op.POST:
                yield "after opening", 0.0
                message.is_chat_known = True
        if answer is Answer.YES:
            yield "before the deadline", 0.0
            if not machine.may_call(parcel.lease_until, self._clock(), self._timing):
                self._apply(message, NotSent(self.me, timedelta(0), is_counted=False), self._clock())
                return
            if message.op in POSTING:
                yield "before the call", 0.0
            answer, seconds = self._slack.call(parcel)
            yield "", seconds
            if answer is Answer.YES and message.op in POSTING:
                yield "after the call", 0.0
        yield from self._write_down(message, answer)

    def _write_down(self, message: Message, answer: Answer) -> Life:
        if answer is not Answer.YES:
            yield "before writing a problem", 0.0
            self._apply(message, self._meaning(answer), self._clock())
            yield "after writing a problem", 0.0
            return
        now = self._clock()
        yield "before done", 0.0
        self._apply(message, Sent(self.me), now)
        yield "after done", 0.0

    def _meaning(self, answer: Answer) -> Event:
        """What each of Slack's answers means for the row."""
        if answer is Answer.NEVER:
            return Refused(self.me, str(answer))
        if answer in {Answer.BUSY, Answer.BAD_BLOCKS}:
            return NotSent(self.me, timedelta(0) if answer is Answer.BAD_BLOCKS else None)
        waits = {
            Answer.TOO_FAST: timedelta(seconds=DEFAULT_WAIT),
            Answer.UNREACHED: self._timing.soon,
            Answer.NO_TOKEN: POSTPONED_UNTIL_TOKEN,
        }
        return NotSent(self.me, waits[answer], is_counted=False) if answer in waits else Unclear(self.me)

    def _settle_doubts(self) -> Life:
        now = self._clock()
        doubts = [(each, each.row) for each in self._messages if machine.may_settle(each.row, now, self._timing)]
        for message, row in sorted(doubts, key=lambda doubt: (doubt[1].tried_at, doubt[0].number)):
            yield "before looking", 0.0
            event = yield from self._look(message, row)
            yield "after looking", 0.0
            self._apply(message, event, self._clock())
            yield "after settling", 0.0

    def _look(self, message: Message, row: Standing) -> Generator[tuple[str, float], None, Found | Absent | Blind]:
        """What is known of one attempt; only a direct message's history may be read."""
        if message.op not in POSTING:
            return Absent(row.tried_at)
        if message.op is not Op.POST or not message.may_look:
            return Blind(row.tried_at, is_hopeless=True)
        answer, is_there = Answer.YES, False
        if not message.is_chat_known:
            answer, seconds = self._slack.open(message)
            yield "", seconds
            if answer is Answer.YES:
                yield "after opening", 0.0
                message.is_chat_known = True
        if answer is Answer.YES:
            answer, is_there, seconds = self._slack.look(message, row.first_tried_at or message.created_at)
            yield "", seconds
        return _seen(row, answer, is_there=is_there)

    def _apply(self, message: Message, event: Event, now: datetime) -> Standing | None:
        """One transaction: take the machine's step from the row as it stands now."""
        step = machine.step(message.row, event, now, self._timing)
        if step is None:
            return None
        message.story.append(f"{now:%H:%M:%S} {event} -> {step.row.state}")
        message.row = step.row
        message.reason = str((step.facts or {}).get("reason") or message.reason)
        if Effect.MARK in step.effects:
            message.is_marked = True
            message.reason = message.reason if message.words is not None else SENT_AGAIN
        return step.row


def _seen(row: Standing, answer: Answer, *, is_there: bool) -> Found | Absent | Blind:
    if answer is not Answer.YES:
        wait = timedelta(seconds=DEFAULT_WAIT) if answer is Answer.TOO_FAST else None
        return Blind(row.tried_at, wait, is_hopeless=answer is Answer.NEVER)
    return Found("D1", "1.1") if is_there else Absent(row.tried_at)
