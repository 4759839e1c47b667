"""Short lives of real couriers: a process that has everything loaded forks one child a life, and each ends in SIGKILL.

Run as a program with a plan in JSON; it prints what happened in JSON. Nothing of the bot is faked but Slack, and the
lanes' pace, which would only make it slow.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.outbox import courier as courier_module
from bot.outbox.courier import Courier
from bot.outbox.entries import Entry
from bot.outbox.machine import Absent, Timing
from bot.outbox.parcels import Parcel
from bot.outbox.rows import Rows
from bot.rules.news import KINDS
from bot.slack.blocks import Message
from bot.slack.text import md
from storage.database import Database, StoreUnavailableError
from storage.models.outbox import OutboxRow, RowState
from storage.vault import Vault
from tests.builders import hasty
from tests.engines import sharing_what_is_compiled
from tests.speaking import Everywhere

MOST = 40
POINTS = (
    "before intent",
    "after intent",
    "after opening",
    "before the deadline",
    "before the call",
    "after the call",
    "before writing a problem",
    "after writing a problem",
    "before done",
    "after done",
    "before looking",
    "after looking",
    "after settling",
)
PLAIN = {kind: Entry(lambda *_: True, lambda *_: Message(md("News."), ())) for kind in KINDS}
OWED = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)
IDLE, DONE = 0.02, 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen; times in seconds. `freeze` stops a life at its point for so long, and does not kill it."""

    url: str
    slack: str
    key: str
    kills: int
    seed: int
    processes: int = 1
    lease: float = 1.5
    call: float = 0.5
    margin: float = 0.1
    settle: float = 0.3
    freeze: float = 0.0
    points: tuple[str, ...] = POINTS
    patience: float = 120.0
    mutant: str = ""

    def timing(self) -> Timing:
        """The same protocol on a shorter clock."""
        lease, call, margin, settle = (timedelta(seconds=s) for s in (self.lease, self.call, self.margin, self.settle))
        return Timing(lease, call, margin, settle, soon=timedelta(seconds=0.1), look_again=timedelta(seconds=0.2))


@dataclass(slots=True)
class Report:
    """What happened, as the parent saw it."""

    kills: int = 0
    freezes: int = 0
    lives: int = 0
    seconds: float = 0.0
    by_point: dict[str, int] = field(default_factory=dict)
    is_drained: bool = False


@dataclass(slots=True)
class Fate:
    """Ends a process at the nth time it comes to a point, and at the latest after so many points of any kind.

    So a life is as long as what it did, on a fast machine and on a slow one; "" is a point that never comes.
    """

    point: str
    nth: int
    most: int
    seen: int = 0
    passed: int = 0

    def __call__(self, point: str) -> None:
        """Come to a point."""
        self.passed += 1
        self.seen += point == self.point
        if self.seen == self.nth or self.passed == self.most:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class Spell:
    """Stops a process every nth time it comes to a point, so many times in all."""

    point: str
    nth: int
    times: int
    seen: int = 0

    def __call__(self, point: str) -> None:
        """Come to a point."""
        self.seen += point == self.point
        if point == self.point and self.times and self.seen % self.nth == 0:
            self.times -= 1
            os.kill(os.getpid(), signal.SIGSTOP)


def _never(_: str) -> None:
    """Nothing happens."""


async def live(plan: Plan, crash: Callable[[str], None]) -> None:
    """One life of a courier, until nothing is owed any more."""
    database = Database(plan.url)
    timing = plan.timing()
    total = aiohttp.ClientTimeout(total=plan.call)
    async with aiohttp.ClientSession(timeout=total) as web:
        client = AsyncWebClient(token="xoxb-1", base_url=plan.slack, session=web, timeout=1, retry_handlers=[])  # noqa: S106  (no secret)
        rows = hasty(Vault(plan.key), PLAIN, timing=timing)
        courier = Courier(Everywhere(client), database, Clock(), rows, crash=crash)
        break_on_purpose(plan.mutant, courier, rows)
        await courier.take_over()
        while await _left(database):
            try:
                await courier.deliver_due()
            except StoreUnavailableError:
                await asyncio.sleep(0.1)
            await asyncio.sleep(IDLE)
    database.close()


def break_on_purpose(mutant: str, courier: Courier, rows: Rows) -> None:
    """Two ways of other bots, to see that the harness would notice."""
    if mutant == "sends again blindly":

        async def nothing(*_: object) -> None:
            return None

        vars(courier_module)["look_for"] = nothing
    if mutant == "marks before it sends":
        deliver = courier._deliver  # noqa: SLF001  (broken on purpose)

        async def mark_first(parcel: Any) -> bool:
            await courier._write(lambda s: rows.done(s, parcel, courier._clock.now(), "D1", "1.1"))  # noqa: SLF001  (the same)
            return await deliver(parcel)

        courier._deliver = mark_first  # type: ignore[method-assign]  # noqa: SLF001  (the same)


class TakenBackError(Exception):
    """Nothing of this transaction is to stay."""


def learn(plan: Plan) -> None:
    """Put once what every life says to the database, and take it back: each is forked with all of it compiled.

    Most lives are over in less time than that takes.
    """
    database, now = Database(plan.url), Clock().now()
    rows = hasty(Vault(plan.key), PLAIN, timing=plan.timing())

    def say(session: Session) -> None:
        rows.disown(session, now)
        for ends in (rows.in_doubt, rows.unreached, rows.release, _done(rows)):
            for workspace_id in rows.ready(session, now)[:1]:
                parcel = rows.begin(session, workspace_id, now, []).parcel
                if parcel is not None:
                    rows.keep_chat(session, workspace_id, parcel.slack_id, "D1", now)
                    ends(session, parcel, now)
        for doubt in rows.doubts(session, now + plan.timing().settle):
            rows.settle(session, doubt, now, Absent(doubt.tried_at))
        raise TakenBackError

    for work in (database.write(say), database.read(_count)):
        with suppress(TakenBackError, StoreUnavailableError):
            work.result()
    database.close()


def _done(rows: Rows) -> Callable[[Session, Parcel, datetime], None]:
    return lambda session, parcel, now: rows.done(session, parcel, now, "D1", "1.1")


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state.in_(OWED))) or 0


async def _left(database: Database) -> int:
    try:
        return await asyncio.wrap_future(database.read(_count))
    except StoreUnavailableError:
        return 1


class Parent:
    """Forks lives and ends them; the database alone carries over from one to the next."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.report = Report()
        self._chance = random.Random(plan.seed)  # noqa: S311  (chance, not secrecy)
        self._lives: dict[int, tuple[str, float, float]] = {}

    def run(self) -> Report:
        """Until all has been sent, or patience is at its end."""
        begun = time.monotonic()
        while time.monotonic() - begun < self.plan.patience and not self.report.is_drained:
            while len(self._lives) < self.plan.processes:
                self._fork()
            self._look_round()
            time.sleep(0.002)
        for pid in list(self._lives):
            self._end(pid)
        self.report.seconds = round(time.monotonic() - begun, 1)
        return self.report

    def _fork(self) -> None:
        point, after, fate = self._draw()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                asyncio.run(live(self.plan, fate))
                status = DONE
            finally:
                os._exit(status)
        self.report.lives += 1
        self._lives[pid] = (point, time.monotonic() + after, 0.0)

    def _draw(self) -> tuple[str, float, Callable[[str], None]]:
        """Where a life ends, the seconds until its parent ends it, and what ends it before."""
        plan, nth = self.plan, self._chance.randint(1, 5)
        if plan.freeze:
            point = self._chance.choice(plan.points)
            return point, plan.patience, Spell(point, nth, plan.kills // plan.processes)
        if self.report.kills + len(self._lives) >= plan.kills:
            return "never", plan.patience, _never
        point = self._chance.choice((*plan.points, ""))
        # A life that is to end at no point ends at a moment.
        after = plan.patience if point else self._chance.uniform(0.03, 0.2)
        return point, after, Fate(point, nth, MOST)

    def _look_round(self) -> None:
        for pid, (point, limit, wakes) in list(self._lives.items()):
            found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
            if found and os.WIFSTOPPED(status):
                self._lives[pid] = (point, limit, time.monotonic() + self.plan.freeze)
                self._count(point)
                self.report.freezes += 1
            elif found:
                self._over(pid, point, status)
            elif wakes and time.monotonic() > wakes:
                os.kill(pid, signal.SIGCONT)
                self._lives[pid] = (point, limit, 0.0)
            elif time.monotonic() > limit:
                self._end(pid)
                self._over(pid, "a moment", signal.SIGKILL)

    def _over(self, pid: int, point: str, status: int) -> None:
        self._lives.pop(pid, None)
        if os.WIFSIGNALED(status):
            self.report.kills += 1
            self._count(point)
        elif os.WEXITSTATUS(status) == DONE:
            self.report.is_drained = True

    def _count(self, point: str) -> None:
        self.report.by_point[point] = self.report.by_point.get(point, 0) + 1

    def _end(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    given["points"] = tuple(given.get("points", POINTS))
    plan = Plan(**given)
    with sharing_what_is_compiled():
        learn(plan)
        print(json.dumps(asdict(Parent(plan).run())))  # noqa: T201  (the one who started it reads this)
