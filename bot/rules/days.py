"""Wall clocks: own hours, working days, and the hours two people share. Gaps shift forward, folds count once."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.rules.policy import DAY_ENDS, DAY_STARTS

WEEKDAYS = 5
BEFORE_THE_END = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one day, on the first person's wall clock."""

    start: time
    end: time
    hours: int


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of this IANA name; UTC for a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def instant(day: date, wall: time, zone: str) -> datetime:
    """The moment a wall clock shows this: in a gap the clock has jumped over it, in a fold the first of the two."""
    return datetime.combine(day, wall, zone_named(zone)).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < WEEKDAYS


def own_hours(moment: datetime, zone: str) -> datetime:
    """This moment if it is within somebody's working day, else the next start of one."""
    local = moment.astimezone(zone_named(zone))
    day, opens = local.date(), instant(local.date(), DAY_STARTS.value, zone)
    if is_working_day(day) and opens <= moment < instant(day, DAY_ENDS.value, zone):
        return moment
    if is_working_day(day) and moment < opens:
        return opens
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return instant(day, DAY_STARTS.value, zone)


def own_hours_before(moment: datetime, zone: str) -> datetime:
    """This moment if it is within somebody's working day, else the last end of one, less a quarter of an hour."""
    if own_hours(moment, zone) == moment:
        return moment
    local = moment.astimezone(zone_named(zone))
    day = local.date() - timedelta(days=int(moment < instant(local.date(), DAY_STARTS.value, zone)))
    while not is_working_day(day):
        day -= timedelta(days=1)
    return instant(day, DAY_ENDS.value, zone) - BEFORE_THE_END


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days_later(moment: datetime, days: int, zone: str) -> datetime:
    """The same wall time this many working days on."""
    local = moment.astimezone(zone_named(zone))
    day = local.date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return instant(day, local.time(), zone)


def shared_hours(zone: str, other: str, moment: datetime) -> Window | None:
    """When both are within their working day, on the first one's clock; None if never."""
    day = moment.astimezone(zone_named(zone)).date()
    best: tuple[timedelta, datetime, datetime] | None = None
    for shift in (-1, 0, 1):
        other_day = day + timedelta(days=shift)
        start = max(instant(day, DAY_STARTS.value, zone), instant(other_day, DAY_STARTS.value, other))
        end = min(instant(day, DAY_ENDS.value, zone), instant(other_day, DAY_ENDS.value, other))
        if end > start and (best is None or end - start > best[0]):
            best = (end - start, start, end)
    if best is None or best[0] < timedelta(hours=1):
        return None
    here = zone_named(zone)
    return Window(best[1].astimezone(here).time(), best[2].astimezone(here).time(), int(best[0] / timedelta(hours=1)))
