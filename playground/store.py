"""Keeping the workspace in a SQLite file: only what changed, in a thread, at most every 0.3 s and on stop."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

from playground.records import KINDS, Record, as_json
from playground.state import State

FORMAT = 1
EVERY = 0.3
NAME = "playground.db"

Row = tuple[str, str, str | None]


class Store:
    """A table of (kind, id, JSON); a file of another format is set aside, never guessed at."""

    def __init__(self, home: Path) -> None:
        self.path = home / NAME
        self.notice = ""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="playground-store")
        self._database: sqlite3.Connection | None = None
        self._flushing = asyncio.Lock()

    def load(self, state: State) -> bool:
        """Read back what an earlier run kept of this workspace; False when there was nothing."""
        if self._database is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database = self._open_or_set_aside()
        rows = self._database.execute("SELECT kind, json FROM things").fetchall()
        found = by_space(rows).get(state.space, [])
        for record in found:
            state.keep(record)
        state.dirty.clear()
        return bool(found)

    def _open_or_set_aside(self) -> sqlite3.Connection:
        try:
            return self._open()
        except (sqlite3.DatabaseError, ValueError):
            aside = _free_name(self.path)
            self.path.rename(aside)
            for leftover in ("-wal", "-shm"):
                self.path.with_name(NAME + leftover).unlink(missing_ok=True)
            self.notice = f"The saved workspace has another format, so it was set aside as {aside.name}."
            return self._open()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        try:
            prepare(database)
        except Exception:
            database.close()
            raise
        return database

    async def keep_writing(self, *states: State) -> None:
        """Write what changed, again and again, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            if any(each.dirty for each in states):
                await self.flush(*states)

    async def flush(self, *states: State) -> None:
        """Write what changed now, of all workspaces at once; returns once it is committed."""
        async with self._flushing:
            rows = [row for state in states for row in changed_rows(state)]
            if rows:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._write, rows)

    def _write(self, rows: list[Row]) -> None:
        database = self._database
        if database is None:
            return
        database.execute("BEGIN IMMEDIATE")
        with contextlib.closing(database.cursor()) as cursor:
            cursor.executemany(
                "DELETE FROM things WHERE kind = ? AND id = ?", [row[:2] for row in rows if row[2] is None]
            )
            cursor.executemany("REPLACE INTO things VALUES (?, ?, ?)", [row for row in rows if row[2] is not None])
        database.execute("COMMIT")

    async def close(self, *states: State) -> None:
        """Write the rest and let go of the file."""
        await self.flush(*states)
        if self._database is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._database.close)
            self._database = None
        self._thread.shutdown(wait=False)


def prepare(database: sqlite3.Connection, journal: str = "WAL") -> None:
    """The manners and the one table; refuses a file that is not of this format."""
    database.execute(f"PRAGMA journal_mode = {journal}")
    database.execute("PRAGMA synchronous = NORMAL")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version != FORMAT and tables:
        raise ValueError(version)
    database.execute(
        "CREATE TABLE IF NOT EXISTS things"
        " (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID"
    )
    database.execute(f"PRAGMA user_version = {FORMAT}")


def changed_rows(state: State) -> list[Row]:
    """What to write, as text; None where a record is gone. The state counts as written from here on."""
    rows = [row_of(state, kind, key) for kind, key in state.dirty]
    state.dirty.clear()
    return rows


def row_of(state: State, kind: str, key: str) -> Row:
    """One record as it is now, under its workspace's space."""
    record = state.record(kind, key)
    text = None if record is None else json.dumps(as_json(record), ensure_ascii=False, separators=(",", ":"))
    return f"{state.space}/{kind}" if state.space else kind, key, text


def by_space(rows: Iterable[tuple[str, str]]) -> dict[str, list[Record]]:
    """The records of each workspace in the order they are to be put back, from kind and JSON."""
    found: dict[str, list[Record]] = {}
    for named, text in rows:
        space, _, kind = named.rpartition("/")
        found.setdefault(space, []).append(revive(kind, text))
    return {space: in_order(records) for space, records in found.items()}


def in_order(records: Iterable[Record]) -> list[Record]:
    """Messages by time and people by their place in the cast, so that lists read as they did."""
    return sorted(records, key=_order)


def forget(home: Path) -> None:
    """Nothing is kept in this home any more."""
    for ending in ("", "-wal", "-shm"):
        (home / f"{NAME}{ending}").unlink(missing_ok=True)


def revive(kind: str, text: str) -> Record:
    """A record from its JSON; fields this version no longer knows are left behind."""
    shape: type[Any] = KINDS[kind]
    known = {each.name for each in fields(shape)}
    record: Record = shape(**{name: value for name, value in json.loads(text).items() if name in known})
    return record


def _order(record: Record) -> tuple[str, int, str]:
    return (type(record).__name__, getattr(record, "order", 0), getattr(record, "ts", record.id))


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"playground-set-aside-{number}.db")).exists():
        number += 1
    return aside
