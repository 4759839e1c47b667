"""Grace introduces Sofia to Tomás, over the wire: accepted in a group message or a channel, declined, and lapsed."""

from typing import Any

import pytest

from bot.commands.world import World
from tests.journeys.acts import forward, person

WHY = "You both build forecasts from the same three tables."
WISH = "Which of the three would you trust least, and why?"
NOTHING = "Nothing has come of the introduction to Tomás Ferreira"


async def ask(world: World, why: str = WHY, **fields: Any) -> Any:
    """From `/mentor introduce` to the contact's message, which it gives."""
    grace, sofia, tomas = person(world, "grace"), person(world, "sofia"), person(world, "tomas")
    await grace.command("/mentor introduce")
    await (await grace.modal("Introduce a mentee")).click("Introduce Sofia")
    draft = await grace.modal(callback_id="introductions.propose")
    await draft.fill(contact="tomas", why=why, wish="Would you look at mine?", **fields)
    await draft.submit()
    await (await grace.modal("reads your words about Tomás Ferreira first")).close()
    assert not [m for m in tomas.all_messages() if "introduce you" in m.text]
    await (await sofia.message(containing="would like to introduce you to Tomás Ferreira")).click("Read and edit")
    review = await sofia.modal("You'll be named")
    await review.fill(wish=WISH)
    await review.submit()
    await (await sofia.modal("was asked, and reads the words as agreed")).close()
    return await tomas.message(containing="whom they mentor")


def about(world: World, key: str) -> list[str]:
    """What somebody has read of how it went."""
    return [m.text for m in person(world, key).all_messages() if NOTHING in m.text or "said yes" in m.text]


async def test_a_yes_opens_a_group_message_for_the_three_in_the_agreed_words(world: World) -> None:
    asked = await ask(world)
    for words in ("Grace Mwangi", "Sofia Rossi", WHY, WISH, "20 minutes", "a group message for the three of you"):
        assert words in asked.text
    await asked.click("Yes, introduce us")
    seen = [await person(world, key).message(containing="thought you two should talk") for key in KEYS]
    assert len({(each.channel, each.ts) for each in seen}) == 1
    assert "I can't read this chat: I never asked for that permission." in seen[0].text
    assert WISH in seen[0].text
    await person(world, "grace").message(containing="Tomás Ferreira said yes")
    await person(world, "sofia").message(containing="Tomás Ferreira said yes")
    assert "I introduce you and Sofia" in (await person(world, "tomas").message(containing="Thank you")).text


KEYS = ("grace", "sofia", "tomas")


async def test_a_yes_posts_in_the_channel_they_chose_and_hostile_words_stay_words(world: World) -> None:
    hostile = "<!channel> <https://evil.example|bank> javascript:alert(1), and you both like forecasts"
    asked = await ask(world, hostile, place="data-questions")
    await asked.click("Yes, introduce us")
    told = await person(world, "grace").message(containing="The introduction is in the channel you two chose")
    assert told.buttons == []
    posted = [m for m in await person(world, "noor").messages("data-questions") if "should talk" in m.text]
    assert len(posted) == 1
    assert hostile in posted[0].text
    wire = str([block for block in posted[0].blocks if block["type"] != "rich_text"]) + posted[0].summary
    assert "<!channel>" not in wire
    assert "evil.example" not in wire


async def test_an_archived_channel_loses_nothing_and_a_group_message_will_do(world: World) -> None:
    asked = await ask(world, place="data-questions")
    world.playground.workspace.archive("data-questions")
    await asked.click("Yes, introduce us")
    refused = await person(world, "grace").message(containing="Slack wouldn't take my message there")
    await refused.click("Try again")
    place = await person(world, "grace").modal("Everybody has agreed")
    await place.submit()
    seen = await person(world, "sofia").message(containing="thought you two should talk")
    assert WISH in seen.text
    await forward(world, days=1)
    assert len([m for m in person(world, "sofia").all_messages() if "thought you two" in m.text]) == 1


@pytest.mark.parametrize("answer", ["Not now", "Don't ask me again", ""])
async def test_a_no_and_a_silence_are_told_in_the_same_words_on_day_seven(world: World, answer: str) -> None:
    asked = await ask(world)
    if answer:
        await asked.click(answer)
        await asked.changed("Nobody hears who said no")
    await forward(world, days=6, hours=20)
    assert about(world, "grace") == about(world, "sofia") == []
    await forward(world, hours=8)
    told = [await person(world, key).message(containing=NOTHING) for key in ("grace", "sofia")]
    assert {each.text.split("\n")[0] for each in told} == {
        f"{NOTHING}; weeks get full, and it's nobody's fault. Somebody else may fit as well."
    }
    await person(world, "tomas").message(containing="This one has lapsed, and nobody waits")
    assert len([m for m in person(world, "tomas").all_messages() if "Sofia" in m.text or "lapsed" in m.text]) == 1
