"""What a sweep owes at once is what it would have owed row by row; and ids are in the order they were made."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import RFC_4122, UUID

import pytest

from storage.database import Tx
from storage.models.base import new_id, new_ids
from storage.models.members import Member
from storage.models.outbox import Lane, Op, OutboxRow, Urgency
from storage.queries import outbox
from storage.queries.outbox import News
from tests.builders import House

SOON = datetime(2027, 3, 2, 8, 30, 0, 250, tzinfo=timezone(timedelta(hours=-5)))


def news(to: Member, key: str, **other: Any) -> News:
    return News("meetings.reminded", Urgency.PROMISED, to.id, "a meeting", key, SOON, **other)


def all_kinds(house: House) -> list[News]:
    noor, tomas = house.person("Noor H"), house.person("Tomás F")
    return [
        news(noor, "plain"),
        news(tomas, "facts", facts={"people": ["U1", "U2"], "words": """it's "so", \\ {a}, é, NULL"""}),
        news(noor, "more facts", facts={"version": "1"}, rank=3, lane=Lane.NUDGE, op=Op.OPEN_GROUP),
        news(tomas, "wanted", wanted_at=SOON + timedelta(days=1)),
    ]


def owed(house: House) -> dict[str, dict[str, Any]]:
    names = [column.key for column in OutboxRow.__table__.columns if column.key != "id"]
    return {row.dedupe_key: {name: getattr(row, name) for name in names} for row in house.rows(OutboxRow)}


def test_much_owed_at_once_is_what_each_would_be_by_itself(either_house: House) -> None:
    many = all_kinds(either_house)
    for each in many:
        either_house.do(outbox.owe, each)
    one_by_one = owed(either_house)
    either_house.do(lambda tx: tx.session.query(OutboxRow).delete())
    either_house.do(outbox.owe_all, many)
    assert owed(either_house) == one_by_one
    assert one_by_one["plain"]["due_at"] == SOON.astimezone(UTC)


@pytest.mark.parametrize("most", [1, 4])
def test_what_is_owed_already_stays_and_twice_at_once_is_once(either_house: House, most: int) -> None:
    many = all_kinds(either_house)[:most]
    either_house.do(outbox.owe_all, many)
    first = {row.dedupe_key: row.id for row in either_house.rows(OutboxRow)}
    extra = news(either_house.person("Mateo C"), "another")
    either_house.do(outbox.owe_all, [*many, extra, extra])
    assert {row.dedupe_key: row.id for row in either_house.rows(OutboxRow)}.items() >= first.items()
    assert sorted(owed(either_house)) == sorted([*(each.key for each in many), "another"])


def test_nothing_owed_is_nothing_written(either_house: House) -> None:
    def owe_nothing(tx: Tx) -> bool:
        outbox.owe_all(tx, [])
        return outbox.is_touched(tx.session)

    assert not either_house.do(owe_nothing)
    assert owed(either_house) == {}


def test_many_ids_are_uuids_of_the_seventh_kind_in_order() -> None:
    made = [new_id(), *new_ids(5_000), new_id()]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(UUID(each).version, UUID(each).variant, str(UUID(each)) == each) for each in made} == {(7, RFC_4122, True)}
