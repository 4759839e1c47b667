"""The playground itself, as its person uses it: stop and go on, start over, other hours."""

from datetime import UTC, datetime
from pathlib import Path

from bot.commands.world import World, start_world
from tests.journeys.acts import ask, forward, person, search

MONDAY = datetime(2040, 3, 5, 10, 0, tzinfo=UTC)
SATURDAY = datetime(2040, 3, 10, 23, 0, tzinfo=UTC)


async def test_the_story_goes_on_after_a_restart(tmp_path: Path) -> None:
    first = await start_world(tmp_path, now=MONDAY)
    await ask(first, "noor", "Tomás")
    await person(first, "tomas").message(containing="would like you")
    await first.stop()
    second = await start_world(tmp_path, now=MONDAY)
    await (await person(second, "tomas").message(containing="would like you")).click("Accept")
    await person(second, "noor").message(containing="said yes")
    await second.stop()


async def test_fresh_forgets_the_story(tmp_path: Path) -> None:
    first = await start_world(tmp_path, now=MONDAY)
    await ask(first, "noor", "Tomás")
    await first.stop()
    second = await start_world(tmp_path, now=MONDAY, fresh=True)
    assert not await person(second, "tomas").messages()
    await second.stop()


async def test_starting_over_begins_again_on_both_sides(world: World) -> None:
    await ask(world, "noor", "Tomás")
    await person(world, "tomas").message(containing="would like you")
    await forward(world, days=4)
    await world.playground.start_over()
    assert "Find someone who has done" in (await person(world, "noor").home()).text
    await ask(world, "noor", "Tomás")
    assert "Noor Haddad" in (await person(world, "tomas").message(containing="would like you")).text


async def test_a_story_begun_on_a_saturday_night_starts_on_monday_morning(tmp_path: Path) -> None:
    world = await start_world(tmp_path, now=SATURDAY)
    assert world.playground.clock.now() >= datetime(2040, 3, 12, 10, 0, tzinfo=UTC)
    names = await search(world, "noor")
    assert "Tomás" in names.text
    await world.stop()
