"""`mentorbot` and `mentorbot playground`: run until told to stop, and stop cleanly."""

import argparse
import asyncio
import contextlib
import fcntl
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from sqlalchemy import make_url

from bot.clock import Clock
from bot.commands.assemble import Bot, Tokens, start_bot
from bot.commands.lines import Address
from bot.commands.world import World, start_world
from bot.front import PATH
from bot.outbox.slack_errors import code_of
from bot.settings import SLACK_API, Settings, SettingsError
from storage.database import Database
from storage.migrations import run as migrations

HTTP_PORT, PLAYGROUND_PORT = 3000, 8484
UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError)


def command(settings: Settings, options: argparse.Namespace) -> int:
    """Run on Slack where its tokens are set, else in the playground, and say which."""
    if options.http is not None:
        _run(_on_slack(settings, _address(settings, options)))
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
    _run(_on_slack(settings, None))
    return 0


def _address(settings: Settings, options: argparse.Namespace) -> Address:
    """Where Slack's calls are to arrive; refused with one sentence for what is missing."""
    if not settings.has_http:
        given = settings.slack_bot_token.get_secret_value()
        missing = "SLACK_SIGNING_SECRET (Basic Information)" if given else "SLACK_BOT_TOKEN"
        message = f"{missing} is missing: over HTTP the bot needs its bot token and the app's signing secret."
        raise SettingsError(message)
    port = HTTP_PORT if options.port is None else options.port
    return Address(settings.http_host, port, settings.slack_signing_secret.get_secret_value())


def playground(settings: Settings, options: argparse.Namespace) -> int:
    """Run the bot in a workspace on this computer."""
    _run(_in_playground(settings, options))
    return 0


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; a second Ctrl-C after it, such as a wrapper passes on, no longer matters."""
    asyncio.run(work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


async def _in_playground(settings: Settings, options: argparse.Namespace) -> None:
    with only_one(settings.home / "playground.lock"):
        async with _world(settings, options) as world:
            print("Runs on this computer. Nothing leaves it. Stop with Ctrl-C.")
            print(world.playground.url, flush=True)
            await _until_told()
    print("Stopped. Your story is where you left it.")


@asynccontextmanager
async def _world(settings: Settings, options: argparse.Namespace) -> AsyncIterator[World]:
    world = await start_world(
        settings.home, port=PLAYGROUND_PORT if options.port is None else options.port, fresh=options.fresh
    )
    try:
        yield world
    finally:
        await world.stop()


async def _on_slack(settings: Settings, address: Address | None) -> None:
    if settings.slack_api_url != SLACK_API:
        print(f"ATTENTION: this is not Slack. Everything goes to {settings.slack_api_url}", file=sys.stderr)
    database = open_database(settings)
    tokens = Tokens(
        settings.slack_api_url,
        settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(),
        address,
    )
    with only_one(lock) if (lock := lock_of(settings)) else contextlib.nullcontext():
        bot = await _connect(tokens, database, settings)
        seen = await _be_seen(bot, settings)
        where = f"Listening for Slack at {address.host}:{address.port}{PATH}" if address else "Connected to Slack"
        print(f"{where}. Stop with Ctrl-C.", flush=True)
        await _until_told()
        await bot.stop()
        if seen is not None:
            await seen.cleanup()


def lock_of(settings: Settings) -> Path | None:
    """Beside the SQLite file, whichever home it is reached from; PostgreSQL is made for several."""
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite":
        return None
    return Path(f"{Path(url.database or '').absolute().resolve()}.lock")


async def _be_seen(bot: Bot, settings: Settings) -> web.AppRunner | None:
    """Answer on the port for health, if one is set."""
    if settings.health_port is None:
        return None
    from bot.health import Doctor, routes

    runner = web.AppRunner(routes(Doctor(bot.watch, bot.courier, bot.database, bot.clock)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.health_host, settings.health_port).start()
    print(f"Health at http://{settings.health_host}:{runner.addresses[0][1]}/health, /metrics beside it.", flush=True)
    return runner


async def _connect(tokens: Tokens, database: Database, settings: Settings) -> Bot:
    try:
        return await start_bot(tokens, database, settings.vault(), Clock(), settings.organisers)
    except (SlackApiError, *UNREACHABLE) as problem:
        database.close()
        raise SettingsError(_why(problem, settings)) from problem


def _why(problem: Exception, settings: Settings) -> str:
    if isinstance(problem, SlackApiError):
        return f"Slack refused the tokens ({code_of(problem)}). `mentorbot doctor` checks each of them."
    return f"{settings.slack_api_url} can't be reached from here. Check the network and any proxy, then start again."


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
    """One process a home: a second is told so, instead of two writing to one file."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            message = (
                f"mentorbot is already running with {lock.parent}. Stop it first, or give this one another --home. "
                "Several at once take PostgreSQL."
            )
            raise SettingsError(message) from problem
        yield


async def _until_told() -> None:
    """Wait for Ctrl-C or a polite kill."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()
