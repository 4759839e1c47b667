"""Puts the bot together: one place that knows every part and hands each what it needs."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import Answers
from bot.app import LONG_AGO, Shell
from bot.clock import Clock
from bot.commands.lines import Address, Line, by_http, by_socket
from bot.deeds import Deeds
from bot.directory import Directory
from bot.news import NEWS
from bot.outbox.courier import Courier
from bot.outbox.rows import Rows
from bot.rules.days import rules_version
from bot.scheduler import Ticking, Timekeeper
from bot.services.members import follow_rules
from bot.sweeps import TIMETABLE
from bot.watch import Watch
from handlers import ROUTES
from storage.database import Database
from storage.models.workspaces import Workspace
from storage.queries import workspaces
from storage.vault import Vault

log = logging.getLogger(__name__)
CALL_SECONDS = 10
DRAIN_SECONDS = 12
COURIER_SECONDS = 14
MAY_LOOK = "im:history"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Where Slack is, and what lets us in; with an `address` Slack calls us there, else `app` opens a socket."""

    api_url: str
    bot: str
    app: str
    address: Address | None = None


@dataclass(slots=True)
class Bot:
    """A running bot."""

    workspace_id: str
    database: Database
    clock: Clock
    vault: Vault
    directory: Directory
    courier: Courier
    timekeeper: Timekeeper
    shell: Shell
    client: AsyncWebClient
    web: aiohttp.ClientSession
    line: Line
    ticking: Ticking
    watch: Watch

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, close everything; what is owed waits in the outbox."""
        self.ticking.rest()
        await self.line.close()
        await self.shell.drain(DRAIN_SECONDS)
        if not await self.courier.stop(COURIER_SECONDS):
            log.warning("A message was on its way for too long; the next start finds out what became of it.")
        await self.ticking.end()
        await self.web.close()
        await asyncio.get_running_loop().run_in_executor(None, self.database.close)


async def start_bot(tokens: Tokens, database: Database, vault: Vault, clock: Clock, organisers: tuple[str, ...]) -> Bot:
    """Start everything and connect; ready when this returns. A dead token raises slack_sdk's SlackApiError."""
    web = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
    client = _client(tokens, tokens.bot, web)
    try:
        ourselves, may_look = await _introduce(client, database, clock, organisers)
        return await _start(tokens, web, client, _Parts(ourselves, database, vault, clock, may_look=may_look))
    except BaseException:
        await web.close()
        raise


@dataclass(frozen=True, slots=True)
class _Parts:
    ourselves: AuthorizeResult
    database: Database
    vault: Vault
    clock: Clock
    may_look: bool

    @property
    def workspace_id(self) -> str:
        return str(self.ourselves.team_id)


async def _start(tokens: Tokens, web: aiohttp.ClientSession, client: AsyncWebClient, parts: _Parts) -> Bot:
    database, clock, vault = parts.database, parts.clock, parts.vault
    directory = Directory(client, database, clock, vault, parts.workspace_id)
    await directory.load()
    await asyncio.wrap_future(database.write(lambda s: follow_rules(s, clock.now(), rules_version())))
    watch = Watch()
    courier = Courier(client, database, clock, Rows(NEWS, vault), may_look=parts.may_look, watch=watch)
    await courier.take_over()
    timekeeper = Timekeeper(TIMETABLE, database, clock, vault, courier, watch)
    shell = Shell(
        workspace_id=parts.workspace_id,
        deeds=Deeds(ROUTES, vault),
        database=database,
        clock=clock,
        directory=directory,
        answers=Answers(client, web, tokens.api_url),
        courier=courier,
        watch=watch,
        under_way=set(),
    )
    await shell.redo_unfinished(timedelta(0) if database.is_sqlite else LONG_AGO)
    line = await _connect(tokens, shell.listen(_bolt(client, parts.ourselves)), database, web)
    return Bot(
        workspace_id=parts.workspace_id,
        database=database,
        clock=clock,
        vault=vault,
        directory=directory,
        courier=courier,
        timekeeper=timekeeper,
        shell=shell,
        client=client,
        web=web,
        line=line,
        ticking=Ticking(timekeeper, courier, directory, shell.redo_unfinished, watch),
        watch=watch,
    )


def _bolt(client: AsyncWebClient, ourselves: AuthorizeResult) -> AsyncApp:
    """Bolt, which need not verify: over HTTP every request was, at the door, before a byte of it was parsed.

    Nor need it ask Slack who we are, which was asked at the start: where that failed it would tell whoever tapped
    first, in its own words, to install the app.

    Its loggers take the level of the one they are given, or else the root's, whatever their own parent says.
    """

    async def as_ourselves() -> AuthorizeResult:
        return ourselves

    return AsyncApp(
        client=client,
        authorize=as_ourselves,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,
        logger=logging.getLogger("slack_bolt"),
    )


async def _connect(tokens: Tokens, app: AsyncApp, database: Database, web: aiohttp.ClientSession) -> Line:
    if tokens.address is not None:
        return await by_http(app, database, tokens.address)
    return await by_socket(app, tokens.app, _client(tokens, tokens.app, web))


async def _introduce(
    client: AsyncWebClient, database: Database, clock: Clock, organisers: tuple[str, ...]
) -> tuple[AuthorizeResult, bool]:
    """Ask Slack who we are, and write the workspace down; (that, whether direct messages' history may be read)."""
    who: Any = await client.auth_test()
    workspace = Workspace(
        id=str(who["team_id"]),
        name=str(who["team"]),
        bot_user_id=str(who["user_id"]),
        known_since=clock.now(),
        organisers=list(organisers),
    )
    await asyncio.wrap_future(database.write(lambda session: workspaces.remember(session, workspace)))
    scopes = {scope.strip() for scope in str(who.headers.get("x-oauth-scopes", "")).split(",")}
    ourselves = AuthorizeResult.from_auth_test_response(bot_token=client.token, auth_test_response=who)
    return ourselves, MAY_LOOK in scopes


def _client(tokens: Tokens, token: str, web: aiohttp.ClientSession) -> AsyncWebClient:
    """A client that never retries by itself: a lost answer would post twice."""
    return AsyncWebClient(token=token, base_url=tokens.api_url, session=web, timeout=CALL_SECONDS, retry_handlers=[])
