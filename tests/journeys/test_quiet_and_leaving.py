"""A pair that goes quiet and sleeps; and one that doesn't work, ends kindly, and finds somebody new in one step."""

import pytest

from bot.demo import story
from tests.journeys.conftest import Start
from tests.journeys.stories import begin
from tests.journeys.transcript import Transcript, is_golden


async def test_a_pair_that_goes_quiet(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world, days = await begin(start, monkeypatch)
    people = world.playground.workspace
    told = Transcript(world, "noor", "tomas")
    await story.begin(people, days)
    await story.sign(people)
    await story.met(days)
    told.title("Nothing is heard of them")
    await days.until("noor", "relationships.in_touch", 60)
    await days.pass_by(days=16)
    told.title("Asleep, until one of them says a word")
    await (await people.person("tomas").message(containing="let you and Noor rest")).click("relationships.in_touch")
    await people.person("tomas").message(containing="stay quiet about you and Noor")
    await days.pass_by(days=1)
    assert is_golden("quiet", told.text)


async def test_a_pair_that_ends_badly_and_is_rematched(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world, days = await begin(start, monkeypatch)
    people = world.playground.workspace
    noor, tomas, amara = (people.person(key) for key in ("noor", "tomas", "amara"))
    told = Transcript(world, "noor", "tomas", "amara")
    await story.begin(people, days)
    await story.sign(people)
    await story.met(days)
    await story.plan(people, days)
    told.title("It isn't working, said privately")
    page = await story.open_pair(noor)
    await page.click("relationships.not_working")
    way_out = await noor.modal(callback_id="relationships.leave")
    assert "Ingrid Berg" in way_out.text, "somebody to talk to, who is neither of the two"
    await way_out.fill(way="new")
    await way_out.submit()
    names = await noor.modal(callback_id="find.results")
    assert "Tomás" not in names.text
    told.title("Somebody new, in one step; Tomás reads one neutral line ten minutes later")
    await names.click("Ask Amara")
    note = await noor.modal(callback_id="find.send")
    await note.submit()
    await noor.no_modal()
    await days.pass_by(minutes=15)
    await tomas.message(containing="has come to an end")
    await (await amara.message(containing="Noor Haddad would like you")).click("requests.accept")
    await noor.message(containing="Amara Okafor said yes")
    await days.pass_by(hours=1)
    ingrid = people.person("ingrid")
    await ingrid.open_home()
    seen = (await ingrid.home("For organisers")).text
    assert "1* ended early" in seen
    assert "isn't working" not in seen
    assert is_golden("rematched", told.text)
