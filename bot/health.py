"""Is it well: for a machine that restarts it, and for graphs. Numbers only; nobody's name, words or id."""

import asyncio
import itertools
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.outbox.courier import Courier
from bot.watch import BOUNDS, Spread, Watch
from storage.database import Database, StoreUnavailableError
from storage.queries import inbox, marks, outbox, workspaces

SECONDS = 5.0
AWAY = 503
WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Health:
    """How it stands; `outbox_age` is how many seconds the oldest message that may go has waited.

    `events_set_aside` counts, since this process began, the events whose work failed until nobody tried any more.
    """

    is_well: bool
    late: list[str]
    failing: list[str]
    ages: dict[str, float]
    database: bool
    delivery: str
    reaches_slack: bool
    outbox: dict[str, int]
    outbox_age: float
    inbox_waiting: int
    events_set_aside: int
    workspaces_silent: int


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks at everything that can be looked at from inside."""

    watch: Watch
    courier: Courier
    database: Database
    clock: Clock

    async def look(self) -> Health:
        """Ask the database too, for a few seconds at most."""
        now, rows, age, waiting, silent, reachable = self.clock.now(), dict[str, int](), 0.0, 0, 0, True
        try:
            async with asyncio.timeout(SECONDS):
                rows, age, waiting, silent = await asyncio.wrap_future(self.database.read(lambda s: _count(s, now)))
                await self._try_to_write(now)
        except (StoreUnavailableError, TimeoutError):
            reachable = False
        late = self.watch.late()
        return Health(
            is_well=reachable and not late,
            late=late,
            failing=self.watch.failing(),
            ages={name: round(seconds, 1) for name, seconds in self.watch.ages().items()},
            database=reachable,
            delivery="exact" if self.courier.is_exact else "best effort",
            reaches_slack=self.courier.reaches_slack,
            outbox=rows,
            outbox_age=age,
            inbox_waiting=waiting,
            events_set_aside=self.watch.set_aside,
            workspaces_silent=silent,
        )

    async def _try_to_write(self, now: datetime) -> None:
        """Where a write was refused lately, see whether one is taken again: a full disk can still be read."""
        if self.database.is_refusing:
            self.database.is_refusing = False
            written = self.database.write(lambda session: marks.keep(session, WRITTEN, now.isoformat()))
            await asyncio.wrap_future(written)


def _count(session: Session, now: datetime) -> tuple[dict[str, int], float, int, int]:
    oldest = outbox.oldest_due(session, now)
    age = (now - oldest).total_seconds() if oldest else 0.0
    return outbox.counts(session), age, inbox.waiting(session), workspaces.silent_count(session)


class _Snapshot(Collector):
    """One look, in the words of Prometheus."""

    def __init__(self, health: Health, watch: Watch) -> None:
        self._health = health
        self._watch = watch

    def collect(self) -> Iterable[Metric]:
        """Every figure, each with its unit in its name."""
        found = self._health
        yield GaugeMetricFamily("mentorbot_up", "Whether everything that repeats still does.", value=found.is_well)
        yield _by("mentorbot_outbox_rows", "Messages, by how far they got.", "state", found.outbox)
        yield _by("mentorbot_last_seen_seconds", "Since each thing that repeats was last round.", "what", found.ages)
        age = "How long the oldest message that may go has waited."
        yield GaugeMetricFamily("mentorbot_outbox_age_seconds", age, value=found.outbox_age)
        waiting = "Deliveries acknowledged and not dealt with yet."
        yield GaugeMetricFamily("mentorbot_inbox_waiting", waiting, value=found.inbox_waiting)
        lost = "Events whose work failed for a day and that were set aside."
        yield CounterMetricFamily("mentorbot_events_set_aside", lost, value=found.events_set_aside)
        silent = "Workspaces that are silenced."
        yield GaugeMetricFamily("mentorbot_workspaces_silent", silent, value=found.workspaces_silent)
        exact = "Whether a lost answer can be cleared up."
        yield GaugeMetricFamily("mentorbot_delivery_exact", exact, value=found.delivery == "exact")
        reaches = "Whether connections to Slack stand."
        yield GaugeMetricFamily("mentorbot_slack_reached", reaches, value=found.reaches_slack)
        yield from self._measured()

    def _measured(self) -> Iterable[Metric]:
        said = "From the arrival of a tap, a command or a form to its acknowledgement."
        acks = HistogramMetricFamily("mentorbot_ack_seconds", said, labels=[])
        acks.add_metric([], _buckets(self._watch.acks), self._watch.acks.total)
        took = HistogramMetricFamily("mentorbot_sweep_seconds", "How long each sweep takes.", labels=["sweep"])
        failed = CounterMetricFamily("mentorbot_sweep_failures", "How often each sweep failed.", labels=["sweep"])
        for name, runs in sorted(self._watch.sweeps.items()):
            took.add_metric([name], _buckets(runs.took), runs.took.total)
            failed.add_metric([name], runs.failed)
        yield from (acks, took, failed)


def _buckets(spread: Spread) -> list[tuple[str, float]]:
    """What took at most so long, bound by bound."""
    names = (*map(str, BOUNDS), "+Inf")
    return list(zip(names, map(float, itertools.accumulate(spread.counts)), strict=True))


def _by(name: str, said: str, label: str, values: dict[str, Any]) -> Metric:
    family = GaugeMetricFamily(name, said, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def routes(doctor: Doctor) -> web.Application:
    """`/health` for a machine that restarts it: 200 or 503; `/metrics` for Prometheus."""

    async def health(_: web.Request) -> web.Response:
        found = await doctor.look()
        return web.json_response(asdict(found), status=200 if found.is_well else AWAY)

    async def metrics(_: web.Request) -> web.Response:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Snapshot(await doctor.look(), doctor.watch))
        return web.Response(body=generate_latest(registry), headers={"Content-Type": "text/plain; version=0.0.4"})

    served = web.Application()
    served.router.add_get("/health", health)
    served.router.add_get("/metrics", metrics)
    return served
