"""An event whose work fails for ever: tried ever more seldom, then set aside, and whoever runs the bot is told so."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from bot.commands.world import World, start_world
from bot.health import Doctor, routes
from bot.slack.calls import Call
from bot.slack.replies import Reply
from bot.slack.router import RouteKind
from handlers import ROUTES
from storage.database import Tx
from storage.queries import inbox
from storage.vault import Vault, new_key
from tests.journeys.acts import person

CANARY = "quokka"
WAITS = [timedelta(minutes=2**number) for number in range(10)]
MINUTE = timedelta(minutes=1)
SET_ASIDE = "failed for a day and is set aside"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world of its own."""
    world = await start_world(tmp_path)
    yield world
    await world.stop()


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When a word typed to the bot was worked at; each time it fails, in a way nobody foresaw."""
    moments: list[datetime] = []

    def fail(call: Call) -> Reply:
        moments.append(call.tx.now)
        raise ZeroDivisionError

    key = (RouteKind.EVENT, "message")
    monkeypatch.setitem(ROUTES.by_key, key, replace(ROUTES.by_key[key], handler=fail))
    return moments


async def figures(world: World) -> tuple[int, float, bool]:
    """What the two pages say of events set aside, and whether all is well."""
    doctor = Doctor(world.bot.watch, world.bot.courier, world.bot.database, world.bot.clock)
    async with TestClient(TestServer(routes(doctor))) as client:
        told = await (await client.get("/health")).json()
        text = await (await client.get("/metrics")).text()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    [sample] = families["mentorbot_events_set_aside"].samples
    return told["events_set_aside"], sample.value, told["is_well"]


async def waiting(world: World) -> int:
    return await asyncio.wrap_future(world.bot.database.read(inbox.waiting))


async def until_tried(tried: list[datetime]) -> None:
    """Wait until the event has come in and failed for the first time."""
    async with asyncio.timeout(20):
        while not tried:  # noqa: ASYNC110  (nothing to wait for but the deed itself)
            await asyncio.sleep(0.02)


async def test_it_is_tried_ever_more_seldom_for_a_day_then_set_aside_logged_and_counted(
    world: World, tried: list[datetime], caplog: pytest.LogCaptureFixture
) -> None:
    noor, clock = person(world, "noor"), world.playground.clock
    await noor.say(f"the {CANARY} of my team is leaving")
    await until_tried(tried)
    assert await figures(world) == (0, 0.0, True)
    while await waiting(world):
        clock.move_to(clock.now() + MINUTE)
        await world.bot.shell.redo_unfinished()
    pauses = [later - sooner for sooner, later in itertools.pairwise(tried)]
    assert len(pauses) == len(WAITS)
    assert all(wait <= pause < wait + 2 * MINUTE for wait, pause in zip(WAITS, pauses, strict=True)), pauses
    said = [record for record in caplog.records if SET_ASIDE in record.getMessage()]
    assert [(each.levelname, "'message'" in each.getMessage()) for each in said] == [("WARNING", True)]
    assert await figures(world) == (1, 1.0, True)
    assert [private for private in (CANARY, noor.id) if private in caplog.text] == []


async def test_what_is_mended_meanwhile_is_dealt_with_and_not_set_aside(
    world: World, tried: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    noor, clock = person(world, "noor"), world.playground.clock
    await noor.say("hello")
    await until_tried(tried)
    monkeypatch.undo()
    clock.move_to(clock.now() + MINUTE)
    assert await world.bot.shell.redo_unfinished() == 1
    await noor.message(containing="I understand buttons")
    assert (await waiting(world), await figures(world)) == (0, (0, 0.0, True))


async def test_one_that_was_sealed_with_another_key_keeps_no_other_from_being_tried(
    world: World, tried: list[datetime]
) -> None:
    noor, other = person(world, "noor").id, Vault(new_key())
    for number, vault in enumerate((other, world.bot.vault)):
        kept = {
            "team_id": "T1",
            "event_id": f"Ev{number}",
            "event": {"type": "message", "user": noor, "channel_type": "im"},
        }
        take_in = partial(_take_in, world, vault, f"event:Ev{number}", json.dumps(kept))
        await asyncio.wrap_future(world.bot.database.write(take_in))
    await world.bot.shell.redo_unfinished(timedelta(0))
    assert len(tried) == 1


def _take_in(world: World, vault: Vault, key: str, payload: str, session: Session) -> None:
    inbox.take_in(Tx(session, world.workspace_id, world.bot.clock.now(), vault), key, payload)
