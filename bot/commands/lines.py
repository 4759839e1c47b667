"""The two ways to Slack: a socket that the bot opens, or an address that Slack calls."""

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


class Line(Protocol):
    """How what happens in Slack comes in."""

    async def close(self) -> None:
        """Take nothing new; what is under way is still answered."""


class Socket:
    """Socket Mode: no address of one's own is needed."""

    def __init__(self, handler: Any) -> None:  # noqa: ANN401  (Bolt leaves its methods untyped)
        self._handler = handler

    async def close(self) -> None:
        """Hang up."""
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


@dataclass(frozen=True, slots=True)
class Address:
    """Where the bot listens, and the secret Slack signs with."""

    host: str
    port: int
    secret: str


async def by_socket(app: AsyncApp, token: str, client: AsyncWebClient) -> Line:
    """Open a socket; connected when this returns."""
    handler: Any = AsyncSocketModeHandler(app, token, web_client=client)
    await handler.connect_async()
    return Socket(handler)


async def by_http(app: AsyncApp, database: Database, address: Address) -> Line:
    """Listen; an address that is taken raises OSError."""
    front = Front(app, database, address.secret, real_time)
    runner = front.runner(LAST_ANSWERS)
    await runner.setup()
    await web.TCPSite(runner, address.host, address.port).start()
    return Door(front, runner)
