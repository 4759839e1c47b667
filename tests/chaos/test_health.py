"""Whether it is well, as a machine asks: red when what repeats has stopped, when the database is away, never before."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.commands.world import World, start_world
from bot.health import Doctor, routes
from bot.watch import COURIER, EVENTS, INTERVALS, MISSED, SWEEPS, Watch
from tests.journeys.acts import ask, forward


class Hand:
    """A stopwatch the test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        """Read it."""
        return self.at


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world of its own."""
    world = await start_world(tmp_path)
    yield world
    await world.stop()


def doctor_of(world: World, watch: Watch) -> Doctor:
    return Doctor(watch, world.bot.courier, world.bot.database, world.bot.clock)


@pytest.mark.parametrize("stopped", INTERVALS)
def test_what_stops_is_late_before_its_fourth_round_and_what_goes_on_is_not(stopped: str) -> None:
    hand = Hand()
    watch = Watch(hand)
    while hand.at < MISSED * INTERVALS[stopped]:
        assert watch.late() == []
        hand.at += 5
        for name in set(INTERVALS) - {stopped}:
            watch.beat(name)
    hand.at += 1
    assert watch.late() == [stopped]
    watch.beat(stopped)
    assert watch.late() == []


async def test_a_scheduler_that_died_turns_it_red(world: World) -> None:
    hand = Hand()
    watch = Watch(hand)
    async with TestClient(TestServer(routes(doctor_of(world, watch)))) as client:
        answer = await client.get("/health")
        found = await answer.json()
        assert (answer.status, found["is_well"], found["database"], found["delivery"]) == (200, True, True, "exact")
        hand.at = MISSED * INTERVALS[SWEEPS] + 1
        watch.beat(COURIER)
        watch.beat(EVENTS)
        answer = await client.get("/health")
        assert (answer.status, (await answer.json())["late"]) == (503, [SWEEPS])


async def test_the_running_bot_keeps_giving_signs_of_life(world: World) -> None:
    world.bot.watch.now = lambda: 1e9
    before = world.bot.watch.ages()
    assert min(before.values()) > MISSED * max(INTERVALS.values())
    await world.bot.timekeeper.tick()
    await world.bot.courier.deliver_due()
    assert set(world.bot.watch.late()) == {EVENTS}


async def test_a_database_that_is_away_turns_it_red(world: World) -> None:
    elsewhere = await start_world(Path(world.bot.database.url.removeprefix("sqlite:///")).parent / "other")
    doctor = doctor_of(elsewhere, Watch())
    await elsewhere.stop()
    found = await doctor.look()
    assert (found.is_well, found.database) == (False, False)


async def test_the_figures_are_prometheus_own_and_hold_nobodys_name(world: World) -> None:
    await ask(world, "noor", "Tomás")
    await forward(world, seconds=1)
    async with TestClient(TestServer(routes(doctor_of(world, world.bot.watch)))) as client:
        text = await (await client.get("/metrics")).text()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert {"mentorbot_up", "mentorbot_outbox_rows", "mentorbot_outbox_age_seconds", "mentorbot_ack_seconds"} <= set(
        families
    )
    rows = {sample.labels["state"]: sample.value for sample in families["mentorbot_outbox_rows"].samples}
    assert rows["done"] >= 1
    acks = {sample.name: sample.value for sample in families["mentorbot_ack_seconds"].samples}
    assert acks["mentorbot_ack_seconds_count"] >= 3
    for private in ("Noor", "Tomás", world.bot.workspace_id, world.playground.workspace.person("noor").id):
        assert private not in text


async def test_both_pages_are_json_and_text_as_they_say(world: World) -> None:
    async with TestClient(TestServer(routes(doctor_of(world, world.bot.watch)))) as client:
        assert json.loads(await (await client.get("/health")).text())["workspaces_silent"] == 0
        assert (await client.get("/metrics")).content_type == "text/plain"
