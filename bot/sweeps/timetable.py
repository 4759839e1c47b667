"""The shape of a sweep."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from storage.database import Tx
from storage.queries import workspaces


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


def unless_silent(sweep: Sweep) -> Sweep:
    """The same, but not while organisers have silenced the bot: nobody is to run out of time they cannot know of."""

    def next_due(tx: Tx) -> datetime | None:
        return None if workspaces.is_silenced(tx) else sweep.next_due(tx)

    def run(tx: Tx) -> int:
        return 0 if workspaces.is_silenced(tx) else sweep.run(tx)

    return replace(sweep, next_due=next_due, run=run)
