"""Slack's limits as allowances: what goes, what waits, what slows down, and when a circuit opens."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox import pace
from bot.outbox.pace import ALLOWANCES, FAILURES, LANES, PROBE_EVERY, Allowance, Level
from storage.models.outbox import Lane, OutboxRow
from tests.builders import MONDAY

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
STEADY = Allowance(1.0, 1.0, 5)
GROWING = Allowance(1.0, 4.0, 1)


def drained(level: Level, allowance: Allowance, now: datetime) -> tuple[Level, int]:
    """Take all that may be taken at one moment."""
    count = 0
    while (taken := pace.take(level, allowance, now)) is not None:
        level, count = taken, count + 1
        assert count < 1000
    return level, count


def test_a_burst_goes_at_once_and_then_one_a_second() -> None:
    level, count = drained(pace.fresh(STEADY, MONDAY), STEADY, MONDAY)
    assert count == STEADY.burst
    assert pace.free_from(level, STEADY) == MONDAY + SECOND
    for second in range(1, 4):
        level, count = drained(level, STEADY, MONDAY + second * SECOND)
        assert count == 1
    _, count = drained(level, STEADY, MONDAY + MINUTE)
    assert count == STEADY.burst, "a long rest gives no more than the whole burst"


@given(st.lists(st.floats(0, 10), min_size=1, max_size=60), st.sampled_from([STEADY, Allowance(0.8, 0.8, 20)]))
def test_no_stretch_of_time_sees_more_than_its_share(gaps: list[float], allowance: Allowance) -> None:
    level, now, times = pace.fresh(allowance, MONDAY), MONDAY, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        level, count = drained(level, allowance, now)
        times += [now] * count
    for first, start in enumerate(times):
        for last in range(first, len(times)):
            seconds = (times[last] - start).total_seconds()
            assert last - first + 1 <= allowance.burst + seconds * allowance.starts + 1e-3


def test_slacks_complaint_halves_the_pace_holds_it_and_it_grows_again() -> None:
    level = pace.slow_down(pace.fresh(GROWING, MONDAY), GROWING, MONDAY, 7 * SECOND)
    assert pace.take(level, GROWING, MONDAY + 6.9 * SECOND) is None
    assert pace.take(level, GROWING, MONDAY + 7 * SECOND) is not None
    assert level.per_second == 0.5
    later = pace.take(level, GROWING, MONDAY + 5 * MINUTE)
    assert later is not None
    assert later.per_second == pytest.approx(2.5)
    much_later = pace.take(level, GROWING, MONDAY + 10_000 * MINUTE)
    assert much_later is not None
    assert much_later.per_second == GROWING.grows_to


def test_a_longer_pause_is_not_cut_short_by_a_shorter_one() -> None:
    level = pace.hold(pace.hold(pace.fresh(STEADY, MONDAY), MONDAY, MINUTE), MONDAY, SECOND)
    assert pace.free_from(level, STEADY) == MONDAY + MINUTE


def test_five_failures_within_a_minute_open_the_circuit_and_one_success_closes_it() -> None:
    level, now = pace.fresh(STEADY, MONDAY), MONDAY
    for _ in range(FAILURES):
        taken = pace.take(level, STEADY, now)
        assert taken is not None
        level, now = pace.fail(taken, now), now + SECOND
    assert pace.is_open(level)
    assert pace.take(level, STEADY, now) is None
    now += PROBE_EVERY
    level, count = drained(level, STEADY, now)
    assert count == 1, "one call tries whether Slack is back"
    level = pace.fail(level, now)
    assert pace.take(level, STEADY, now + PROBE_EVERY - SECOND) is None
    level, count = drained(level, STEADY, now + PROBE_EVERY)
    assert count == 1
    closed = pace.succeed(level, now + PROBE_EVERY)
    assert not pace.is_open(closed)
    assert drained(closed, STEADY, now + PROBE_EVERY)[1] > 1


def test_failures_now_and_then_open_nothing() -> None:
    level = pace.fresh(STEADY, MONDAY)
    for minutes in range(0, 60, 2):
        level = pace.fail(level, MONDAY + minutes * MINUTE)
    assert not pace.is_open(level)


def head(lane: Lane, waited: timedelta = timedelta(0), owed_before: timedelta = timedelta(0)) -> OutboxRow:
    due_at = MONDAY - waited
    return OutboxRow(
        workspace_id="T1",
        op="post",
        kind="home",
        urgency="answer",
        member_id="m",
        subject_id="s",
        dedupe_key=lane,
        due_at=due_at,
        created_at=due_at - owed_before,
        lane=lane,
    )


def order_of(*rows: OutboxRow) -> list[str]:
    return [row.lane for row in pace.in_order(rows, MONDAY)]


def test_answers_and_notices_go_before_nudges_and_nudges_before_digests() -> None:
    lanes = [Lane.DIGEST, Lane.NUDGE, Lane.HOME, Lane.UPDATE, Lane.ANSWER]
    assert order_of(*(head(lane) for lane in lanes)) == lanes[::-1]


def test_an_answer_and_a_notice_keep_the_order_in_which_they_were_owed() -> None:
    first = head(Lane.NOTICE, owed_before=SECOND)
    assert order_of(head(Lane.ANSWER), first) == [Lane.NOTICE, Lane.ANSWER]


def test_what_waits_long_enough_goes_before_what_is_more_urgent() -> None:
    assert order_of(head(Lane.NUDGE), head(Lane.DIGEST, 30 * MINUTE)) == [Lane.NUDGE, Lane.DIGEST]
    assert order_of(head(Lane.NUDGE), head(Lane.DIGEST, 50 * MINUTE)) == [Lane.DIGEST, Lane.NUDGE]


def test_a_pause_of_a_method_holds_every_lane_that_calls_it() -> None:
    assert pace.sharing_with(Lane.DIGEST) == pace.sharing_with(Lane.ANSWER) == ("answers", "posts")
    assert pace.sharing_with(Lane.HOME) == ("homes",)
    assert {rule.bucket for rule in LANES.values()} == set(ALLOWANCES)
