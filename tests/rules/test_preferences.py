"""The day somebody is back: the midnight that begins it where they are."""

from datetime import UTC, date, datetime

import pytest

from bot.errors import AwayInThePastError, AwayTooLongError
from bot.rules.preferences import back_at, back_day

NOW = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "until"),
    [
        ("Europe/Lisbon", datetime(2027, 8, 11, 23, 0, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2027, 8, 11, 15, 0, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2027, 8, 12, 7, 0, tzinfo=UTC)),
    ],
)
def test_somebody_is_back_when_their_own_day_begins(zone: str, until: datetime) -> None:
    assert back_at(date(2027, 8, 12), NOW, zone) == until
    assert back_day(until, zone) == date(2027, 8, 12)


@pytest.mark.parametrize("day", [date(2027, 3, 1), date(2027, 2, 28), date(1, 1, 1)])
def test_today_and_the_past_are_refused(day: date) -> None:
    with pytest.raises(AwayInThePastError):
        back_at(day, NOW, "Europe/Lisbon")


def test_today_is_the_day_it_is_where_they_are() -> None:
    with pytest.raises(AwayInThePastError):
        back_at(date(2027, 3, 2), NOW, "Asia/Tokyo")
    assert back_at(date(2027, 3, 2), NOW, "Europe/Lisbon") == datetime(2027, 3, 2, tzinfo=UTC)


def test_a_year_is_the_longest() -> None:
    assert back_at(date(2028, 2, 29), NOW, "Europe/Lisbon") == datetime(2028, 2, 29, tzinfo=UTC)
    for day in (date(2028, 3, 1), date(9999, 12, 31)):
        with pytest.raises(AwayTooLongError):
            back_at(day, NOW, "Europe/Lisbon")
