"""`mentorbot` and `mentorbot playground`: run until told to stop, and stop cleanly."""

import argparse
import contextlib
import errno
import fcntl
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from sqlalchemy import make_url

from bot.clock import Clock
from bot.commands.assemble import Bot, Oauth, Tokens, start_bot
from bot.commands.collecting import collect_seldom
from bot.commands.lines import Address
from bot.commands.manifests import manifest
from bot.commands.stopping import Stop, run
from bot.commands.world import start_world
from bot.front import PATH
from bot.installing import INSTALL
from bot.outbox.slack_errors import code_of
from bot.settings import SLACK_API, Settings, SettingsError
from storage.database import Database
from storage.migrations import run as migrations

HTTP_PORT, PLAYGROUND_PORT = 3000, 8484
NOT_OURS = (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES)
UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError)


def command(settings: Settings, options: argparse.Namespace) -> int:
    """Run on Slack where its tokens are set, else in the playground, and say which."""
    if options.http is not None:
        address = _address(settings, options)
        run(lambda stop: _on_slack(settings, address, stop))
        return 0
    if settings.has_http and not settings.has_slack:
        message = (
            "SLACK_SIGNING_SECRET is set and SLACK_APP_TOKEN is not: where Slack is to call the bot, "
            "start it with `mentorbot run --http`; for a socket, set SLACK_APP_TOKEN."
        )
        raise SettingsError(message)
    if not settings.has_slack:
        print("No Slack tokens are set, so this is the playground: a workspace on this computer.")
        return playground(settings, options)
    run(lambda stop: _on_slack(settings, _pages(settings, options), stop))
    return 0


def _address(settings: Settings, options: argparse.Namespace) -> Address:
    """Where Slack's calls are to arrive; refused with one sentence for what is missing."""
    if not settings.has_http:
        missing = "SLACK_SIGNING_SECRET (Basic Information)" if settings.may_speak else "SLACK_BOT_TOKEN"
        message = f"{missing} is missing: over HTTP the bot needs its bot token and the app's signing secret."
        raise SettingsError(message)
    port = HTTP_PORT if options.port is None else options.port
    return Address(settings.http_host, port, settings.slack_signing_secret.get_secret_value())


def _pages(settings: Settings, options: argparse.Namespace) -> Address | None:
    """Where the pages of an installation are beside a socket, if there are any."""
    port = HTTP_PORT if options.port is None else options.port
    return Address(settings.http_host, port) if settings.has_oauth else None


def tokens_of(settings: Settings, address: Address | None) -> Tokens:
    """What lets us in, as it was set."""
    oauth = None
    if settings.has_oauth:
        secret = settings.slack_client_secret.get_secret_value()
        scopes = tuple(manifest()["oauth_config"]["scopes"]["bot"])
        oauth = Oauth(settings.slack_client_id, secret, settings.url, scopes)
    app = settings.slack_app_token.get_secret_value()
    return Tokens(settings.slack_api_url, settings.bot_tokens, app, address, oauth)


def playground(settings: Settings, options: argparse.Namespace) -> int:
    """Run the bot in a workspace on this computer."""
    run(lambda stop: _in_playground(settings, options, stop))
    return 0


async def _in_playground(settings: Settings, options: argparse.Namespace, stop: Stop) -> None:
    port = PLAYGROUND_PORT if options.port is None else options.port
    with only_one(settings.home / "playground.lock"):
        world = await stop.unless_asked(start_world(settings.home, port=port, fresh=options.fresh))
        if world is None:
            return
        try:
            async with seen(world.bot, settings):
                collect_seldom(one_writer=world.bot.database.is_sqlite)
                print("Runs on this computer. Nothing leaves it. Stop with Ctrl-C.")
                print(world.playground.url, flush=True)
                await stop.asked.wait()
        finally:
            await stop.unless_hurried(world.stop())
    print("Stopped. Your story is where you left it.")


async def _on_slack(settings: Settings, address: Address | None, stop: Stop) -> None:
    if settings.slack_api_url != SLACK_API:
        print(f"ATTENTION: this is not Slack. Everything goes to {settings.slack_api_url}", file=sys.stderr)
    tokens = tokens_of(settings, address)
    with only_one(lock) if (lock := lock_of(settings)) else contextlib.nullcontext():
        database = open_database(settings)
        bot = await stop.unless_asked(_connect(tokens, database, settings))
        if bot is None:
            database.close()
            return
        try:
            async with seen(bot, settings):
                collect_seldom(one_writer=database.is_sqlite)
                print(f"{_where(address)}. Stop with Ctrl-C.", flush=True)
                if settings.has_oauth:
                    print(f"Workspaces install the app at {settings.url}{INSTALL}", flush=True)
                await stop.asked.wait()
        finally:
            await stop.unless_hurried(bot.stop())


def _where(address: Address | None) -> str:
    if address is None or not address.secret:
        return "Connected to Slack"
    return f"Listening for Slack at {address.host}:{address.port}{PATH}"


def lock_of(settings: Settings) -> Path | None:
    """Beside the SQLite file, whichever home it is reached from; PostgreSQL is made for several."""
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite":
        return None
    return Path(f"{Path(url.database or '').absolute().resolve()}.lock")


@asynccontextmanager
async def seen(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    """Answer on the port for health, if one is set."""
    if settings.health_port is None:
        yield
        return
    from bot.health import Doctor, routes

    runner = web.AppRunner(routes(Doctor(bot.watch, bot.courier, bot.database, bot.clock)), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.health_host, settings.health_port).start()
    except OSError as problem:
        message = (
            f"Health can't be shown at {settings.health_host}:{settings.health_port} ({_reason(problem)}). "
            "Set MENTORBOT_HEALTH_PORT to another port, or to nothing."
        )
        raise SettingsError(message) from problem
    print(f"Health at http://{settings.health_host}:{runner.addresses[0][1]}/health, /metrics beside it.", flush=True)
    try:
        yield
    finally:
        await runner.cleanup()


async def _connect(tokens: Tokens, database: Database, settings: Settings) -> Bot:
    try:
        return await start_bot(tokens, database, settings.vault(), Clock(), settings.organisers)
    except (SlackApiError, *UNREACHABLE) as problem:
        database.close()
        raise SettingsError(_why(problem, settings)) from problem


def _why(problem: Exception, settings: Settings) -> str:
    if isinstance(problem, OSError) and problem.errno in NOT_OURS:
        return f"The port for Slack's calls can't be opened ({_reason(problem)}). Give another with --port."
    if isinstance(problem, SlackApiError):
        return f"Slack refused the tokens ({code_of(problem)}). `mentorbot doctor` checks each of them."
    return f"{settings.slack_api_url} can't be reached from here. Check the network and any proxy, then start again."


def _reason(problem: OSError) -> str:
    return os.strerror(problem.errno) if problem.errno else type(problem).__name__


def open_database(settings: Settings) -> Database:
    """Open the database at this program's own revision: SQLite is brought there, PostgreSQL must stand there."""
    database = Database(settings.database)
    if database.is_sqlite:
        migrations.upgrade(settings.database)
        return database
    found = migrations.revision_of(settings.database)
    if found is not None and found > migrations.HEAD:
        raise migrations.NewerThanProgramError(found)
    if found != migrations.HEAD:
        message = (
            f"The database is at revision {found or 'none'}, this program needs {migrations.HEAD}. "
            "Run `mentorbot migrate` first."
        )
        raise SettingsError(message)
    return database


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """One process a file: a second is told so, instead of two writing to one; the system frees a killed one's lock."""
    try:
        file = lock.open("w")
    except OSError as problem:
        message = f"{lock.parent} can't be written to ({problem.strerror}). Check MENTORBOT_DATABASE_URL and --home."
        raise SettingsError(message) from problem
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            message = (
                f"mentorbot is already running with {lock.parent}. Stop it first, or give this one another --home "
                "or MENTORBOT_DATABASE_URL. Several at once take PostgreSQL."
            )
            raise SettingsError(message) from problem
        yield
