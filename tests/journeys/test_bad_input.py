"""What people do wrong, or wrongly, and what they read then."""

import asyncio

import pytest

from bot.commands.world import World
from playground import StillNotSoError
from tests.journeys.acts import ask, forward, person, search

HOSTILE = "<!channel> <@U1> <https://evil.example|bank> \u202e\u0000 *bold* `code`"


async def test_an_unknown_word_gets_the_nearest_one(world: World) -> None:
    told = await person(world, "noor").command("/mentor fnid")
    assert "Did you mean" in (await told.told()).text
    assert "/mentor find" in (await told.told()).text


async def test_an_empty_answer_is_refused_under_its_field(world: World) -> None:
    noor = person(world, "noor")
    await noor.command("/mentor find")
    modal = await noor.modal(callback_id="find.search")
    await modal.fill(topic="...", goal="   ")
    await modal.submit()
    assert set(modal.errors) <= {"topic", "goal"}
    assert modal.errors


async def test_hostile_words_are_shown_harmlessly(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    names = await search(world, "noor", topic=f"data analysis {HOSTILE}"[:120])
    await names.click("Ask Tomás")
    note = await noor.modal(callback_id="find.send")
    await note.fill(note=f"{HOSTILE} and a sentence long enough to be one")
    await note.submit()
    doorbell = await tomas.message(containing="would like you")
    wire = str(doorbell.blocks) + doorbell.summary
    assert "<!channel>" not in wire
    assert "<@U1>" not in wire
    assert "<https://evil" not in wire


async def test_the_other_persons_button_is_refused(world: World) -> None:
    await ask(world, "noor", "Tomás")
    doorbell = await person(world, "tomas").message(containing="would like you")
    with pytest.raises(StillNotSoError):
        await person(world, "mateo").message(containing="would like you", seconds=0.2)
    assert doorbell.buttons


async def test_a_second_click_on_accept_changes_nothing(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    await ask(world, "noor", "Tomás")
    doorbell = await tomas.message(containing="would like you")
    await asyncio.gather(doorbell.click("Accept"), doorbell.click("Accept"), return_exceptions=True)
    await noor.message(containing="said yes")
    assert len([m for m in await noor.messages() if "said yes" in m.text]) == 1


async def test_a_full_mentor_is_told_their_own_limit(world: World) -> None:
    amara, tomas = person(world, "amara"), person(world, "tomas")
    await ask(world, "noor", "Tomás")
    doorbell = await tomas.message(containing="Noor Haddad")
    await ask(world, "mateo", "Tomás")
    other = await tomas.message(containing="Mateo Cruz")
    await tomas.command("/mentor profile")
    modal = await tomas.modal(callback_id="profiles.save")
    await modal.fill(room="open-1")
    await modal.submit()
    await doorbell.click("Accept")
    await tomas.message(containing="You're Noor's mentor")
    told = await other.click("Accept")
    assert "Your 1 place is taken" in (await told.told()).text
    assert amara


async def test_a_paused_mentor_is_not_suggested(world: World) -> None:
    tomas = person(world, "tomas")
    await tomas.command("/mentor profile")
    modal = await tomas.modal(callback_id="profiles.save")
    await modal.fill(room="closed-2")
    await modal.submit()
    assert "Tomás" not in (await search(world, "noor")).text


async def test_a_deactivated_mentor_is_passed_over_and_the_mentee_is_told(world: World) -> None:
    noor, amara = person(world, "noor"), person(world, "amara")
    await ask(world, "noor", "Tomás")
    await person(world, "tomas").message(containing="would like you")
    world.playground.workspace.deactivate("tomas")
    await forward(world, minutes=1)
    assert "isn't taking requests" in (await noor.message(containing="isn't taking requests")).text
    assert "would like you" in (await amara.message(containing="Noor Haddad")).text


async def test_one_is_never_suggested_to_oneself(world: World) -> None:
    names = await search(world, "tomas")
    assert "Ask Tomás" not in names.buttons


async def test_a_guest_is_told_kindly_that_it_is_not_for_them(world: World) -> None:
    told = await person(world, "dana").command("/mentor find")
    assert "as a guest" in (await told.told()).text


async def test_a_word_typed_to_the_bot_gets_four_ways_on(world: World) -> None:
    noor = person(world, "noor")
    await noor.say("hello, are you there?")
    answer = await noor.message(containing="I understand buttons")
    assert answer.buttons == ["What's next", "Find a mentor", "Something isn't right", "Help"]


async def test_a_message_that_is_too_old_to_act_on_shows_how_things_stand(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    await ask(world, "noor", "Tomás")
    await tomas.message(containing="would like you")
    await (await noor.message(containing="I've asked")).click("Withdraw")
    await noor.message(containing="Withdrawn")
    await (await tomas.message(containing="would like you")).click("Accept")
    assert "no longer looking" in (await tomas.message(containing="no longer looking")).text
