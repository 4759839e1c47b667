"""The same work done by what others would take: one scheduled job, or one queued task, for every reminder."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from procrastinate import App, PsycopgConnector
from sqlalchemy import make_url

from bot.clock import real_time

BREATH = 0.005
GRACE_SECONDS = 365 * 86400
AT_ONCE = 2000
_ran = 0


@dataclass(slots=True)
class Cost:
    """What some work cost: seconds in all, the longest the event loop stood still, the most memory, in MB."""

    seconds: float = 0.0
    stall: float = 0.0
    memory: float = 0.0


@contextmanager
def counting() -> Iterator[Cost]:
    """Count what happens in this process until it is left; for use inside a running event loop."""
    cost, begun = Cost(), time.perf_counter()
    ended = asyncio.Event()
    looking = asyncio.ensure_future(_longest_stall(cost, ended))
    yield cost
    cost.seconds = time.perf_counter() - begun
    cost.memory = _most_memory()
    ended.set()
    looking.cancel()


def _most_memory() -> float:
    """The most this program itself has held, in MB; what `getrusage` tells begins with whoever started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


async def _longest_stall(cost: Cost, ended: asyncio.Event) -> None:
    while not ended.is_set():
        begun = time.perf_counter()
        try:
            await asyncio.sleep(BREATH)
        finally:
            cost.stall = max(cost.stall, time.perf_counter() - begun - BREATH)


async def remind() -> None:
    """The job of a peer: nothing at all."""
    global _ran  # noqa: PLW0603  (a job store can only name a function of a module)
    _ran += 1


async def schedule(url: str, reminders: int) -> Cost:
    """APScheduler with its own store of jobs: each reminder a job that is due."""
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": SQLAlchemyJobStore(url=url)})
    scheduler.start(paused=True)
    due = real_time() - timedelta(minutes=1)
    for number in range(reminders):
        scheduler.add_job(remind, "date", run_date=due, id=f"{number}", misfire_grace_time=GRACE_SECONDS)
    with counting() as cost:
        scheduler.resume()
        while _ran < reminders:  # noqa: ASYNC110  (the job is a function in a store: nobody can hand it an event)
            await asyncio.sleep(BREATH)
    scheduler.shutdown(wait=False)
    return cost


async def queue(url: str, reminders: int) -> Cost:
    """Procrastinate on PostgreSQL: each reminder a task that is ready, with twenty workers at once in one process."""
    address = make_url(url)
    conninfo = f"dbname={address.database} host={address.query['host']} user={address.username}"
    app = App(connector=PsycopgConnector(conninfo=conninfo))
    task = app.task(name="remind")(remind)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for start in range(0, reminders, AT_ONCE):
            await task.batch_defer_async(*[{} for _ in range(start, min(start + AT_ONCE, reminders))])
        with counting() as cost:
            await app.run_worker_async(wait=False, concurrency=20, install_signal_handlers=False)
    return cost
