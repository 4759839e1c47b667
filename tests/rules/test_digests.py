"""When a digest comes, whatever the clocks do, and what fits into one."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.days import instant, zone_named
from bot.rules.digests import (
    Coming,
    ComingKind,
    Meet,
    Overseen,
    Proud,
    Week,
    chosen,
    lines_taken,
    minute_of,
    next_moment,
    within_lines,
)
from storage.models.members import Member

MONDAY = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
ZONES = ("Europe/Lisbon", "America/New_York", "Australia/Sydney", "Asia/Kathmandu", "Pacific/Kiritimati", "nowhere")
NOOR = Member(workspace_id="T1", slack_id="U1", name="Noor", seen_at=MONDAY)
GRACE = Member(workspace_id="T1", slack_id="U2", name="Grace", seen_at=MONDAY)


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (Hypothesis adds it)
    zone=st.sampled_from(ZONES),
    weekday=st.integers(0, 6),
    hour=st.integers(9, 16),
    minute=st.integers(0, 59),
)
def test_a_digest_comes_on_its_own_day_within_its_own_hour_within_a_week(
    now: datetime, zone: str, weekday: int, hour: int, minute: int
) -> None:
    moment = next_moment(now, zone, weekday, hour, minute, None)
    local = moment.astimezone(zone_named(zone))
    assert now < moment
    assert (local.weekday(), local.hour, local.minute) == (weekday, hour, minute)
    assert local.date() - now.astimezone(zone_named(zone)).date() <= timedelta(days=7)


@pytest.mark.parametrize(
    ("now", "weekday", "last", "comes"),
    [
        (datetime(2027, 3, 1, 8, 0, tzinfo=UTC), 0, None, date(2027, 3, 1)),
        (datetime(2027, 3, 1, 9, 30, tzinfo=UTC), 0, None, date(2027, 3, 8)),
        (datetime(2027, 3, 1, 10, 0, tzinfo=UTC), 0, date(2027, 3, 1), date(2027, 3, 8)),
        (datetime(2027, 3, 3, 8, 0, tzinfo=UTC), 2, date(2027, 3, 1), date(2027, 3, 10)),
        (datetime(2027, 3, 3, 8, 0, tzinfo=UTC), 4, date(2027, 2, 26), date(2027, 3, 5)),
    ],
    ids=["today, still to come", "at the very minute", "after today's", "a day changed to today", "a week is enough"],
)
def test_a_changed_day_never_brings_two_digests_within_seven_local_days(
    now: datetime, weekday: int, last: date | None, comes: date
) -> None:
    moment = next_moment(now, "Europe/Lisbon", weekday, 9, 30, last)
    assert moment == instant(comes, time(9, 30), "Europe/Lisbon")


def test_everybody_has_a_minute_of_their_own_that_stays() -> None:
    minutes = [minute_of(f"member {number}") for number in range(300)]
    assert minutes == [minute_of(f"member {number}") for number in range(300)]
    assert set(minutes) == set(range(30, 60)), "after whatever was put off to the same morning"


@pytest.mark.parametrize(
    ("waiting", "coming", "overseen", "taken"), [(0, 9, 1, 0), (9, 0, 0, 7), (9, 9, 1, 3), (2, 9, 0, 2), (9, 2, 1, 4)]
)
def test_lines_that_waited_always_get_a_share_and_never_more_than_there_is_room(
    waiting: int, coming: int, overseen: int, taken: int
) -> None:
    assert lines_taken(waiting, coming, overseen) == taken


def full(overseen: Overseen | None) -> Week:
    ahead = tuple(Coming(ComingKind.AGREEMENT, f"g{number}", GRACE) for number in range(9))
    return Week(NOOR, 0, 9, ahead, Proud(1, 1, 1), Meet(GRACE, "SQL"), overseen)


@pytest.mark.parametrize("lines", range(8))
@pytest.mark.parametrize("overseen", [None, Overseen(1, 0)])
def test_a_week_is_cut_to_seven_lines_and_what_lies_ahead_stays_longest(lines: int, overseen: Overseen | None) -> None:
    cut = within_lines(full(overseen), min(lines, 7 - (overseen is not None)))
    said = len(cut.coming) + (cut.proud is not None) + (cut.meet is not None) + (cut.overseen is not None)
    assert said + min(lines, 7 - (overseen is not None)) == 7
    assert cut.proud is None


def test_what_is_left_over_goes_to_what_was_done_and_then_to_somebody_to_meet() -> None:
    week = full(None)
    one_left = within_lines(Week(NOOR, 0, 9, week.coming[:3], week.proud, week.meet), 3)
    assert (one_left.proud, one_left.meet) == (week.proud, None)
    assert within_lines(Week(NOOR, 0, 9, (), week.proud, week.meet), 3).meet == week.meet


def test_names_take_turns_and_few_names_leave_weeks_of_none() -> None:
    assert [chosen("ab", number) for number in range(6)] == ["a", "b", None, None, "a", "b"]
    assert [chosen("abcde", number) for number in range(6)] == ["a", "b", "c", "d", "e", "a"]
    assert chosen("", 3) is None
