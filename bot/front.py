"""The door for Slack over HTTP: nothing gets past it that Slack did not sign. Behind it is Bolt.

Each request goes in with the name of its signature, which is remembered in the transaction of whatever it does: so the
same bytes again do nothing and learn nothing, and no request costs a transaction more than it would by a socket.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.incoming import read_body
from bot.slack.signing import BODY_MOST, SIGNED, Signed, digest_of, refusal
from storage.database import Database, StoreUnavailableError
from storage.queries import signatures

log = logging.getLogger(__name__)

PATH = "/slack/events"
UNREADABLE, TOO_SLOW, AWAY = 400, 408, 503
READ_SECONDS = 5.0
TIDY = timedelta(minutes=1)


class Front:
    """Reads the raw bytes, checks who signed them, and lets each request in once; `now` is real time."""

    def __init__(
        self,
        app: AsyncApp,
        database: Database,
        secret: str,
        now: Callable[[], datetime],
        read_seconds: float = READ_SECONDS,
        pages: Sequence[web.RouteDef] = (),
    ) -> None:
        self._app = app
        self._database = database
        self._secret = secret
        self._now = now
        self._read_seconds = read_seconds
        self._pages = pages
        self._tidy_at = now()
        self._is_closing = False

    def runner(self, seconds: float) -> web.AppRunner:
        """The web server, every kind of request of Slack's at one address; a stop waits for those who are inside."""
        served = web.Application(client_max_size=BODY_MOST + 1, middlewares=[_without_traceback])
        served.router.add_post(PATH, self._answer)
        served.add_routes(self._pages)
        # Not unpacked on the way in: what was signed is what was sent, and a small body cannot swell.
        return web.AppRunner(served, access_log=None, shutdown_timeout=seconds, auto_decompress=False)

    def close(self) -> None:
        """Let nothing new in; Slack sends events again, and tells people that the app does not answer."""
        self._is_closing = True

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self._is_closing:
            return web.Response(status=AWAY)
        try:
            async with asyncio.timeout(self._read_seconds):
                body = await _read(request)
        except TimeoutError:
            return web.Response(status=TOO_SLOW)
        except ConnectionError:
            return web.Response(status=UNREADABLE)  # nobody is there any more to read it
        refused = refusal(self._secret, request.headers, body, self._now())
        if refused is not None:
            log.warning("A request was turned away.", extra={"status": int(refused)})
            return web.Response(status=refused)
        await self._tidy()
        return await self._hand_on(request, body)

    async def _tidy(self) -> None:
        """Once in a while forget the signatures that are too old to be let in again anyway."""
        now = self._now()
        if now < self._tidy_at:
            return
        self._tidy_at = now + TIDY
        try:
            await asyncio.wrap_future(self._database.write(lambda session: signatures.forget_old(session, now)))
        except StoreUnavailableError:
            log.exception("Old signatures could not be forgotten; that is tried again in a minute.")

    async def _hand_on(self, request: web.Request, body: bytes) -> web.StreamResponse:
        payload = read_body(body, request.content_type)
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))})
        # As a socket brings it: Bolt's own reading of a body loses a command with the word "payload" in it,
        # and minds headers that nobody signed.
        signed = Signed(digest_of(request.headers), self._now())
        asked = AsyncBoltRequest(body=payload, mode="socket_mode", context={SIGNED: signed})
        return await to_aiohttp_response(await self._app.async_dispatch(asked))


async def _read(request: web.Request) -> bytes:
    """The body as it came; one byte more than is allowed where it is longer, whatever its length claims."""
    read = bytearray()
    async for chunk in request.content.iter_any():
        read += chunk
        if len(read) > BODY_MOST:
            break
    return bytes(read[: BODY_MOST + 1])


@web.middleware
async def _without_traceback(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A signed request that cannot be read is refused in a number; nothing of it is logged."""
    try:
        return await handler(request)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as problem:
        log.warning("A signed request could not be read: %s.", type(problem).__name__)
        return web.Response(status=UNREADABLE)
