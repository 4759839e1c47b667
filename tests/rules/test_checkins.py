"""When each side is asked, over terms of any length, and what becomes of a check-in on its day."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.checkins import (
    LOOKING_BACK,
    OPTIONS,
    TAPS,
    Fate,
    calendar,
    fate,
    follow_up_at,
    morning_of,
    still_ahead,
)
from bot.rules.days import is_working_day, zone_named
from bot.rules.policy import CLOSING_BEFORE, PULSE_CLEAR, PULSE_EVERY, PULSE_FIRST
from bot.views.gallery.checkins import card
from storage.models.checkins import CheckinKind
from storage.models.relationships import RelationshipState

START = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PULSE, HALF_TIME, FOLLOW_UP = CheckinKind.PULSE, CheckinKind.HALF_TIME, CheckinKind.FOLLOW_UP
terms = st.integers(1, 800).map(lambda days: START + days * DAY)
moments = st.integers(0, 900).map(lambda days: START + days * DAY)


def test_six_months_hold_two_pulses_and_half_time() -> None:
    found = [(m.kind, m.number, (m.at - START).days) for m in calendar(START, START + 184 * DAY)]
    assert found == [(PULSE, 1, 30), (HALF_TIME, 1, 92), (PULSE, 3, 150)]


@given(terms)
def test_pulses_keep_their_days_and_stay_clear_of_half_time_and_the_end(ends_at: datetime) -> None:
    found = calendar(START, ends_at)
    half = START + (ends_at - START) / 2
    for moment in found:
        assert START < moment.at <= ends_at - CLOSING_BEFORE.value
        if moment.kind is PULSE:
            assert moment.at == START + PULSE_FIRST.value + (moment.number - 1) * PULSE_EVERY.value
            assert abs(moment.at - half) >= PULSE_CLEAR.value
    assert [m.at for m in found if m.kind is HALF_TIME] == ([half] if half < ends_at - CLOSING_BEFORE.value else [])
    assert all(one.at < other.at for one, other in pairwise(found))


@given(terms)
def test_no_pulse_that_could_be_is_left_out(ends_at: datetime) -> None:
    half = START + (ends_at - START) / 2
    days = [START + PULSE_FIRST.value + n * PULSE_EVERY.value for n in range(14)]
    clear = [at for at in days if abs(at - half) >= PULSE_CLEAR.value and at <= ends_at - CLOSING_BEFORE.value]
    assert [m.at for m in calendar(START, ends_at) if m.kind is PULSE] == clear


@given(terms, terms)
def test_a_longer_term_moves_no_pulse(ends_at: datetime, later: datetime) -> None:
    one, other = ({m.key: m.at for m in calendar(START, end) if m.kind is PULSE} for end in (ends_at, later))
    assert all(one[key] == other[key] for key in one.keys() & other.keys())


def test_a_half_time_that_has_been_stays_where_it_was() -> None:
    extended = calendar(START, START + 276 * DAY, START + 92 * DAY)
    assert [(m.kind, (m.at - START).days) for m in extended] == [
        (PULSE, 30),
        (HALF_TIME, 92),
        (PULSE, 150),
        (PULSE, 210),
    ]


@given(terms, moments, st.none() | moments)
def test_what_is_still_ahead_is_never_past_nor_within_an_absence(
    ends_at: datetime, now: datetime, back_at: datetime | None
) -> None:
    ahead = still_ahead(calendar(START, ends_at), ends_at, now, back_at)
    half = [m.at for m in ahead if m.kind is HALF_TIME]
    for moment in ahead:
        assert moment.at >= now
        assert back_at is None or moment.at >= back_at
        assert moment.at <= ends_at - CLOSING_BEFORE.value
        assert moment.kind is HALF_TIME or all(abs(moment.at - at) >= PULSE_CLEAR.value for at in half)


def test_a_pulse_missed_is_gone_and_half_time_may_come_three_weeks_late() -> None:
    ends_at = START + 184 * DAY
    term = calendar(START, ends_at)
    for late, kinds in ((1, [HALF_TIME, PULSE]), (20, [HALF_TIME, PULSE]), (21, [PULSE])):
        ahead = still_ahead(term, ends_at, START + (92 + late) * DAY)
        assert [m.kind for m in ahead] == kinds
    assert still_ahead(term, ends_at, START + 31 * DAY)[0].kind is HALF_TIME


def test_the_follow_up_keeps_to_the_calendar() -> None:
    assert follow_up_at(datetime(2027, 11, 30, 8, tzinfo=UTC)) == datetime(2028, 2, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["Asia/Tokyo", "America/Havana", "Europe/Lisbon", "Pacific/Kiritimati", "Nowhere/Land"]
)
@given(at=moments)
def test_everything_is_asked_in_a_working_morning_of_ones_own(zone: str, at: datetime) -> None:
    morning = morning_of(at, zone).astimezone(zone_named(zone))
    day = at.astimezone(zone_named(zone)).date()
    assert morning.time() == time(9)
    assert is_working_day(morning.date())
    assert day <= morning.date() <= day + 2 * DAY


def test_a_morning_waits_for_the_end_of_an_absence() -> None:
    back = START + timedelta(hours=3)
    assert morning_of(START, "Europe/Lisbon", back) == back


@pytest.mark.parametrize(
    ("kind", "state", "back_at", "expected"),
    [
        (PULSE, RelationshipState.ACTIVE, None, Fate.ASK),
        (PULSE, RelationshipState.ACTIVE, START, Fate.ASK),
        (PULSE, RelationshipState.ACTIVE, START + DAY, Fate.PUT_OFF),
        (HALF_TIME, RelationshipState.ASLEEP, None, Fate.LET_GO),
        (HALF_TIME, RelationshipState.ENDED, None, Fate.LET_GO),
        (PULSE, RelationshipState.UNDONE, START + DAY, Fate.LET_GO),
        (FOLLOW_UP, RelationshipState.ENDED, None, Fate.ASK),
        (FOLLOW_UP, RelationshipState.ACTIVE, None, Fate.LET_GO),
    ],
)
def test_a_check_in_meets_its_fate_on_its_day(
    kind: CheckinKind, state: RelationshipState, back_at: datetime | None, expected: Fate
) -> None:
    assert fate(card(kind, of=state), START, back_at) is expected


def test_every_question_has_its_own_answers_and_every_tap_three() -> None:
    answers = [answer for options in OPTIONS.values() for answer in options]
    assert len(answers) == len(set(answers))
    assert {len(OPTIONS[question]) for questions in TAPS.values() for question in questions} == {3}
    assert {*LOOKING_BACK, *TAPS[FOLLOW_UP]} == set(OPTIONS)
