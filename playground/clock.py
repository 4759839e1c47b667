"""World time: the machine's own time plus an offset that only grows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_time() -> datetime:
    """The machine's own time, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251  (this is the place)


class WorldClock:
    """A clock that can be moved forwards; whoever keeps the offset or shows the time listens in `moved`."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = max(offset, timedelta(0))
        self.moved: list[Callable[[], None]] = []

    @property
    def offset(self) -> timedelta:
        """How far world time is ahead of the machine."""
        return self._offset

    def now(self) -> datetime:
        """World time, aware UTC."""
        return real_time() + self._offset

    def seconds(self) -> float:
        """World time as seconds since 1970, for budgets and Slack's timestamps."""
        return self.now().timestamp()

    def move_to(self, moment: datetime) -> None:
        """Forward to `moment`; a moment already past changes nothing."""
        ahead = moment - self.now()
        if ahead > timedelta(0):
            self._offset += ahead
            for listener in self.moved:
                listener()

    def resume(self, offset: timedelta) -> None:
        """Take up the offset of an earlier run, before anybody reads the time."""
        self._offset = max(self._offset, offset)
