"""What a look at the clock costs in a workspace of a million relationships, and how fast what is due is owed.

Ours: the whole timetable, asked and found idle; then meetings and check-ins that are due, swept by the real sweeps
until each has its message owed. Beside it in the same run, by a job or a task for each reminder that does nothing:
APScheduler with its job store on SQLite, Procrastinate on PostgreSQL. Each in a process of its own.
"""

import asyncio
import multiprocessing
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Connection as Open
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bench.crowd.peers import Cost, counting, queue, schedule
from bench.crowd.rows import HERE, NOW, load
from bench.measure import Measurement, Unit, main
from bot.clock import Clock
from bot.commands.collecting import collect_seldom
from bot.scheduler import Timekeeper
from bot.sweeps import TIMETABLE
from storage.database import Database
from storage.migrations import run as migrations
from storage.vault import Vault, new_key
from tests.postgres import create_database, durable_server

T = TypeVar("T")
SIZES = {True: (2_000, 400), False: (1_000_000, 20_000)}
LOOKS = 100
IDLE, PER_THOUSAND, MEMORY = 5.0, 100.0, 200.0
DUE = {"meetings": "remind_at", "checkins": "due_at"}
spawned = multiprocessing.get_context("spawn")


def measure(*, quick: bool) -> Iterator[Measurement]:
    """SQLite and PostgreSQL, each with the peer that can use it."""
    relationships, reminders = SIZES[quick]
    for kind, url, other, peer in _databases():
        _fill(url, relationships)
        idle = _apart(_look, url)
        ours = {table: _apart(_sweep, url, table, column, reminders) for table, column in DUE.items()}
        theirs = _apart(peer, other, reminders)
        yield from _told(kind, idle, ours, theirs, reminders)


def _told(kind: str, idle: float, ours: dict[str, Cost], theirs: Cost, reminders: int) -> Iterator[Measurement]:
    yield Measurement(f"delivery.{kind}_idle_look", idle * 1000, Unit.MILLISECONDS, IDLE)
    for table, cost in ours.items():
        thousand = cost.seconds * 1000 / reminders * 1000
        yield Measurement(f"delivery.{kind}_thousand_{table}", thousand, Unit.MILLISECONDS, PER_THOUSAND)
    worst = Cost(*(max(getattr(each, name) for each in ours.values()) for name in Cost.__slots__))
    peer = PEERS[kind]
    yield Measurement(f"delivery.{kind}_memory", worst.memory, Unit.MEGABYTES, MEMORY)
    yield Measurement(f"delivery.{kind}_{peer}_thousand", theirs.seconds * 1e6 / reminders, Unit.MILLISECONDS)
    yield Measurement(f"delivery.{kind}_stall", worst.stall * 1000, Unit.MILLISECONDS, PER_THOUSAND)
    yield Measurement(f"delivery.{kind}_{peer}_stall", theirs.stall * 1000, Unit.MILLISECONDS)
    yield Measurement(f"delivery.{kind}_{peer}_memory", theirs.memory, Unit.MEGABYTES)
    yield Measurement(f"delivery.{kind}_time_to_{peer}", worst.seconds / theirs.seconds, Unit.RATIO, 1.0)


PEERS = {"sqlite": "apscheduler", "postgres": "procrastinate"}


def _databases() -> Iterator[tuple[str, str, str, Callable[[str, int], Awaitable[Cost]]]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "sqlite", f"sqlite:///{folder}/mentorbot.db", f"sqlite:///{folder}/jobs.db", schedule
    with durable_server() as (server, _):
        yield "postgres", create_database(server), create_database(server), queue


def _fill(url: str, relationships: int) -> None:
    migrations.upgrade(url)
    engine = create_engine(url, poolclass=NullPool)
    load(engine, relationships)
    engine.dispose()


def _apart(work: Callable[..., Awaitable[T]], *about: str | int) -> T:
    """Do it in a process of its own, whose memory is then its alone."""
    ours, theirs = spawned.Pipe()
    process = spawned.Process(target=_answer, args=(theirs, work, about))
    process.start()
    theirs.close()
    try:
        found: T = ours.recv()
    finally:
        process.join()
    return found


def _answer(pipe: Connection, work: Callable[..., Any], about: tuple[Any, ...]) -> None:
    collect_seldom()  # as the bot does; a peer gets the same
    pipe.send(asyncio.run(work(*about)))


class _Nobody:
    """Takes no message anywhere: what is measured ends where a message is owed."""

    def wake(self) -> None:
        """There is nothing to do."""


class _Still(Clock):
    """A clock that stands where the crowd's moments are reckoned from."""

    def now(self) -> datetime:
        """Always the same moment."""
        return NOW


def _timekeeper(database: Database) -> Timekeeper:
    return Timekeeper(TIMETABLE, database, _Still(), Vault(new_key()), _Nobody())  # type: ignore[arg-type]  # it is only woken


async def _look(url: str) -> float:
    """Seconds for one look that finds nothing, the usual one of a hundred."""
    database = Database(url)
    timekeeper = _timekeeper(database)
    took = []
    for _ in range(LOOKS):
        begun = perf_counter()
        _agree(await timekeeper.sweep(), 0)
        took.append(perf_counter() - begun)
    database.close()
    return median(took)


async def _sweep(url: str, table: str, column: str, reminders: int) -> Cost:
    """The cost of owing so many reminders that are due, from the first look to the last row."""
    database = Database(url)
    with database.engine.begin() as connection:
        _let_fall_due(connection, table, column, reminders)
    with counting() as cost:
        _agree(await _timekeeper(database).sweep(), reminders)
    database.close()
    return cost


def _agree(done: int, wanted: int) -> None:
    if done != wanted:
        message = f"{done} rows were dealt with, not {wanted}"
        raise RuntimeError(message)


def _let_fall_due(connection: Open, table: str, column: str, count: int) -> None:
    """Bring moments that wait forward to now, which no other row has."""
    waits = f"workspace_id = :here AND state = 'planned' AND {column} > :now"
    sentence = f"UPDATE {table} SET {column} = :now WHERE id IN (SELECT id FROM {table} WHERE {waits} LIMIT :count)"  # noqa: S608  (our own names)
    now = NOW if connection.dialect.name != "sqlite" else NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
    connection.execute(text(sentence), {"here": HERE, "now": now, "count": count})


if __name__ == "__main__":
    main(measure, __doc__)
