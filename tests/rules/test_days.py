"""Wall clocks: own hours and working days in forty zones, through gaps and folds."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.days import instant, is_working_day, own_hours, shared_hours, working_days_later, zone_named
from bot.rules.policy import DAY_ENDS, DAY_STARTS

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Caracas",
    "America/Chicago",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Kabul",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Oslo",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  (the zone is given beside)
MANY = settings(deadline=None, max_examples=300, derandomize=True, database=None)


def wall(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def is_in_hours(moment: datetime, zone: str) -> bool:
    local = wall(moment, zone)
    return is_working_day(local.date()) and DAY_STARTS.value <= local.time() < DAY_ENDS.value


def test_there_are_forty_zones() -> None:
    assert len(set(ZONES)) == 40


@MANY
@given(MOMENTS, st.sampled_from(ZONES))
def test_own_hours_are_always_within_a_working_day_and_never_earlier(moment: datetime, zone: str) -> None:
    found = own_hours(moment, zone)
    assert is_in_hours(found, zone)
    assert found >= moment
    assert own_hours(found, zone) == found
    assert found - moment <= timedelta(days=3), "the longest wait is a weekend"
    if is_in_hours(moment, zone):
        assert found == moment


@MANY
@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 10))
def test_working_days_later_counts_no_weekend_and_keeps_the_wall_time(moment: datetime, zone: str, days: int) -> None:
    start = own_hours(moment, zone)
    end = working_days_later(start, days, zone)
    between = [wall(start, zone).date() + timedelta(days=n) for n in range(1, 30)]
    counted = [day for day in between if is_working_day(day) and day <= wall(end, zone).date()]
    assert len(counted) == days
    assert wall(end, zone).time() == wall(start, zone).time()


@MANY
@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_shared_hours_are_within_both_working_days(moment: datetime, zone: str, other: str) -> None:
    window = shared_hours(zone, other, moment)
    mirrored = shared_hours(other, zone, moment)
    if window is None:
        return
    assert DAY_STARTS.value <= window.start < window.end <= DAY_ENDS.value
    assert 1 <= window.hours <= 8
    day = wall(moment, zone).date()
    start, end = instant(day, window.start, zone), instant(day, window.end, zone)
    for each in (start, end - timedelta(seconds=1)):
        assert DAY_STARTS.value <= wall(each, other).time() < DAY_ENDS.value
    assert mirrored is not None or wall(moment, zone).date() != wall(moment, other).date()


@pytest.mark.parametrize(
    ("zone", "day", "at", "shown"),
    [
        ("Europe/Berlin", date(2027, 3, 28), time(2, 30), "03:30"),
        ("America/New_York", date(2027, 3, 14), time(2, 30), "03:30"),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), "02:45"),
        ("America/Havana", date(2028, 3, 12), time(0, 15), "01:15"),
    ],
)
def test_a_wall_time_in_a_gap_shifts_forward(zone: str, day: date, at: time, shown: str) -> None:
    assert f"{wall(instant(day, at, zone), zone):%H:%M}" == shown


def test_a_wall_time_in_a_fold_is_the_first_of_the_two() -> None:
    found = instant(date(2027, 10, 31), time(2, 30), "Europe/Berlin")
    assert found == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc/passwd", "\x00", "UTC", "Europe"])
def test_a_zone_nobody_knows_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 3, 5, 17, 0, tzinfo=UTC), datetime(2027, 3, 8, 9, 0, tzinfo=UTC)),
        (datetime(2027, 3, 5, 16, 59, 59, tzinfo=UTC), datetime(2027, 3, 5, 16, 59, 59, tzinfo=UTC)),
        (datetime(2027, 3, 6, 12, 0, tzinfo=UTC), datetime(2027, 3, 8, 9, 0, tzinfo=UTC)),
        (datetime(2027, 3, 8, 8, 59, tzinfo=UTC), datetime(2027, 3, 8, 9, 0, tzinfo=UTC)),
        (datetime(2027, 3, 8, 9, 0, tzinfo=UTC), datetime(2027, 3, 8, 9, 0, tzinfo=UTC)),
    ],
)
def test_the_edges_of_a_day_belong_where_they_should(moment: datetime, expected: datetime) -> None:
    assert own_hours(moment, "UTC") == expected


def test_the_hours_of_two_far_ends_of_the_world_are_none_or_short() -> None:
    monday = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    assert shared_hours("America/Los_Angeles", "Europe/Berlin", monday) is None
    found = shared_hours("Europe/Lisbon", "Asia/Kolkata", monday)
    assert found is not None
    assert (found.start, found.end, found.hours) == (time(9), time(11, 30), 2)


def test_every_zone_has_one_morning_a_day_for_two_years() -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=n) for n in range(730)]
    for zone in sorted(available_timezones() - {"localtime", "Factory"}):
        mornings = [instant(day, DAY_STARTS.value, zone) for day in days]
        here = ZoneInfo(zone)
        assert [morning.astimezone(here).date() for morning in mornings] == days, zone
        steps = {later - earlier for earlier, later in pairwise(mornings)}
        assert timedelta(hours=22) <= min(steps), zone
        assert max(steps) <= timedelta(hours=26), zone
