"""Whether what should happen again and again still does, and how long things take."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MISSED = 3
SWEEPS, COURIER, EVENTS = "sweeps", "courier", "events"
INTERVALS: Mapping[str, float] = {SWEEPS: 20.0, COURIER: 60.0, EVENTS: 60.0}
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(slots=True)
class Spread:
    """How long something took, by upper bounds in seconds, as a histogram wants it."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.counts[next((i for i, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))] += 1
        self.total += seconds


@dataclass(slots=True)
class Runs:
    """How one sweep goes: how long it takes, how often it failed, and whether it did so the last time."""

    took: Spread = field(default_factory=Spread)
    failed: int = 0
    is_failing: bool = False


class Watch:
    """The last sign of life of everything that repeats; `now` is monotonic, in seconds.

    `set_aside` counts the events that were given up, since all their tries failed.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._seen = dict.fromkeys(INTERVALS, now())
        self.acks = Spread()
        self.set_aside = 0
        self.sweeps = defaultdict[str, Runs](Runs)

    def beat(self, name: str) -> None:
        """It has just been round."""
        self._seen[name] = self.now()

    def ran(self, sweep: str, begun: float, *, failed: bool) -> None:
        """A sweep has run, well or not; that is a sign of life, also in the middle of a long round."""
        runs = self.sweeps[sweep]
        runs.took.add(self.now() - begun)
        runs.failed += failed
        runs.is_failing = failed
        self.beat(SWEEPS)

    def failing(self) -> list[str]:
        """The sweeps that failed when they last ran; each is tried again at every tick."""
        return sorted(name for name, runs in self.sweeps.items() if runs.is_failing)

    def ages(self) -> dict[str, float]:
        """Seconds since each was last round."""
        now = self.now()
        return {name: now - seen for name, seen in self._seen.items()}

    def late(self) -> list[str]:
        """What has missed three of its rounds."""
        return [name for name, age in self.ages().items() if age > MISSED * INTERVALS[name]]
