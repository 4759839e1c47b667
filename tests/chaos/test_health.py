"""Whether it is well, as a machine asks: red when what repeats has stopped, when the database is away, never before."""

import asyncio
import json
import logging
import os
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, real_time
from bot.commands.run import seen
from bot.commands.world import World, start_world
from bot.directory import Directory
from bot.health import Doctor, routes
from bot.news import NEWS
from bot.outbox.courier import Courier
from bot.outbox.rows import Rows
from bot.scheduler import DIRECTORY, SOON, Ticking, Timekeeper
from bot.settings import Settings
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import Sweep
from bot.watch import EVENTS, INTERVALS, MISSED, SWEEPS, Watch
from storage.database import Tx
from tests.builders import SECONDS, House
from tests.journeys.acts import ask, forward, person
from tests.speaking import Everywhere

ROOT = Path(__file__).parents[2]


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


def at_hand(world: World) -> Hand:
    """Let the test move the stopwatch the running bot is watched by."""
    hand, watch = Hand(), world.bot.watch
    watch.now = hand
    for name in INTERVALS:
        watch.beat(name)
    return hand


async def until_swept(world: World) -> None:
    """Let the bot's own scheduler tick now, and wait until it has."""
    before = world.bot.watch.ages()[SWEEPS]
    world.bot.ticking.scheduler.modify_job("sweeps", next_run_time=real_time())
    async with asyncio.timeout(30):
        while world.bot.watch.ages()[SWEEPS] >= before:  # noqa: ASYNC110  (nothing to wait for but the deed itself)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("death", [AsyncIOScheduler.shutdown, AsyncIOScheduler.pause])
async def test_a_scheduler_that_dies_turns_it_red_and_is_begun_afresh(
    world: World, death: Callable[[AsyncIOScheduler], None], caplog: pytest.LogCaptureFixture
) -> None:
    hand, ticking = at_hand(world), world.bot.ticking
    async with TestClient(TestServer(routes(doctor_of(world, world.bot.watch)))) as client:
        answer = await client.get("/health")
        found = await answer.json()
        assert (answer.status, found["is_well"], found["database"], found["delivery"]) == (200, True, True, "exact")
        died = ticking.scheduler
        death(died)
        hand.at = MISSED * INTERVALS[SWEEPS] + 1
        answer = await client.get("/health")
        assert (answer.status, (await answer.json())["late"]) == (503, [SWEEPS])
        with caplog.at_level(logging.ERROR):
            await asyncio.sleep(0)
            ticking.look(real_time() + timedelta(minutes=2))
        assert "The scheduler has stopped" in caplog.text
        assert ticking.scheduler is not died
        await until_swept(world)
        assert (await client.get("/health")).status == 200


async def test_a_courier_that_dies_is_begun_afresh(world: World) -> None:
    ticking = world.bot.ticking
    ticking.working.cancel()
    await asyncio.wait({ticking.working})
    ticking.look(real_time())
    assert not ticking.working.done()
    await ask(world, "noor", "Tomás")
    await person(world, "tomas").message(containing="would like you")


async def test_what_lives_is_left_alone(world: World, caplog: pytest.LogCaptureFixture) -> None:
    before = world.bot.ticking.scheduler, world.bot.ticking.working
    with caplog.at_level(logging.ERROR):
        world.bot.ticking.look(real_time())
    assert (world.bot.ticking.scheduler, world.bot.ticking.working) == before
    assert caplog.text == ""


async def test_a_sweep_that_hangs_turns_it_red_and_no_second_one_is_begun_beside_it(house: House) -> None:
    hand, went_in, let_go = Hand(), threading.Event(), threading.Event()
    watch, begun = Watch(hand), list[int]()

    def hang(_: Tx) -> int:
        begun.append(1)
        went_in.set()
        let_go.wait(SECONDS)
        return 0

    hanging = Sweep("hanging", lambda _: None, hang, along_the_way=(lambda tx: tx.now,))
    async with keeping(house, watch, hanging) as ticking:
        ticking.scheduler.modify_job("sweeps", next_run_time=real_time())
        await asyncio.to_thread(went_in.wait, SECONDS)
        hand.at = MISSED * INTERVALS[SWEEPS] + 1
        assert SWEEPS in watch.late()
        ticking.scheduler.modify_job("sweeps", next_run_time=real_time())
        await asyncio.sleep(0.2)
        kept = ticking.scheduler
        ticking.look(real_time())
        assert (ticking.scheduler, begun) == (kept, [1])
        let_go.set()
        async with asyncio.timeout(30):
            while SWEEPS in watch.late():  # noqa: ASYNC110  (nothing to wait for but the deed itself)
                await asyncio.sleep(0.02)


@asynccontextmanager
async def keeping(house: House, watch: Watch, *first: Sweep) -> AsyncIterator[Ticking]:
    """All that repeats by itself, in a house whose Slack no connection reaches."""

    async def nothing_left() -> int:
        return 0

    async with aiohttp.ClientSession() as web:
        client = AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/", session=web, retry_handlers=[])  # noqa: S106  (no secret)
        clock = Clock(lambda: house.now)
        courier = Courier(Everywhere(client), house.database, clock, Rows(NEWS, house.vault), watch=watch)
        timekeeper = Timekeeper((*first, *TIMETABLE), house.database, clock, house.vault, courier, watch)
        directory = Directory(Everywhere(client), house.database, clock, house.vault)
        ticking = Ticking(timekeeper, courier, directory, Everywhere(client), nothing_left, watch)
        try:
            yield ticking
        finally:
            ticking.rest()
            await courier.stop(SECONDS)
            await ticking.end()


async def test_a_directory_that_could_not_be_read_is_read_again_soon(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        async with keeping(house, Watch()) as ticking, asyncio.timeout(30):
            while "A directory could not be read" not in caplog.text:  # noqa: ASYNC110  (nothing else to wait for)
                await asyncio.sleep(0.02)
            assert ticking.scheduler.get_job(DIRECTORY).next_run_time <= real_time() + SOON


async def test_a_long_round_of_sweeps_is_alive_and_one_that_failed_is_named(house: House) -> None:
    hand = Hand()
    watch = Watch(hand)

    def be_slow(_: Tx) -> int:
        hand.at += 50
        return 0

    def fail(_: Tx) -> int:
        raise LookupError

    slow = [Sweep(f"slow {number}", lambda _: None, be_slow, along_the_way=(lambda tx: tx.now,)) for number in range(3)]
    async with keeping(
        house, watch, *slow, Sweep("broken", lambda _: None, fail, along_the_way=(lambda tx: tx.now,))
    ) as ticking:
        late = list[str]()
        watch_beats = watch.beat

        def beat(name: str) -> None:
            late.extend(found for found in watch.late() if found == SWEEPS)
            watch_beats(name)

        watch.beat = beat  # type: ignore[method-assign]  # a witness, nothing is replaced
        await ticking.scheduler.get_job("sweeps").func()
    assert late == []
    assert watch.failing() == ["broken"]
    assert watch.sweeps["broken"].failed == 1
    assert watch.sweeps["slow 1"].took.total == 50


async def test_a_stop_in_the_middle_of_a_sweep_is_no_failure(house: House, caplog: pytest.LogCaptureFixture) -> None:
    begun, go = threading.Event(), threading.Event()

    def hang(_: Tx) -> int:
        begun.set()
        go.wait(SECONDS)
        return 0

    hanging = Sweep("hanging", lambda _: None, hang, along_the_way=(lambda tx: tx.now,))
    async with keeping(house, Watch(), hanging) as ticking:
        ticking.scheduler.modify_job("sweeps", next_run_time=real_time())
        assert await asyncio.to_thread(begun.wait, SECONDS)
        ticking.rest()
        await asyncio.sleep(0)
        go.set()
    assert [record.getMessage() for record in caplog.records if record.name.startswith("apscheduler")] == []


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
    swept = {each.labels["sweep"] for each in families["mentorbot_sweep_seconds"].samples}
    assert swept & {sweep.name for sweep in TIMETABLE}
    assert "mentorbot_sweep_failures" in families
    for private in ("Noor", "Tomás", world.workspace_id, world.playground.workspace.person("noor").id):
        assert private not in text


async def test_both_pages_are_json_and_text_as_they_say(world: World) -> None:
    async with TestClient(TestServer(routes(doctor_of(world, world.bot.watch)))) as client:
        assert json.loads(await (await client.get("/health")).text())["workspaces_silent"] == 0
        assert (await client.get("/metrics")).content_type == "text/plain"


async def ask_as_the_container_does(world: World) -> int | None:
    """Run the image's own healthcheck against this world's health; how it exits."""
    [command] = re.findall(
        r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE
    )
    async with TestServer(routes(doctor_of(world, world.bot.watch))) as server:
        env = os.environ | {"MENTORBOT_HEALTH_PORT": str(server.port)}
        asking = await asyncio.create_subprocess_exec(sys.executable, *json.loads(command)[1:], env=env)
        return await asking.wait()


async def test_the_containers_own_check_tells_well_from_not(world: World) -> None:
    hand = at_hand(world)
    assert await ask_as_the_container_does(world) == 0
    hand.at = MISSED * INTERVALS[SWEEPS] + 1
    assert await ask_as_the_container_does(world) == 1


async def test_the_playground_shows_its_health_too_and_without_a_port_nothing_does(world: World) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    async with aiohttp.ClientSession() as web:
        shown = seen(world.bot, Settings(health_port=port, _env_file=None))
        async with shown, web.get(f"http://127.0.0.1:{port}/health") as answer:
            assert answer.status == 200
        with pytest.raises(aiohttp.ClientConnectionError):
            await web.get(f"http://127.0.0.1:{port}/health")
        async with seen(world.bot, Settings(_env_file=None)):
            with pytest.raises(aiohttp.ClientConnectionError):
                await web.get(f"http://127.0.0.1:{port}/health")


def test_a_port_for_health_set_to_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORBOT_HEALTH_PORT", "")
    monkeypatch.setenv("MENTORBOT_LOG", "")
    found = Settings(_env_file=None)
    assert (found.health_port, found.log) == (None, "plain")
