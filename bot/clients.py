"""Who speaks where: a Slack client for each workspace, with tokens of the environment's or those of an installation.

None of them ever retries by itself: a lost answer would post twice.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.clock import Clock
from storage.database import Database
from storage.queries import installations, workspaces
from storage.queries.installations import Installed, Tokens
from storage.vault import UnreadableError, Vault

log = logging.getLogger(__name__)

CALL_SECONDS = 10
MAY_LOOK = "im:history"
BELIEVED = timedelta(minutes=1)
"""How long an installation is taken to be as it was: another process may have dropped or renewed it meanwhile."""
EARLY = timedelta(hours=2)  # of the twelve that a rotating token lives
MINE = timedelta(seconds=30)
"""How long one process alone may ask for the next token; where that failed, also how long nobody asks again."""
ANOTHERS, LOOKS = 0.5, 10
REFUSED = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)


class NoTokenError(Exception):
    """There is nothing to speak with in this workspace: uninstalled, or its next token could not be had just now."""


class Clients(Protocol):
    """What the courier, the directory and the answers ask."""

    async def of(self, workspace_id: str) -> AsyncWebClient:
        """The client to speak with there; raises NoTokenError."""

    async def is_old(self, workspace_id: str, client: AsyncWebClient) -> bool:
        """Whether Slack may have refused this client because there is another token by now."""

    async def load(self) -> None:
        """Look where we are, and renew what is about to end."""

    async def part(self, workspace_id: str, when: datetime) -> bool:
        """We were uninstalled there at this moment; False if that is old news, or not ours to follow."""

    def forget(self, workspace_id: str) -> None:
        """Look again before the next word there."""

    def may_look(self, workspace_id: str) -> bool:
        """Whether direct messages' history may be read there, as far as is known."""

    def bot_user_in(self, workspace_id: str) -> str:
        """Who we are there; empty where that is not known."""

    async def lives_in(self, workspace_id: str) -> bool:
        """Whether we are installed there, be there a token to speak with just now or not."""

    @property
    def is_fixed(self) -> bool:
        """Whether no workspace can come or go while we run."""

    @property
    def workspace_ids(self) -> Sequence[str]:
        """Every workspace we are installed in, as far as is known."""


def connections() -> aiohttp.ClientSession:
    """One pool of connections for all; none of them waits longer than a call may take."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))


@dataclass(frozen=True, slots=True)
class Api:
    """Slack's Web API at one address, over one pool of connections."""

    url: str
    web: aiohttp.ClientSession

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client that speaks with this token."""
        return AsyncWebClient(token=token, base_url=self.url, session=self.web, timeout=CALL_SECONDS, retry_handlers=[])


@dataclass(frozen=True, slots=True)
class Seat:
    """A client and what it was granted; where it comes from an installation, until when that is believed."""

    client: AsyncWebClient
    bot_user: str
    scopes: frozenset[str]
    until: datetime | None = None


def scopes_in(said: str) -> frozenset[str]:
    """Scopes as Slack lists them, with commas between."""
    return frozenset(each.strip() for each in said.split(",") if each.strip())


class Seats:
    """What is known of the workspaces we are in."""

    is_fixed = False

    def __init__(self, seats: Mapping[str, Seat] = MappingProxyType({})) -> None:
        self._seats = dict(seats)

    def may_look(self, workspace_id: str) -> bool:
        """Whether direct messages' history may be read there, as far as is known."""
        return workspace_id in self._seats and MAY_LOOK in self._seats[workspace_id].scopes

    def bot_user_in(self, workspace_id: str) -> str:
        """Who we are there; empty where that is not known."""
        return self._seats[workspace_id].bot_user if workspace_id in self._seats else ""


class Given(Seats):
    """Workspaces whose tokens were set by hand: for as long as this process lives, and whoever set them cleans up."""

    is_fixed = True

    @property
    def workspace_ids(self) -> Sequence[str]:
        """Every workspace with a token."""
        return sorted(self._seats)

    async def lives_in(self, workspace_id: str) -> bool:
        """Whether there is a token for it."""
        return workspace_id in self._seats

    async def of(self, workspace_id: str) -> AsyncWebClient:
        """The client to speak with there."""
        if workspace_id not in self._seats:
            raise NoTokenError
        return self._seats[workspace_id].client

    async def is_old(self, workspace_id: str, client: AsyncWebClient) -> bool:  # noqa: ARG002  (it is the only one there is)
        """Never: there is no other."""
        return False

    async def load(self) -> None:
        """All is known from the start."""

    async def part(self, workspace_id: str, when: datetime) -> bool:  # noqa: ARG002  (what was set by hand is taken back by hand)
        """The token stays set, and what is owed waits for the next."""
        return False

    def forget(self, workspace_id: str) -> None:
        """There is nothing to look for again."""


class FromInstallations(Seats):
    """Workspaces that installed the app: read from the database, and kept in tokens that rotate."""

    def __init__(self, api: Api, secrets: "AppSecrets", database: Database, vault: Vault, clock: Clock) -> None:
        super().__init__()
        self._installed: set[str] = set()
        self._api, self._secrets = api, secrets
        self._database, self._vault, self._clock = database, vault, clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def workspace_ids(self) -> Sequence[str]:
        """Every workspace that has the app, as far as is known."""
        return sorted(self._installed)

    async def lives_in(self, workspace_id: str) -> bool:
        """Whether the app is installed there; another process may have seen to that a moment ago."""
        if workspace_id in self._installed:
            return True
        self._installed = set(await asyncio.wrap_future(self._database.read(installations.all_ids)))
        return workspace_id in self._installed

    async def load(self) -> None:
        """Look where the app is installed; a token that is about to end is renewed on the way."""
        self._installed = set(await asyncio.wrap_future(self._database.read(installations.all_ids)))
        for gone in self._seats.keys() - self._installed:
            self.forget(gone)
        for workspace_id in self.workspace_ids:
            try:
                await self.of(workspace_id)
            except NoTokenError:
                log.warning("There is no token to speak with in a workspace.", extra={"workspace": workspace_id})

    def forget(self, workspace_id: str) -> None:
        """Look again before the next word there: it was installed or uninstalled a moment ago."""
        self._seats.pop(workspace_id, None)

    async def part(self, workspace_id: str, when: datetime) -> bool:
        """Forget the tokens at once and do nothing there any more, unless the app was installed again since."""
        now = self._clock.now()

        def leave(session: Session) -> bool:
            return installations.drop(session, workspace_id, when) and workspaces.leave(session, workspace_id, now)

        has_left = await asyncio.wrap_future(self._database.write(leave, durable=True))
        self.forget(workspace_id)
        if has_left:
            self._installed.discard(workspace_id)
        return has_left

    async def is_old(self, workspace_id: str, client: AsyncWebClient) -> bool:
        """Look again: another process may have renewed the token, or somebody installed the app anew."""
        self.forget(workspace_id)
        try:
            return (await self.of(workspace_id)).token != client.token
        except NoTokenError:
            return False

    async def of(self, workspace_id: str) -> AsyncWebClient:
        """The client to speak with there."""
        seat = self._seats.get(workspace_id)
        if seat is not None and seat.until is not None and self._clock.now() < seat.until:
            return seat.client
        async with self._turns[workspace_id]:
            seat = await self._look(workspace_id)
            return seat.client

    async def _look(self, workspace_id: str) -> Seat:
        """What the database says now; a token that ends soon is renewed, here or by whoever is at it."""
        for _ in range(LOOKS):
            found = await self._read(workspace_id)
            now, ends = self._clock.now(), found.tokens.expires_at
            if ends is None or now < ends - EARLY:
                return self._seated(found, now + BELIEVED)
            if await self._may_renew(found, now):
                found = await self._renewed(found, now)
            if found.tokens.expires_at is not None and now < found.tokens.expires_at:
                return self._seated(found, min(now + BELIEVED, found.tokens.expires_at))
            await asyncio.sleep(ANOTHERS)
        raise NoTokenError

    def _seated(self, found: Installed, until: datetime) -> Seat:
        seat = Seat(self._api.client(found.tokens.bot), found.bot_user, scopes_in(found.scopes), until)
        self._seats[found.workspace_id] = seat
        return seat

    async def _read(self, workspace_id: str) -> Installed:
        try:
            found = await asyncio.wrap_future(
                self._database.read(lambda session: installations.of(session, self._vault, workspace_id))
            )
        except UnreadableError as problem:
            log.error("An installation was sealed with another key.", extra={"workspace": workspace_id})  # noqa: TRY400  (a traceback says nothing more)
            raise NoTokenError from problem
        if found is None:
            self.forget(workspace_id)
            self._installed.discard(workspace_id)
            raise NoTokenError
        self._installed.add(workspace_id)
        return found

    async def _may_renew(self, found: Installed, now: datetime) -> bool:
        here, seen = found.workspace_id, found.tokens.expires_at or now
        mine = self._database.write(
            lambda session: installations.may_renew(session, here, seen, now, now + MINE), durable=True
        )
        return await asyncio.wrap_future(mine)

    async def _renewed(self, found: Installed, now: datetime) -> Installed:
        """The next pair of tokens, written down; where Slack gives none, what is there is all there is."""
        here = found.workspace_id
        try:
            answer: Any = await self._api.client().oauth_v2_access(
                client_id=self._secrets.client_id,
                client_secret=self._secrets.client_secret,
                grant_type="refresh_token",
                refresh_token=found.tokens.refresh,
            )
        except REFUSED as problem:
            said = str(problem.response.get("error")) if isinstance(problem, SlackApiError) else type(problem).__name__
            log.error("A token could not be renewed: %s.", said, extra={"workspace": here})  # noqa: TRY400  (a traceback says nothing more)
            if found.tokens.expires_at is None or now >= found.tokens.expires_at:
                raise NoTokenError from problem
            return found
        tokens = Tokens(str(answer["access_token"]), str(answer["refresh_token"]), ends_at(answer, now))
        kept = self._database.write(
            lambda session: installations.renew(session, self._vault, here, tokens), durable=True
        )
        if not await asyncio.wrap_future(kept):
            raise NoTokenError
        return replace(found, tokens=tokens)


@dataclass(frozen=True, slots=True, repr=False)
class AppSecrets:
    """What proves to Slack that we are the app."""

    client_id: str
    client_secret: str


def ends_at(answer: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the token of such an answer ends; None if it does not."""
    seconds = answer.get("expires_in")
    return None if not seconds else now + timedelta(seconds=int(seconds))
