"""Three introductions as they are read: one made, one declined, one never answered; the last two sound alike."""

from typing import Any

import pytest

from bot.commands.world import World
from tests.journeys.acts import person
from tests.journeys.conftest import Start
from tests.journeys.stories import begin
from tests.journeys.transcript import Transcript, is_golden

WHY = "You both build forecasts from the same three tables."
WISH = "Which of the three would you trust least, and why?"


async def introduce(world: World, contact: str, whole: str) -> Any:
    """Grace drafts, Sofia agrees to be named; the contact's message."""
    grace, sofia = person(world, "grace"), person(world, "sofia")
    await grace.command("/mentor introduce")
    await (await grace.modal("Introduce a mentee")).click("Introduce Sofia")
    draft = await grace.modal(callback_id="introductions.propose")
    await draft.fill(contact=contact, why=WHY, wish=WISH)
    await draft.submit()
    await (await grace.modal("reads your words")).close()
    await (await sofia.message(containing=f"would like to introduce you to {whole}")).click("Read and edit")
    await (await sofia.modal("You'll be named")).submit()
    await (await sofia.modal("was asked")).close()
    return await person(world, contact).message(containing="whom they mentor")


async def test_an_introduction_accepted_declined_and_lapsed(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world, days = await begin(start, monkeypatch)
    told = Transcript(world, "grace", "sofia", "tomas", "noor", "amara")
    told.title("Accepted")
    await (await introduce(world, "tomas", "Tomás Ferreira")).click("Yes, introduce us")
    await person(world, "sofia").message(containing="should talk")
    told.title("Declined")
    await (await introduce(world, "noor", "Noor Haddad")).click("Not now")
    told.title("Never answered")
    await introduce(world, "amara", "Amara Okafor")
    told.title("A week later")
    await days.pass_by(days=8)
    about = [m.text for m in person(world, "sofia").all_messages() if "Nothing has come of" in m.text]
    no = {text.replace("Noor Haddad", "X") for text in about if "Noor Haddad" in text}
    silence = {text.replace("Amara Okafor", "X") for text in about if "Amara Okafor" in text}
    assert no
    assert no == silence, "a no and a silence sound alike"
    assert is_golden("introductions", told.text)
