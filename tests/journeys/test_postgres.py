"""One journey on PostgreSQL, so that what the queries say holds there too."""

import pytest

from tests.journeys.acts import ask, forward, person
from tests.journeys.conftest import Start


@pytest.mark.postgres
async def test_the_first_match_on_postgresql(start: Start, postgres_url: str) -> None:
    world = await start(database_url=postgres_url)
    noor, tomas, amara = (person(world, key) for key in ("noor", "tomas", "amara"))
    await ask(world, "noor", "Tomás")
    await (await tomas.message(containing="Noor Haddad")).click("Not this time")
    await (await tomas.modal(callback_id="requests.say_no")).submit()
    await forward(world, minutes=11)
    await (await amara.message(containing="would like you")).click("Accept")
    await noor.message(containing="said yes")
    await (await amara.message(containing="You're Noor's mentor")).click("Undo")
    await noor.message(containing="thinking again")
