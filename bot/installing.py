"""Installing by OAuth: Bolt's own flow, with stores of ours, since its own keep tokens as plain text.

What a visitor asks for writes nothing: the state is a text that only we can make, and is remembered once it was used.
"""

import asyncio
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.clients import Api, AppSecrets
from bot.clock import Clock, real_time
from bot.services import installations as services
from bot.views import installing as pages
from storage.database import Database, StoreUnavailableError
from storage.queries import signatures
from storage.queries.installations import Installed, Tokens
from storage.vault import Vault

log = logging.getLogger(__name__)

INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
LASTS = timedelta(minutes=10)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"default-src 'none'; style-src '{pages.STYLE_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
AWAY, UNFORESEEN, LONGEST = 503, 500, 4096


class OrgInstallError(BoltError):
    """The whole organisation was chosen; we live in workspaces."""


class States(AsyncOAuthStateStore):
    """A state is single-use, ends after ten minutes, and is worth nothing without the cookie of its browser."""

    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime] = real_time) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def async_issue(self, *_: object, **__: object) -> str:
        """Make one that nobody else can make."""
        body = f"{secrets.token_urlsafe(24)}.{int((self._now() + LASTS).timestamp())}"
        return f"{body}.{self._signed(body)}"

    async def async_consume(self, state: str) -> bool:
        """Take it, once, in whichever process it comes back to."""
        body, _, signed = state.rpartition(".")
        ends = body.rpartition(".")[2]
        if not hmac.compare_digest(signed.encode(), self._signed(body).encode()) or int(ends) < self._now().timestamp():
            return False
        # Kept for as long as it could come again.
        until = datetime.fromtimestamp(int(ends), UTC)
        used = self._database.write(lambda session: signatures.is_first(session, self._vault.fingerprint(state), until))
        return await asyncio.wrap_future(used)

    def _signed(self, body: str) -> str:
        return self._vault.fingerprint(f"state|{body}")


class Store(AsyncInstallationStore):
    """Where an installation goes: sealed, with its workspace, in one transaction."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, organisers: Sequence[str] = ()) -> None:
        self._database, self._vault, self._clock, self._organisers = database, vault, clock, organisers

    async def async_save(self, installation: Installation) -> None:
        """Write it down; raises BoltError where that is not possible."""
        if installation.is_enterprise_install or not installation.team_id:
            raise OrgInstallError
        now = self._clock.now()
        installed = _read(installation, now - real_time())
        name = installation.team_name or "your workspace"
        saved = self._database.write(
            lambda session: services.move_in(session, self._vault, installed, name, now, self._organisers),
            durable=True,
        )
        try:
            await asyncio.wrap_future(saved)
        except StoreUnavailableError as problem:
            log.exception("An installation could not be written down.")
            raise BoltError from problem


def _read(found: Installation, ahead: timedelta) -> Installed:
    """What Slack said; the library tells the token's end by the real clock, and ours may be ahead of it."""
    ends = found.bot_token_expires_at
    return Installed(
        workspace_id=str(found.team_id),
        app_id=str(found.app_id or ""),
        bot_user=str(found.bot_user_id),
        by=found.user_id,
        scopes=",".join(found.bot_scopes or ()),
        tokens=Tokens(
            bot=str(found.bot_token),
            refresh=found.bot_refresh_token or "",
            expires_at=datetime.fromtimestamp(ends, UTC) + ahead if ends else None,
        ),
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """The app as it is offered to workspaces: at which address, asking for what."""

    secrets: AppSecrets
    url: str
    authorize_url: str
    scopes: tuple[str, ...]
    app_url: str = ""


class Installing:
    """The two pages; `moved_in` is told of every workspace that installed the app."""

    def __init__(
        self, api: Api, listing: Listing, states: States, store: Store, moved_in: Callable[[str], Awaitable[None]]
    ) -> None:
        self._listing = listing
        self._moved_in = moved_in
        settings = AsyncOAuthSettings(
            client_id=listing.secrets.client_id,
            client_secret=listing.secrets.client_secret,
            scopes=listing.scopes,
            redirect_uri=f"{listing.url}{BACK}",
            authorization_url=listing.authorize_url,
            install_page_rendering_enabled=False,
            installation_store=store,
            state_store=states,
            state_expiration_seconds=int(LASTS.total_seconds()),
            callback_options=AsyncCallbackOptions(success=self._succeeded, failure=self._failed),
            logger=logging.getLogger("slack_bolt"),
        )
        self._flow = AsyncOAuthFlow(client=api.client(), settings=settings, logger=logging.getLogger("slack_bolt"))

    def routes(self) -> list[web.RouteDef]:
        """Where to begin, and where Slack sends the browser back to."""
        return [web.get(INSTALL, self._begin), web.get(BACK, self._end)]

    async def _begin(self, request: web.Request) -> web.StreamResponse:
        answer = await self._flow.handle_installation(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async def _end(self, request: web.Request) -> web.StreamResponse:
        if len(request.query_string) > LONGEST:
            return await to_aiohttp_response(self._page("invalid_state", 400))
        try:
            answer = await self._flow.handle_callback(await to_bolt_request(request))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, StoreUnavailableError) as problem:
            log.warning("An installation was cut off: %s.", type(problem).__name__)
            answer = self._page("away", AWAY)
        except Exception:
            log.exception("Nobody foresaw this in an installation.")
            answer = self._page("unforeseen", UNFORESEEN)
        return await to_aiohttp_response(answer)

    async def _succeeded(self, told: AsyncSuccessArgs) -> BoltResponse:
        found = told.installation
        log.info("The app was installed in a workspace.", extra={"workspace": found.team_id})
        await self._moved_in(str(found.team_id))
        link = f"{self._listing.app_url}?app={found.app_id}&team={found.team_id}" if self._listing.app_url else ""
        return BoltResponse(
            status=200, body=pages.installed(found.team_name or "your workspace", link), headers=dict(HEADERS)
        )

    async def _failed(self, told: AsyncFailureArgs) -> BoltResponse:
        reason = "org_install" if isinstance(told.error, OrgInstallError) else told.reason
        log.warning("The app was not installed: %s.", reason if reason in pages.WHY_NOT else "another reason")
        return self._page(reason, told.suggested_status_code)

    def _page(self, reason: str, status: int) -> BoltResponse:
        return BoltResponse(status=status, body=pages.not_installed(reason, INSTALL), headers=dict(HEADERS))
