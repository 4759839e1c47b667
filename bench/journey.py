"""How long people wait for the bot: from `/mentor find` to an accepted request, over the real wire.

Noor types the command and sends her note, Tomás sees the message and accepts, and the message changes before him.
Nobody thinks in between, so what is measured is the program alone. The median of the rounds counts.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from bench.measure import Measurement, Unit, main
from bot.commands.world import World, start_world
from playground.driver import MessageInHand, PersonInHand, ViewInHand

ROUNDS = 30
QUICK_ROUNDS = 5
BAR = 100.0
# Within the pace Slack asks for, a message a second to one person; and all rounds fit into one working day.
BETWEEN = timedelta(minutes=1)
GOAL = "Move from support into a data role"


class Stopwatch:
    """How long each leg of one round took, in milliseconds."""

    def __init__(self) -> None:
        self.legs: dict[str, float] = {}

    @contextmanager
    def leg(self, name: str) -> Iterator[None]:
        """Time one leg."""
        begun = time.perf_counter()
        yield
        self.legs[name] = (time.perf_counter() - begun) * 1000


def measure(*, quick: bool) -> Iterator[Measurement]:
    """The median of each leg, then of the whole, which has the bar; no leg may take all of it."""
    rounds = asyncio.run(_rounds(QUICK_ROUNDS if quick else ROUNDS))
    for name in rounds[0]:
        yield Measurement(f"journey.{name}", median(legs[name] for legs in rounds), Unit.MILLISECONDS, BAR)
    yield Measurement("journey.whole", median(sum(legs.values()) for legs in rounds), Unit.MILLISECONDS, BAR)


async def _rounds(number: int) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory() as home:
        world = await start_world(Path(home))
        try:
            await _round(world)  # the first one opens chats and fills caches
            return [await _round(world) for _ in range(number)]
        finally:
            await world.stop()


async def _round(world: World) -> dict[str, float]:
    noor, tomas = (world.playground.workspace.person(key) for key in ("noor", "tomas"))
    watch, begun = Stopwatch(), noor.moment()
    note = await _to_the_note(noor, watch)
    with watch.leg("message"):
        await note.submit()
        doorbell = await tomas.message("would like you", after=begun)
    with watch.leg("update"):
        await doorbell.click("Accept")
        await doorbell.changed("You're Noor's mentor")
    await _take_back(world, noor, doorbell, begun)
    return watch.legs


async def _to_the_note(noor: PersonInHand, watch: Stopwatch) -> ViewInHand:
    with watch.leg("modal"):
        await noor.command("/mentor find")
        questions = await noor.modal(callback_id="find.search")
    await questions.fill(topic="data analysis", goal=GOAL)
    with watch.leg("names"):
        await questions.submit()
        names = await noor.modal("Tomás Ferreira")
    with watch.leg("note"):
        await names.click("Ask Tomás")
        return await noor.modal(callback_id="find.send")


async def _take_back(world: World, noor: PersonInHand, doorbell: MessageInHand, begun: str) -> None:
    """Undo it all and let the news of it go out, so that every round begins alike."""
    await noor.message("said yes", after=begun)
    await doorbell.click("Undo")
    await noor.message("thinking again", after=begun)
    asked = await noor.message("I've asked", after=begun)
    await asked.click("Withdraw")
    await asked.changed("Withdrawn")
    await world.playground.step_to(world.playground.clock.now() + BETWEEN)


if __name__ == "__main__":
    main(measure, __doc__)
