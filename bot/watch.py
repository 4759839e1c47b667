"""Whether what should happen again and again still does, and how long things take; a dead scheduler is silent."""

import time
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


class Watch:
    """The last sign of life of everything that repeats; `now` is monotonic, in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._seen = dict.fromkeys(INTERVALS, now())
        self.acks = Spread()

    def beat(self, name: str) -> None:
        """It has just been round."""
        self._seen[name] = self.now()

    def ages(self) -> dict[str, float]:
        """Seconds since each was last round."""
        now = self.now()
        return {name: now - seen for name, seen in self._seen.items()}

    def late(self) -> list[str]:
        """What has missed three of its rounds."""
        return [name for name, age in self.ages().items() if age > MISSED * INTERVALS[name]]
