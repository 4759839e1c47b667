"""The engine's manners: who goes first, who may write, and what a database that is away becomes."""

import sqlite3
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.event import listens_for
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from storage import database as engine
from storage.database import CutOffError, Database, Priority, StoreUnavailableError
from storage.migrations import run as migrations
from storage.models.workspaces import Workspace
from storage.queries import workspaces
from tests.builders import MONDAY, SECONDS, House, sqlite_in
from tests.chaos.calling import held


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """An open SQLite database."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


def path_of(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def place(name: str = "T1") -> Workspace:
    return Workspace(id=name, name="Here", bot_user_id="UBOT", known_since=MONDAY)


def add(session: Session, name: str = "T1") -> None:
    session.add(place(name))


def hold(busy: threading.Event, go: threading.Event) -> None:
    busy.set()
    go.wait(SECONDS)


def pragma(session: Session, name: str) -> object:
    return session.execute(text(f"PRAGMA {name}")).scalar()


def test_an_answer_overtakes_the_sweeps_that_wait(database: Database) -> None:
    order: list[str] = []
    busy, go = threading.Event(), threading.Event()

    jobs: list[Future[None]] = [database.write(lambda _: hold(busy, go))]
    assert busy.wait(SECONDS)
    names = [*("sweep " + str(n) for n in range(5)), "intent", "answer"]
    for name in names:
        priority = Priority[name.split()[0].upper()]
        jobs.append(database.write(lambda _, name=name: order.append(name), priority))  # type: ignore[misc]
    go.set()
    for job in jobs:
        job.result(SECONDS)
    assert order == ["answer", "intent", *names[:5]]


def test_closing_lets_everything_that_waits_finish(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    jobs = [database.write(lambda s, n=n: add(s, f"T{n}"), Priority.SWEEP) for n in range(20)]  # type: ignore[misc]
    database.close()
    assert all(job.exception(SECONDS) is None for job in jobs)
    with pytest.raises(StoreUnavailableError):
        database.write(add)


def test_a_job_taken_back_before_its_turn_is_not_done(database: Database) -> None:
    busy, go = threading.Event(), threading.Event()
    database.write(lambda _: hold(busy, go))
    assert busy.wait(SECONDS)
    waiting = database.write(add)
    assert waiting.cancel()
    go.set()
    assert database.write(workspaces.all_ids).result(SECONDS) == []


def test_a_deed_that_fails_leaves_nothing_behind_and_stops_nobody(database: Database) -> None:
    def fail(session: Session) -> None:
        add(session)
        session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        database.write(fail).result(SECONDS)
    assert database.read(workspaces.all_ids).result(SECONDS) == []
    database.write(add).result(SECONDS)
    assert database.read(workspaces.all_ids).result(SECONDS) == ["T1"]


def test_a_broken_rule_stays_what_it_is(database: Database) -> None:
    database.write(add).result(SECONDS)
    with pytest.raises(IntegrityError):
        database.write(add).result(SECONDS)


def test_the_reading_pool_refuses_to_write(database: Database) -> None:
    with pytest.raises(StoreUnavailableError, match="readonly"):
        database.read(add).result(SECONDS)


def test_readers_see_what_is_committed_while_a_writer_writes(database: Database) -> None:
    busy, go = threading.Event(), threading.Event()

    def write(session: Session) -> None:
        add(session)
        session.flush()
        hold(busy, go)

    job = database.write(write)
    assert busy.wait(SECONDS)
    assert database.read(workspaces.all_ids).result(SECONDS) == []
    go.set()
    job.result(SECONDS)
    assert database.read(workspaces.all_ids).result(SECONDS) == ["T1"]


def test_a_durable_deed_commits_with_full_synchronisation_and_the_next_does_not(database: Database) -> None:
    full, normal = 2, 1
    assert database.write(lambda s: pragma(s, "synchronous"), durable=True).result(SECONDS) == full
    assert database.write(lambda s: pragma(s, "synchronous")).result(SECONDS) == normal
    with pytest.raises(ZeroDivisionError):
        database.write(lambda _: 1 / 0, durable=True).result(SECONDS)
    assert database.write(lambda s: pragma(s, "synchronous")).result(SECONDS) == normal
    database.write(add, durable=True).result(SECONDS)
    assert database.read(workspaces.all_ids).result(SECONDS) == ["T1"]


@pytest.mark.parametrize(("name", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1)])
def test_sqlite_has_its_manners(database: Database, name: str, value: object) -> None:
    assert database.write(lambda s: pragma(s, name)).result(SECONDS) == value


def test_a_locked_database_is_said_to_be_away_and_comes_back(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    database = Database(sqlite_url)
    database.write(workspaces.all_ids).result(SECONDS)
    with closing(sqlite3.connect(path_of(database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="locked"):
            database.write(add).result(SECONDS)
        with pytest.raises(StoreUnavailableError, match="locked"):
            database.write(add, durable=True).result(SECONDS)
        assert database.read(workspaces.all_ids).result(SECONDS) == []
        other.execute("ROLLBACK")
    database.write(add).result(SECONDS)
    database.close()


def test_a_database_whose_folder_is_missing_is_said_to_be_away(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/nowhere/mentorbot.db")
    with pytest.raises(StoreUnavailableError, match="unable to open"):
        database.write(add).result(SECONDS)
    with pytest.raises(StoreUnavailableError):
        database.read(workspaces.all_ids).result(SECONDS)
    database.close()


def test_a_postgresql_nobody_answers_for_is_said_to_be_away(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    with pytest.raises(StoreUnavailableError):
        database.write(add).result(SECONDS)
    database.close()


def test_a_postgresql_connection_that_was_cut_is_said_to_be_away_and_made_anew(postgres_url: str) -> None:
    database = Database(postgres_url)
    cut = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(StoreUnavailableError):
        database.write(lambda session: session.execute(cut)).result(SECONDS)
    database.write(add).result(SECONDS)
    assert database.read(workspaces.all_ids).result(SECONDS) == ["T1"]
    database.close()


@pytest.mark.parametrize("moment", [SECONDS, 0])
def test_on_postgresql_few_are_at_work_at_a_time_and_nobody_waits_for_ever(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, moment: float
) -> None:
    monkeypatch.setattr(engine, "A_MOMENT", moment)
    order: list[str] = []
    busy, go = [threading.Event() for _ in range(engine.AT_ONCE)], threading.Event()
    with closing(Database(postgres_url)) as database:
        answers = [database.write(partial(_held_up, each, go, order)) for each in busy]
        assert all(each.wait(SECONDS) for each in busy)
        more = database.write(lambda _: order.append("one more"))
        if not moment:
            more.result(SECONDS)
        go.set()
        for each in (*answers, more):
            each.result(SECONDS)
    assert (order[0] == "one more") == (not moment)


def _held_up(busy: threading.Event, go: threading.Event, order: list[str], _: Session) -> None:
    hold(busy, go)
    order.append("held up")


def cut_all(url: str) -> int:
    """Let PostgreSQL end every connection to this database but our own; how many."""
    others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    here = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    alone = create_engine(url, poolclass=NullPool)
    with alone.connect() as connection:
        count: int = connection.execute(text(f"{others} {here}")).scalar_one()
    alone.dispose()
    return count


def test_connections_that_died_while_nobody_used_them_are_nobodys_trouble(postgres_url: str) -> None:
    database, together = Database(postgres_url), threading.Barrier(5)

    def use_one_each(session: Session) -> None:
        session.connection()
        together.wait(SECONDS)

    for waited in [database.read(use_one_each) for _ in range(5)]:
        waited.result(SECONDS)
    with closing(database):
        assert cut_all(postgres_url) == 5
        for each in [database.write(partial(add, name=f"CUT{n}")) for n in range(20)]:
            each.result(SECONDS)
        found = database.read(workspaces.all_ids).result(SECONDS)
        assert {f"CUT{n}" for n in range(20)} <= set(found)


def test_a_connection_lost_in_the_commit_is_not_tried_again(postgres_url: str) -> None:
    database, runs = Database(postgres_url), []

    def deed(session: Session) -> None:
        runs.append(1)
        add(session, "LOST")
        session.flush()

    with closing(database):
        listens_for(database.engine, "commit")(lambda _: cut_all(postgres_url))
        with pytest.raises(StoreUnavailableError) as problem:
            database.write(deed).result(SECONDS)
        assert not isinstance(problem.value, CutOffError)
        assert len(runs) == 1, "it may have got through"


def test_what_another_holds_on_postgresql_is_waited_for_no_longer_than_on_sqlite(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 200)
    with closing(Database(postgres_url)) as database:
        with held(postgres_url, "workspaces"), pytest.raises(StoreUnavailableError, match="lock timeout"):
            database.write(partial(add, name="THELD")).result(SECONDS)
        database.write(partial(add, name="THELD")).result(SECONDS)


@pytest.mark.parametrize("content", [b"", b"not a database at all, though it is long enough to look like one " * 20])
def test_a_file_that_is_no_database_is_told_apart_from_an_empty_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mentorbot.db"
    path.write_bytes(content)
    if content:
        with pytest.raises(migrations.NotReachableError, match="not a database"):
            migrations.upgrade(f"sqlite:///{path}")
        assert path.read_bytes() == content
    else:
        assert migrations.upgrade(f"sqlite:///{path}")


def test_a_folder_that_is_missing_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(migrations.NotReachableError, match="unable to open"):
        migrations.upgrade(f"sqlite:///{tmp_path}/nowhere/mentorbot.db")


def test_a_database_newer_than_the_program_is_left_alone(tmp_path: Path) -> None:
    url = sqlite_in(tmp_path)
    path = tmp_path / "mentorbot.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(migrations.NewerThanProgramError, match="9999"):
        migrations.upgrade(url)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["mentorbot.db"]


def test_what_people_typed_is_in_no_error_of_the_database(either_house: House) -> None:
    words = {"words": "what Noor hopes for"}
    with pytest.raises((DBAPIError, StoreUnavailableError)) as refused:
        either_house.do(lambda tx: tx.session.execute(text("INSERT INTO nowhere (goal) VALUES (:words)"), words))
    logged = "".join(traceback.format_exception(refused.value))
    assert "INSERT INTO nowhere" in logged
    assert words["words"] not in logged


def test_of_two_deeds_that_wait_for_each_other_one_begins_again_and_both_are_done(postgres_url: str) -> None:
    knot, tries = threading.Barrier(2), list[str]()

    def holding(first: str, second: str) -> Callable[[Session], None]:
        begun = list[str]()

        def deed(session: Session) -> None:
            _rename(session, first, second)
            begun.append(first)
            if len(begun) == 1:
                knot.wait(SECONDS)
            _rename(session, second, first)
            tries.append(first)

        return deed

    with closing(Database(postgres_url)) as database:
        for name in ("K1", "K2"):
            database.write(partial(add, name=name)).result(SECONDS)
        for job in [database.write(holding("K1", "K2")), database.write(holding("K2", "K1"))]:
            job.result(SECONDS)
    assert sorted(tries) == ["K1", "K2"]


def _rename(session: Session, name: str, to: str) -> None:
    session.execute(update(Workspace).where(Workspace.id == name).values(name=to))
