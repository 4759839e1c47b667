"""The two ways to Slack: a socket that the bot opens, or an address that Slack calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import real_time
from bot.front import Front
from storage.database import Database

LAST_ANSWERS = 10.0
Pages = Sequence[web.RouteDef]


class Line(Protocol):
    """How what happens in Slack comes in."""

    async def close(self) -> None:
        """Take nothing new; what is under way is still answered."""


class Socket:
    """Socket Mode: no address of one's own is needed, but for the pages where workspaces install the app."""

    def __init__(self, handler: Any, pages: web.AppRunner | None) -> None:  # noqa: ANN401  (Bolt leaves its methods untyped)
        self._handler, self._pages = handler, pages

    async def close(self) -> None:
        """Hang up."""
        if self._pages is not None:
            await self._pages.cleanup()
        await self._handler.close_async()


class Door:
    """HTTP: Slack posts to an address, behind a proxy that speaks TLS."""

    def __init__(self, front: Front, runner: web.AppRunner) -> None:
        self._front = front
        self._runner = runner

    async def close(self) -> None:
        """Let nothing new in, answer who is inside, then stop listening."""
        self._front.close()
        await self._runner.cleanup()


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where the bot listens, and the secret Slack signs with; without it, only pages are served there."""

    host: str
    port: int
    secret: str = ""


async def by_socket(app: AsyncApp, token: str, client: AsyncWebClient, door: Address | None, pages: Pages) -> Line:
    """Open a socket; connected when this returns. The pages, if there are any, are at the door."""
    runner = await _served(door, pages) if door is not None and pages else None
    try:
        handler: Any = AsyncSocketModeHandler(app, token, web_client=client)
        await handler.connect_async()
    except BaseException:
        if runner is not None:
            await runner.cleanup()
        raise
    return Socket(handler, runner)


async def _served(door: Address, pages: Pages) -> web.AppRunner:
    served = web.Application()
    served.add_routes(pages)
    return await _at(door, web.AppRunner(served, access_log=None, shutdown_timeout=LAST_ANSWERS))


async def by_http(app: AsyncApp, database: Database, address: Address, pages: Pages) -> Line:
    """Listen; an address that is taken raises OSError."""
    front = Front(app, database, address.secret, real_time, pages=pages)
    return Door(front, await _at(address, front.runner(LAST_ANSWERS)))


async def _at(address: Address, runner: web.AppRunner) -> web.AppRunner:
    await runner.setup()
    try:
        await web.TCPSite(runner, address.host, address.port).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner
