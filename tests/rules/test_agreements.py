"""How long a term may be, and where an agreement stands."""

from datetime import UTC, date, datetime

import pytest

from bot.rules.agreements import Bounds, Method, bounds, day_of, defaults
from bot.rules.rhythms import Rhythm

START = date(2027, 3, 1)
HALF_A_YEAR = date(2027, 9, 1)


@pytest.mark.parametrize(
    ("today", "term_ends_on", "expected"),
    [
        (START, HALF_A_YEAR, Bounds(date(2027, 4, 1), date(2028, 3, 1))),
        (date(2027, 8, 20), HALF_A_YEAR, Bounds(date(2027, 8, 21), date(2028, 3, 1))),
        (date(2028, 1, 1), date(2028, 6, 1), Bounds(date(2028, 1, 2), date(2028, 6, 1))),
        (date(2028, 6, 1), HALF_A_YEAR, Bounds(date(2028, 6, 2), date(2028, 6, 2))),
    ],
)
def test_a_term_runs_from_one_month_to_twelve_and_never_into_the_past(
    today: date, term_ends_on: date, expected: Bounds
) -> None:
    assert bounds(START, today, term_ends_on) == expected


def test_a_term_from_the_last_of_january_ends_on_the_last_of_february() -> None:
    assert bounds(date(2028, 1, 31), date(2028, 1, 31), date(2028, 7, 31)).earliest == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2027, 1, 1), date(2027, 4, 1)),
        (HALF_A_YEAR, HALF_A_YEAR),
        (date(2030, 1, 1), date(2028, 3, 1)),
    ],
)
def test_a_day_is_held_within_its_bounds(day: date, held: date) -> None:
    assert bounds(START, START, HALF_A_YEAR).hold(day) == held


def test_a_day_is_the_one_it_is_there() -> None:
    evening = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    assert day_of(evening, "Asia/Tokyo") == date(2027, 3, 2)
    assert day_of(evening, "America/Los_Angeles") == START


def test_the_defaults_are_the_ones_of_the_policy_and_words_stay_out_of_a_log() -> None:
    terms = defaults("Quokkagoal", HALF_A_YEAR)
    assert (terms.rhythm, terms.minutes, terms.method, terms.reply_days) == (Rhythm.EASING, 45, Method.VIDEO, 2)
    assert "Quokka" not in repr(terms)
