"""When news may reach somebody."""

from datetime import UTC, datetime

import pytest

from bot.rules.news import KINDS, InDoubt, due_at
from storage.models.outbox import Urgency

SATURDAY = datetime(2027, 3, 6, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_only_answers_and_warnings_come_at_any_hour(kind: str) -> None:
    comes = due_at(kind, SATURDAY, "Asia/Tokyo")
    if KINDS[kind].urgency in {Urgency.ANSWER, Urgency.SAFETY} or KINDS[kind].any_hour:
        assert comes == SATURDAY
    else:
        assert comes == datetime(2027, 3, 8, 0, 0, tzinfo=UTC), "Monday at nine in Tokyo"


def test_what_a_mentor_must_act_on_is_rather_sent_twice_than_never() -> None:
    assert KINDS["requests.asked"].in_doubt is InDoubt.PREFER_DELIVERY
    assert KINDS["requests.reminded"].in_doubt is InDoubt.PREFER_ONCE
