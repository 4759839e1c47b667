"""A newcomer finds a mentor, is turned down, and finds another; undo at every turn."""

from bot.commands.world import World
from tests.journeys.acts import ask, forward, person, search


async def test_a_newcomer_finds_asks_and_is_accepted(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    names = await search(world, "noor")
    assert "Tomás Ferreira" in names.text
    assert "Teaches data analysis" in names.text
    assert "no free place just now" in names.text, "Grace is full, and it says so"
    await names.click("Ask Tomás")
    note = await noor.modal(callback_id="find.send")
    await note.submit()

    doorbell = await tomas.message(containing="Noor Haddad")
    assert "data analysis" in doorbell.text
    assert "first chat" not in doorbell.text, "the note itself is never in a message"
    await doorbell.click("Read Noor's note")
    read = await tomas.modal(callback_id="requests.note")
    assert "30 minutes for a first chat" in read.text
    await read.close()

    await doorbell.click("Accept")
    yes = await tomas.message(containing="You're Noor's mentor")
    assert "Undo" in yes.buttons
    assert "is now your mentor" in (await noor.message(containing="said yes")).text


async def test_a_yes_can_be_taken_back_and_given_again(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    await ask(world, "noor", "Tomás")
    await (await tomas.message(containing="Noor Haddad")).click("Accept")
    await noor.message(containing="said yes")
    await (await tomas.message(containing="You're Noor's mentor")).click("Undo")
    again = await tomas.message(containing="would like you as a mentor")
    assert "thinking again" in (await noor.message(containing="thinking again")).text
    await again.click("Accept")
    assert "said yes" in (await noor.message(containing="said yes")).text


async def test_a_yes_cannot_be_taken_back_after_ten_minutes(world: World) -> None:
    tomas = person(world, "tomas")
    await ask(world, "noor", "Tomás")
    await (await tomas.message(containing="Noor Haddad")).click("Accept")
    await tomas.message(containing="You're Noor's mentor")
    await forward(world, minutes=11)
    assert "Undo" not in (await tomas.message(containing="You're Noor's mentor")).buttons


async def test_a_no_is_kind_waits_ten_minutes_and_moves_on(world: World) -> None:
    noor, tomas, amara = (person(world, key) for key in ("noor", "tomas", "amara"))
    await ask(world, "noor", "Tomás")
    await (await tomas.message(containing="Noor Haddad")).click("Not this time")
    await (await tomas.modal(callback_id="requests.say_no")).submit()
    no = await tomas.message(containing="hears it kindly")
    assert "Undo" in no.buttons
    assert not [m for m in await noor.messages() if "can't take this on" in m.text]
    await forward(world, minutes=11)
    news = await noor.message(containing="can't take this on now")
    assert "Amara" in news.text
    assert "Noor Haddad" in (await amara.message(containing="would like you as a mentor")).text


async def test_an_undone_no_leaves_no_trace(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    await ask(world, "noor", "Tomás")
    await noor.message(containing="I've asked")
    before = len(await noor.messages())
    await (await tomas.message(containing="Noor Haddad")).click("Not this time")
    await (await tomas.modal(callback_id="requests.say_no")).submit()
    await (await tomas.message(containing="hears it kindly")).click("Undo")
    await forward(world, minutes=30)
    assert len(await noor.messages()) == before
    await (await tomas.message(containing="would like you")).click("Accept")
    await noor.message(containing="said yes")


async def test_silence_brings_one_reminder_and_then_the_next_name(world: World) -> None:
    noor, tomas, amara = (person(world, key) for key in ("noor", "tomas", "amara"))
    await ask(world, "noor", "Tomás")
    await forward(world, days=5)
    reminders = [m for m in await tomas.messages() if "hoping for a word" in m.text]
    assert len(reminders) == 1
    assert "weeks get full" in (await noor.message(containing="No answer yet")).text
    assert "would like you" in (await amara.message(containing="Noor Haddad")).text


async def test_a_late_yes_is_offered_to_the_mentee(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    await ask(world, "noor", "Tomás")
    await forward(world, days=4)
    await (await tomas.message(containing="I've asked someone else")).click("I could after all")
    offer = await noor.message(containing="after all")
    await offer.click("Yes, Tomás")
    assert "You're Noor's mentor" in (await tomas.message(containing="You're Noor's mentor")).text


async def test_a_search_nobody_answers_ends_with_ways_on(world: World) -> None:
    noor = person(world, "noor")
    await ask(world, "noor", "Tomás")
    await forward(world, days=30)
    end = await noor.message(containing="last name")
    assert "Look again" in end.buttons


async def test_withdrawing_tells_the_mentor_only_after_ten_minutes(world: World) -> None:
    noor, tomas = person(world, "noor"), person(world, "tomas")
    await ask(world, "noor", "Tomás")
    await tomas.message(containing="would like you")
    await (await noor.message(containing="I've asked")).click("Withdraw")
    gone = await noor.message(containing="Withdrawn")
    assert "Undo" in gone.buttons
    assert "would like you" in (await tomas.message()).text
    await forward(world, minutes=11)
    assert "no longer looking" in (await tomas.message(containing="no longer looking")).text
