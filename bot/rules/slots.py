"""Hours that suit two people for a first meeting, wherever each of them is."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from bot.rules.days import instant, is_working_day, zone_named
from bot.rules.policy import DAY_ENDS, DAY_STARTS, FIRST_MEETING_MINUTES, WIDE_DAY_ENDS, WIDE_DAY_STARTS

Hours = tuple[time, time]
WORKING: Hours = (DAY_STARTS.value, DAY_ENDS.value)
WIDE: Hours = (WIDE_DAY_STARTS.value, WIDE_DAY_ENDS.value)
LOOK_AHEAD = 14
STEP = timedelta(minutes=30)
LENGTH = timedelta(minutes=FIRST_MEETING_MINUTES.value)
SHARES = (0.25, 0.75, 0.5)  # where in the day each of three lies, so that mornings and afternoons both come up


def propose(
    now: datetime, zone: str, other_zone: str, count: int = 3, busy: Collection[datetime] = ()
) -> tuple[datetime, ...]:
    """Up to `count` starts in UTC, on different working days of both from tomorrow on, none of them in `busy`.

    They lie within both working days; where the two share none, within 08:00 to 20:00 of both; else there are none.
    """
    for hours in (WORKING, WIDE):
        found = _within(hours, now, (zone, other_zone), count, busy)
        if found:
            return found
    return ()


def _within(
    hours: Hours, now: datetime, zones: tuple[str, str], count: int, busy: Collection[datetime]
) -> tuple[datetime, ...]:
    found: list[datetime] = []
    today = now.astimezone(zone_named(zones[0])).date()
    for ahead in range(1, LOOK_AHEAD + 1):
        if len(found) == count:
            break
        starts = [
            start
            for start in _starts(today + timedelta(days=ahead), hours, zones[0])
            if start not in busy and _suits(start, hours, zones[1], now) and _is_new_day(start, found, zones[1])
        ]
        if starts:
            found.append(starts[int(len(starts) * SHARES[len(found) % len(SHARES)])])
    return tuple(found)


def _starts(day: date, hours: Hours, zone: str) -> list[datetime]:
    """Every half hour of somebody's day at which a first meeting still fits into it."""
    if not is_working_day(day):
        return []
    start, last = instant(day, hours[0], zone), instant(day, hours[1], zone) - LENGTH
    return [start + STEP * number for number in range((last - start) // STEP + 1)]


def _suits(start: datetime, hours: Hours, zone: str, now: datetime) -> bool:
    """Whether this is within the other one's hours too, and tomorrow or later for them."""
    local = start.astimezone(zone_named(zone))
    if not is_working_day(local.date()) or local.date() <= now.astimezone(zone_named(zone)).date():
        return False
    return instant(local.date(), hours[0], zone) <= start <= instant(local.date(), hours[1], zone) - LENGTH


def _is_new_day(start: datetime, found: list[datetime], zone: str) -> bool:
    here = zone_named(zone)
    return all(start.astimezone(here).date() != other.astimezone(here).date() for other in found)


def epoch(moment: datetime) -> int:
    """A moment as a button carries it: whole seconds since 1970."""
    return int(moment.timestamp())


def from_epoch(seconds: str) -> datetime | None:
    """The moment a button carried; None for what no button of ours says."""
    is_number = seconds.isascii() and seconds.isdigit() and len(seconds) <= len("9999999999")
    return datetime.fromtimestamp(int(seconds), UTC) if is_number else None
