"""When a marked day begins, and how far ahead it may lie."""

from datetime import UTC, date, datetime

import pytest

from bot.rules.milestones import due_at, is_within, last_day

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "zone", "hour"),
    [
        (date(2027, 3, 5), "Europe/Lisbon", datetime(2027, 3, 5, 9, tzinfo=UTC)),
        (date(2027, 4, 5), "Europe/Lisbon", datetime(2027, 4, 5, 8, tzinfo=UTC)),
        (date(2027, 3, 5), "Asia/Kolkata", datetime(2027, 3, 5, 3, 30, tzinfo=UTC)),
        (date(2027, 3, 5), "Pacific/Kiritimati", datetime(2027, 3, 4, 19, tzinfo=UTC)),
        (date(2027, 3, 5), "Nowhere/Known", datetime(2027, 3, 5, 9, tzinfo=UTC)),
    ],
)
def test_a_marked_day_begins_at_nine_on_the_mentees_wall(day: date, zone: str, hour: datetime) -> None:
    assert due_at(day, zone) == hour


@pytest.mark.parametrize(
    ("day", "can_be"),
    [
        (date(2027, 2, 28), False),
        (TODAY, True),
        (date(2029, 3, 1), True),
        (date(2029, 3, 2), False),
    ],
)
def test_a_day_can_be_marked_from_today_to_two_years_ahead(day: date, *, can_be: bool) -> None:
    assert is_within(day, TODAY) is can_be
    assert last_day(TODAY) == date(2029, 3, 1)
