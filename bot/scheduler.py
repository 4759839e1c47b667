"""APScheduler says 'tick' and nothing else; the rows decide what is due. What watches over it is a task of its own."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from bot.clients import Clients
from bot.clock import Clock, real_time
from bot.directory import Directory
from bot.outbox.courier import Courier
from bot.rules.policy import DIRECTORY_FRESH, LEFT_KEPT
from bot.sweeps.timetable import Sweep, due_now
from bot.watch import EVENTS, INTERVALS, SWEEPS, Watch
from storage.database import Database, OutrunError, Priority, StoreUnavailableError, Tx
from storage.queries import erasure, workspaces
from storage.queries.asking import ask_all
from storage.vault import Vault

log = logging.getLogger(__name__)
WATCH_SECONDS = 10
COURIER_SECONDS = 5
COUNT_SECONDS = 3600
TOKENS_SECONDS = 600
COUNTING, DIRECTORY = "counting", "directory"
LATE, SOON = timedelta(seconds=30), timedelta(minutes=10)
ROUNDS = 50
TURNS = 100
SIDE_BY_SIDE = 2
BATCH = 200


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
        """Do everything due now, in every workspace, in turns of one batch a sweep; how much was done.

        The rows are asked first, in one reading transaction: a sweep with nothing to do costs the one writer nothing.
        Each batch is a transaction of its own, so that an answer never waits behind more than one of them; what one
        batch has not brought to its end is shared by two from then on. What is left after many turns is for the next
        tick: a sweep that comes to no end must not keep the others from theirs.
        """
        now = self._clock.now()
        due, left = await asyncio.wrap_future(self._database.read(lambda session: self._due(session, now)))
        count = sum([await self._forget(workspace_id) for workspace_id in left])
        for turn in range(TURNS):
            done = [await self._take_turn(turn, sweep, workspace_id) for workspace_id, sweep in due]
            count += sum(done)
            due = [each for each, number in zip(due, done, strict=True) if number]
            if not due:
                break
        self._courier.wake()
        return count

    def _due(self, session: Session, now: datetime) -> tuple[list[tuple[str, Sweep]], list[str]]:
        """What is due, and what is done along the way whenever anybody looks; and whom to forget by now."""
        homes = workspaces.homes(session)
        txs = [
            Tx(session, workspace_id, now, self._vault) for workspace_id, left_at in homes.items() if left_at is None
        ]
        due = [(tx.workspace_id, sweep) for tx in txs for sweep in due_now(tx, self._timetable)]
        return due, [each for each, left_at in homes.items() if left_at and left_at <= now - LEFT_KEPT.value]

    async def _forget(self, workspace_id: str) -> int:
        """Forget, a batch a transaction, a workspace that the bot left so long ago; how many rows."""
        count = 0
        while gone := await asyncio.wrap_future(
            self._database.write(lambda session: erasure.forget_some(session, workspace_id, BATCH), Priority.SWEEP)
        ):
            count += gone
        log.warning("A workspace that was left is forgotten.", extra={"workspace": workspace_id})
        return count

    async def _take_turn(self, turn: int, sweep: Sweep, workspace_id: str) -> int:
        """A batch, or several at once where they share the work and the database has room for them."""
        batches = SIDE_BY_SIDE if turn and sweep.shares and not self._database.is_sqlite else 1
        return sum(await asyncio.gather(*(self._try(sweep, workspace_id) for _ in range(batches))))

    async def _try(self, sweep: Sweep, workspace_id: str) -> int:
        """Run one sweep; one that fails is logged and tried again at the next tick, and stops no other."""
        begun = self._watch.now()
        try:
            count = await self._run(sweep, workspace_id)
        except OutrunError:
            log.info("The sweep '%s' was outrun by other deeds; it is tried again at the next tick.", sweep.name)
            return 0
        except StoreUnavailableError:
            raise
        except Exception:
            log.exception("The sweep '%s' failed.", sweep.name)
            self._watch.ran(sweep.name, begun, failed=True)
            return 0
        self._watch.ran(sweep.name, begun, failed=False)
        return count

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

    async def count_rows(self) -> None:
        """Once in a while the database looks at how many rows of each kind there are; without, it reads too many."""
        try:
            await asyncio.wrap_future(self._database.count_rows())
        except StoreUnavailableError:
            log.exception("The rows could not be counted; it is tried again in an hour.")

    async def next_due(self, now: datetime) -> datetime | None:
        """The next moment at which anything happens unasked: a sweep's, or a message's."""
        moments = await asyncio.wrap_future(self._database.read(lambda session: self._moments(session, now)))
        owed = await self._courier.next_due()
        return min((m for m in [*moments, owed] if m is not None), default=None)

    def _moments(self, session: Session, now: datetime) -> list[datetime | None]:
        txs = [Tx(session, workspace_id, now, self._vault) for workspace_id in workspaces.all_ids(session)]
        asked = [moment for tx in txs for moment in ask_all(tx, [sweep.next_due for sweep in self._timetable])]
        left = workspaces.first_left(session)
        return [*asked, None if left is None else left + LEFT_KEPT.value]

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


class Ticking:
    """All that repeats by itself, and the task that looks after it: a scheduler that has died says nothing.

    What stopped is begun afresh; what hangs is only reported, since a second one beside it would hang as well.
    """

    def __init__(
        self,
        timekeeper: Timekeeper,
        courier: Courier,
        directory: Directory,
        clients: Clients,
        take_up: Callable[[], Awaitable[int]],
        watch: Watch,
    ) -> None:
        self._timekeeper, self._courier, self._directory = timekeeper, courier, directory
        self._clients = clients
        self._take_up, self._watch = take_up, watch
        self.scheduler = self._begin()
        self.working = asyncio.ensure_future(courier.work())
        self._looking = asyncio.ensure_future(self._look_after())

    def rest(self) -> None:
        """Begin nothing more by itself; what is on its way goes on."""
        self._looking.cancel()
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    async def end(self) -> None:
        """Let go of the courier's work, which has been told to stop."""
        self.working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.working

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            self.look(real_time())

    def look(self, now: datetime) -> None:
        """Report what is late, and begin afresh what has stopped."""
        for name in self._watch.late():
            log.error("What should repeat is late: %s. If it goes on, restart me.", name)
        if not self.scheduler.running or any(_is_missed(job.next_run_time, now) for job in self.scheduler.get_jobs()):
            log.error("The scheduler has stopped. It is begun afresh.")
            self._begin_afresh()
        if self.working.done():
            log.error("The courier has stopped. It is begun afresh.")
            self.working = asyncio.ensure_future(self._courier.work())

    def _begin_afresh(self) -> None:
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        self.scheduler = self._begin()

    def _begin(self) -> AsyncIOScheduler:
        """Memory store, interval triggers in UTC, never misfired: a late tick is as good as a punctual one."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        _every(scheduler, self._timekeeper.tick, int(INTERVALS[SWEEPS]), "sweeps", jitter=2)
        _every(scheduler, self._nudge, COURIER_SECONDS, "courier")
        _every(scheduler, self._retry, int(INTERVALS[EVENTS]), "events", jitter=5)
        _every(scheduler, self._timekeeper.count_rows, COUNT_SECONDS, COUNTING, jitter=60)
        _every(scheduler, self._list_everyone, int(DIRECTORY_FRESH.value.total_seconds()), DIRECTORY, jitter=600)
        _every(scheduler, self._look_where_we_are, TOKENS_SECONDS, "installations", jitter=60)
        for job in (COUNTING, DIRECTORY):
            scheduler.modify_job(job, next_run_time=real_time())
        scheduler.start()
        return scheduler

    async def _nudge(self) -> None:
        self._courier.wake()

    async def _retry(self) -> None:
        try:
            await self._take_up()
            self._watch.beat(EVENTS)
        except StoreUnavailableError:
            log.exception("Events could not be taken up again; it is tried at the next tick.")

    async def _list_everyone(self) -> None:
        """Read the directory; a day is too long to wait where Slack or the database was away for a moment."""
        if not await self._directory.list_all():
            log.warning("A directory could not be read; all are tried again in ten minutes.")
            self.scheduler.modify_job(DIRECTORY, next_run_time=real_time() + SOON)

    async def _look_where_we_are(self) -> None:
        """Renew what is about to end even where nothing is said, and see who installed the app meanwhile."""
        try:
            await self._clients.load()
            await self._directory.list_unlisted()
        except StoreUnavailableError:
            log.exception("The installations could not be read; it is tried again.")


def _is_missed(next_run_time: datetime | None, now: datetime) -> bool:
    """A scheduler that lives moves a job's next moment on, even while the job still runs."""
    return next_run_time is not None and next_run_time < now - LATE


def _every(
    scheduler: AsyncIOScheduler,
    job: Callable[[], Awaitable[Any]],
    seconds: int,
    name: str,
    jitter: int | None = None,
) -> None:
    async def until_told_to_stop() -> None:
        """A stop in the middle of it loses nothing: what was begun is a transaction, and ends as one."""
        with contextlib.suppress(asyncio.CancelledError):
            await job()

    scheduler.add_job(
        until_told_to_stop,
        IntervalTrigger(seconds=seconds, jitter=jitter, timezone=UTC),
        id=name,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
