"""Wall clocks: own hours, working days, and the hours two people share. Gaps shift forward, folds count once."""

import zoneinfo
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.rules.policy import DAY_ENDS, DAY_STARTS, MORNING_SPREAD

WEEKDAYS = 5
SUNDAY = 6
BEFORE_THE_END = timedelta(minutes=15)
AT_ONCE = timedelta(0)
HALF_A_DAY = timedelta(hours=12)
LONGEST_QUIET_DAYS = 9

# Every installation reckons by the pinned package, never by whatever zones its machine happens to have.
zoneinfo.reset_tzpath(())


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one day, on the first person's wall clock."""

    start: time
    end: time
    hours: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Wall times at which nothing comes: from `starts` until `ends`, over midnight where that is earlier, and days off.

    Days off are weekdays, Monday is 0. The moment of `ends` itself is not quiet; the same time twice is no quiet.
    """

    starts: time
    ends: time
    days_off: frozenset[int] = frozenset()

    def has(self, local: datetime) -> bool:
        """Whether a wall clock that shows this shows a quiet time."""
        if local.weekday() in self.days_off:
            return True
        wall = local.time()
        if self.starts <= self.ends:
            return self.starts <= wall < self.ends
        return wall >= self.starts or wall < self.ends


NIGHT = Quiet(DAY_ENDS.value, DAY_STARTS.value, frozenset(range(WEEKDAYS, SUNDAY + 1)))


def rules_version() -> str:
    """Which edition of the world's time zones all moments are reckoned by: that of the installed package."""
    return version("tzdata")


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


def due(day: date, wall: time, zone: str, quiet: Quiet) -> datetime:
    """The one moment (UTC) of what is due on a day at a wall time, in this zone and outside these quiet hours.

    A gap shifts it forward, a fold counts its first pass alone, quiet hours put it off to their end.
    """
    return after_quiet(instant(day, wall, zone), zone, quiet)


def after_quiet(moment: datetime, zone: str, quiet: Quiet) -> datetime:
    """This moment where it is not quiet, else the first moment after it at which quiet hours end.

    Raises ValueError for quiet hours that never end.
    """
    here = zone_named(zone)
    local = moment.astimezone(here)
    if not quiet.has(local):
        return moment
    ends = quiet.ends if quiet.starts != quiet.ends else time(0)
    for ahead in range(LONGEST_QUIET_DAYS):
        wall = datetime.combine(local.date() + timedelta(days=ahead), ends, here)
        for candidate in (wall, wall.replace(fold=1)):
            ended = candidate.astimezone(UTC)
            if ended > moment and not quiet.has(ended.astimezone(here)):
                return ended
    message = "these quiet hours leave no time at all"
    raise ValueError(message)


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < WEEKDAYS


def own_hours(moment: datetime, zone: str) -> datetime:
    """This moment if it is within somebody's working day, else the next start of one."""
    return after_quiet(moment, zone, NIGHT)


def spread_of(member_id: str) -> timedelta:
    """How long after a morning begins one person's messages come: the same for ever, and for all of them."""
    seconds = int(MORNING_SPREAD.value.total_seconds())
    return timedelta(seconds=int.from_bytes(sha256(member_id.encode()).digest()) % seconds)


def own_morning(moment: datetime, zone: str, spread: timedelta) -> datetime:
    """Within somebody's working day, and not before its beginning plus this; what is later already stays."""
    opens, here = own_hours(moment, zone), zone_named(zone)
    return max(opens, _edges(opens.astimezone(here).date(), here)[0] + spread)


def own_hours_before(moment: datetime, zone: str) -> datetime:
    """This moment if it is within somebody's working day, else the last end of one, less a quarter of an hour."""
    here = zone_named(zone)
    local = moment.astimezone(here)
    if not NIGHT.has(local):
        return moment
    day = local.date() - timedelta(days=int(moment < _edges(local.date(), here)[0]))
    while not is_working_day(day):
        day -= timedelta(days=1)
    return _edges(day, here)[1] - BEFORE_THE_END


@lru_cache(maxsize=4096)
def _edges(day: date, here: ZoneInfo) -> tuple[datetime, datetime]:
    """When own hours begin and end on this day, be it a working day or not; a crowd asks for the same few days."""
    opens, closes = (datetime.combine(day, wall, here) for wall in (DAY_STARTS.value, DAY_ENDS.value))
    return opens.astimezone(UTC), closes.astimezone(UTC)


def same_wall(moment: datetime, was: str, zone: str) -> datetime:
    """The moment at which a clock here shows the day and the hour that one there showed at this one."""
    local = moment.astimezone(zone_named(was))
    return instant(local.date(), local.time(), zone)


def day_begun(moment: datetime, zone: str) -> date:
    """The day whose midnight this is, also where the rules of the zone have moved it by some hours since."""
    return (moment + HALF_A_DAY).astimezone(zone_named(zone)).date()


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
