"""What the journeys that last for months share: a world whose chances are always the same, its days, its people."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import uuid6

from bot.commands.world import World
from playground import clock
from playground.clock import real_time
from playground.days import Days
from playground.driver import MessageInHand, PersonInHand, ViewInHand
from storage.database import Tx
from storage.models.base import new_id
from storage.models.members import Member
from storage.queries import members, outbox
from tests.journeys.conftest import Start

OCTOBER = datetime(2039, 10, 3, 9, 0, tzinfo=UTC)  # six months from here meet both changes of the clocks
SEED = 11
PEOPLE_FROM, NEXT_DOOR, ROWS_FROM = (
    17,
    400,
    1000,
)  # no number is both somebody's and a row's; the stories were read with these
# Everybody's place among the numbers; Slack's own list goes by ids of its own, which are drawn by chance.
PLACES = (
    "Noor Haddad",
    "Lucas Almeida",
    "Mateo Cruz",
    "Grace Mwangi",
    "Tomás Ferreira",
    "Sofia Rossi",
    "Amara Okafor",
    "Kenji Mori",
    "Slackbot",
    "Mentor",
    "Priya Nair",
    "Dana Cohen",
    "Ingrid Berg",
)
PATIENCE = 5.0


Places = tuple[dict[str, int], Iterator[int]]


def _places(first: int) -> Places:
    """The numbers of the cast in one workspace, and those of whoever comes later."""
    return {name: first + place for place, name in enumerate(PLACES)}, count(first + len(PLACES))


def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Number every row in the order it is written, so that whatever is decided by an id is decided the same again.

    People are numbered by themselves, the cast by name and newcomers in the order they come: who meets whom, and at
    which minute of a morning, is told by a hash of their number, and how many other rows there are by then is a matter
    of how fast this machine is.
    """
    numbers, people, known = count(ROWS_FROM), dict[str, Places](), dict[tuple[str, str], str]()
    monkeypatch.setattr(uuid6, "uuid7", lambda: UUID(int=next(numbers)))
    monkeypatch.setattr(outbox, "new_ids", lambda count: [new_id() for _ in range(count)])
    remember = members.remember

    def remembered(tx: Tx, person: members.Person) -> Member:
        who = (tx.workspace_id, person.slack_id)
        if who not in known:
            first, newcomers = people.setdefault(tx.workspace_id, _places(PEOPLE_FROM + NEXT_DOOR * len(people)))
            known[who] = str(UUID(int=first[person.name] if person.name in first else next(newcomers)))
        own = known[who]
        with monkeypatch.context() as only_here:
            only_here.setattr(members, "new_id", lambda: own)
            return remember(tx, person)

    monkeypatch.setattr(members, "remember", remembered)


def stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let world time pass by steps alone: on a slow machine a deed takes longer, and what is due must not see that."""
    now = real_time()
    monkeypatch.setattr(clock, "real_time", lambda: now)


def one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything a deed leads to arrive before the next one is done, so that a story is told in one order."""
    for hands, name in (
        (MessageInHand, "click"),
        (ViewInHand, "click"),
        (ViewInHand, "submit"),
        (PersonInHand, "command"),
    ):
        monkeypatch.setattr(hands, name, _settling(getattr(hands, name), world))


def _settling(deed: Any, world: World) -> Any:
    async def done(*args: Any, **more: Any) -> Any:
        outcome = await deed(*args, **more)
        await settled(world)
        await world.bot.courier.deliver_due()
        return outcome

    return done


async def settled(world: World) -> None:
    """Wait until nothing is on its way, to the bot or from it; what it is at may be followed by an answer."""
    await world.playground.workspace.settled()
    while world.bot.shell.under_way:
        await world.bot.shell.drain(PATIENCE)


async def begin(start: Start, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Days]:
    """The cast on a Monday in October, and the days that follow; the bot looks when time is moved, not by itself."""
    no_chance(monkeypatch)
    stand_still(monkeypatch)
    world: World = await start(now=OCTOBER, playground={"seed": SEED})
    world.bot.ticking.rest()
    one_by_one(world, monkeypatch)
    stage = world.playground
    return world, Days(stage.world, stage.travel, stage.workspace)
