"""Where people may say they meet, and the moments a meeting waits for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.meetings import Place, line_count, moments, read_place, reminder_moment, told_at
from tests.rules.test_days import MOMENTS, ZONES, is_in_hours

MANY = settings(deadline=None, max_examples=300, derandomize=True, database=None)
NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("", Place("", "")),
        ("https://zoom.us/j/123?pwd=a_b", Place("https://zoom.us/j/123?pwd=a_b", "")),
        ("HTTPS://Meet.Jit.Si/x", Place("HTTPS://Meet.Jit.Si/x", "")),
        ("Zoom https://zoom.us/j/1 Passcode: 77", Place("https://zoom.us/j/1", "Zoom Passcode: 77")),
        ("https://zoom.us/j/1 Passcode:77", Place("https://zoom.us/j/1", "Passcode:77")),
        ("https://a.example https://b.example", Place("https://a.example", "https://b.example")),
        ("tel:+351210000", Place("", "+351210000")),
        ("+351 21 000 000", Place("", "+351 21 000 000")),
        ("Room: 3, by the window at 10:30", Place("", "Room: 3, by the window at 10:30")),
        ("<!channel> the café", Place("", "<!channel> the café")),
    ],
)
def test_a_link_a_number_or_a_few_words_are_a_place(typed: str, place: Place) -> None:
    assert read_place(typed) == place


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript: alert(1)",
        "see javascript:alert(1)",
        "data:text/html,<b>x</b>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://files.example",
        "zoommtg://zoom.us/join",
        "join slack://channel",
        "mailto:a@b.example",
        "http:zoom.us",
        "https://",
        "https:///path",
        "https://zoom.us@evil.example/j/1",
        "https://[broken/",
        "https://zoom.us/<@U1>",
        "https://zoom.us/j|1",
        "https://zoom.us/\u202ej",
    ],
)
def test_any_other_address_is_none(typed: str) -> None:
    assert read_place(typed) is None


@MANY
@given(MOMENTS, st.sampled_from(ZONES))
def test_a_reminder_comes_in_own_hours_at_least_a_day_before(starts_at: datetime, zone: str) -> None:
    at = reminder_moment(starts_at, zone)
    assert is_in_hours(at, zone)
    assert timedelta(hours=24) <= starts_at - at <= timedelta(days=4)


def test_a_meeting_on_monday_morning_is_reminded_on_friday_before_the_end_of_the_day() -> None:
    monday = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
    friday = datetime(2027, 3, 5, 16, 45, tzinfo=ZoneInfo(BERLIN))
    assert reminder_moment(monday, BERLIN) == friday


def test_what_is_booked_for_today_has_no_reminder_left() -> None:
    made = moments(NOW + timedelta(minutes=50), 30, ["UTC", BERLIN], NOW, is_first=True)
    assert (made.remind_at, made.soon_at) == (None, None)
    assert made.ask_at == NOW + timedelta(days=1, minutes=80)
    assert made.ask_mentor_at == NOW + timedelta(days=2, minutes=80)


def test_only_a_first_meeting_has_a_last_reminder() -> None:
    starts_at = NOW + timedelta(days=3)
    for is_first in (True, False):
        made = moments(starts_at, 30, ["UTC"], NOW, is_first=is_first)
        assert made.soon_at == (starts_at - timedelta(hours=1) if is_first else None)
        assert made.remind_at == starts_at - timedelta(days=1)


def test_news_waits_for_own_hours_unless_that_is_too_late() -> None:
    night = datetime(2027, 3, 2, 2, 0, tzinfo=UTC)
    morning = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
    assert told_at(night, BERLIN, night + timedelta(days=3)) == morning
    assert told_at(night, BERLIN, morning + timedelta(hours=1)) == morning
    assert told_at(night, BERLIN, morning + timedelta(minutes=59)) == night


def test_only_lines_that_say_something_count() -> None:
    assert [line_count(text) for text in ("", " \n\n", "one", "one\n\n two\n")] == [0, 0, 1, 2]
