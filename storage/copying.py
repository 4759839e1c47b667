"""Copies a whole database into another, of either kind, from one moment; and what a restored one must doubt."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, func, select, update
from sqlalchemy.pool import NullPool

from storage.models.all import METADATA
from storage.models.buckets import Bucket
from storage.models.marks import Mark, Signature
from storage.models.outbox import POSTING, OutboxRow, RowState
from storage.models.workspaces import Workspace

BATCH = 1000
MADE_AT, KEY = "backup_at", "backup_key"
OF_THE_MOMENT = frozenset({Bucket.__tablename__, Signature.__tablename__})
OWED = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)


class NotEmptyError(Exception):
    """Somebody lives in this database."""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine of its own for one job, with a connection that is closed when it is done."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        _begin_in_earnest(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _begin_in_earnest(engine: Engine) -> None:
    """Python's driver begins no transaction for a SELECT, so that each would see another moment; we begin it."""

    @event.listens_for(engine, "connect")
    def set_manners(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def copy(source: Engine, target: Engine) -> int:
    """Copy every row, as it all stood at one moment, in one transaction; how many. Both must be at the same revision.

    Allowances and seen signatures stay behind, since they are of the moment. Memory does not grow with the rows.
    """
    with one_moment(source) as reading, target.begin() as writing:
        return _copy_all(reading, writing)


def restore(source: Engine, target: Engine, made_at: datetime, now: datetime) -> tuple[int, int]:
    """Copy every row into an empty database and doubt what was owed, all or nothing: (rows, messages in doubt).

    A restore that is cut off leaves nothing behind that could be sent. Raises NotEmptyError.
    """
    with one_moment(source) as reading, target.begin() as writing:
        if writing.scalar(select(func.count()).select_from(Workspace)):
            raise NotEmptyError
        writing.execute(delete(Mark))
        return _copy_all(reading, writing), _doubt_what_was_owed(writing, made_at, now)


@contextmanager
def one_moment(source: Engine) -> Iterator[Connection]:
    """A connection that sees everything as it was when it began, whoever writes meanwhile."""
    with source.connect() as reading:
        if source.dialect.name == "postgresql":
            reading.execution_options(isolation_level="REPEATABLE READ")
        with reading.begin():
            yield reading


def _copy_all(reading: Connection, writing: Connection) -> int:
    return sum(_copy_table(table, reading, writing) for table in _tables())


def _tables() -> list[Table]:
    return [table for table in METADATA.sorted_tables if table.name not in OF_THE_MOMENT]


def _copy_table(table: Table, reading: Connection, writing: Connection) -> int:
    count = 0
    rows = reading.execution_options(yield_per=BATCH).execute(select(table))
    for part in rows.mappings().partitions():
        writing.execute(table.insert(), [dict(row) for row in part])
        count += len(part)
    return count


def mark(engine: Engine, name: str, value: str) -> None:
    """Write one fact of the installation down."""
    with engine.begin() as connection:
        connection.execute(delete(Mark).where(Mark.name == name))
        connection.execute(Mark.__table__.insert(), {"name": name, "value": value})  # type: ignore[attr-defined]  # a table it is


def marked(engine: Engine, name: str) -> str | None:
    """One fact of the installation."""
    with engine.connect() as connection:
        found: str | None = connection.scalar(select(Mark.value).where(Mark.name == name))
        return found


def take_as_sent(engine: Engine) -> None:
    """In a copy that only foretells: what is being sent, or in doubt, is taken as sent, and nothing as forgotten."""
    begun = OutboxRow.state.in_((RowState.SENDING, RowState.UNKNOWN))
    with engine.begin() as connection:
        connection.execute(update(OutboxRow).where(begun).values(state=RowState.DONE, done_at=OutboxRow.tried_at))
        connection.execute(update(Workspace).values(restored_from=None, restored_at=None))


def _doubt_what_was_owed(connection: Connection, made_at: datetime, now: datetime) -> int:
    """After a restore: whatever was owed at the copy's moment may have been sent since, so it is in doubt; how many.

    What can be repeated without harm stays owed, and what falls due later cannot have been sent. Every workspace
    remembers which stretch of time it has forgotten.
    """
    is_post = OutboxRow.op.in_(POSTING)
    free = {"owner": None, "lease_until": None}
    connection.execute(
        update(OutboxRow).where(OutboxRow.state == RowState.SENDING, ~is_post).values(state=RowState.PENDING, **free)
    )
    doubted = connection.execute(
        update(OutboxRow)
        .where(OutboxRow.state.in_(OWED), is_post, OutboxRow.due_at <= now)
        .values(
            state=RowState.UNKNOWN,
            tried_at=made_at,
            first_tried_at=func.coalesce(OutboxRow.first_tried_at, made_at),
            **free,
        )
    )
    connection.execute(update(Workspace).values(restored_from=made_at, restored_at=now))
    connection.execute(delete(Mark).where(Mark.name.in_((MADE_AT, KEY))))
    return doubted.rowcount
