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
