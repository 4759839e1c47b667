"""What stands in the log after deeds, refusals, crashes and a Slack that fails: no word, no name and no secret."""

import io
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import logs
from bot.commands.world import World
from playground import faults as broken
from tests.journeys.acts import ask, forward, person, search
from tests.journeys.conftest import Start

CANARY = "quokka"
NOTE = f"Nobody knows yet that the {CANARY} of my team is leaving; would you have half an hour?"
GOAL = f"Move away from the {CANARY} team into a data role"
NOT_ON_SQLITE = "CREATE TRIGGER no_goal BEFORE INSERT ON searches BEGIN SELECT RAISE(ABORT, 'refused'); END"
NOT_ON_POSTGRES = "ALTER TABLE searches ADD CONSTRAINT no_goal CHECK (goal NOT LIKE '%leopard%')"


@pytest.fixture(params=[True, False], ids=["json", "plain"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that is logged, exactly as the program would print it; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.OTHERS}
    logs.configure(as_json=request.param)
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    said = io.StringIO()
    handler.setStream(said)
    yield said
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


async def live(world: World) -> None:
    """A match with a note, a word to the bot, a wrong command, and a form that is refused."""
    noor, tomas = person(world, "noor"), person(world, "tomas")
    await ask(world, "noor", "Tomás", note=NOTE)
    await (await tomas.message(containing="would like you")).click("Accept")
    await noor.message(containing="said yes")
    await noor.say(f"the {CANARY} again")
    await (await noor.command(f"/mentor {CANARY}")).told()
    await person(world, "mateo").command("/mentor find")
    modal = await person(world, "mateo").modal(callback_id="find.search")
    await modal.fill(topic=CANARY, goal="   ")
    await modal.submit()
    await modal.close()


async def meet_a_slack_that_fails(world: World) -> None:
    """Messages refused, cut, garbled and lost on their way."""
    faults = world.playground.faults
    for fault in (broken.http_error(), broken.lost_answer(), broken.malformed_json(), broken.ratelimited(0)):
        faults.next("chat.postMessage", fault)
    faults.next("views.publish", broken.error("internal_error"))
    await ask(world, "mateo", "Amara", note=NOTE)
    await forward(world, minutes=30)
    faults.clear()


async def crash(world: World, rule: str) -> str:
    """Ask for something the database refuses for a reason nobody foresaw; what the person reads."""
    await do(world, rule)
    noor = person(world, "noor")
    await noor.command("/mentor find")
    modal = await noor.modal(callback_id="find.search")
    await modal.fill(topic="data analysis", goal=f"{GOAL}, like a leopard")
    await modal.submit()
    return str(modal.errors)


async def do(world: World, statement: str) -> None:
    def run(session: Session) -> None:
        session.execute(text(statement))

    world.bot.database.write(run).result(30)


def private(world: World) -> list[str]:
    """What nobody may find in a log."""
    stage = world.playground
    names = [stage.workspace.person(key).user.name.split()[0] for key in stage.workspace.people]
    assert "Noor" in names
    return [CANARY, "leopard", stage.bot_token, stage.app_token, stage.signing_secret, *names]


def held_in(said: str, world: World) -> list[str]:
    return [word for word in private(world) if word in said]


async def test_deeds_refusals_crashes_and_a_failing_slack_leave_no_word_in_the_log(
    start: Start, log: io.StringIO
) -> None:
    world = await start()
    await live(world)
    await meet_a_slack_that_fails(world)
    assert "reference" in await crash(world, NOT_ON_SQLITE)
    said = log.getvalue()
    assert "A message was not sent" in said
    assert "Nobody foresaw this" in said
    assert held_in(said, world) == []
    assert "IntegrityError: [hidden]" in said


@pytest.mark.postgres
async def test_a_row_that_postgresql_quotes_in_its_error_is_not_in_the_log(
    postgres_url_of_its_own: str, start: Start, log: io.StringIO
) -> None:
    world = await start(database_url=postgres_url_of_its_own)
    assert "reference" in await crash(world, NOT_ON_POSTGRES)
    said = log.getvalue()
    assert held_in(said, world) == []
    assert "CheckViolation: [hidden]" in said


async def test_a_note_that_cannot_be_opened_any_more_is_logged_by_its_row_alone(start: Start, log: io.StringIO) -> None:
    world = await start()
    await search(world, "noor", goal=GOAL)
    await ask(world, "mateo", "Tomás", note=NOTE)
    await do(world, "UPDATE searches SET note = X'00' WHERE note IS NOT NULL")
    await forward(world, minutes=1)
    said = log.getvalue()
    assert "A message could not be worded" in said
    assert held_in(said, world) == []
