"""What every measurement shares: a bar, a line of JSON, and an exit code that says whether each bar holds."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

# Python looks beside a script first, where bench/playground.py would stand in for the library of that name.
# Every measurement imports this file before anything else of ours.
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).parent]

QUICK_SLACK = 2.0


class Unit(StrEnum):
    """What is measured; on a busy machine times and sizes say little, counts and ratios within one run still hold."""

    COUNT = "count"
    RATIO = "times"
    MILLISECONDS = "ms"
    MEGABYTES = "MB"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number against the most it may be; without a bar it is there to be compared with, and always holds."""

    name: str
    value: float
    unit: Unit
    bar: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the bar holds."""
        return self.bar is None or self.value <= self.bar

    def fails(self, *, quick: bool) -> bool:
        """Whether it makes the run fail: a quick run is small, so only a count, or a ratio far over its bar, does."""
        if not quick or self.bar is None:
            return not self.holds
        if self.unit is Unit.RATIO:
            return self.value > QUICK_SLACK * self.bar
        return self.unit is Unit.COUNT and not self.holds

    def line(self) -> str:
        """One JSON object: name, value, unit, bar, holds."""
        shown = {"name": self.name, "value": round(self.value, 3), "unit": self.unit, "bar": self.bar}
        return json.dumps({**shown, "holds": self.holds})


class Measure(Protocol):
    """What one file measures."""

    def __call__(self, *, quick: bool) -> Iterator[Measurement]:
        """Every number, as it comes."""


def main(measure: Measure, about: str | None) -> None:
    """Run the measurements of one file, print each as it comes, and exit with 1 if a bar does not hold."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="small sizes; only counts and wide misses fail")
    quick = parser.parse_args().quick
    has_failed = False
    for found in measure(quick=quick):
        print(found.line(), flush=True)
        has_failed |= found.fails(quick=quick)
    sys.exit(1 if has_failed else 0)
