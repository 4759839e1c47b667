"""Slack's rate limits as allowances that adapt, with a circuit that opens when Slack is away. Pure.

Slack takes about one message a second in a channel and several hundred a minute in a workspace; chat.update has tier 3
(50 a minute), views.publish tier 4 (100 a minute). Each allowance is a cell rate: one moment says how much is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage.models.outbox import Lane, OutboxRow

GROWTH_A_MINUTE = 0.1
SLOWEST = 0.05
FAILURES = 5
WITHIN = timedelta(seconds=60)
PROBE_EVERY = timedelta(seconds=60)
AGEING = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How fast a kind of call may go: where it starts, how far it may grow, and how many may come at once."""

    starts: float
    grows_to: float
    burst: int


@dataclass(frozen=True, slots=True)
class Level:
    """How one allowance stands; the columns of a bucket."""

    per_second: float
    full_at: datetime
    free_at: datetime
    paused_until: datetime | None = None
    slowed_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LaneRule:
    """Which allowance a lane draws on, and when it goes first; the methods of one `method` are paused together."""

    bucket: str
    method: str
    order: int


ANSWERS, POSTS, UPDATES, HOMES = "answers", "posts", "updates", "homes"
ALLOWANCES: Mapping[str, Allowance] = {
    ANSWERS: Allowance(4.0, 4.0, 20),
    POSTS: Allowance(1.0, 4.0, 20),
    UPDATES: Allowance(0.8, 0.8, 20),
    HOMES: Allowance(1.6, 1.6, 40),
}
LANES: Mapping[Lane, LaneRule] = {
    Lane.ANSWER: LaneRule(ANSWERS, "chat.postMessage", 0),
    Lane.NOTICE: LaneRule(POSTS, "chat.postMessage", 0),
    Lane.UPDATE: LaneRule(UPDATES, "chat.update", 1),
    Lane.HOME: LaneRule(HOMES, "views.publish", 2),
    Lane.NUDGE: LaneRule(POSTS, "chat.postMessage", 5),
    Lane.DIGEST: LaneRule(POSTS, "chat.postMessage", 9),
}
IN_ONE_PLACE = Allowance(1.0, 1.0, 1)
SET_OFF_IN_ONE_PLACE = Allowance(1.0, 1.0, 5)


def sharing_with(lane: Lane) -> tuple[str, ...]:
    """The allowances of every lane that calls the same method of Slack's."""
    method = LANES[lane].method
    return tuple(sorted({rule.bucket for rule in LANES.values() if rule.method == method}))


def fresh(allowance: Allowance, now: datetime) -> Level:
    """An allowance nothing was taken from yet."""
    return Level(allowance.starts, full_at=now, free_at=now, slowed_at=now)


def in_order(heads: Iterable[OutboxRow], now: datetime) -> list[OutboxRow]:
    """The first row of each lane, most urgent first; what has waited for ten minutes counts as one step more urgent.

    Answers and notices keep the order in which they were owed, as long as both lanes have room: a person reads them so.
    """

    def order(row: OutboxRow) -> tuple[int, datetime, datetime]:
        waited = max(timedelta(0), now - row.due_at)
        return LANES[Lane(row.lane)].order - waited // AGEING, row.due_at, row.created_at

    return sorted(heads, key=order)


def take(level: Level, allowance: Allowance, now: datetime) -> Level | None:
    """Take one call from what is left; None if it must wait, until `free_at` at the earliest."""
    level = _grown(level, allowance, now)
    if now < free_from(level, allowance):
        return None
    full_at = max(level.full_at, now) + timedelta(seconds=1 / level.per_second)
    taken = replace(level, full_at=full_at, paused_until=None)
    taken = replace(taken, free_at=free_from(taken, allowance))
    return hold(taken, now, PROBE_EVERY) if is_open(level) else taken


def is_open(level: Level) -> bool:
    """Whether the circuit is open: so much failed that only one call in a while tries whether it still does."""
    return level.failures >= FAILURES


def hold(level: Level, now: datetime, wait: timedelta) -> Level:
    """Nothing more before this wait is over, such as Slack's own Retry-After."""
    until = max(now + wait, level.paused_until or now)
    return replace(level, paused_until=until, free_at=max(until, level.free_at))


def slow_down(level: Level, allowance: Allowance, now: datetime, wait: timedelta) -> Level:
    """Slack said that it was too fast: half as fast from now on, after the wait; it grows again by itself."""
    grown = _grown(level, allowance, now)
    return hold(replace(grown, per_second=max(SLOWEST, grown.per_second / 2), slowed_at=now), now, wait)


def fail(level: Level, now: datetime) -> Level:
    """Slack was not reached, or answered nonsense; five times within a minute open the circuit."""
    since = level.failing_since
    if since is None or (now - since > WITHIN and not is_open(level)):
        return replace(level, failures=1, failing_since=now)
    failed = replace(level, failures=level.failures + 1)
    return hold(failed, now, PROBE_EVERY) if is_open(failed) else failed


def succeed(level: Level, now: datetime) -> Level:
    """Slack answered: whatever was open closes, and what waited for a probe need wait no longer."""
    if not level.failures:
        return level
    return replace(level, failures=0, failing_since=None, paused_until=None, free_at=now)


def free_from(level: Level, allowance: Allowance) -> datetime:
    """The moment from which one more call may be taken."""
    free_at = level.full_at - timedelta(seconds=1 / level.per_second) * (allowance.burst - 1)
    return max(free_at, level.paused_until or free_at)


def _grown(level: Level, allowance: Allowance, now: datetime) -> Level:
    """A tenth of the whole allowance more for every minute without a complaint."""
    if level.per_second >= allowance.grows_to:
        return level
    minutes = max(0.0, (now - (level.slowed_at or now)) / MINUTE)
    faster = level.per_second + GROWTH_A_MINUTE * allowance.grows_to * minutes
    return replace(level, per_second=min(allowance.grows_to, faster), slowed_at=now)
