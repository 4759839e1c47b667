"""A whole world in one folder: taken at one moment, and gone back to, with or without a home."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from playground.records import App, Memory, Record
from playground.state import State
from playground.store import FORMAT, NAME, Row, by_space, prepare, row_of

Records = dict[str, list[Record]]


class SnapshotRefusedError(ValueError):
    """A folder cannot be gone back to; the message says why."""


async def write(states: Iterable[State], folder: Path) -> None:
    """Everything as it is at this call, into a folder that may then be a home too."""
    rows = [row_of(state, kind, key) for state in states for kind, key in state.everything()]
    await asyncio.to_thread(_write, rows, folder)


def _write(rows: list[Row], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{NAME}.new"
    beside.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(beside, isolation_level=None)) as database:
        prepare(database, journal="OFF")  # the file is put in its place only when all is in it
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        database.executemany("INSERT INTO things VALUES (?, ?, ?)", rows)
        database.execute("COMMIT")
    for leftover in ("-wal", "-shm"):
        (folder / f"{NAME}{leftover}").unlink(missing_ok=True)
    beside.replace(folder / NAME)


def read(folder: Path) -> Records:
    """Everything that was there, by workspace, in the order it is to be put back."""
    path = folder / NAME
    if not path.is_file():
        raise SnapshotRefusedError(f"There is no snapshot in {folder}.")
    try:
        with _opened(path) as database:
            if database.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                raise SnapshotRefusedError(f"The snapshot in {folder} was taken by another version.")
            rows = database.execute("SELECT kind, json FROM things").fetchall()
    except sqlite3.DatabaseError as problem:
        raise SnapshotRefusedError(f"What lies in {folder} is no snapshot: {problem}.") from problem
    return by_space(rows)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Only to read, so that a snapshot can serve any number of tests at once."""
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        yield database


def put_back(states: Iterable[State], records: Records) -> None:
    """The worlds become what they were; only what must never go back stays: the time, and which ids were given out."""
    states = list(states)
    for state in states:
        _check(state, records.get(state.space, []))
    for state in states:
        before = state.memory
        state.empty()
        for record in records[state.space]:
            state.keep(record)
        state.memory = _later(before, state.memory)
        state.keep(state.memory)


def _check(state: State, records: list[Record]) -> None:
    app = next((each for each in records if isinstance(each, App)), None)
    if app is None:
        raise SnapshotRefusedError(f"The snapshot holds no workspace called {state.space or 'the first'!r}.")
    if state.app.id and app.id != state.app.id:
        raise SnapshotRefusedError("The snapshot is of another app. Start a playground from it instead.")


def _later(now: Memory, then: Memory) -> Memory:
    then.offset, then.last_ts = max(now.offset, then.offset), max(now.last_ts, then.last_ts)
    then.generation = max(now.generation, then.generation)
    return then
