"""Who goes first: what is done unasked steps back for a moment while somebody waits for an answer."""

import asyncio
import contextlib
from collections.abc import Iterator

PATIENCE = 0.2
"""Seconds that a batch steps back at most; people may come one after another for as long as they like."""


class Quiet:
    """Knows whether anybody waits for an answer now.

    A thread of its own for what sweeps is not enough: all threads share one interpreter, and each of an answer's dozen
    steps would wait for its turn there as well.
    """

    def __init__(self) -> None:
        self._waiting = 0
        self._has_come = asyncio.Event()
        self._has_come.set()

    @contextlib.contextmanager
    def kept_waiting(self) -> Iterator[None]:
        """Somebody waits for an answer meanwhile."""
        self._waiting += 1
        self._has_come.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._has_come.set()

    async def comes(self) -> None:
        """Return once nobody waits for an answer, or when patience ends."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._has_come.wait(), PATIENCE)
