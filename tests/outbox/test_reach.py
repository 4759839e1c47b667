"""One circuit over every workspace, for a network that is away: what opens it, what may try, and what closes it."""

from datetime import timedelta

from bot.outbox.pace import FAILURES, PROBE_EVERY, WITHIN
from bot.outbox.reach import Reach, may_call, missed, probing
from tests.builders import MONDAY

SECOND = timedelta(seconds=1)


def opened() -> Reach:
    reach = Reach()
    for number in range(FAILURES):
        assert may_call(reach, MONDAY + number * SECOND)
        reach = missed(reach, MONDAY + number * SECOND)
    return reach


def test_a_few_calls_in_a_row_that_found_nobody_open_it() -> None:
    reach, last = opened(), MONDAY + (FAILURES - 1) * SECOND
    assert reach.is_open
    assert not may_call(reach, last + PROBE_EVERY - SECOND)
    assert may_call(reach, last + PROBE_EVERY)


def test_one_call_a_minute_tries_and_while_it_does_no_other() -> None:
    reach, now = opened(), MONDAY + 2 * PROBE_EVERY
    reach = probing(reach, now)
    assert not may_call(reach, now + SECOND)
    reach = missed(reach, now + SECOND)
    assert not may_call(reach, now + PROBE_EVERY)
    assert may_call(reach, now + SECOND + PROBE_EVERY)


def test_a_try_whose_end_nobody_saw_is_followed_by_another() -> None:
    now = MONDAY + 2 * PROBE_EVERY
    assert may_call(probing(opened(), now), now + PROBE_EVERY)


def test_calls_that_fail_now_and_then_open_nothing() -> None:
    reach = Reach()
    for number in range(10 * FAILURES):
        reach = missed(reach, MONDAY + number * WITHIN)
    assert not reach.is_open
    assert probing(reach, MONDAY) == reach
