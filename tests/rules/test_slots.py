"""Proposed hours suit both, in any two zones and through both changes of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.slots import LENGTH, epoch, from_epoch, propose
from tests.rules.test_days import MOMENTS, ZONES

MANY = settings(deadline=None, max_examples=400, derandomize=True, database=None)
NAMES = st.sampled_from(ZONES)
MONDAY = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
SPRING = (datetime(2027, 3, 12, 12, tzinfo=UTC), datetime(2027, 3, 26, 12, tzinfo=UTC))
AUTUMN = (datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 30, 12, tzinfo=UTC))


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def is_within(moment: datetime, zone: str, opens: int, closes: int) -> bool:
    start, end = local(moment, zone), local(moment + LENGTH, zone)
    day = start.replace(minute=0, second=0, microsecond=0)
    fits = day.replace(hour=opens) <= start and end <= day.replace(hour=closes)
    return fits and start.weekday() < 5 and start.date() == end.date()


@MANY
@given(MOMENTS, NAMES, NAMES)
@example(SPRING[0], "America/New_York", "Europe/Berlin")
@example(SPRING[1], "Europe/Lisbon", "America/Sao_Paulo")
@example(AUTUMN[0], "Europe/London", "Asia/Kolkata")
@example(AUTUMN[1], "America/Los_Angeles", "Europe/Berlin")
@example(AUTUMN[0], "Australia/Lord_Howe", "Pacific/Chatham")
def test_every_proposal_suits_both_on_a_day_of_its_own_from_tomorrow_on(now: datetime, one: str, other: str) -> None:
    found = propose(now, one, other)
    assert len(found) <= 3
    assert list(found) == sorted(found)
    for zone in (one, other):
        days = [local(start, zone).date() for start in found]
        assert len(set(days)) == len(days)
        assert all(day > local(now, zone).date() for day in days)
    assert all(start.tzinfo is UTC and local(start, one).minute % 30 == 0 for start in found)
    assert all(is_within(start, zone, 9, 17) for start in found for zone in (one, other)) or all(
        is_within(start, zone, 8, 20) for start in found for zone in (one, other)
    )


@MANY
@given(MOMENTS, NAMES)
def test_two_in_one_zone_always_get_three_within_their_working_day(now: datetime, zone: str) -> None:
    found = propose(now, zone, zone)
    assert len(found) == 3
    assert all(is_within(start, zone, 9, 17) for start in found)


def test_two_with_no_working_hour_in_common_get_longer_days() -> None:
    zones = ("America/Los_Angeles", "Europe/Berlin")
    found = propose(MONDAY, *zones)
    assert found
    assert all(is_within(start, zone, 8, 20) for start in found for zone in zones)
    assert not any(all(is_within(start, zone, 9, 17) for zone in zones) for start in found)


def test_two_at_opposite_ends_of_the_world_get_none() -> None:
    assert propose(MONDAY, "Asia/Tokyo", "America/Sao_Paulo") == ()


def test_hours_already_taken_are_left_out() -> None:
    first = propose(MONDAY, "Europe/Lisbon", "Europe/Berlin")
    again = propose(MONDAY, "Europe/Lisbon", "Europe/Berlin", busy=first)
    assert len(again) == 3
    assert not set(first) & set(again)


def test_a_friday_evening_proposes_monday() -> None:
    found = propose(datetime(2027, 3, 5, 20, tzinfo=UTC), "Europe/Lisbon", "Europe/Lisbon")
    assert [start.strftime("%a") for start in found] == ["Mon", "Tue", "Wed"]


def test_an_unknown_zone_is_taken_for_utc() -> None:
    assert propose(MONDAY, "Nowhere/Land", "Nowhere/Land") == propose(MONDAY, "UTC", "UTC")


def test_a_moment_survives_its_button() -> None:
    assert from_epoch(str(epoch(MONDAY))) == MONDAY
    assert from_epoch(str(epoch(MONDAY + timedelta(days=9000)))) is not None


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e9", "٣", "1" * 40, "12 34", "1.5"])
def test_what_no_button_says_is_no_moment(typed: str) -> None:
    assert from_epoch(typed) is None
