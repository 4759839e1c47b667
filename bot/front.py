"""The door for Slack over HTTP: nothing gets past it that Slack did not sign, and nothing twice. Behind it is Bolt."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.signing import BODY_MOST, Refusal, digest_of, refusal
from storage.database import Database, StoreUnavailableError
from storage.queries import signatures

log = logging.getLogger(__name__)

PATH = "/slack/events"
AWAY = 503


class Front:
    """Reads the raw bytes, checks who signed them, and lets each request in once; `now` is real time."""

    def __init__(self, app: AsyncApp, database: Database, secret: str, now: Callable[[], datetime]) -> None:
        self._app = app
        self._database = database
        self._secret = secret
        self._now = now
        self._is_closing = False

    def routes(self) -> web.Application:
        """The web application; every kind of request comes to one address."""
        served = web.Application(client_max_size=BODY_MOST + 1, middlewares=[_without_traceback])
        served.router.add_post(PATH, self._answer)
        return served

    def close(self) -> None:
        """Let nothing new in; Slack sends events again, and tells people that the app does not answer."""
        self._is_closing = True

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self._is_closing:
            return web.Response(status=AWAY)
        body = await _read(request)
        refused = refusal(self._secret, request.headers, body, self._now())
        if refused is not None:
            log.warning("A request was turned away.", extra={"status": int(refused)})
            return web.Response(status=refused)
        try:
            is_first = await self._is_first(digest_of(request.headers))
        except StoreUnavailableError:
            log.exception("A request could not be written down; Slack will send it again.")
            return web.Response(status=AWAY)
        if not is_first:
            log.warning("A request came a second time with the same signature, and was turned away.")
            return web.Response(status=Refusal.NOT_SLACKS)
        return await self._hand_on(request, body)

    async def _is_first(self, digest: str) -> bool:
        now = self._now()
        return await asyncio.wrap_future(self._database.write(lambda s: signatures.is_first(s, digest, now)))

    async def _hand_on(self, request: web.Request, body: bytes) -> web.StreamResponse:
        text = body.decode("utf-8", errors="replace")
        if (challenge := _challenge(text)) is not None:
            return web.json_response({"challenge": challenge})
        headers: Any = {name: [value] for name, value in request.headers.items()}
        asked = AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))


async def _read(request: web.Request) -> bytes:
    """The body as it came; one byte more than is allowed where it is longer, whatever its length claims."""
    read = bytearray()
    async for chunk in request.content.iter_any():
        read += chunk
        if len(read) > BODY_MOST:
            break
    return bytes(read[: BODY_MOST + 1])


def _challenge(text: str) -> str | None:
    """What Slack wants to hear back when it is told of this address."""
    if "url_verification" not in text:
        return None
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_check = isinstance(asked, dict) and asked.get("type") == "url_verification"
    return str(asked.get("challenge", "")) if is_check else None


@web.middleware
async def _without_traceback(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A signed request that cannot be read is refused in words; nothing of it is logged."""
    try:
        return await handler(request)
    except (ValueError, RecursionError, LookupError) as problem:
        log.warning("A signed request could not be read: %s.", type(problem).__name__)
        return web.Response(status=400)
