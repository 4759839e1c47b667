"""A rule that cannot be broken says nothing: each is broken in tables that refuse nothing, and has to name the row."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.database import Tx
from storage.models.all import METADATA
from storage.queries import inbox
from tests.builders import HERE, MONDAY, House
from tests.chaos.planted import PLANTED, Planted
from tests.chaos.soundness import RULES, unfinished, unsound, wrongs_in


def test_every_rule_is_broken_somewhere() -> None:
    assert set(PLANTED) == set(RULES)


def test_every_rule_names_what_breaks_it(either_house: House) -> None:
    assert either_house.do(lambda tx: list(_unnoticed(tx))) == []


def _unnoticed(tx: Tx) -> Iterator[str]:
    """Every plant that no rule of its name saw, in tables of the same columns that shadow the real ones."""
    for table in METADATA.sorted_tables:
        tx.session.execute(text(f"CREATE TEMPORARY TABLE {table.name} AS SELECT * FROM {table.name} WHERE 1 = 0"))  # noqa: S608  (our own tables)
    assert [each for each in unsound(tx.session, MONDAY) if "not so that" in each] == []
    for name, plants in PLANTED.items():
        for number, rows in enumerate(plants):
            found = _found(tx.session, rows)
            if not any(each.startswith(f"not so that {name}:") for each in found):
                yield f"{name} ({number}): {found}"
    tx.session.rollback()


def _found(session: Session, rows: tuple[Planted, ...]) -> list[str]:
    tables = [METADATA.tables[row.table] for row in rows]
    for number, (table, row) in enumerate(zip(tables, rows, strict=True)):
        session.execute(table.insert().values(**{"id": f"{number}", "workspace_id": HERE} | row.values))
    found = list(unsound(session, MONDAY))
    for table in tables:
        session.execute(table.delete())
    return found


PAST_THE_GUARDS = {
    "a row points at nothing": "UPDATE profiles SET member_id = 'nobody'",
    "the file is damaged": "UPDATE profiles SET places = 0, taken = 1",
}


@pytest.mark.parametrize("named", PAST_THE_GUARDS)
def test_what_no_connection_of_ours_would_write_is_named(house: House, named: str) -> None:
    house.mentor("Tomás F")
    assert wrongs_in(house) == []
    with closing(sqlite3.connect(str(house.database.engine.url.database))) as door:
        door.execute("PRAGMA ignore_check_constraints = ON")
        door.execute(PAST_THE_GUARDS[named])
        door.commit()
    assert any(each.startswith(named) for each in wrongs_in(house))


def test_a_delivery_nobody_dealt_with_is_named(house: House) -> None:
    house.do(inbox.take_in, "event:Ev1", "{}")
    assert house.do(lambda tx: list(unfinished(tx.session))) != []
