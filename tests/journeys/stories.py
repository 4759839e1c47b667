"""What the journeys that last for months share: a world whose chances are always the same, its days, its people."""

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import uuid6

from bot.commands.world import World
from playground.days import Days
from playground.driver import MessageInHand, PersonInHand, ViewInHand
from storage.models.base import new_id
from storage.queries import outbox
from tests.journeys.conftest import Start

OCTOBER = datetime(2039, 10, 3, 9, 0, tzinfo=UTC)  # six months from here meet both changes of the clocks
SEED = 11
PATIENCE = 5.0


def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Number every row in the order it is written, so that whatever is decided by an id is decided the same again."""
    numbers = count(1)
    monkeypatch.setattr(uuid6, "uuid7", lambda: UUID(int=next(numbers)))
    monkeypatch.setattr(outbox, "new_ids", lambda count: [new_id() for _ in range(count)])


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
        await world.playground.workspace.settled()
        await world.bot.shell.drain(PATIENCE)
        await world.bot.courier.deliver_due()
        return outcome

    return done


async def begin(start: Start, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Days]:
    """The cast on a Monday in October, and the days that follow."""
    no_chance(monkeypatch)
    world: World = await start(now=OCTOBER, playground={"seed": SEED})
    one_by_one(world, monkeypatch)
    stage = world.playground
    return world, Days(stage.world, stage.travel, stage.workspace)
