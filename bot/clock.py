"""The one place of the bot that reads the time; everybody else is told it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def real_time() -> datetime:
    """The machine's own time, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251  (this is the place)


@dataclass(frozen=True, slots=True)
class Clock:
    """World time; the playground hands in a reading that can be moved forward."""

    read: Callable[[], datetime] = real_time

    def now(self) -> datetime:
        """This moment, aware UTC."""
        return self.read()
