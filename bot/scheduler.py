"""APScheduler says 'tick' and nothing else; the rows decide what is due."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from bot.clock import Clock, real_time
from bot.directory import Directory
from bot.outbox.courier import Courier
from bot.rules.policy import DIRECTORY_FRESH
from bot.sweeps.timetable import Sweep
from bot.watch import EVENTS, INTERVALS, SWEEPS, Watch
from storage.database import Database, Priority, StoreUnavailableError, Tx
from storage.queries import workspaces
from storage.vault import Vault

log = logging.getLogger(__name__)
WATCH_SECONDS = 30
COURIER_SECONDS = 5
ROUNDS = 50


class Timekeeper:
    """Runs the timetable: on every tick on Slack, and moment by moment when the playground's clock jumps."""

    def __init__(
        self,
        timetable: Sequence[Sweep],
        database: Database,
        clock: Clock,
        vault: Vault,
        courier: Courier,
        watch: Watch | None = None,
    ) -> None:
        self._timetable = timetable
        self._database = database
        self._clock = clock
        self._vault = vault
        self._courier = courier
        self._watch = watch or Watch()

    async def sweep(self) -> int:
        """Do everything due now, in every workspace, each sweep in a transaction of its own; how much was done.

        The rows are asked first, in one reading transaction: a sweep with nothing to do costs the one writer nothing.
        """
        now = self._clock.now()
        due = await asyncio.wrap_future(self._database.read(lambda session: self._due(session, now)))
        count = 0
        for workspace_id, sweep in due:
            count += await self._try(sweep, workspace_id)
        self._courier.wake()
        return count

    def _due(self, session: Session, now: datetime) -> list[tuple[str, Sweep]]:
        """What is due, and what is done along the way whenever anybody looks."""
        txs = [Tx(session, workspace_id, now, self._vault) for workspace_id in workspaces.all_ids(session)]
        return [(tx.workspace_id, sweep) for tx in txs for sweep in self._timetable if sweep.is_due(tx)]

    async def _try(self, sweep: Sweep, workspace_id: str) -> int:
        """Run one sweep; one that fails is logged and tried again at the next tick, and stops no other."""
        try:
            return await self._run(sweep, workspace_id)
        except StoreUnavailableError:
            raise
        except Exception:
            log.exception("The sweep '%s' failed.", sweep.name)
            return 0

    async def _run(self, sweep: Sweep, workspace_id: str) -> int:
        now = self._clock.now()

        def run(session: Session) -> int:
            return sweep.run(Tx(session, workspace_id, now, self._vault))

        return await asyncio.wrap_future(self._database.write(run, Priority.SWEEP))

    async def tick(self) -> None:
        """One tick of the scheduler; a database that is away is met again at the next."""
        try:
            await self.sweep()
            self._watch.beat(SWEEPS)
        except StoreUnavailableError:
            log.exception("The sweeps could not run; they are tried again at the next tick.")

    async def next_due(self, now: datetime) -> datetime | None:
        """The next moment at which anything happens unasked: a sweep's, or a message's."""
        moments = await asyncio.wrap_future(self._database.read(lambda session: self._moments(session, now)))
        owed = await self._courier.next_due()
        return min((m for m in [*moments, owed] if m is not None), default=None)

    def _moments(self, session: Session, now: datetime) -> list[datetime | None]:
        txs = [Tx(session, workspace_id, now, self._vault) for workspace_id in workspaces.all_ids(session)]
        return [sweep.next_due(tx) for tx in txs for sweep in self._timetable]

    async def run_until(self, moment: datetime) -> None:  # noqa: ARG002  (the clock stands there already)
        """Sweep and deliver until nothing is due at this moment any more."""
        for _ in range(ROUNDS):
            done = await self.sweep()
            sent = await self._courier.deliver_due()
            if not done and not sent:
                return

    async def drained(self) -> None:
        """Wait until everything due has been sent."""
        await self._courier.deliver_due()


def start_ticking(
    timekeeper: Timekeeper, courier: Courier, directory: Directory, take_up: Callable[[], Awaitable[int]], watch: Watch
) -> AsyncIOScheduler:
    """Memory store, interval triggers in UTC, never misfired: a late tick is as good as a punctual one."""
    scheduler = AsyncIOScheduler(timezone=UTC)

    async def refresh() -> None:
        with contextlib.suppress(asyncio.CancelledError):  # a stop in the middle of it loses nothing
            await directory.list_everyone()

    async def nudge() -> None:
        courier.wake()

    _every(scheduler, timekeeper.tick, int(INTERVALS[SWEEPS]), "sweeps", jitter=2)
    _every(scheduler, nudge, COURIER_SECONDS, "courier")

    async def retry() -> None:
        try:
            await take_up()
            watch.beat(EVENTS)
        except StoreUnavailableError:
            log.exception("Events could not be taken up again; it is tried at the next tick.")

    async def look() -> None:
        for name in watch.late():
            log.error("What should repeat has stopped: %s. If it goes on, restart me.", name)

    _every(scheduler, look, WATCH_SECONDS, "watch")
    _every(scheduler, retry, int(INTERVALS[EVENTS]), "events", jitter=5)
    _every(scheduler, refresh, int(DIRECTORY_FRESH.value.total_seconds()), "directory", jitter=600)
    scheduler.modify_job("directory", next_run_time=real_time())
    scheduler.start()
    return scheduler


def _every(
    scheduler: AsyncIOScheduler,
    job: Callable[[], Awaitable[Any]],
    seconds: int,
    name: str,
    jitter: int | None = None,
) -> None:
    scheduler.add_job(
        job,
        IntervalTrigger(seconds=seconds, jitter=jitter, timezone=UTC),
        id=name,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
