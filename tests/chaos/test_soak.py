"""Random people, random faults and weeks of world time through the real bot; and oracles shown to be able to fail."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.commands import assemble
from bot.commands.world import World, start_world
from tests.chaos.soak.run import Soak
from tests.journeys.conftest import MONDAY

SEED, FULL_SEEDS = 20270301, (1, 2, 3, 4, 5)
SECONDS, FULL_SECONDS = 30.0, 150.0
CALL_SECONDS = 2
Begin = Callable[[int], Coroutine[Any, Any, Soak]]


@pytest.fixture
async def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Begin]:
    """Start a soak of a seed in a world of its own; a call that hangs is given up sooner than on Slack."""
    monkeypatch.setattr(assemble, "CALL_SECONDS", CALL_SECONDS)
    running: list[tuple[World, Soak]] = []

    async def start(seed: int) -> Soak:
        world = await start_world(tmp_path / str(seed), now=MONDAY, playground={"seed": seed})
        soak = Soak(world, seed)
        running.append((world, soak))
        return soak

    yield start
    for world, soak in running:
        soak.close()
        await world.stop()


@pytest.mark.timeout(900)
async def test_nothing_is_lost_doubled_or_raw(begin: Begin, full: bool) -> None:  # noqa: FBT001  (pytest hands it over)
    for seed in FULL_SEEDS if full else (SEED,):
        soak = await begin(seed)
        await soak.live(FULL_SECONDS if full else SECONDS)
        await soak.calm_down()
        verdict = await soak.reckon()
        print(verdict)  # noqa: T201  (the seed and the figures, shown where it fails)
        assert verdict.wrongs == [], str(verdict)
