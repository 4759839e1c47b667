"""Told to stop: heard from the first moment on, obeyed gently, and at once when told again."""

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
AN_ECHO = 1.0
Work = Callable[["Stop"], Coroutine[Any, Any, None]]


class Stop:
    """Ctrl-C or a polite kill; `asked` once it came, `hurried` once it came again.

    A wrapper such as `uv run` passes on a Ctrl-C the terminal had sent already, so what follows within a second is an
    echo.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.asked, self.hurried = asyncio.Event(), asyncio.Event()
        self._now = now
        self._at = 0.0

    def hear(self) -> None:
        """Somebody wants an end."""
        if not self.asked.is_set():
            self._at = self._now()
            self.asked.set()
        elif self._now() - self._at > AN_ECHO:
            self.hurried.set()

    async def unless_asked(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do it, or let go of it once asked to stop; None then."""
        return await _unless(self.asked, work)

    async def unless_hurried(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do it, or let go of it once told a second time; None then."""
        return await _unless(self.hurried, work)


async def _unless(told: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    doing, waiting = asyncio.ensure_future(work), asyncio.ensure_future(told.wait())
    try:
        await asyncio.wait({doing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            doing.cancel()
            await asyncio.wait({doing})
        return None if doing.cancelled() else doing.result()
    finally:
        waiting.cancel()


def run(work: Work) -> None:
    """Run to the end; a second Ctrl-C after it, such as a wrapper passes on, no longer matters."""
    asyncio.run(_listening(work))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


async def _listening(work: Work) -> None:
    stop, loop = Stop(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.hear)
    await work(stop)
