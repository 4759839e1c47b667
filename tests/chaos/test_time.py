"""Every zone there is for two years, and many schedules with quiet hours: one firing a day, none of them in quiet."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.rules.days import Quiet, after_quiet, due, instant, own_hours, own_morning, spread_of
from bot.rules.policy import DAY_ENDS, DAY_STARTS, MORNING_SPREAD

NO_ZONES = {"localtime", "Factory"}
ZONES = sorted(available_timezones() - NO_ZONES)
FIRST = date(2026, 1, 1)
DAYS = tuple(FIRST + timedelta(days=number) for number in range(730))
WALLS = (time(0, 15), time(2, 30), time(9), time(23, 45))
LEAST, MOST = timedelta(hours=22), timedelta(hours=26)
SCHEDULES, FULL_SCHEDULES = 60_000, 600_000
NEVER_LATER = timedelta(days=9)
A_DAY = timedelta(days=1)
LONGEST_GAP = timedelta(hours=2)  # Antarctica/Troll, from winter to summer


def at_night(local: datetime) -> bool:
    return local.weekday() > 4 or not DAY_STARTS.value <= local.time() < DAY_ENDS.value


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_every_zone_fires_once_a_local_day_for_two_years(wall: time) -> None:
    for zone in ZONES:
        here = ZoneInfo(zone)
        moments = [instant(day, wall, zone) for day in DAYS]
        shown = [moment.astimezone(here) for moment in moments]
        late = [local for local, day in zip(shown, DAYS, strict=True) if (local.date(), local.time()) != (day, wall)]
        assert all(_is_shifted(local, wall) for local in late), zone
        assert len(late) <= 2 * 2, "clocks jump forward twice a year at the most"
        steps = {later - earlier for earlier, later in pairwise(moments)}
        assert min(steps) >= LEAST, zone
        assert max(steps) <= MOST, zone
        assert not any(local.fold for local in shown), "the second pass of a fold is never taken"


def _is_shifted(local: datetime, wall: time) -> bool:
    """Whether a gap moved it on by no more than the gap, the wall time it was meant for being shown by no clock."""
    meant = [datetime.combine(local.date() - A_DAY * back, wall) for back in (0, 1)]
    return any(timedelta(0) < local.replace(tzinfo=None) - each <= LONGEST_GAP for each in meant)


def test_random_weekly_schedules_never_fire_in_quiet_hours_and_never_late(full: bool) -> None:  # noqa: FBT001  (pytest hands it over)
    dice = random.Random(20260101)  # noqa: S311  (the same schedules every time)
    for _ in range(FULL_SCHEDULES if full else SCHEDULES):
        day, zone, quiet = dice.choice(DAYS), dice.choice(ZONES), any_quiet(dice)
        wall = time(dice.randrange(24), dice.randrange(60))
        moment = due(day, wall, zone, quiet)
        assert not quiet.has(moment.astimezone(ZoneInfo(zone))), (day, wall, zone, quiet)
        assert timedelta(0) <= moment - instant(day, wall, zone) <= NEVER_LATER, (day, wall, zone, quiet)


def any_quiet(dice: random.Random) -> Quiet:
    """Quiet hours over midnight, within a day or none, and up to six days off; no clock that jumps hides the rest."""
    while True:
        starts, ends = (60 * dice.randrange(24) + dice.choice((0, 15, 30)) for _ in range(2))
        if not 0 < (starts - ends) % (24 * 60) <= LONGEST_GAP / timedelta(minutes=1):
            days_off = frozenset(dice.sample(range(7), dice.randrange(7)))
            return Quiet(time(*divmod(starts, 60)), time(*divmod(ends, 60)), days_off)


def test_everybodys_morning_begins_within_half_an_hour_and_within_their_own_hours() -> None:
    dice = random.Random(7)  # noqa: S311  (the same people every time)
    for number in range(20_000):
        zone, spread = dice.choice(ZONES), spread_of(f"member {number}")
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(730 * 86_400))
        morning, here = own_morning(moment, zone, spread), ZoneInfo(zone)
        assert not at_night(morning.astimezone(here))
        assert timedelta(0) <= morning - own_hours(moment, zone) < MORNING_SPREAD.value
        assert morning == own_morning(morning, zone, spread), "a morning is put off once"


def test_ten_thousand_people_of_one_zone_are_not_due_in_one_minute() -> None:
    night = datetime(2027, 3, 1, 3, tzinfo=UTC)
    minutes = [own_morning(night, "Europe/Lisbon", spread_of(f"{number:05}")).minute for number in range(10_000)]
    assert sorted(set(minutes)) == list(range(30))
    assert max(map(minutes.count, range(30))) < 2 * 10_000 / 30


def test_quiet_hours_over_midnight_end_in_the_morning() -> None:
    quiet = Quiet(time(22), time(7))
    assert due(date(2027, 3, 1), time(23), "Europe/Lisbon", quiet) == datetime(2027, 3, 2, 7, tzinfo=UTC)
    assert due(date(2027, 3, 1), time(3), "Europe/Lisbon", quiet) == datetime(2027, 3, 1, 7, tzinfo=UTC)
    assert due(date(2027, 3, 1), time(7), "Europe/Lisbon", quiet) == datetime(2027, 3, 1, 7, tzinfo=UTC)


def test_quiet_hours_that_end_in_a_gap_end_after_it_and_in_a_fold_at_every_pass() -> None:
    ends_in_gap, ends_in_fold = Quiet(time(22), time(2, 30)), Quiet(time(22), time(1, 30))
    found = due(date(2027, 3, 28), time(0), "Europe/Berlin", ends_in_gap)
    assert f"{found.astimezone(ZoneInfo('Europe/Berlin')):%H:%M}" == "03:30"
    autumn = date(2027, 11, 7)
    first, second = (instant(autumn, time(1, 30), "America/New_York") + timedelta(hours=hours) for hours in (0, 1))
    assert due(autumn, time(0), "America/New_York", ends_in_fold) == first
    assert after_quiet(second - timedelta(minutes=15), "America/New_York", ends_in_fold) == second


def test_quiet_hours_without_an_end_are_refused() -> None:
    with pytest.raises(ValueError, match="no time at all"):
        due(date(2027, 3, 1), time(9), "UTC", Quiet(time(9), time(17), frozenset(range(7))))
