"""The playground's own due things (scheduled messages, redeliveries), in world time."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from playground.clock import WorldClock

Work = Callable[[], Awaitable[None]]


class Timetable:
    """Runs each thing once when world time reaches it; a moved clock wakes it at once."""

    def __init__(self, clock: WorldClock) -> None:
        self.clock = clock
        self._due: list[tuple[float, int, Work]] = []
        self._numbers = itertools.count()
        self._woken = asyncio.Event()
        self._running = asyncio.Lock()
        clock.moved.append(self._woken.set)

    def at(self, seconds: float, work: Work) -> None:
        """Do this when world time is `seconds` since 1970."""
        heapq.heappush(self._due, (seconds, next(self._numbers), work))
        self._woken.set()

    def next_due(self) -> datetime | None:
        """The moment of the next thing, if there is one."""
        return datetime.fromtimestamp(self._due[0][0], UTC) if self._due else None

    async def run_due(self) -> None:
        """Do everything whose time has come, in order."""
        async with self._running:
            while self._due and self._due[0][0] <= self.clock.seconds():
                _, _, work = heapq.heappop(self._due)
                await work()

    def forget(self) -> None:
        """Nothing is due any more."""
        self._due.clear()

    async def keep_running(self) -> None:
        """Follow the clock until cancelled."""
        while True:
            self._woken.clear()
            await self.run_due()
            wait = self._due[0][0] - self.clock.seconds() if self._due else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if wait is None else max(wait, 0)):
                    await self._woken.wait()
