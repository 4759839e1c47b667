"""A month in, each side is asked alone how it goes: by taps in the message, or on one screen at half-time."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from bot.commands.world import World
from bot.services import checkins, pairs
from storage.database import Tx
from storage.queries import relationships
from tests.journeys.acts import ask, forward, person


async def a_month_together(world: World, term: timedelta | None = None) -> None:
    """Noor and Tomás have said yes, for a term of this length, and are in touch on day 20."""
    await ask(world, "noor", "Tomás")
    await (await person(world, "tomas").message(containing="Noor Haddad")).click("Accept")
    await person(world, "noor").message(containing="said yes")
    await write(world, lambda tx: _plan(tx, term))
    await forward(world, days=20)
    await write(world, lambda tx: pairs.touch(tx, pairs.card_of(tx, relationships.all_live(tx, 1)[0].id)))
    await forward(world, days=13)


async def write(world: World, deed: Callable[[Tx], None]) -> None:
    bot = world.bot
    await asyncio.wrap_future(
        bot.database.write(lambda session: deed(Tx(session, world.workspace_id, bot.clock.now(), bot.vault)))
    )


def _plan(tx: Tx, term: timedelta | None) -> None:
    row = relationships.all_live(tx, 1)[0]
    if term is not None:
        relationships.write(tx, row.id, {"term_ends_at": row.started_at + term})
    checkins.replan(tx, pairs.card_of(tx, row.id))


async def test_a_pulse_is_three_taps_thanks_and_a_reflection(world: World) -> None:
    await a_month_together(world)
    noor = person(world, "noor")
    await (await noor.message(containing="meeting often enough")).click("Could be more")
    await (await noor.message(containing="useful to you")).click("Very")
    await (await noor.message(containing="like changed")).click("I'd like help")
    helped = await noor.modal(callback_id="checkins.helped")
    assert "Something isn't right" in helped.buttons
    await helped.close()
    thanks = await noor.message(containing="Thanks, noted")
    assert "help" not in thanks.text
    await thanks.click("Add a reflection")
    reflection = await noor.modal(callback_id="checkins.keep_reflection")
    await reflection.fill(words="I'd rather meet in the morning.")
    await reflection.submit()
    said = await noor.modal(callback_id="checkins.all_said")
    assert "rather meet in the morning" in said.text
    assert "Could be more" in said.text
    assert await person(world, "tomas").message(containing="meeting often enough")


async def test_half_time_is_one_message_and_one_screen(world: World) -> None:
    await a_month_together(world, timedelta(days=60))
    noor = person(world, "noor")
    await (await noor.message(containing="halfway")).click("Look back")
    screen = await noor.modal(callback_id="checkins.look_back")
    await screen.fill(often="hardly", useful="somewhat", change="all_good", confidence="3", ways="keep_ways")
    await screen.submit()
    await (await noor.modal(callback_id="checkins.looked_back")).close()
    await noor.message(containing="Thanks, noted")
