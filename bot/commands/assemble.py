"""Puts the bot together: one place that knows every part and hands each what it needs."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.answers import Answers
from bot.app import LONG_AGO, Shell
from bot.clients import Api, AppSecrets, Clients, FromInstallations, Given, Seat, connections, scopes_in
from bot.clock import Clock
from bot.commands.lines import Address, Line, Pages, by_http, by_socket
from bot.deeds import Deeds
from bot.directory import Directory
from bot.installing import Installing, Listing, States, Store
from bot.news import NEWS
from bot.outbox.courier import Courier
from bot.outbox.rows import Rows
from bot.rules.days import rules_version
from bot.scheduler import Ticking, Timekeeper
from bot.services.installations import name_organisers
from bot.services.members import follow_rules
from bot.settings import AUTHORIZE, SLACK_API
from bot.sweeps import TIMETABLE
from bot.watch import Watch
from handlers import ROUTES
from storage.database import Database
from storage.models.workspaces import Workspace
from storage.queries import workspaces
from storage.vault import Vault

log = logging.getLogger(__name__)
DRAIN_SECONDS = 12
COURIER_SECONDS = 14


@dataclass(frozen=True, slots=True, repr=False)
class Oauth:
    """What it takes for workspaces to install the app by themselves; `url` is where people's browsers find us."""

    client_id: str
    client_secret: str
    url: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """Where Slack is, and what lets us in.

    `bot` is one token, or one a workspace; without any, workspaces install the app by `oauth`. Slack calls us at
    `address` if it has a secret, else `app` opens a socket. The pages of an installation are at `address` either way.
    """

    api_url: str
    bot: str | Sequence[str]
    app: str
    address: Address | None = None
    oauth: Oauth | None = None

    @property
    def bots(self) -> list[str]:
        """Every bot token."""
        return [self.bot] if isinstance(self.bot, str) and self.bot else list(self.bot)


@dataclass(slots=True)
class Bot:
    """A running bot."""

    database: Database
    clock: Clock
    vault: Vault
    clients: Clients
    directory: Directory
    courier: Courier
    timekeeper: Timekeeper
    shell: Shell
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


@dataclass(frozen=True, slots=True)
class _Ground:
    """What everything stands on."""

    tokens: Tokens
    api: Api
    database: Database
    vault: Vault
    clock: Clock
    organisers: tuple[str, ...]


async def start_bot(tokens: Tokens, database: Database, vault: Vault, clock: Clock, organisers: tuple[str, ...]) -> Bot:
    """Start everything and connect; ready when this returns. A dead token raises slack_sdk's SlackApiError."""
    web = connections()
    ground = _Ground(tokens, Api(tokens.api_url, web), database, vault, clock, organisers)
    try:
        return await _start(ground, await _clients(ground))
    except BaseException:
        await web.close()
        raise


async def _clients(ground: _Ground) -> Clients:
    """By whom we speak: tokens that were set, each asked who it is, or what the database knows of installations."""
    oauth = ground.tokens.oauth
    if oauth is None:
        return Given(dict([await _introduce(ground, token) for token in ground.tokens.bots]))
    secrets = AppSecrets(oauth.client_id, oauth.client_secret)
    naming = ground.database.write(lambda session: name_organisers(session, ground.organisers))
    await asyncio.wrap_future(naming)
    clients = FromInstallations(ground.api, secrets, ground.database, ground.vault, ground.clock)
    await clients.load()
    return clients


async def _introduce(ground: _Ground, token: str) -> tuple[str, Seat]:
    """Ask Slack who we are with this token, and write the workspace down."""
    client = ground.api.client(token)
    who: Any = await client.auth_test()
    workspace = Workspace(
        id=str(who["team_id"]),
        name=str(who["team"]),
        bot_user_id=str(who["user_id"]),
        known_since=ground.clock.now(),
        organisers=list(ground.organisers),
    )
    await asyncio.wrap_future(ground.database.write(lambda session: workspaces.remember(session, workspace)))
    scopes = scopes_in(str(who.headers.get("x-oauth-scopes", "")))
    return workspace.id, Seat(client, workspace.bot_user_id, scopes)


async def _start(ground: _Ground, clients: Clients) -> Bot:
    database, clock, vault = ground.database, ground.clock, ground.vault
    directory = Directory(clients, database, clock, vault)
    await directory.load()
    await asyncio.wrap_future(database.write(lambda s: follow_rules(s, clock.now(), rules_version())))
    watch = Watch()
    courier = Courier(clients, database, clock, Rows(NEWS, vault), watch=watch)
    await courier.take_over()
    timekeeper = Timekeeper(TIMETABLE, database, clock, vault, courier, watch)
    shell = Shell(
        clients=clients,
        deeds=Deeds(ROUTES, vault),
        database=database,
        clock=clock,
        directory=directory,
        answers=Answers(clients, ground.api.web, ground.api.url),
        courier=courier,
        watch=watch,
        under_way=set(),
    )
    await shell.redo_unfinished(timedelta(0) if database.is_sqlite else LONG_AGO)
    line = await _connect(ground, shell.listen(_bolt(ground.api, clients)), _pages(ground, shell))
    return Bot(
        database=database,
        clock=clock,
        vault=vault,
        clients=clients,
        directory=directory,
        courier=courier,
        timekeeper=timekeeper,
        shell=shell,
        web=ground.api.web,
        line=line,
        ticking=Ticking(timekeeper, courier, directory, clients, shell.redo_unfinished, watch),
        watch=watch,
    )


def _bolt(api: Api, clients: Clients) -> AsyncApp:
    """Bolt, which need not verify: over HTTP every request was, at the door, before a byte of it was parsed.

    Nor need it ask Slack who we are: where that failed it would tell whoever tapped first, in its own words, to
    install the app. Which workspace of ours it is, and whether we are in it at all, is the shell's to say.

    Its loggers take the level of the one they are given, or else the root's, whatever their own parent says.
    """

    async def as_ourselves(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_user_id=clients.bot_user_in(team_id or "") or None
        )

    return AsyncApp(
        client=api.client(),
        authorize=as_ourselves,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,
        logger=logging.getLogger("slack_bolt"),
    )


def _pages(ground: _Ground, shell: Shell) -> Pages:
    """Where workspaces install the app, if they may."""
    oauth = ground.tokens.oauth
    if oauth is None:
        return ()
    origin = ground.api.url.removesuffix("api/")
    listing = Listing(
        secrets=AppSecrets(oauth.client_id, oauth.client_secret),
        url=oauth.url,
        authorize_url=f"{origin}{AUTHORIZE}",
        scopes=oauth.scopes,
        app_url=f"{origin}app_redirect" if ground.api.url == SLACK_API else "",
    )
    states = States(ground.database, ground.vault)
    store = Store(ground.database, ground.vault, ground.clock, ground.organisers)
    return Installing(ground.api, listing, states, store, shell.move_in).routes()


async def _connect(ground: _Ground, app: AsyncApp, pages: Pages) -> Line:
    tokens, door = ground.tokens, ground.tokens.address
    if door is not None and door.secret:
        return await by_http(app, ground.database, door, pages)
    return await by_socket(app, tokens.app, ground.api.client(tokens.app), door, pages)
