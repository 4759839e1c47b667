"""The real courier against a Slack that fails in every way it can: each message arrives, and arrives once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands.world import World, start_world
from playground import faults
from playground.faults import Fault
from storage.models.outbox import OutboxRow, RowState
from tests.builders import MONDAY
from tests.journeys.acts import ask, forward, person

MISHAPS = {
    "too many requests": faults.ratelimited(3),
    "a broken page": faults.http_error(503),
    "an inner error": faults.error("internal_error"),
    "a fatal error": faults.error("fatal_error"),
    "a refusal to serve": faults.error("service_unavailable"),
    "a cut before anything is done": faults.drop_before(),
    "an answer that is lost": faults.lost_answer(),
    "an answer nobody can read": faults.malformed_json(),
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world of its own."""
    world = await start_world(tmp_path, now=MONDAY)
    yield world
    await world.stop()


async def rows(world: World, kind: str) -> list[OutboxRow]:
    """Rows of one kind as they stand now."""
    query = select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.op == "post")
    return await asyncio.wrap_future(world.bot.database.read(lambda session: list(session.scalars(query))))


async def doorbells(world: World) -> int:
    """How many times Tomás was told that Noor asks."""
    messages = await person(world, "tomas").messages()
    return len([message for message in messages if "would like you as a mentor" in message.text])


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_a_message_arrives_once_whatever_befalls_it(world: World, mishap: str) -> None:
    await _ask_amid(world, MISHAPS[mishap])
    await forward(world, minutes=2)
    assert await doorbells(world) == 1
    assert [row.state for row in await rows(world, "requests.asked") if row.attempts] == [RowState.DONE]
    await (await person(world, "tomas").message(containing="would like you")).click("Accept")
    assert "is now your mentor" in (await person(world, "noor").message(containing="said yes")).text


async def test_a_message_that_fails_in_three_ways_in_a_row_still_arrives_once(world: World) -> None:
    for fault in (faults.lost_answer(), faults.http_error(500), faults.ratelimited(2)):
        world.playground.faults.next("chat.postMessage", fault)
    await _ask_amid(world, faults.error("internal_error"))
    await forward(world, minutes=5)
    assert await doorbells(world) == 1
    assert len([m for m in await person(world, "noor").messages() if "I've asked" in m.text]) == 1


async def test_where_history_cannot_be_read_what_must_be_acted_on_is_sent_again(world: World) -> None:
    world.playground.faults.next("conversations.history", faults.http_error(500))
    await _ask_amid(world, faults.lost_answer())
    await forward(world, minutes=5)
    assert await doorbells(world) in {1, 2}, "rather twice than never"
    assert [row.state for row in await rows(world, "requests.asked") if row.attempts] == [RowState.DONE]


async def test_a_person_slack_does_not_know_stops_nobody_elses_message(world: World) -> None:
    await _ask_amid(world, faults.error("user_disabled"))
    await forward(world, minutes=2)
    owed = [*(await rows(world, "requests.asked")), *(await rows(world, "requests.sent"))]
    assert [row.reason for row in owed if row.state == RowState.DEAD] == ["user_disabled"]
    delivered = await doorbells(world) + len([m for m in await person(world, "noor").messages() if "asked" in m.text])
    assert delivered == 1


async def test_a_home_that_could_not_be_shown_is_shown_later(world: World) -> None:
    noor = person(world, "noor")
    await noor.open_home()
    world.playground.faults.next("views.publish", faults.http_error(500))
    await ask(world, "noor", "Tomás")
    await forward(world, minutes=1)
    assert "Tomás" in (await noor.home()).text


async def _ask_amid(world: World, fault: Fault) -> None:
    world.playground.faults.next("chat.postMessage", fault)
    await ask(world, "noor", "Tomás")
    await forward(world, seconds=1)
