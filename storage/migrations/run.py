"""Moves a database to the program's own revision, on an engine of its own."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

HEAD = "0010"
HERE = Path(__file__).parent


class NewerThanProgramError(Exception):
    """The database was written by a newer mentorbot than this one."""


class NotReachableError(Exception):
    """The database cannot be opened."""


def revision_of(url: str) -> str | None:
    """The revision a database stands at; None for an empty or missing one. Needs no Alembic, so it is quick."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return None
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    except DatabaseError as problem:
        raise NotReachableError(str(problem.orig).splitlines()[0]) from problem
    finally:
        engine.dispose()


def upgrade(url: str, to: str = HEAD) -> bool:
    """Bring a database to a revision; True if anything had to be done. A SQLite file is copied aside first."""
    now_at = revision_of(url)
    if now_at is not None and now_at > HEAD:
        raise NewerThanProgramError(now_at)
    if now_at == to:
        return False
    try:
        _copy_aside(url, now_at)
        _run(url, "upgrade", to)
    except OperationalError as problem:
        raise NotReachableError(str(problem.orig).splitlines()[0]) from problem
    return True


def downgrade(url: str, to: str) -> None:
    """Take a database back to an earlier revision, for an upgrade that has to be undone."""
    _copy_aside(url, revision_of(url))
    _run(url, "downgrade", to)


def _run(url: str, direction: str, to: str) -> None:
    # Alembic costs a third of a second to load, and most starts need none of it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE))
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _leave_foreign_keys_off(engine)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            getattr(command, direction)(config, to)
            _check_references(connection)
    finally:
        engine.dispose()


def _leave_foreign_keys_off(engine: Any) -> None:
    """Batch mode rebuilds tables, and with foreign keys on that deletes children silently."""

    @event.listens_for(engine, "connect")
    def unbind(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        message = f"the migration would leave {len(broken)} rows pointing nowhere"
        raise RuntimeError(message)


def _copy_aside(url: str, now_at: str | None) -> None:
    """Keep the file as it was, beside it, so a migration that goes wrong loses nothing."""
    path = make_url(url).database
    if now_at is None or make_url(url).get_backend_name() != "sqlite" or path is None:
        return
    copy = f"{path}.before-{HEAD}"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    shutil.copymode(path, copy)
