"""Noor and Tomás, Lisbon and Berlin, from the yes to three months after the end, both changes of the clocks between."""

import pytest

from bot.demo import story
from tests.journeys.conftest import Start
from tests.journeys.stories import begin
from tests.journeys.transcript import Transcript, is_golden

WORD = "Quokka: I nearly stopped in March, and I'm glad I didn't."


async def test_a_pair_through_six_months(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world, days = await begin(start, monkeypatch)
    people = world.playground.workspace
    noor, tomas = people.person("noor"), people.person("tomas")
    told = Transcript(world, "noor", "tomas")
    told.title("The yes, a first meeting, an agreement, a milestone, and how it goes")
    await story.to_month_six(people, days)
    told.title("How to go on")
    for who in (noor, tomas):
        await (await who.message(containing="How would you like to go on")).click("relationships.stay")
        await who.message(containing="Noted: you finish")
    await days.pass_by(days=25)
    await noor.message(containing="You both said you'd like to stay in touch")
    told.title("Three months later")
    asked = await days.until("noor", "checkins.first", 120)
    await asked.click("checkins.first")
    await (await noor.message(containing="did it help you")).click("checkins.first")
    await (await noor.message(containing="recommend")).click("checkins.first")
    await (await noor.message(containing="It stays with you")).click("checkins.reflect")
    reflection = await noor.modal(callback_id="checkins.keep_reflection")
    await reflection.fill(words=WORD)
    await reflection.submit()
    await (await noor.modal("What I said")).close()
    assert "Quokka" not in told.text, "what one reflects on stands in no message"
    assert is_golden("six_months", told.text)
