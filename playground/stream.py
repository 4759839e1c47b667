"""Telling open pages what changed: one queue a page; a page that cannot keep up is cut and reads everything again."""

import asyncio
from collections.abc import Iterable
from typing import Any

from playground.records import Json

LENGTH = 2000


class Stream:
    """Server-sent happenings; an audience limits one to some people, None is for everybody.

    `only` names the kinds that are told while a chapter is played: of a world in the making a page can draw nothing.
    """

    def __init__(self) -> None:
        self._pages: set[asyncio.Queue[Json | None]] = set()
        self.only: frozenset[str] | None = None

    @property
    def watched(self) -> bool:
        """Whether any page is open."""
        return bool(self._pages)

    def tell(self, kind: str, audience: Iterable[str] | None = None, /, **facts: Any) -> None:
        """Send one happening to every open page."""
        if not self._pages or (self.only is not None and kind not in self.only):
            return
        happening: Json = {"type": kind, "for": None if audience is None else list(audience), **facts}
        for page in list(self._pages):
            try:
                page.put_nowait(happening)
            except asyncio.QueueFull:
                self._pages.discard(page)
                _end(page)

    def open(self) -> asyncio.Queue[Json | None]:
        """A page's own queue; None on it means the stream is over."""
        page: asyncio.Queue[Json | None] = asyncio.Queue(LENGTH)
        self._pages.add(page)
        return page

    def close(self, page: asyncio.Queue[Json | None]) -> None:
        """The page went away."""
        self._pages.discard(page)

    def close_all(self) -> None:
        """The playground stops: every page is let go."""
        for page in self._pages:
            _end(page)
        self._pages.clear()


def _end(page: asyncio.Queue[Json | None]) -> None:
    if page.full():
        page.get_nowait()
    page.put_nowait(None)
