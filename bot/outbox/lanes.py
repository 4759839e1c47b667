"""The allowances of one workspace in the courier's transactions: taken before a call, held back when Slack says so."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.outbox import pace
from bot.outbox.pace import LANES, Allowance, Level
from storage.database import Tx
from storage.models.buckets import Bucket
from storage.models.outbox import Lane, Op, OutboxRow
from storage.queries import buckets

BUCKET_OF: Mapping[Lane, str] = {lane: rule.bucket for lane, rule in LANES.items()}
PLACE = "to:"
A_WHILE = timedelta(seconds=1)
IDLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Room:
    """Whether a call may go: not while the lane is shut, nor before its place is free."""

    is_shut: bool = False
    place_free_at: datetime | None = None

    @property
    def is_free(self) -> bool:
        """Whether the call may go now."""
        return not self.is_shut and self.place_free_at is None


@dataclass(frozen=True, slots=True)
class _Look:
    bucket: Bucket | None
    taken: Level | None
    free_at: datetime


class Lanes:
    """What may go now, by lane and by place."""

    def __init__(self, allowances: Mapping[str, Allowance], place: Callable[[Lane], Allowance]) -> None:
        self._allowances = allowances
        self._place = place

    def take(self, tx: Tx, row: OutboxRow) -> Room:
        """Take one call from the row's lane and from its place, or from neither."""
        lane = self._look(tx, BUCKET_OF[Lane(row.lane)], self._allowances[BUCKET_OF[Lane(row.lane)]])
        if lane.taken is None:
            return Room(is_shut=True)
        name = _place_of(row)
        place = self._look(tx, PLACE + name, self._place(Lane(row.lane))) if name else None
        if place is not None and place.taken is None:
            return Room(place_free_at=place.free_at)
        for look in (lane, place):
            if look is not None and look.bucket is not None and look.taken is not None:
                buckets.write(tx, look.bucket, asdict(look.taken))
        return Room()

    def _look(self, tx: Tx, name: str, allowance: Allowance) -> _Look:
        """How it would stand after one more; one that must wait remembers from when on it need not."""
        bucket = buckets.lock(tx, name, asdict(pace.fresh(allowance, tx.now)))
        if bucket is None:
            return _Look(None, None, tx.now + A_WHILE)
        level = _level(bucket)
        free_at, taken = pace.free_from(level, allowance), pace.take(level, allowance, tx.now)
        if taken is None and free_at != bucket.free_at:
            buckets.write(tx, bucket, {"free_at": free_at})
        return _Look(bucket, taken, free_at)

    def slow_down(self, tx: Tx, lane: Lane, wait: timedelta) -> None:
        """Slack wants a pause: every lane that calls the same method keeps to it, and is slower afterwards."""
        self._change(tx, lane, lambda level, allowance: pace.slow_down(level, allowance, tx.now, wait))

    def hold(self, tx: Tx, lane: Lane, wait: timedelta) -> None:
        """Nothing more of this workspace before the wait is over."""
        self._change(tx, lane, lambda level, _: pace.hold(level, tx.now, wait))

    def fail(self, tx: Tx, lane: Lane) -> None:
        """Slack was not reached, or spoke nonsense."""
        self._change(tx, lane, lambda level, _: pace.fail(level, tx.now))

    def succeed(self, tx: Tx, lane: Lane) -> None:
        """Slack answered again; writes only where something had failed."""
        self._change(tx, lane, lambda level, _: pace.succeed(level, tx.now))

    def _change(self, tx: Tx, lane: Lane, change: Callable[[Level, Allowance], Level]) -> None:
        for bucket in buckets.named(tx, pace.sharing_with(lane)):
            before = _level(bucket)
            after = change(before, self._allowances[bucket.name])
            if after != before:
                buckets.write(tx, bucket, asdict(after))


def forget_idle(tx: Tx) -> None:
    """Forget places where nothing was said for an hour."""
    buckets.forget_full(tx, PLACE, tx.now - IDLE)


def in_place(lane: Lane) -> Allowance:
    """What one channel or chat may get: a message a second; what people themselves set off may come a few at once."""
    return pace.SET_OFF_IN_ONE_PLACE if lane in {Lane.ANSWER, Lane.NOTICE} else pace.IN_ONE_PLACE


def _place_of(row: OutboxRow) -> str:
    if row.op == Op.POST:
        return row.member_id
    return str(row.facts.get("channel", "")) if row.op == Op.POST_TO else ""


def _level(bucket: Bucket) -> Level:
    return Level(
        per_second=bucket.per_second,
        full_at=bucket.full_at,
        free_at=bucket.free_at,
        paused_until=bucket.paused_until,
        slowed_at=bucket.slowed_at,
        failures=bucket.failures,
        failing_since=bucket.failing_since,
    )
