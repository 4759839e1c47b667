"""How an event whose work fails is tried again: soon at first, ever more seldom, and in the end not at all."""

import itertools
from datetime import UTC, datetime, timedelta

from bot.rules.inbox import WAITS, last_tried_before

NOW = datetime(2027, 3, 1, 10, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_each_wait_is_twice_the_last_and_all_of_them_come_to_most_of_a_day() -> None:
    assert WAITS[:5] == (MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE)
    assert all(later == 2 * sooner for sooner, later in itertools.pairwise(WAITS))
    assert DAY / 2 < sum(WAITS, timedelta()) <= DAY


def test_what_was_never_tried_again_waits_as_the_caller_says_and_the_rest_by_the_rule() -> None:
    at_once = last_tried_before(NOW, timedelta(0))
    assert at_once[:3] == [NOW, NOW - 2 * MINUTE, NOW - 4 * MINUTE]
    assert len(at_once) == len(WAITS)
    assert last_tried_before(NOW, MINUTE)[0] == NOW - MINUTE
