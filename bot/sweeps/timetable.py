"""The shape of a sweep."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Sweep:
    """One thing done unasked: `next_due` asks the rows, `run` does what is due in one workspace and counts it.

    What is done `along_the_way` is never a reason to wake, and is done whenever the timetable is gone through.
    """

    name: str
    next_due: Callable[[Tx], datetime | None]
    run: Callable[[Tx], int]
    along_the_way: bool = False

    def is_due(self, tx: Tx) -> bool:
        """Whether there is anything for it to do now."""
        if self.along_the_way:
            return True
        due = self.next_due(tx)
        return due is not None and due <= tx.now
