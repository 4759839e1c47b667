"""Engine, sessions and SQLite's manners: one writer with priorities there, ten threads on PostgreSQL."""

import itertools
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from storage.gate import Gate
from storage.vault import Vault

T = TypeVar("T")
Deed = Callable[[Session], T]  # may be run more than once, so whatever it does it does in its transaction

READERS = 4
POSTGRES_THREADS = 10
TRIES = 3
KNOTS = frozenset({"40001", "40P01"})  # not serialised, a deadlock
OUTRUN = KNOTS | {"23503", "23505", "23514"}  # and a rule broken meanwhile
BUSY_MS = 5000
AT_ONCE = 3
A_MOMENT = 0.05
PATIENCE = 0.2
LOOKED_AT = 1000  # rows of each index: SQLite's own advice is 100 to 1,000


class Priority(IntEnum):
    """Who goes first at the one writer."""

    ANSWER = 0
    INTENT = 1
    SWEEP = 2


class StoreUnavailableError(Exception):
    """The database cannot be reached, is locked, or is full; nothing was written."""


class OutrunError(StoreUnavailableError):
    """Other transactions were quicker, again and again; nothing was written, and the database is well."""


class CutOffError(StoreUnavailableError):
    """The connection broke before the commit; nothing was written."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction in one workspace at one moment: what every service and query is handed."""

    session: Session
    workspace_id: str
    now: datetime
    vault: Vault

    def given(self, **values: Any) -> dict[str, Any]:
        """The values for a statement that was built once for all, with this workspace's beside them."""
        return {"here": self.workspace_id, **values}


class Database:
    """Runs plain functions in transactions, in threads; a transaction can never span an await.

    `is_refusing` stays true from a write that was not taken, on a full disk say, until somebody takes it back.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_refusing = False
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writing, self._reading = _sqlite_engine(url), _sqlite_engine(url, read_only=True)
            self._writer: _OneWriter | _Pool = _OneWriter(self._writing)
            self._reader = _Pool(self._reading, READERS)
        else:
            self._writing = self._reading = _postgres_engine(url)
            self._writer = self._reader = _Pool(self._writing, POSTGRES_THREADS)

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations and `doctor`."""
        return self._writing

    def write(self, deed: Deed[T], priority: Priority = Priority.ANSWER, *, durable: bool = False) -> Future[T]:
        """Run a deed in one transaction; it is committed when the future is done. `durable` survives a power cut."""
        job = self._writer.submit(deed, priority, durable=durable)
        job.add_done_callback(self._note)
        return job

    def _note(self, job: Future[Any]) -> None:
        problem = None if job.cancelled() else job.exception()
        if isinstance(problem, StoreUnavailableError) and not isinstance(problem, OutrunError):
            self.is_refusing = True

    def read(self, question: Deed[T]) -> Future[T]:
        """Run a question that writes nothing; on SQLite the database itself refuses a write here."""
        return self._reader.submit(question, Priority.ANSWER, durable=False)

    def count_rows(self) -> Future[None]:
        """Let SQLite look at some of its rows, so that it takes the best index; PostgreSQL does so by itself."""
        return self.write(_count_rows, Priority.SWEEP)

    def close(self) -> None:
        """Let what is running finish, then close every connection."""
        self._writer.close()
        self._reader.close()
        self._writing.dispose()
        self._reading.dispose()


def _count_rows(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql(f"PRAGMA analysis_limit={LOOKED_AT}")
        session.connection().exec_driver_sql("ANALYZE")


class _Pool:
    """A bounded thread pool, each job with a connection of its own, and few of them at a time.

    Threads that all want the one interpreter hold each other up at every statement: ten answer later than three.
    So would a sweep among them, which lets whoever waits go first, but not for ever.
    """

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="store")
        self._gate = Gate(AT_ONCE, A_MOMENT)
        self._is_closed = False

    def submit(self, deed: Deed[T], priority: Priority, *, durable: bool) -> Future[T]:  # noqa: ARG002  (PostgreSQL always commits durably)
        if self._is_closed:
            raise StoreUnavailableError
        return self._threads.submit(self._last if priority is Priority.SWEEP else self._in_turn, deed)

    def _last(self, deed: Deed[T]) -> T:
        self._gate.step_back(PATIENCE)
        return self._in_turn(deed)

    def _in_turn(self, deed: Deed[T]) -> T:
        with self._gate.passed():
            return _in_transaction(self._engine, deed)

    def close(self) -> None:
        self._is_closed = True
        self._threads.shutdown(wait=True)


class _OneWriter:
    """SQLite's only writer: a thread with a priority queue, so a person never waits behind a long sweep."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, deed: Deed[T], priority: Priority, *, durable: bool) -> Future[T]:
        if self._is_closed:
            raise StoreUnavailableError
        promise: Future[T] = Future()

        def job() -> None:
            _settle(promise, lambda: _in_transaction(self._engine, deed, durable=durable))

        self._jobs.put((priority, next(self._order), job))
        return promise

    def close(self) -> None:
        self._is_closed = True
        self._jobs.put((max(Priority) + 1, next(self._order), None))
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            job()


def _settle(promise: Future[T], work: Callable[[], T]) -> None:
    if not promise.set_running_or_notify_cancel():
        return
    try:
        promise.set_result(work())
    except BaseException as problem:  # noqa: BLE001  (the future carries it to whoever waits)
        promise.set_exception(problem)


def _in_transaction(engine: Engine, deed: Deed[T], *, durable: bool = False) -> T:
    """Do it in one transaction; where another was quicker, do it again, and it meets what the other left there.

    So it is where the connection was dead already: that is cheaper than to ask each one first whether it still lives.
    """
    with _told_apart():
        for _ in range(TRIES - 1):
            try:
                return _once(engine, deed, durable=durable)
            except CutOffError:
                continue
            except DBAPIError as problem:
                if getattr(problem.orig, "sqlstate", None) not in OUTRUN:
                    raise
        return _once(engine, deed, durable=durable)


def _once(engine: Engine, deed: Deed[T], *, durable: bool) -> T:
    with Session(engine, expire_on_commit=False, autoflush=True) as session:
        if durable and engine.dialect.name == "sqlite":
            return _durably(session, deed)
        with session.begin(), _before_commit():
            result = deed(session)
            session.flush()
            return result


@contextmanager
def _before_commit() -> Iterator[None]:
    """Tell a connection that broke before the commit from one lost in it, where what was written may stand."""
    try:
        yield
    except DBAPIError as problem:
        if problem.connection_invalidated:
            raise CutOffError(str(problem.orig)) from problem
        raise


def _durably(session: Session, deed: Deed[T]) -> T:
    """Commit with synchronous=FULL; the pragma is ignored inside a transaction, so it is set around it."""
    raw: Any = session.connection().connection.driver_connection
    session.rollback()
    raw.execute("PRAGMA synchronous=FULL")
    try:
        with session.begin():
            return deed(session)
    finally:
        raw.execute("PRAGMA synchronous=NORMAL")


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn "locked", "disk full" and "connection lost" into one refusal; a broken rule stays what it is."""
    try:
        yield
    except DBAPIError as problem:
        if getattr(problem.orig, "sqlstate", None) in KNOTS:
            raise OutrunError(str(problem.orig)) from problem
        if type(problem).__name__ in {"OperationalError", "InterfaceError"} or problem.connection_invalidated:
            raise StoreUnavailableError(str(problem.orig)) from problem
        raise


def _sqlite_engine(url: str, *, read_only: bool = False) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS if read_only else 1,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def set_manners(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={BUSY_MS}",
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: str) -> Engine:
    """Nobody waits for what another holds any longer than on SQLite; PostgreSQL alone would wait for ever."""
    engine = create_engine(url, pool_size=POSTGRES_THREADS, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_manners(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {BUSY_MS}")
        connection.commit()

    return engine
