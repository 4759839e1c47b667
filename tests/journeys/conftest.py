"""A whole world for a journey: the production bot in a playground, on a Monday morning."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.world import World, start_world

MONDAY = datetime(2040, 3, 5, 10, 0, tzinfo=UTC)  # far off, since a playground's clock never goes back
Start = Callable[..., Coroutine[Any, Any, World]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start a world in this test's own home; every one started is stopped."""
    running: list[World] = []

    async def begin(**more: Any) -> World:
        world = await start_world(tmp_path, **({"now": MONDAY} | more))
        running.append(world)
        return world

    yield begin
    for world in running:
        await world.stop()


@pytest.fixture
async def world(start: Start) -> World:
    """The cast on a Monday morning."""
    return await start()
