"""Waiting on state instead of sleeping: whoever changes something notifies, whoever waits asks again."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE = 5.0


class StillNotSoError(AssertionError):
    """What was waited for did not come true in time; the message tells what was there instead."""


class Watch:
    """One place for all changes; probing again is cheap, so nobody needs to say what has changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Something changed: everybody who waits looks again."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def change(self, seconds: float) -> bool:
        """Wait for one change; False when none came in time."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await future
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True

    async def until(
        self, probe: Callable[[], Found | None], explain: Callable[[], str], seconds: float = PATIENCE
    ) -> Found:
        """The first answer of `probe` that is neither None nor False."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            found = probe()
            if found is not None and found is not False:
                return found
            if loop.time() >= deadline or not await self.change(deadline - loop.time()):
                raise StillNotSoError(explain())
