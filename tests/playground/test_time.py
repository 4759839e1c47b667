"""The clock: only forwards, through every due moment, with the right time on what is said."""

import asyncio
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from playground import Playground, WorldHooks
from playground.clock import real_time
from playground.store import NAME
from playground.travel import JumpInProgressError
from tests.playground.kit import running, web
from tests.playground.test_messages import dm

HOUR = timedelta(hours=1)


class Reminders:
    """An app's timetable: a reminder posted through the API at each of some moments."""

    def __init__(self, playground: Playground, place: str, due: list[datetime]) -> None:
        self.playground, self.place, self.due = playground, place, sorted(due)
        self.ran: list[datetime] = []
        self.drained = 0

    def hooks(self) -> WorldHooks:
        """What the playground steps by."""
        return WorldHooks(self.next_due, self.run_until, self.drain)

    async def next_due(self, now: datetime) -> datetime | None:
        """The first moment left."""
        assert now.tzinfo is UTC
        return self.due[0] if self.due else None

    async def run_until(self, now: datetime) -> None:
        """Post what is due."""
        while self.due and self.due[0] <= now:
            moment = self.due.pop(0)
            self.ran.append(now)
            await web(self.playground).chat_postMessage(channel=self.place, text=f"due {moment:%d %H:%M}")

    async def drain(self) -> None:
        """Everything is sent at once here."""
        self.drained += 1


async def test_world_time_is_real_time_until_it_is_moved() -> None:
    async with running() as playground:
        assert abs(playground.clock.now() - real_time()) < timedelta(seconds=1)
        playground.clock.move_to(real_time() - HOUR)
        assert playground.clock.offset == timedelta(0)
        playground.clock.move_to(real_time() + HOUR)
        assert abs(playground.clock.now() - real_time() - HOUR) < timedelta(seconds=1)


async def test_a_fresh_world_may_start_later_but_never_earlier() -> None:
    later = real_time() + timedelta(days=30)
    async with running(starts_at=later) as playground:
        assert abs(playground.clock.now() - later) < timedelta(seconds=1)
    async with running(starts_at=real_time() - timedelta(days=30)) as playground:
        assert playground.clock.offset == timedelta(0)


async def test_a_jump_stops_at_every_due_moment_and_says_so_with_the_right_time() -> None:
    async with running() as playground:
        start = playground.clock.now()
        due = [start + timedelta(days=day, hours=3) for day in (1, 3, 6, 9)]
        timetable = Reminders(playground, await dm(playground), due)
        playground.hooks = timetable.hooks()
        reached = await playground.step_to(start + timedelta(days=7))
        assert abs(reached - start - timedelta(days=7)) < timedelta(seconds=2)
        messages = playground.workspace.person("noor").all_messages()
        assert len(messages) == 3
        for message, moment in zip(messages, due[:3], strict=True):
            assert abs(float(message.ts) - moment.timestamp()) < 2
        assert timetable.drained >= 4


async def test_the_next_step_goes_to_the_next_due_moment_only() -> None:
    async with running() as playground:
        start = playground.clock.now()
        timetable = Reminders(playground, await dm(playground), [start + HOUR, start + 2 * HOUR])
        playground.hooks = timetable.hooks()
        reached = await playground.step_next()
        assert abs(reached - start - HOUR) < timedelta(seconds=2)
        assert len(timetable.ran) == 1


async def test_without_a_timetable_the_clock_only_moves() -> None:
    async with running() as playground:
        start = playground.clock.now()
        await playground.step_to(start + timedelta(days=7))
        assert abs(playground.clock.now() - start - timedelta(days=7)) < timedelta(seconds=2)
        assert playground.workspace.person("noor").all_messages() == []


async def test_a_moment_that_stays_due_is_an_error_and_not_an_endless_loop() -> None:
    async with running() as playground:
        start = playground.clock.now()

        async def always(_: datetime) -> datetime:
            return start

        async def nothing(_: datetime) -> None:
            """Never done."""

        async def drained() -> None:
            """Nothing to wait for."""

        playground.hooks = WorldHooks(always, nothing, drained)
        with pytest.raises(RuntimeError, match="stays due"):
            await playground.step_to(start + HOUR)
        assert not playground.world.stepping


async def test_two_jumps_at_once_are_refused() -> None:
    async with running() as playground:
        start = playground.clock.now()
        timetable = Reminders(playground, await dm(playground), [start + HOUR])
        playground.hooks = timetable.hooks()
        first = asyncio.ensure_future(playground.step_to(start + 2 * HOUR))
        await asyncio.wait({first}, timeout=0)
        with pytest.raises(JumpInProgressError):
            await playground.step_to(start + 3 * HOUR)
        await first


async def test_a_redelivery_that_falls_into_a_jump_happens_in_it() -> None:
    async with running() as playground:
        await playground.workspace.person("noor").open_home()
        await playground.workspace.settled()
        await playground.step_to(playground.clock.now() + HOUR)
        tries = [each for each in playground.workspace.journal if "app_home_opened" in each.title]
        assert len(tries) == 4


async def test_a_jump_is_written_down_before_the_app_acts_in_it(tmp_path: Path) -> None:
    async with running(home=tmp_path) as playground:
        target = playground.clock.now() + timedelta(days=2)
        seen: list[float] = []

        async def nothing_due(_: datetime) -> None:
            """There is only the target."""

        async def look(_: datetime) -> None:
            database = sqlite3.connect(tmp_path / NAME)
            (text,) = database.execute("SELECT json FROM things WHERE kind = 'memory'").fetchone()
            database.close()
            seen.append(json.loads(text)["offset"])

        async def drained() -> None:
            """Nothing to wait for."""

        playground.hooks = WorldHooks(nothing_due, look, drained)
        await playground.step_to(target)
        assert abs(seen[0] - 2 * 86_400) < 5


async def test_the_offset_survives_a_restart(tmp_path: Path) -> None:
    async with running(home=tmp_path) as playground:
        await playground.step_to(playground.clock.now() + timedelta(days=3))
    async with running(home=tmp_path, starts_at=real_time() + timedelta(days=99)) as playground:
        ahead = playground.clock.now() - real_time()
        assert timedelta(days=3) - HOUR < ahead < timedelta(days=3) + HOUR


async def test_the_traffic_counts_the_time_that_went_by_in_words() -> None:
    async with running() as playground:
        for span in (timedelta(minutes=1), HOUR, timedelta(days=1), timedelta(days=2, hours=3)):
            await playground.step_to(playground.clock.now() + span + timedelta(seconds=1))
        told = [each.title.removeprefix("Time moved on by ") for each in playground.workspace.journal]
        assert [each for each in told if each[0].isdigit()] == ["1 minute", "1 hour", "1 day", "2 days and 3 hours"]
