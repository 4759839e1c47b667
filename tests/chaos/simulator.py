"""Runs the real state machine in virtual time: one seed is one replayable run of processes, Slack and misfortune.

The rows, the compare-and-set and Slack are played; every decision about a row is `bot.outbox.machine`'s own. A process
stops for a moment at the courier's own crash points, and may be killed or frozen at each of them; its clock is not the
others', and is set now and then. What cannot be had is left out: a process frozen between its look at the deadline and
its first byte on the wire, and clocks further apart than Slack's history is waited for.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.outbox import machine
from bot.outbox.history import EARLIER
from bot.outbox.machine import Standing
from storage.models.outbox import Op, RowState
from tests.chaos.played import OWED, Answer, Life, Message, Parcel, Played, Subject

BEGINS = datetime(2027, 3, 1, 10, tzinfo=UTC)
QUIET_AFTER, GIVES_UP_AFTER = 900.0, 40_000.0
IDLE, WITHOUT_FREEZE = "idle", "before the call"


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely each misfortune is, at each step, call or message; seconds where it says so.

    `apart_seconds` is how far each clock may be off the true time, and `set` how often one is set anew.
    """

    kill: float = 0.03
    freeze: float = 0.03
    lost_answer: float = 0.08
    cut: float = 0.05
    broken_after: float = 0.04
    broken_before: float = 0.04
    too_fast: float = 0.04
    busy: float = 0.02
    never: float = 0.01
    blind: float = 0.1
    group: float = 0.15
    no_scope: float = 0.1
    forgotten: float = 0.1
    untrue: float = 0.15
    changes: float = 0.4
    alone: float = 0.3
    set: float = 0.01
    frozen_seconds: tuple[float, float] = (1, 400)
    apart_seconds: float = 5.0
    lag_seconds: float = 12.0


@dataclass(slots=True)
class Standpoint:
    """What of one message Slack has: its acceptances, whether marked as sent again, and what it showed when."""

    accepted: list[tuple[datetime, bool]] = field(default_factory=list)
    shown: list[tuple[datetime, int]] = field(default_factory=list)
    is_groundless: bool = False


def wrong(message: Message, there: Standpoint) -> str:
    """What must never be: twice, lost, stuck. Accounted for by name is not lost, and marked as sent again not twice."""
    state, plain = message.row.state, sum(not is_marked for _, is_marked in there.accepted)
    if state not in (RowState.DONE, RowState.DROPPED, RowState.DEAD):
        return "stuck"
    if there.is_groundless:
        return "sent, and there was no reason for it any more"
    if message.op is Op.UPDATE:
        return ""
    if plain > 1 or (len(there.accepted) > 1 and message.row.is_once):
        return "twice"
    if state is RowState.DONE and not there.accepted:
        return "lost"
    is_known = state is RowState.DONE or message.reason == machine.ASSUMED_SENT or message.is_marked
    return "sent, and nobody knows" if there.accepted and not is_known else ""


class Simulation:
    """One run."""

    def __init__(
        self,
        seed: int,
        *,
        odds: Odds | None = None,
        timing: machine.Timing = machine.TIMING,
        play: type[Played] = Played,
    ) -> None:
        self.chance = random.Random(seed)  # noqa: S311  (chance, not secrecy)
        self.odds = odds or Odds()
        self.timing, self._play = timing, play
        self.now = BEGINS
        self.is_alone = self._is(self.odds.alone)
        self._may_look = not self._is(self.odds.no_scope)
        self.messages: list[Message] = []
        self.there: dict[Message, Standpoint] = {}
        self._off: dict[str, float] = {}
        self._queue: list[tuple[datetime, int, str, str, Life]] = []
        self._deeds: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = 0
        for _ in range(self.chance.randint(1, 4)):
            self._owe_something()

    def run(self) -> list[str]:
        """Until everything is over, or nothing will be; what went wrong, by name."""
        for number in range(1 if self.is_alone else self.chance.randint(2, 3)):
            self._start(f"process {number}", self.chance.uniform(0, 3))
        ends = BEGINS + timedelta(seconds=GIVES_UP_AFTER)
        while self._queue and self.now < ends and (self._deeds or self._is_owed()):
            self._step()
        found = [wrong(each, self.there[each]) for each in self.messages]
        return [each for each in [*found, *self._stale()] if each]

    def _is_owed(self) -> bool:
        return any(each.row.state in OWED for each in self.messages)

    def _is(self, odds: float) -> bool:
        return self.chance.random() < odds

    def _stale(self) -> list[str]:
        """Messages that stand there once, and say what is true no more although an update of them went out."""
        found = []
        for target in self.messages:
            updates = [each for each in self.messages if each.target is target]
            is_plain = target.row.state is RowState.DONE and len(self.there[target].accepted) == 1
            if is_plain and all(each.reason in {"", "nothing to update"} for each in updates):
                shown = max(self.there[target].shown, default=(BEGINS, 0))[1]
                found += ["stale"] if shown != target.subject.version else []
        return found

    # -- what is owed ------------------------------------------------------------------------------------

    def _owe_something(self) -> None:
        is_group = self._is(self.odds.group)
        message = self._owe(Op.OPEN_GROUP if is_group else Op.POST, Subject(), self.chance.uniform(0, 60))
        if not is_group and self._is(self.odds.forgotten):
            self._forget(message)
        if self._is(self.odds.changes):
            begins = self.chance.uniform(0, 300)
            for _ in range(self.chance.randint(1, 3)):
                self._at(begins + self.chance.uniform(0, 3), lambda: self._change(message))
        if self._is(self.odds.untrue):
            self._at(self.chance.uniform(0, 300), lambda: _end(message.subject))

    def _at(self, seconds: float, deed: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._deeds, (BEGINS + timedelta(seconds=seconds), self._number, deed))

    def _change(self, message: Message) -> None:
        """Somebody does something, and what was told of it is owed anew, as every deed does it."""
        message.subject.version += 1
        self._owe(Op.UPDATE, message.subject, 0.0, message)

    def _owe(self, op: Op, subject: Subject, after: float, target: Message | None = None) -> Message:
        row = Standing(
            state=RowState.PENDING,
            due_at=self.now + timedelta(seconds=after),
            attempts=0,
            looks=0,
            owner=None,
            lease_until=None,
            tried_at=None,
            first_tried_at=None,
            expires_at=None,
            is_post=op is not Op.UPDATE,
            is_once=self._is(0.5),
            worth=timedelta(hours=self.chance.choice((1, 12))),
        )
        number = len(self.messages)
        message = Message(number, row, op, subject, self.now, target, self._may_look, is_chat_known=self._is(0.7))
        self.messages.append(message)
        self.there[message] = Standpoint()
        return message

    def _forget(self, message: Message) -> None:
        """A row from a backup: it may have been sent since, and nobody here remembers."""
        message.forgotten_since = BEGINS - timedelta(hours=1)
        if self._is(0.5):
            self._accept(message, message.forgotten_since + timedelta(minutes=self.chance.uniform(0, 50)), 1)

    # -- processes and time ------------------------------------------------------------------------------

    def _start(self, name: str, after: float) -> None:
        self._number += 1
        self._off.setdefault(name, self._some_off())
        courier = self._play(
            f"{name}.{self._number}",
            self.messages,
            lambda: self.now + timedelta(seconds=self._off[name]),
            self,
            timing=self.timing,
            choose=lambda due, _: self.chance.choice(due),
        )
        heapq.heappush(self._queue, (self._in(after), self._number, name, "", self._life(courier)))

    def _life(self, courier: Played) -> Life:
        if self.is_alone:
            courier.take_over()
        while True:
            yield from courier.deliver_due()
            yield IDLE, 5.0

    def _in(self, seconds: float) -> datetime:
        return self.now + timedelta(seconds=seconds)

    def _some_off(self) -> float:
        return self.chance.uniform(-self.odds.apart_seconds, self.odds.apart_seconds)

    def _step(self) -> None:
        if self._deeds and self._deeds[0][0] <= self._queue[0][0]:
            at, _, deed = heapq.heappop(self._deeds)
            self.now = max(self.now, at)
            deed()
            self._wake()
            return
        at, number, name, point, life = heapq.heappop(self._queue)
        self.now = max(self.now, at)
        if not self._is_calm() and self._befalls(number, name, point, life):
            return
        point, seconds = next(life)
        heapq.heappush(self._queue, (self._in(seconds or self._instant()), number, name, point, life))

    def _wake(self) -> None:
        """Let those who have nothing to do look soon."""
        for place, (at, number, name, point, life) in enumerate(self._queue):
            if point == IDLE:
                self._queue[place] = (min(at, self._in(self.chance.uniform(0, 2))), number, name, point, life)
        heapq.heapify(self._queue)

    def _befalls(self, number: int, name: str, point: str, life: Life) -> bool:
        """Whether a process is killed or frozen before it goes on from a point; its clock may be set besides."""
        roll = self.chance.random()
        if roll < self.odds.kill:
            self._start(name, self.chance.uniform(0.1, 90))
            return True
        if roll < self.odds.kill + self.odds.freeze and point != WITHOUT_FREEZE:
            heapq.heappush(
                self._queue, (self._in(self.chance.uniform(*self.odds.frozen_seconds)), number, name, point, life)
            )
            return True
        if roll > 1 - self.odds.set:
            self._off[name] = self._some_off()
        return False

    def _is_calm(self) -> bool:
        return (self.now - BEGINS).total_seconds() > QUIET_AFTER

    def _instant(self) -> float:
        return self.chance.uniform(0.001, 0.05)

    # -- Slack -------------------------------------------------------------------------------------------

    def call(self, parcel: Parcel) -> tuple[Answer, float]:
        """Take it or not, now or later, and say so or not."""
        quick, timeout = self.chance.uniform(0.05, 2), self.timing.call.total_seconds()
        roll = 1.0 if self._is_calm() else self.chance.random()
        for chance, accepted, answer, seconds in (
            (self.odds.lost_answer, self.chance.uniform(0, 12), Answer.LOST, timeout),
            (self.odds.cut, None, Answer.CUT, quick),
            (self.odds.broken_after, quick, Answer.BROKEN, quick),
            (self.odds.broken_before, None, Answer.BROKEN, quick),
            (self.odds.too_fast, None, Answer.TOO_FAST, quick),
            (self.odds.busy, None, Answer.BUSY, quick),
            (self.odds.never, None, Answer.NEVER, quick),
        ):
            if roll < chance:
                if accepted is not None:
                    self._take(parcel, accepted)
                return answer, seconds
            roll -= chance
        self._take(parcel, self.chance.uniform(0, quick))
        return Answer.YES, quick

    def _take(self, parcel: Parcel, after: float) -> None:
        message = parcel.message
        self.there[message].is_groundless |= not parcel.was_true
        if message.target is not None:
            self.there[message.target].shown.append((self._in(after), parcel.words))
            message.story.append(f"{self.now:%H:%M:%S} an update is accepted")
            return
        self._accept(message, self._in(after), parcel.words, is_marked=parcel.is_marked)

    def _accept(self, message: Message, at: datetime, words: int, *, is_marked: bool = False) -> None:
        self.there[message].accepted.append((at, is_marked))
        self.there[message].shown.append((at, words))
        message.story.append(f"{self.now:%H:%M:%S} Slack accepts it{', sent again' if is_marked else ''}")

    def open(self, _: Message) -> tuple[Answer, float]:
        """Open a chat: it can be repeated."""
        problem = self.chance.choice((Answer.LOST, Answer.BROKEN, Answer.TOO_FAST))
        return (problem if self._is(self.odds.blind) else Answer.YES), self.chance.uniform(0.05, 2)

    def look(self, message: Message, since: datetime) -> tuple[Answer, bool, float]:
        """Slack's history, which lags behind."""
        seconds = self.chance.uniform(0.1, 2)
        if self._is(self.odds.blind):
            return self.chance.choice((Answer.BROKEN, Answer.CUT, Answer.TOO_FAST)), False, seconds
        seen = self._in(-self.odds.lag_seconds)
        return Answer.YES, any(since - EARLIER <= at <= seen for at, _ in self.there[message].accepted), seconds


def _end(subject: Subject) -> None:
    subject.is_true = False


def first_bad(seeds: range, make: Callable[[int], Simulation] = Simulation) -> tuple[int, list[str]] | None:
    """The first seed whose run went wrong, and how."""
    for seed in seeds:
        if found := make(seed).run():
            return seed, found
    return None
