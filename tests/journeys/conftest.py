"""A whole world for a journey: the production bot in a playground, on a Monday morning."""

import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.world import SHUT, Doors, World, start_world, whole_cast
from playground.things import Cast
from tests.journeys.lockstep import Town

NEIGHBOUR = "quay"
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


def doors_of(way: str) -> Doors:
    """The ports a way takes."""
    carried, let_in = way.split("-")
    if carried == "http":
        port = free_port()
        return Doors(port, port if let_in == "oauth" else 0)
    return Doors(0, free_port()) if let_in == "oauth" else SHUT


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def next_door() -> Cast:
    """The same people in another company."""
    return replace(whole_cast(), team_name="Quayside", team_domain=NEIGHBOUR)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Start a town; it is stopped."""
    running: list[World] = []

    async def begin(way: str, **more: Any) -> Town:
        stage = {"neighbours": (next_door(),), **more.pop("playground", {})}
        given: dict[str, Any] = {"now": MONDAY, "doors": doors_of(way), "playground": stage, **more}
        running.append(await start_world(tmp_path, **given))
        return Town(running[-1])

    yield begin
    for world in running:
        await world.stop()
