"""A disk that is full, and a database somebody else holds: nothing is lost, and all goes on by itself afterwards."""

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.commands.world import World, start_world
from storage.database import Database, StoreUnavailableError
from storage.models.outbox import RowState
from storage.queries import outbox
from tests.builders import SECONDS, TOPIC, House, open_house, sqlite_in
from tests.journeys.acts import ask, forward, person

MOUNT, UMOUNT = shutil.which("mount"), shutil.which("umount")
FILLER = "filler"


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
