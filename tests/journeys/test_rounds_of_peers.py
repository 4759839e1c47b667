"""Thirteen peers through six rounds: one leaves, one comes late, nobody sits alone and nobody meets anybody twice."""

import re
from itertools import combinations
from typing import Any

import pytest

from bot.commands.world import World
from playground import Person
from tests.journeys.conftest import Start
from tests.journeys.stories import begin, settled
from tests.journeys.transcript import Transcript, is_golden

OLD = ("noor", "tomas", "grace", "amara", "priya", "kenji", "lucas", "sofia", "mateo")
NEW = {"ada": "Ada Costa", "ben": "Ben Ito", "dora": "Dora Khan", "elif": "Elif Demir", "femi": "Femi Abara"}
FIRST = (*OLD, "ada", "ben", "dora", "elif")
ROUNDS = 6


async def join(world: World, key: str) -> None:
    """From `/mentor peers` to being in."""
    who: Any = world.playground.workspace.person(key)
    await who.command("/mentor peers")
    await (await who.modal("Every second Monday")).click("Join")
    await (await who.modal("You're in: next round")).close()


def groups_of(world: World) -> list[frozenset[str]]:
    """Who met whom, group by group, as the group messages named them."""
    state = world.playground.world.state
    found = []
    for place in state.conversations.values():
        people = frozenset(member for member in place.members if member != state.app.user_id)
        if place.name == "" and len(people) > 1 and any(m.by_app for m in state.said_in(place.id, next(iter(people)))):
            found.append(people)
    return found


async def test_six_rounds_of_thirteen_with_a_leaver_and_a_late_joiner(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, days = await begin(start, monkeypatch)
    people = world.playground.workspace
    for key, name in NEW.items():
        people.welcome(Person(key, name, "Engineering", "Europe/Lisbon"))
        await settled(world)
    told = Transcript(world, "noor", "femi")
    for key in FIRST:
        await join(world, key)
    for number in range(ROUNDS):
        told.title(f"Round {number + 1}")
        await days.pass_by(days=8 if number == 0 else 14)
        for key in FIRST:
            for message in people.person(key).all_messages():
                if "We met" in message.buttons and "you meet this round" in message.text:
                    await message.click("We met")
                    await message.changed("you've met")
        if number == 1:
            leaver: Any = people.person("ben")
            await leaver.command("/mentor peers")
            await (await leaver.modal("Every second Monday")).click("Leave")
            await join(world, "femi")
    met = [pair for group in groups_of(world) for pair in combinations(sorted(group), 2)]
    assert len(met) == len(set(met)), "nobody met anybody twice"
    assert re.search(r"Femi Abara", told.text), "the late joiner is in from the next round on"
    assert is_golden("peers", told.text)
