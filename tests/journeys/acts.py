"""What people do again and again, so that a journey reads as a story."""

from datetime import timedelta
from typing import Any

from bot.commands.world import World

GOAL = "Move from support into a data role"


def person(world: World, key: str) -> Any:
    """Somebody of the cast."""
    return world.playground.workspace.person(key)


async def search(world: World, key: str, topic: str = "data analysis", goal: str = GOAL) -> Any:
    """From `/mentor find` to the names."""
    who = person(world, key)
    await who.command("/mentor find")
    modal = await who.modal(callback_id="find.search")
    await modal.fill(topic=topic, goal=goal)
    await modal.submit()
    return await who.modal(callback_id="find.results")


async def ask(world: World, key: str, mentor: str, **fields: Any) -> None:
    """From `/mentor find` to a sent note."""
    names = await search(world, key)
    await names.click(f"Ask {mentor}")
    note = await person(world, key).modal(callback_id="find.send")
    if fields:
        await note.fill(**fields)
    await note.submit()
    await person(world, key).no_modal()


async def forward(world: World, **delta: float) -> None:
    """Let world time pass, with everything that falls due on the way."""
    await world.playground.step_to(world.playground.clock.now() + timedelta(**delta))
