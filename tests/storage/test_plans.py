"""Every question the timetable asks, and every search for what is due, goes by an index on both databases."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Session

from bench.crowd.rows import HERE, NOW, load
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import due_now
from storage.database import Database, Tx
from storage.models.all import METADATA
from storage.vault import Vault, new_key
from tests.builders import hasty, sqlite_in

RELATIONSHIPS = 4_000
# A table of so few rows is read whole sooner than by any index.
SMALL = 1_000
SEALED = Vault(new_key())


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def crowd(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A workspace with a crowd in it, in which nothing is due."""
    url = _sqlite(request) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with closing(Database(url)) as database:
        load(database.engine, RELATIONSHIPS)
        yield database


def test_a_look_at_the_whole_timetable_reads_no_table_from_end_to_end(crowd: Database) -> None:
    asked = _plans(crowd, lambda tx: due_now(tx, TIMETABLE))
    assert len(asked) >= 1
    assert {sentence: whole for sentence, whole in asked.items() if whole} == {}


def test_every_sweep_finds_what_is_due_by_an_index(crowd: Database) -> None:
    for sweep in TIMETABLE:
        asked = _plans(crowd, sweep.run)
        assert {sentence: whole for sentence, whole in asked.items() if whole} == {}, sweep.name


def test_the_courier_finds_what_may_go_by_an_index(crowd: Database) -> None:
    rows = hasty(SEALED)
    for question in (lambda tx: rows.ready(tx.session, NOW), lambda tx: rows.begin(tx.session, HERE, NOW, [])):
        asked = _plans(crowd, question)
        assert asked
        assert {sentence: whole for sentence, whole in asked.items() if whole} == {}


def test_a_table_read_from_end_to_end_would_be_noticed(crowd: Database) -> None:
    def count(tx: Tx) -> object:
        return tx.session.connection().exec_driver_sql("SELECT count(*) FROM meetings WHERE minutes = 31").scalar()

    assert list(_plans(crowd, count).values()) == [["meetings"]]


def _sqlite(request: pytest.FixtureRequest) -> str:
    return sqlite_in(request.getfixturevalue("tmp_path_factory").mktemp("plans"))


def _plans(database: Database, deed: Callable[[Tx], object]) -> dict[str, list[str]]:
    """Each statement of a deed, with the tables it reads from end to end."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sentence: str, facts: Any, _context: object, _many: object) -> None:
        seen.append((sentence, facts))

    def look(session: Session) -> dict[str, list[str]]:
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            deed(Tx(session, HERE, NOW, SEALED))
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        read = _read_whole_on_sqlite if database.is_sqlite else _read_whole_on_postgres
        here = session.connection()
        return {sentence: _big(here, read(here, sentence, facts)) for sentence, facts in seen if _has_plan(sentence)}

    return database.write(look).result()


def _has_plan(sentence: str) -> bool:
    return sentence.split(None, 1)[0].upper() in {"SELECT", "UPDATE", "DELETE", "WITH"}


def _read_whole_on_sqlite(connection: Connection, sentence: str, facts: Any) -> list[str]:
    steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sentence}", facts).scalars(3)
    return [found[1] for step in steps if (found := re.match(r"SCAN (\w+?)(_\d+)?\b", step))]


def _read_whole_on_postgres(connection: Connection, sentence: str, facts: Any) -> list[str]:
    # In a crowd this small the planner would often rather read all; what is asked is whether an index would serve.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sentence}", facts).scalar_one()
    return [node["Relation Name"] for node in _nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _big(connection: Connection, tables: list[str]) -> list[str]:
    return sorted(table for table in set(tables) & METADATA.tables.keys() if _count(connection, table) > SMALL)


def _count(connection: Connection, table: str) -> int:
    return connection.scalar(select(func.count()).select_from(METADATA.tables[table])) or 0
