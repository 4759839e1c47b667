"""Runs the real state machine in virtual time: one seed is one replayable run of processes, Slack and misfortune.

The rows, the compare-and-set and Slack are played here; every decision about a row is `bot.outbox.machine`'s own. A
process stops for a moment at the courier's own crash points, and may be killed or frozen at each of them. What cannot
be had is left out: a process frozen between its look at the deadline and its first byte on the wire.
"""

import heapq
import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.outbox import machine
from bot.outbox.machine import Absent, Begin, Blind, Cancel, Event, Found, NotSent, Refused, Sent, Standing, Unclear
from storage.models.outbox import RowState

BEGINS = datetime(2027, 3, 1, 10, tzinfo=UTC)
OVER = (RowState.DONE, RowState.DROPPED, RowState.DEAD)
OWED = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)
QUIET_AFTER, GIVES_UP_AFTER = 900.0, 40_000.0
Life = Generator[tuple[str, float], None, None]


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely each misfortune is, at each step or call; seconds where it says so."""

    kill: float = 0.04
    freeze: float = 0.03
    lost_answer: float = 0.08
    cut_before: float = 0.05
    broken_after: float = 0.04
    broken_before: float = 0.04
    too_fast: float = 0.05
    refused: float = 0.01
    blind: float = 0.1
    cancelled: float = 0.05
    lag_seconds: float = 12.0


@dataclass(slots=True)
class Message:
    """One row, and what Slack has of it: the moments of acceptance."""

    row: Standing
    accepted: list[datetime] = field(default_factory=list)
    reason: str = ""
    story: list[str] = field(default_factory=list)

    def wrong(self) -> str:
        """What must never be: twice, lost, or stuck. Accounted for by name is not lost."""
        if len(self.accepted) > 1:
            return "twice"
        if self.row.state not in OVER:
            return "stuck"
        if self.row.state is RowState.DONE and not self.accepted:
            return "lost"
        if self.accepted and self.row.state is not RowState.DONE and self.reason != machine.ASSUMED_SENT:
            return "sent, and nobody knows"
        return ""


class Simulation:
    """One run."""

    def __init__(self, seed: int, *, odds: Odds | None = None, timing: machine.Timing = machine.TIMING) -> None:
        self.chance = random.Random(seed)  # noqa: S311  (chance, not secrecy)
        self.odds = odds or Odds()
        self.timing = timing
        self.now = BEGINS
        self.messages = [self._message() for _ in range(self.chance.randint(1, 4))]
        self._queue: list[tuple[datetime, int, str, Life]] = []
        self._number = 0

    def run(self) -> list[str]:
        """Until everything is over, or nothing will be; what went wrong, by name."""
        for number in range(self.chance.randint(1, 3)):
            self._start(f"process {number}", self.chance.uniform(0, 3))
        ends = BEGINS + timedelta(seconds=GIVES_UP_AFTER)
        while self._queue and self.now < ends and any(each.row.state in OWED for each in self.messages):
            self._step()
        return [wrong for each in self.messages if (wrong := each.wrong())]

    def _message(self) -> Message:
        row = Standing(
            state=RowState.PENDING,
            due_at=BEGINS + timedelta(seconds=self.chance.uniform(0, 60)),
            attempts=0,
            looks=0,
            owner=None,
            lease_until=None,
            tried_at=None,
            first_tried_at=None,
            expires_at=None,
            is_post=True,
            is_once=self.chance.random() < 0.5,
            worth=timedelta(hours=self.chance.choice((1, 12))),
        )
        return self._forgotten(Message(row)) if self.chance.random() < 0.1 else Message(row)

    def _forgotten(self, message: Message) -> Message:
        """A row from a backup: it may have been sent since, and nobody here remembers."""
        since = BEGINS - timedelta(hours=1)
        if self.chance.random() < 0.5:
            message.accepted.append(since + timedelta(minutes=self.chance.uniform(0, 50)))
        step = machine.step(message.row, machine.Suspected(since), BEGINS, self.timing)
        return replace(message, row=step.row) if step else message

    def _start(self, name: str, after: float) -> None:
        self._number += 1
        life = self._life(f"{name}.{self._number}")
        heapq.heappush(self._queue, (self.now + timedelta(seconds=after), self._number, name, life))

    def _step(self) -> None:
        at, number, name, life = heapq.heappop(self._queue)
        self.now = max(self.now, at)
        calm = (self.now - BEGINS).total_seconds() > QUIET_AFTER
        if not calm and self.chance.random() < self.odds.kill:
            self._start(name, self.chance.uniform(0.1, 90))
            return
        if not calm and self.chance.random() < self.odds.freeze:
            wakes = self.now + timedelta(seconds=self.chance.uniform(1, 400))
            heapq.heappush(self._queue, (wakes, number, name, life))
            return
        _, seconds = next(life)
        heapq.heappush(self._queue, (self.now + timedelta(seconds=seconds), number, name, life))

    def _life(self, me: str) -> Life:
        """The courier, step by step; each yield is one of its crash points, with the seconds until the next."""
        while True:
            yield from self._settle_doubts()
            if (message := self._due()) is None:
                yield "idle", 5.0
                continue
            yield "before intent", self._instant()
            if not self._is_wanted(message):
                continue
            row = self._apply(message, Begin(me))
            if row is None or row.lease_until is None:
                continue
            yield "after intent", self._instant()
            yield "before the deadline", self._instant()
            if not machine.may_call(row.lease_until, self.now, self.timing):
                self._apply(message, NotSent(me, timedelta(0), is_counted=False))
                continue
            event, seconds = self._post(message, me)
            yield "after the call", seconds
            yield "before done", self._instant()
            self._apply(message, event)
            yield "after done", self._instant()

    def _settle_doubts(self) -> Life:
        for message in self.messages:
            if not machine.may_settle(message.row, self.now, self.timing):
                continue
            yield "before looking", self._instant()
            event = self._look(message, message.row.tried_at)
            yield "after looking", self.chance.uniform(0.1, 2)
            self._apply(message, event)
            yield "after settling", self._instant()

    def _due(self) -> Message | None:
        due = [each for each in self.messages if each.row.state is RowState.PENDING and each.row.due_at <= self.now]
        return self.chance.choice(due) if due else None

    def _is_wanted(self, message: Message) -> bool:
        """Asked again at the moment of sending: expired, its reason gone, or not the moment."""
        if message.row.state is not RowState.PENDING:
            return False
        if self.now > machine.expires_at(message.row):
            self._apply(message, Cancel("expired"))
            return False
        if self.chance.random() < self.odds.cancelled:
            later = machine.Postpone(self.now + timedelta(minutes=5))
            self._apply(message, Cancel("no longer true") if self.chance.random() < 0.5 else later)
            return False
        return True

    def _apply(self, message: Message, event: Event) -> Standing | None:
        """One transaction: read the row, take the machine's step, write if it is still as it was read."""
        step = machine.step(message.row, event, self.now, self.timing)
        if step is None:
            return None
        message.story.append(f"{self.now:%H:%M:%S} {event} -> {step.row.state}")
        message.row = step.row
        message.reason = str((step.facts or {}).get("reason") or message.reason)
        return step.row

    def _post(self, message: Message, me: str) -> tuple[Event, float]:
        """Call Slack: (what the process makes of it, after how many seconds)."""
        quick, timeout = self.chance.uniform(0.05, 2), self.timing.call.total_seconds()
        calm = (self.now - BEGINS).total_seconds() > QUIET_AFTER
        roll = 1.0 if calm else self.chance.random()
        for chance, accepted, event, seconds in (
            (self.odds.lost_answer, self.chance.uniform(0, 12), Unclear(me), timeout),
            (self.odds.cut_before, None, Unclear(me), quick),
            (self.odds.broken_after, quick, Unclear(me), quick),
            (self.odds.broken_before, None, Unclear(me), quick),
            (self.odds.too_fast, None, NotSent(me, timedelta(seconds=30), is_counted=False), quick),
            (self.odds.refused, None, Refused(me, "is_archived"), quick),
        ):
            if roll < chance:
                if accepted is not None:
                    self._accept(message, accepted)
                return event, seconds
            roll -= chance
        self._accept(message, quick / 2)
        return Sent(me, "D1", "1.1"), quick

    def _accept(self, message: Message, after: float) -> None:
        message.accepted.append(self.now + timedelta(seconds=after))
        message.story.append(f"{self.now:%H:%M:%S} Slack accepts it")

    def _look(self, message: Message, tried_at: datetime | None) -> Found | Absent | Blind:
        """Slack's history, which lags behind."""
        if self.chance.random() < self.odds.blind:
            return Blind(tried_at, timedelta(seconds=30) if self.chance.random() < 0.3 else None)
        since = (message.row.first_tried_at or BEGINS) - timedelta(seconds=5)
        seen = self.now - timedelta(seconds=self.odds.lag_seconds)
        return Found("D1", "1.1") if any(since <= each <= seen for each in message.accepted) else Absent(tried_at)

    def _instant(self) -> float:
        return self.chance.uniform(0.001, 0.05)


def first_bad(seeds: range, make: Callable[[int], Simulation] = Simulation) -> tuple[int, list[str]] | None:
    """The first seed whose run went wrong, and how."""
    for seed in seeds:
        if wrong := make(seed).run():
            return seed, wrong
    return None
