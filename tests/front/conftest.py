"""The door over HTTP in front of a small Bolt app, on a real database."""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse, ClientSession, web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult

from bot.clock import real_time
from bot.front import PATH, Front
from bot.slack.signing import SIGNED, signature
from storage.database import Database

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105  (made up)
FORM = "application/x-www-form-urlencoded"
PATIENCE = 0.5
WAIT = "wait"


@dataclass
class Door:
    """A door one can knock at, and what got through it."""

    client: ClientSession
    front: Front
    runner: web.AppRunner
    through: list[dict[str, Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    held: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def port(self) -> int:
        """Where it stands."""
        port: int = self.runner.addresses[0][1]
        return port

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    async def knock(self, body: bytes, **headers: str) -> ClientResponse:
        """Send these bytes with these headers; underscores stand for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(self.url, data=io.BytesIO(body), headers=named)

    async def signed(self, body: bytes, *, at: int = 0, secret: str = SECRET, **headers: str) -> ClientResponse:
        """The same, signed as Slack does, now or so many seconds from now."""
        return await self.knock(body, **(signs(body, at=at, secret=secret) | headers))


def signs(body: bytes, *, at: int = 0, secret: str = SECRET) -> dict[str, str]:
    """The headers of a signed request."""
    stamp = str(int(real_time().timestamp()) + at)
    return {
        "Content_Type": FORM,
        "X_Slack_Request_Timestamp": stamp,
        "X_Slack_Signature": signature(secret, stamp, body),
    }


def command(text: str = "help") -> bytes:
    """A slash command that is like no other."""
    return urlencode({"command": "/mentor", "text": text, "trigger_id": f"{time.monotonic_ns()}.1"}).encode()


def event(name: str = "Ev1") -> bytes:
    """An event, as JSON."""
    return json.dumps({"type": "event_callback", "event_id": name, "event": {"type": "team_join"}}).encode()


async def _as_the_bot() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="UBOT")  # noqa: S106  (no secret)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """A database of this test's own."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Door]:
    """A door, and behind it an app that remembers what it was handed."""
    app = AsyncApp(authorize=_as_the_bot, request_verification_enabled=False)
    front = Front(app, database, SECRET, real_time, read_seconds=PATIENCE)
    runner = front.runner(seconds=5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as client:
        opened = Door(client, front, runner)

        @app.command("/mentor")
        async def heard(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            opened.through.append(body)
            opened.names.append(context[SIGNED].digest)
            opened.entered.set()
            if body["text"] == WAIT:
                await opened.held.wait()
            await ack("Heard")

        yield opened
    await runner.cleanup()
