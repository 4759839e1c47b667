"""When a name is asked, reminded and passed over, and what can be undone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.days import own_hours
from bot.rules.policy import SEARCH_DAYS, SEARCH_NAMES, UNDO
from bot.rules.requests import chosen_names, closes_at, may_undo, next_queued, window_for
from storage.models.requests import Ask, AskState

MONDAY = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
FAR = MONDAY + timedelta(days=365)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  (the zone is given beside)
ZONES = st.sampled_from(["Europe/Lisbon", "Asia/Tokyo", "America/Sao_Paulo", "Pacific/Chatham", "Asia/Kathmandu"])
MANY = settings(deadline=None, max_examples=300, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("asked", "remind", "due"),
    [
        (MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)),
        (MONDAY.replace(day=4), MONDAY.replace(day=5), MONDAY.replace(day=9)),
        (MONDAY.replace(day=5), MONDAY.replace(day=8), MONDAY.replace(day=10)),
    ],
)
def test_a_name_has_three_working_days_and_a_reminder_on_the_second(
    asked: datetime, remind: datetime, due: datetime
) -> None:
    window = window_for(asked, "UTC", FAR)
    assert (window.asked_at, window.remind_at, window.due_at) == (asked, remind, due)


def test_a_name_asked_on_a_saturday_is_asked_on_monday_morning() -> None:
    window = window_for(datetime(2027, 3, 6, 12, 0, tzinfo=UTC), "Europe/Lisbon", FAR)
    assert window.asked_at == datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
    assert window.due_at == datetime(2027, 3, 11, 9, 0, tzinfo=UTC)


@MANY
@given(MOMENTS, ZONES, st.integers(0, 24))
def test_no_window_outlasts_its_search_and_every_moment_is_in_own_hours(moment: datetime, zone: str, day: int) -> None:
    closes = closes_at(moment - timedelta(days=day))
    window = window_for(moment, zone, closes)
    assert window.asked_at >= moment
    assert window.due_at <= closes
    assert own_hours(window.asked_at, zone) == window.asked_at
    assert own_hours(window.remind_at, zone) == window.remind_at
    if window.due_at < closes:
        assert own_hours(window.due_at, zone) == window.due_at
        assert window.asked_at < window.remind_at < window.due_at


def test_a_search_closes_on_its_24th_day() -> None:
    assert closes_at(MONDAY) - MONDAY == timedelta(days=SEARCH_DAYS.value) == timedelta(days=24)


def test_undo_lasts_ten_minutes_and_not_a_moment_longer() -> None:
    assert UNDO.value == timedelta(minutes=10)
    assert may_undo(MONDAY, MONDAY + timedelta(minutes=9, seconds=59))
    assert not may_undo(MONDAY, MONDAY + timedelta(minutes=10))
    assert not may_undo(None, MONDAY)


def ask(position: int, state: AskState) -> Ask:
    return Ask(workspace_id="T1", search_id="s", mentor_id=f"m{position}", position=position, state=state)


def test_the_next_name_is_the_first_not_asked_yet() -> None:
    asks = [ask(3, AskState.QUEUED), ask(1, AskState.LAPSED), ask(2, AskState.QUEUED), ask(0, AskState.DECLINED)]
    found = next_queued(asks)
    assert found is not None
    assert found.position == 2
    assert next_queued([ask(0, AskState.WAITING), ask(1, AskState.PASSED)]) is None


@MANY
@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.permutations("bcdefgh"))
def test_the_names_are_the_first_choice_and_ticked_ones_as_they_were_shown(ticked: list[str], shown: list[str]) -> None:
    names = chosen_names("a", ticked, shown)
    assert names[0] == "a"
    assert len(names) == len(set(names)) <= SEARCH_NAMES.value
    assert set(names) - {"a"} <= set(ticked)
    assert names[1:] == [name for name in shown if name in names[1:]]
