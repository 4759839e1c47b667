"""Three colleagues join the peers, meet in a round, and one passes over the next, over the wire."""

from typing import Any

from bot.commands.world import World
from tests.journeys.acts import forward, person


async def join(world: World, key: str) -> Any:
    """From `/mentor peers` to being in."""
    who = person(world, key)
    await who.command("/mentor peers")
    await (await who.modal("Every second Monday")).click("Join")
    joined = await who.modal("You're in: next round")
    await joined.close()
    return who


async def test_two_are_introduced_in_a_chat_of_their_own_and_one_tap_says_they_met(world: World) -> None:
    noor, tomas = await join(world, "noor"), await join(world, "tomas")
    grace = person(world, "grace")
    await forward(world, days=8)
    seen = await noor.message(containing="you meet this round")
    assert "I can't read this chat" in seen.text
    assert "To start:" in seen.text
    same = await tomas.message(containing="you meet this round")
    assert (same.channel, same.ts) == (seen.channel, seen.ts)
    assert not [m for m in grace.all_messages() if "you meet this round" in m.text]
    assert seen.buttons == ["We met", "Not this time"]
    await same.click("We met")
    await seen.changed("you've met")
    assert seen.buttons == []
    await forward(world, days=6)
    assert not [m for m in noor.all_messages() if "Did you and" in m.text]


async def test_three_go_on_as_two_and_the_one_who_passes_is_told_alone(world: World) -> None:
    noor, tomas, amara = await join(world, "noor"), await join(world, "tomas"), await join(world, "amara")
    await forward(world, days=8)
    seen = await amara.message(containing="you meet this round")
    for name in ("Noor Haddad", "Tomás Ferreira", "Amara Okafor"):
        assert name in seen.text
    pressed = await seen.click("Not this time")
    assert "You're out of this round" in (await pressed.told()).text
    changed = await tomas.message(containing="you meet this round")
    await changed.hands.wait(
        lambda: True if "Amara Okafor" not in changed.text else None, "still reads the name of the one who passed"
    )
    assert not [m for m in noor.all_messages() if "out of this round" in m.text]
    await forward(world, days=11)
    asked = await noor.message(containing="Did you and Tomás meet?")
    await asked.click("We met")
    await asked.changed("Noted")
    assert "you've met" in (await tomas.message(containing="you've met")).text


async def test_one_whose_partner_passes_is_told_kindly_and_meets_again_in_the_next_round(world: World) -> None:
    noor, tomas = await join(world, "noor"), await join(world, "tomas")
    await forward(world, days=8)
    await (await tomas.message(containing="you meet this round")).click("Not this time")
    await forward(world, days=1)
    told = await noor.message(containing="nobody else is free just now")
    assert "you're in it" in told.text
    assert "Tomás" not in told.text
    assert "isn't part of the round" in (await noor.message(containing="isn't part of the round")).text
    await forward(world, days=14)
    assert "Tomás Ferreira" in (await noor.message(containing="you meet this round")).text


async def test_a_peer_whose_account_closes_before_the_message_leaves_nobody_in_an_empty_chat(world: World) -> None:
    noor, tomas, amara = await join(world, "noor"), await join(world, "tomas"), await join(world, "amara")
    world.playground.workspace.deactivate("tomas")
    await forward(world, days=8)
    seen = await noor.message(containing="you meet this round")
    assert "Tomás" not in seen.text
    assert (await amara.message(containing="you meet this round")).ts == seen.ts
    assert not [m for m in tomas.all_messages() if "you meet" in m.text]


async def test_leaving_takes_one_tap_and_needs_no_reason(world: World) -> None:
    noor = await join(world, "noor")
    await noor.command("/mentor peers")
    mine = await noor.modal("You're in: next round")
    await mine.click("Leave")
    assert "Join" in (await noor.modal("Joining takes one tap")).buttons
