"""An organiser silences the bot from Home, in the playground, and lets it speak again."""

from bot.commands.world import World
from tests.journeys.acts import ask, forward, person


async def test_from_home_the_bot_falls_silent_and_speaks_again(world: World) -> None:
    ingrid, tomas = person(world, "ingrid"), person(world, "tomas")
    await ingrid.open_home()
    await (await ingrid.home()).click("Silence me everywhere")
    await ingrid.home(containing="I'm silenced")
    await ask(world, "noor", "Tomás")
    await forward(world, hours=2)
    assert [m for m in await tomas.messages() if "would like you as a mentor" in m.text] == []
    await (await ingrid.home()).click("Let me speak again")
    await ingrid.home(containing="I write to people when something is due")
    await forward(world, hours=1)
    assert len([m for m in await tomas.messages() if "would like you as a mentor" in m.text]) == 1
