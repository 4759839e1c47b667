"""Every question the timetable asks, and every search for what is due, goes by an index on both databases."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Session

from bench.crowd.rows import HERE, NOW, load
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import due_now
from storage.database import Database, Tx
from storage.models.all import METADATA
from storage.models.meetings import Meeting
from storage.models.members import Member
from storage.queries import introductions, meetings, milestones, relationships, requests, weeks, whose
from storage.vault import Vault, new_key
from tests.builders import hasty, sqlite_in

RELATIONSHIPS = 4_000
# A table of so few rows is read whole sooner than by any index.
SMALL = 1_000
SEALED = Vault(new_key())
WHOLE = r"SCAN (\w+?)(_\d+)?\b"
ALL_OF_IT = r"(?:SCAN|SEARCH(?=.*INDEX \w+ \(workspace_id=\?\)$)) (\w+?)(_\d+)?\b"
"""The same, or by the workspace alone, which is as much where there is only one."""


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


TODAY = NOW.date()
OWN: tuple[Callable[[Tx, str], object], ...] = (
    relationships.live_of,
    requests.open_search_of,
    requests.draft_search_of,
    requests.latest_search_of,
    requests.waiting_on,
    introductions.unfinished_of,
    introductions.drafts_for,
    meetings.waiting_of,
    weeks.times_met,
    partial(weeks.meetings_ahead, until=NOW),
    partial(weeks.agreements_to_sign, since=NOW),
    partial(weeks.checkins_open, since=NOW),
    partial(weeks.milestones_ahead, since=TODAY, until=TODAY),
    partial(weeks.milestones_reached, since=NOW),
    partial(milestones.open_between, first=TODAY, last=TODAY),
    partial(milestones.reached_since, since=NOW),
    lambda tx, one: whose.with_moments(tx, [one]),
    lambda tx, one: whose.with_news(tx, [one]),
)


def test_what_is_somebodys_own_is_found_by_who_they_are(crowd: Database) -> None:
    crowd.count_rows().result()
    one = select(Member.id).where(Member.slack_id == "U00000007")
    somebody = crowd.read(lambda session: session.scalars(one).one()).result()
    for question in OWN:
        asked = _plans(crowd, partial(_ask, question, somebody), ALL_OF_IT)
        assert asked
        assert {sentence: whole for sentence, whole in asked.items() if whole} == {}


def _ask(question: Callable[[Tx, str], object], member_id: str, tx: Tx) -> None:
    question(tx, member_id)


def test_a_table_read_from_end_to_end_would_be_noticed(crowd: Database) -> None:
    def count(tx: Tx) -> object:
        return tx.session.connection().exec_driver_sql("SELECT count(*) FROM meetings WHERE minutes = 31").scalar()

    assert list(_plans(crowd, count).values()) == [["meetings"]]


def test_reading_all_there_is_in_a_workspace_would_be_noticed_on_sqlite(crowd: Database) -> None:
    def look(tx: Tx) -> object:
        return tx.session.scalars(select(Meeting.id).where(Meeting.workspace_id == HERE, Meeting.minutes == 31)).all()

    assert list(_plans(crowd, look, ALL_OF_IT).values()) == [["meetings"] if crowd.is_sqlite else []]


def _sqlite(request: pytest.FixtureRequest) -> str:
    return sqlite_in(request.getfixturevalue("tmp_path_factory").mktemp("plans"))


def _plans(database: Database, deed: Callable[[Tx], object], pattern: str = WHOLE) -> dict[str, list[str]]:
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
        return {
            sentence: _big(here, read(here, sentence, facts, pattern))
            for sentence, facts in seen
            if _has_plan(sentence)
        }

    return database.write(look).result()


def _has_plan(sentence: str) -> bool:
    return sentence.split(None, 1)[0].upper() in {"SELECT", "UPDATE", "DELETE", "WITH"}


def _read_whole_on_sqlite(connection: Connection, sentence: str, facts: Any, pattern: str) -> list[str]:
    steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sentence}", facts).scalars(3)
    return [found[1] for step in steps if (found := re.match(pattern, step))]


def _read_whole_on_postgres(connection: Connection, sentence: str, facts: Any, _: str) -> list[str]:
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
