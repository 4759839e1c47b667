"""Slack's rate limits as leaking buckets in world time, so that a jump of the clock refills them."""

import math
from dataclasses import dataclass

from playground.clock import WorldClock

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = 600
# One message a second in a channel; the burst is ours, since Slack publishes none.
POSTS_PER_SECOND, POST_BURST = 1.0, 5.0
# "Several hundred" messages a minute in a workspace; the stricter end of it.
WORKSPACE_PER_MINUTE = 300
# Events to one app from one workspace within an hour; what is beyond never comes.
EVENTS_PER_HOUR = 30_000
HOUR, MINUTE = 3600, 60


@dataclass(slots=True)
class Bucket:
    """What is left of an allowance, and when that was so."""

    left: float
    at: float


class Rates:
    """Who may go on and who must wait; one bucket a method, and one a channel for posts."""

    def __init__(self, clock: WorldClock, *, enforced: bool) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self.enforced = enforced
        self.events_per_hour = EVENTS_PER_HOUR
        self._hour, self._events, self._told_minute = 0, 0, 0

    def lets_event_through(self) -> bool:
        """Whether one more event may go out within this hour of world time."""
        hour = int(self._clock.seconds() // HOUR)
        self._events = self._events + 1 if hour == self._hour else 1
        self._hour = hour
        return not self.enforced or self._events <= self.events_per_hour

    def minute_to_tell(self) -> int | None:
        """The minute, in seconds since 1970, in which events were held back; None once the app was told of it."""
        minute = int(self._clock.seconds() // MINUTE) * MINUTE
        if minute == self._told_minute:
            return None
        self._told_minute = minute
        return minute

    def wait_for_method(self, method: str, tier: int) -> int:
        """Whole seconds to wait before this method may be called again; 0 means go on."""
        allowance = PER_MINUTE.get(tier, SPECIAL_PER_MINUTE)
        return self._take(f"method:{method}", allowance, allowance / 60)

    def wait_for_post(self, channel: str) -> int:
        """Whole seconds to wait before another message to this channel."""
        waited = self._take(f"channel:{channel}", POST_BURST, POSTS_PER_SECOND)
        return waited or self._take("workspace", WORKSPACE_PER_MINUTE, WORKSPACE_PER_MINUTE / 60)

    def forget(self) -> None:
        """Everybody has their full allowance again."""
        self._buckets.clear()
        self._hour, self._events, self._told_minute = 0, 0, 0

    def _take(self, name: str, most: float, per_second: float) -> int:
        if not self.enforced:
            return 0
        now = self._clock.seconds()
        bucket = self._buckets.setdefault(name, Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return max(1, math.ceil((1 - bucket.left) / per_second))
