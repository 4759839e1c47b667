"""How long Slack waits for an answer over HTTP while a hundred thousand digests are gathered in the same process.

Everybody's clock is reckoned anew meanwhile, too, since the bot meets these people for the first time.

Taps come at random moments, two hundred a second, signed; each is written down before it is acknowledged. Counted is
from the moment a tap was to arrive, so that a stall is felt by all who come during it. Beside it, in the same run, an
app on bare Bolt that has no database and does nothing but acknowledge.
"""

import asyncio
import gc
import itertools
import json
import multiprocessing
import random
import re
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench.measure import Measurement, Unit, main
from bench.wire import Lines, serve
from bot.clock import Clock, real_time
from bot.commands.assemble import Tokens, start_bot
from bot.commands.collecting import collect_seldom
from bot.commands.lines import Address
from bot.front import PATH
from bot.slack.signing import signature
from storage.database import Database
from storage.migrations import run as migrations
from storage.models.base import new_id
from storage.models.members import Member
from storage.models.preferences import Preferences
from storage.models.profiles import Profile
from storage.models.workspaces import Workspace
from storage.queries import workspaces
from storage.vault import Vault, new_key
from tests.postgres import create_database, durable_server

SECRET = "8f742231b10e8888abcd99baccd85a50"  # noqa: S105  (made up)
HERE, TEAM = "127.0.0.1", "T0"
EVERYTHING = re.compile(r".*", re.DOTALL)
PEOPLE, PART, WAIT = 500, 5000, 120.0
MOST, STALL = 2500.0, 100.0
BARS = {"sqlite": 100.0, "postgres": 300.0}
BUSIER = 4.0
BREATH = 0.005
spawned = multiprocessing.get_context("spawn")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Load:
    """What comes in: taps a second for some seconds, beside so many digests that are due."""

    rate: int
    seconds: int
    rows: int
    hook: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """How long each answer took, in milliseconds, and how many were none."""

    waits: list[float]
    failed: int

    @property
    def p99(self) -> float:
        """The slowest of a hundred."""
        return quantiles(self.waits, n=100)[98]


def measure(*, quick: bool) -> Iterator[Measurement]:
    """Bare Bolt first, then the bot on SQLite and on PostgreSQL."""
    load = Load(50, 3, 1_000) if quick else Load(200, 60, 100_000)
    with _beside(_bare) as (_, port):
        bare = _come_in(port, load)
    yield Measurement("ack.bare_bolt_p99", bare.p99, Unit.MILLISECONDS, STALL)
    with _beside(_slack) as (_, slack):
        load = replace(load, hook=f"http://{HERE}:{slack}/hook")
        for kind, url in _databases():
            _fill(url, load.rows)
            yield from _measured(kind, url, slack, load, bare)


def _measured(kind: str, url: str, slack: int, load: Load, bare: Seen) -> Iterator[Measurement]:
    with _beside(_bot, url, f"http://{HERE}:{slack}/api/") as (pipe, port):
        pipe.send("begin")
        seen = _come_in(port, load)
        pipe.send("end")
        stall, left = pipe.recv()
    late = sum(wait > MOST for wait in seen.waits)
    yield Measurement(f"ack.{kind}_p50", median(seen.waits), Unit.MILLISECONDS, BARS[kind])
    yield Measurement(f"ack.{kind}_p99", seen.p99, Unit.MILLISECONDS, BARS[kind])
    yield Measurement(f"ack.{kind}_p50_to_bare_bolt", median(seen.waits) / median(bare.waits), Unit.RATIO, BUSIER)
    yield Measurement(f"ack.{kind}_after_two_and_a_half_seconds", late, Unit.COUNT, 0)
    yield Measurement(f"ack.{kind}_failed", seen.failed, Unit.COUNT, 0)
    yield Measurement(f"ack.{kind}_loop_stall", stall, Unit.MILLISECONDS, STALL)
    yield Measurement(f"ack.{kind}_digests_left", left, Unit.COUNT, load.rows - 1)


# -- what comes in -------------------------------------------------------------------------------------------


def _come_in(port: int, load: Load) -> Seen:
    """Let it come from a process of its own, as Slack does."""
    ours, theirs = spawned.Pipe()
    process = spawned.Process(target=_generate, args=(theirs, port, load))
    process.start()
    seen: Seen = ours.recv()
    process.join()
    return seen


def _generate(pipe: Connection, port: int, load: Load) -> None:
    gc.disable()  # a pause of whoever taps would count as one of whoever answers
    pipe.send(asyncio.run(_taps(Lines(HERE, port), load)))


async def _taps(lines: Lines, load: Load) -> Seen:
    chance = random.Random(load.rate)  # noqa: S311  (chance, not secrecy)
    await asyncio.gather(*(_tap(lines, load.hook, number, 0.0) for number in range(20)))  # opens lines, fills caches
    begun, tasks = time.perf_counter() + 0.5, []
    at, numbers = begun, itertools.count(20)
    while (at := at + chance.expovariate(load.rate)) < begun + load.seconds:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        tasks.append(asyncio.create_task(_tap(lines, load.hook, next(numbers), at)))
    waits = await asyncio.gather(*tasks)
    return Seen([wait * 1000 for wait in waits if wait is not None], sum(wait is None for wait in waits))


async def _tap(lines: Lines, hook: str, number: int, at: float) -> float | None:
    """One tap; how many seconds after its moment it was answered, None if it was not."""
    body, stamp = _body(number, hook), str(int(real_time().timestamp()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(SECRET, stamp, body),
    }
    status = await lines.post(PATH, headers, body)
    return time.perf_counter() - at if status == 200 else None  # noqa: PLR2004  (HTTP's own number)


def _body(number: int, hook: str) -> bytes:
    """The taps of a busy morning, one after another: commands, buttons and a form, most of which write."""
    who, trigger = f"U{number % PEOPLE}", f"{number}.1"
    taps: tuple[Json, ...] = (
        {"command": "/mentor", "text": "find", "response_url": hook},
        {"type": "block_actions", "actions": [{"action_id": "profiles.edit", "action_ts": trigger}]},
        {"type": "view_submission", "view": _settings(number)},
        {"command": "/mentor", "text": "settings", "response_url": hook},
        {"type": "block_actions", "actions": [{"action_id": "find.start", "action_ts": trigger}]},
        {"command": "/mentor", "text": "profile", "response_url": hook},
        {"type": "block_actions", "actions": [{"action_id": "rounds.come_back", "action_ts": trigger}]},
        {"type": "shortcut", "callback_id": "find.begin"},
    )
    tap = taps[number % len(taps)] | {"trigger_id": trigger}
    if "command" in tap:
        return urlencode(tap | {"team_id": TEAM, "user_id": who}).encode()
    container = {"type": "message", "message_ts": trigger}
    return urlencode(
        {"payload": json.dumps(tap | {"team": {"id": TEAM}, "user": {"id": who}, "container": container})}
    ).encode()


def _settings(number: int) -> Json:
    values = {
        "attention": {"attention": {"selected_option": {"value": "everything"}}},
        "day": {"day": {"selected_option": {"value": "2"}}},
        "hour": {"hour": {"selected_option": {"value": "10"}}},
        "away": {"away": {"selected_date": None}},
    }
    return {
        "id": f"V{number}",
        "type": "modal",
        "hash": "1.a",
        "callback_id": "preferences.save",
        "state": {"values": values},
    }


# -- who answers ---------------------------------------------------------------------------------------------


@contextmanager
def _beside(serve: Callable[..., Awaitable[None]], *more: str | int) -> Iterator[tuple[Connection, int]]:
    """A server in a process of its own: how to talk to it, and its port."""
    ours, theirs = spawned.Pipe()
    port = _free_port()
    process = spawned.Process(target=_serve, args=(serve, theirs, port, *more))
    process.start()
    try:
        if not ours.poll(WAIT) or ours.recv() != "ready":
            message = "a server did not start"
            raise RuntimeError(message)
        yield ours, port
    finally:
        process.kill()
        process.join()


def _serve(serve: Callable[..., Awaitable[None]], pipe: Connection, *more: str | int) -> None:
    asyncio.run(serve(pipe, *more))  # type: ignore[arg-type]  # each of them is a coroutine


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


async def _listen(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HERE, port).start()


async def _bot(pipe: Connection, port: int, url: str, slack: str) -> None:
    """The bot as it is run, and beside it a measure of how long its loop stands still."""
    database, loop = Database(url), asyncio.get_running_loop()
    address = Address(HERE, port, SECRET)
    bot = await start_bot(Tokens(slack, "xoxb-1", "", address), database, Vault(new_key()), Clock(), ("U0",))
    collect_seldom(one_writer=database.is_sqlite)
    pipe.send("ready")
    await loop.run_in_executor(None, pipe.recv)
    stalls = asyncio.create_task(_stalls(ended := asyncio.Event()))
    sweeping = asyncio.create_task(_sweep(bot.timekeeper.sweep, ended))
    await loop.run_in_executor(None, pipe.recv)
    ended.set()
    await sweeping
    now = real_time()
    left = await asyncio.wrap_future(database.read(lambda session: _due(session, now)))
    pipe.send((await stalls, left))
    await bot.stop()


async def _sweep(sweep: Callable[[], Awaitable[int]], ended: asyncio.Event) -> None:
    """Sweep without a pause, where the bot itself looks every twenty seconds."""
    while not ended.is_set():
        await sweep()
        await asyncio.sleep(BREATH)


async def _stalls(ended: asyncio.Event) -> float:
    """The longest that the loop came late, in milliseconds."""
    longest = 0.0
    while not ended.is_set():
        begun = time.perf_counter()
        await asyncio.sleep(BREATH)
        longest = max(longest, time.perf_counter() - begun - BREATH)
    return longest * 1000


async def _bare(pipe: Connection, port: int) -> None:
    """Bolt as its own guide sets it up, with its own check of signatures, and nothing else."""
    app = AsyncApp(signing_secret=SECRET, authorize=_as_the_bot)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    for listen in (app.command, app.action, app.view, app.shortcut):
        listen(EVERYTHING)(acknowledge)

    async def answer(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served = web.Application()
    served.router.add_post(PATH, answer)
    await _listen(served, port)
    pipe.send("ready")
    await asyncio.Event().wait()


async def _as_the_bot() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-1", bot_user_id="UBOT")  # noqa: S106  (no secret)


async def _slack(pipe: Connection, port: int) -> None:
    """A Slack that says yes to everything at once."""
    answer = {"ok": True, "team_id": TEAM, "team": "Here", "user_id": "UBOT", "members": [], "messages": []}
    answer |= {"view": {"id": "V1"}, "channel": {"id": "D1"}, "ts": "1.1", "response_metadata": {"next_cursor": ""}}
    headers = {"Content-Type": "application/json", "x-oauth-scopes": "chat:write,im:history"}
    await serve(HERE, port, headers, json.dumps(answer).encode())
    pipe.send("ready")
    await asyncio.Event().wait()


# -- what it stands on ---------------------------------------------------------------------------------------


def _databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "sqlite", f"sqlite:///{folder}/mentorbot.db"
    with durable_server() as (server, _):
        yield "postgres", create_database(server)


def _fill(url: str, rows: int) -> None:
    """So many people of the programme, whose digests are all due."""
    migrations.upgrade(url)
    database = Database(url)
    here = Workspace(id=TEAM, name="Here", bot_user_id="UBOT", known_since=real_time())
    database.write(lambda session: workspaces.remember(session, here)).result(WAIT)
    for start in range(0, rows, PART):
        numbers = range(start, min(start + PART, rows))
        database.write(lambda session, numbers=numbers: _people(session, numbers)).result(WAIT)  # type: ignore[misc]  # a loop's own
    database.write(lambda session: session.connection().exec_driver_sql("ANALYZE")).result(WAIT)
    database.close()


def _people(session: Session, numbers: range) -> None:
    now, ids = real_time(), {number: new_id() for number in numbers}
    mine = [{"id": new_id(), "workspace_id": TEAM, "member_id": ids[number]} for number in numbers]
    people = [
        {"id": ids[number], "workspace_id": TEAM, "slack_id": f"U{number}", "name": f"Person {number}", "seen_at": now}
        for number in numbers
    ]
    session.execute(insert(Member), people)
    session.execute(insert(Profile), [row | {"id": new_id(), "joined_at": now, "languages": []} for row in mine])
    session.execute(insert(Preferences), [row | {"id": new_id(), "next_digest_at": now} for row in mine])


def _due(session: Session, now: datetime) -> int:
    return session.scalar(select(func.count()).where(Preferences.next_digest_at <= now)) or 0


if __name__ == "__main__":
    main(measure, __doc__)
