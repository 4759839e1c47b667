"""The shape of a sweep."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Sweep:
    """One thing done unasked: `next_due` asks the rows, `run` does what is due in one workspace and counts it."""

    name: str
    next_due: Callable[[Tx], datetime | None]
    run: Callable[[Tx], int]
