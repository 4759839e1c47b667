"""A disk that is full, and a database somebody else holds: nothing is lost, and all goes on by itself afterwards."""

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.clock import Clock, real_time
from bot.commands.world import World, start_world
from bot.health import Doctor
from bot.news import NEWS
from bot.outbox.courier import Courier
from bot.outbox.rows import Rows
from bot.services import help as help_
from storage.database import Database, StoreUnavailableError
from storage.models.outbox import RowState
from storage.models.requests import Ask, AskState
from storage.queries import outbox
from tests.builders import SECONDS, TOPIC, House, open_house, sqlite_in
from tests.chaos.stand_in import StandIn
from tests.journeys.acts import GOAL, ask, forward, person
from tests.speaking import Everywhere

MOUNT, UMOUNT = shutil.which("mount"), shutil.which("umount")
FILLER, OWED = "filler", 12


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of five megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    made = (
        MOUNT
        and not subprocess.run(  # noqa: S603  (our own words)
            [MOUNT, "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(place)], check=False, capture_output=True
        ).returncode
    )
    if not made:
        pytest.skip("a small disk takes the right to mount one")
    yield place
    subprocess.run([str(UMOUNT), "-l", str(place)], check=True)  # noqa: S603  (the same)


def fill(place: Path) -> None:
    """Leave not a byte free."""
    with suppress(OSError), (place / FILLER).open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            os.fsync(file.fileno())


def test_a_full_disk_refuses_whole_deeds_and_loses_none_that_was_done(small: Path) -> None:
    with open_house(sqlite_in(small)) as house:
        mentor = house.mentor("Tomás F")
        asked = [house.ask(house.person(f"Person {number}"), mentor) for number in range(5)]
        fill(small)
        refused = _until_full(house)
        assert refused
        before = house.count()
        (small / FILLER).unlink()
        assert house.count() == before, "a deed that was refused left nothing half done"
        house.mentor("Grace M")
        house.forward(minutes=1)
        assert len(house.read_by(mentor, "requests.asked")) == len(asked)
        assert {row.state for row in house.owed()} <= {RowState.DONE, RowState.DROPPED}


def _until_full(house: House) -> bool:
    """Let people come until one cannot be written down."""
    for number in range(5_000):
        try:
            house.mentor(f"Mentor {number}", teaches=TOPIC * 20)
        except StoreUnavailableError:
            return True
    return False


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Somebody else keeps the database to themselves."""
    holds, released = threading.Event(), threading.Event()

    def hold() -> None:
        lock = sqlite3.connect(file, isolation_level=None, timeout=20)
        lock.execute("BEGIN IMMEDIATE")
        holds.set()
        released.wait(30)
        lock.execute("ROLLBACK")
        lock.close()

    keeper = threading.Thread(target=hold)
    keeper.start()
    holds.wait(25)
    try:
        yield
    finally:
        released.set()
        keeper.join()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world of its own."""
    world = await start_world(tmp_path)
    yield world
    await world.stop()


def fill_up(place: Path) -> None:
    """The same, with no room left in the log of writes either."""
    with closing(sqlite3.connect(place / "mentorbot.db")) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    fill(place)


@pytest.fixture
async def cramped(tmp_path: Path, small: Path) -> AsyncIterator[World]:
    """A world whose bot remembers on a small disk."""
    world = await start_world(tmp_path, database_url=sqlite_in(small))
    yield world
    (small / FILLER).unlink(missing_ok=True)
    await world.stop()


async def test_while_the_disk_is_full_a_form_keeps_its_words_and_health_says_so(cramped: World, small: Path) -> None:
    noor, doctor = person(cramped, "noor"), doctor_of(cramped)
    await noor.command("/mentor find")
    modal = await noor.modal(callback_id="find.search")
    await modal.fill(topic=TOPIC, goal=GOAL)
    fill_up(small)
    await modal.submit()
    assert "notebook didn't open" in str(modal.errors)
    assert (modal.open, TOPIC in str(modal.values), GOAL in str(modal.values)) == (True, True, True)
    assert "notebook didn't open" in (await (await noor.command("/mentor find")).told()).text
    for _ in range(3):
        found = await doctor.look()
        assert (found.is_well, found.database) == (False, False), "and it stays so"
    (small / FILLER).unlink()
    assert (await doctor.look()).is_well
    await modal.submit()
    assert await noor.modal(callback_id="find.results")


async def test_what_falls_due_while_the_disk_is_full_is_done_once_when_there_is_room(
    cramped: World, small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bot, tomas = cramped.bot, person(cramped, "tomas")
    await ask(cramped, "noor", "Tomás")
    await forward(cramped, minutes=1)
    waiting = select(Ask.remind_at).where(Ask.state == AskState.WAITING)
    due = bot.database.read(lambda session: session.scalar(waiting)).result(SECONDS)
    fill_up(small)
    assert due is not None
    cramped.playground.clock.move_to(due)
    for _ in range(3):
        await bot.timekeeper.tick()
    assert "The sweeps could not run" in caplog.text
    assert not (await doctor_of(cramped).look()).is_well
    assert not await reminders(tomas)
    (small / FILLER).unlink()
    await forward(cramped, hours=3)
    assert len(await reminders(tomas)) == 1


async def reminders(who: Any) -> list[Any]:
    """What somebody was told a second time of a request."""
    return [message for message in await who.messages() if "hoping for a word" in message.text]


def doctor_of(world: World) -> Doctor:
    return Doctor(world.bot.watch, world.bot.courier, world.bot.database, world.bot.clock)


class Filling(StandIn):
    """A Slack that takes a message at the very moment at which the disk of whoever sent it is full."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._place_to_fill, self.at = place, 3

    def _accept(self, body: dict[str, Any]) -> str:
        if len(self.posts) + 1 == self.at:
            fill_up(self._place_to_fill)
        return super()._accept(body)


async def test_a_courier_whose_disk_is_full_loses_nothing_and_sends_nothing_twice(small: Path) -> None:
    slack = Filling(small)
    runner = web.AppRunner(slack.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with open_house(sqlite_in(small)) as house:
        house.now = real_time()  # as it is at this Slack, whose history is searched
        for number in range(OWED):
            house.act(house.person(f"Person {number}"), help_.answer_typed, f"{number}.1")
        async with aiohttp.ClientSession() as session:
            courier = courier_of(house, session, runner.addresses[0][1])
            for _ in range(5):
                with suppress(StoreUnavailableError):
                    await courier.deliver_due()
                house.now += timedelta(seconds=1)
            assert house.database.is_refusing
            assert slack.at <= len(slack.posts) < OWED, "what cannot be written down first is not sent"
            (small / FILLER).unlink()
            for _ in range(10):
                await courier.deliver_due()
                house.now += timedelta(minutes=1)
        rows = house.owed("help.typed")
    await runner.cleanup()
    keys = [key for *_, key in slack.posts]
    assert len(keys) == len(set(keys)) == OWED
    assert {row.state for row in rows} == {RowState.DONE}


def courier_of(house: House, session: aiohttp.ClientSession, port: int) -> Courier:
    client = AsyncWebClient(
        token="xoxb-1",  # noqa: S106  (no secret)
        base_url=f"http://127.0.0.1:{port}/api/",
        session=session,
        retry_handlers=[],
    )
    return Courier(Everywhere(client), house.database, Clock(lambda: house.now), Rows(NEWS, house.vault))


async def test_while_somebody_holds_the_database_people_are_told_and_afterwards_all_goes_on(
    world: World, tmp_path: Path
) -> None:
    noor = person(world, "noor")
    with held(tmp_path / "playground" / "mentorbot.db"):
        told = await noor.command("/mentor find")
        assert "notebook didn't open" in (await told.told(seconds=20)).text
    await ask(world, "noor", "Tomás")
    await forward(world, minutes=1)
    assert len([m for m in await person(world, "tomas").messages() if "would like you as a mentor" in m.text]) == 1


def test_a_file_that_may_only_be_read_is_told_apart_from_a_rule_that_was_broken(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    try:
        with pytest.raises(StoreUnavailableError):
            database.write(outbox.counts).result(SECONDS)
    finally:
        database.close()
