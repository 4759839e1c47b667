"""What came in and could not be dealt with: how often, and how far apart, it is tried again."""

from datetime import datetime, timedelta

from bot.rules.policy import EVENT_AGAIN, EVENT_GIVEN_UP


def waits() -> tuple[timedelta, ...]:
    """How long an event waits before each further try, each wait twice the last, over a day in all.

    A fault that passes is soon over; one that does not leaves time for somebody to mend it.
    """
    found: list[timedelta] = []
    wait = EVENT_AGAIN.value
    while sum(found, wait) <= EVENT_GIVEN_UP.value:
        found.append(wait)
        wait *= 2
    return tuple(found)


WAITS = waits()


def last_tried_before(now: datetime, first: timedelta) -> list[datetime]:
    """For each number of tries behind an event, the moment before which the last one must lie; `first` is of none."""
    return [now - wait for wait in (first, *WAITS[1:])]
