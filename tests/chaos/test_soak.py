"""Random people, random faults and weeks of world time through the real bot; and oracles shown to be able to fail."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import clients
from bot.commands.world import World, start_world
from bot.outbox import courier, machine
from bot.outbox.courier import Courier
from bot.services import help as help_
from bot.services import profiles
from playground import faults as broken
from storage.database import Priority
from storage.models.outbox import RowState
from tests.chaos.soak.neighbour import Neighbour
from tests.chaos.soak.run import Soak
from tests.journeys.conftest import MONDAY

SEED, FULL_SEEDS = 20270301, (1, 2, 3, 4, 5)
SECONDS, FULL_SECONDS = 30.0, 120.0
TWO_PROCESSES = (1, 2)
CALL_SECONDS = 2
SILENT = "UPDATE workspaces SET silent_since = '2040-01-01'"
Patch = pytest.MonkeyPatch
Plant = Callable[[Soak, Patch], Coroutine[Any, Any, None]]
Begin = Callable[[int], Coroutine[Any, Any, Soak]]


@pytest.fixture
async def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Begin]:
    """Start a soak of a seed in a world of its own; a call that hangs is given up sooner than on Slack."""
    monkeypatch.setattr(clients, "CALL_SECONDS", CALL_SECONDS)
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


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", TWO_PROCESSES)
async def test_nothing_is_lost_doubled_or_raw_while_one_of_two_is_killed(
    tmp_path: Path,
    monkeypatch: Patch,
    postgres_url_of_its_own: str,
    seed: int,
    full: bool,  # noqa: FBT001  (pytest hands it over)
) -> None:
    if not full:
        pytest.skip("two processes are soaked with --full")
    monkeypatch.setattr(clients, "CALL_SECONDS", CALL_SECONDS)
    world = await start_world(tmp_path, now=MONDAY, playground={"seed": seed}, database_url=postgres_url_of_its_own)
    neighbour = Neighbour(world, tmp_path, CALL_SECONDS)
    soak = Soak(world, seed, neighbour)
    try:
        await soak.live(FULL_SECONDS)
        await soak.calm_down()
        verdict = await soak.reckon()
        print(verdict)  # noqa: T201  (the seed and the figures, shown where it fails)
        assert neighbour.lives() > 1, neighbour.said()
        assert verdict.wrongs == [], f"{verdict}\n{neighbour.said()}"
    finally:
        neighbour.kill()
        soak.close()
        await world.stop()


# ---------------------------------------------------------------------------------------------------------
# An oracle that cannot fail proves nothing: each of these is broken on purpose, and has to be named.


async def _say(soak: Soak, words: str = "hello") -> None:
    await soak.world.playground.workspace.person("tomas").say(words)
    await soak.settle()
    await soak.forward(timedelta(minutes=5))


async def _doubled(soak: Soak, patch: Patch) -> None:
    """A courier that never looks before it sends again, and an answer that is lost."""

    async def blind(*_: object) -> None:
        return None

    patch.setattr(courier, "look_for", blind)
    soak.world.playground.faults.next("chat.postMessage", broken.lost_answer())
    await _say(soak)


async def _lost(soak: Soak, patch: Patch) -> None:
    """A courier that takes silence for a yes, and a call that never arrived."""
    patch.setattr(machine, "_in_doubt", lambda row, now, _: machine._over(row, RowState.DONE, now))  # noqa: SLF001  (broken on purpose)
    soak.world.playground.faults.next("chat.postMessage", broken.drop_before())
    await _say(soak)


async def _crashed(soak: Soak, patch: Patch) -> None:
    """A service that falls over when asked."""
    patch.setattr(profiles, "page", lambda *_: 1 / 0)
    await soak.world.playground.workspace.person("tomas").command("/mentor profile")
    await soak.settle()


async def _failed_unseen(soak: Soak, patch: Patch) -> None:
    """The same where nobody reads it: work that fails again and again, and is set aside."""
    patch.setattr(help_, "answer_typed", lambda *_: 1 / 0)
    await _say(soak)


async def _raw(soak: Soak, _: Patch) -> None:
    """A word nobody should read."""
    await _post(soak, "Your mentor is None.")


async def _unowed(soak: Soak, _: Patch) -> None:
    """A message that no row owed."""
    await _post(soak, "By the way.")


async def _post(soak: Soak, words: str) -> None:
    bot, who = soak.world.bot, soak.world.playground.workspace.person("tomas")
    client = await bot.clients.of(soak.world.workspace_id)
    place = await client.conversations_open(users=who.id)
    await client.chat_postMessage(channel=place["channel"]["id"], text=words)


async def _refused(soak: Soak, _: Patch) -> None:
    """Something Slack would not take."""
    with suppress(SlackApiError):
        client = await soak.world.bot.clients.of(soak.world.workspace_id)
        await client.views_publish(user_id=soak.world.playground.workspace.person("tomas").id, view={})


def _changed(*statements: str) -> Plant:
    """Rows that were written by half, or forgotten."""

    async def change(soak: Soak, _: Patch) -> None:
        def write(session: Session) -> None:
            for statement in statements:
                session.execute(text(statement))

        await asyncio.wrap_future(soak.world.bot.database.write(write, Priority.ANSWER))

    return change


async def _misdirected(soak: Soak, patch: Patch) -> None:
    """Another person's message."""
    other = soak.world.playground.workspace.person("grace").id
    real = Courier._open_chat  # noqa: SLF001  (broken on purpose)
    patch.setattr(Courier, "_open_chat", lambda sender, client, team, _: real(sender, client, team, other))
    await _changed("UPDATE members SET chat = NULL")(soak, patch)
    await _say(soak)


PLANTS: dict[str, tuple[Plant, str]] = {
    "doubled": (_doubled, "was posted 2 times"),
    "lost": (_lost, "is done, and nobody ever saw it"),
    "misdirected": (_misdirected, "and was for"),
    "unowed": (_unowed, "nobody owed 'By the way.'"),
    "raw": (_raw, "'None' was shown"),
    "crashed": (_crashed, "'my fault' was shown"),
    "failed unseen": (_failed_unseen, "Nobody foresaw this"),
    "refused": (_refused, "invalid_arguments"),
    "half-written": (_changed("UPDATE profiles SET taken = taken - 1 WHERE taken > 0"), "a mentor's places in use"),
    "stuck": (_changed("UPDATE outbox SET state = 'sending', lease_until = '2099-01-01'"), "is still in doubt"),
    "forgotten": (_changed(SILENT, "UPDATE outbox SET state = 'pending', lane = 'nudge'"), "still waits"),
}


@pytest.mark.parametrize("name", PLANTS)
async def test_what_is_broken_on_purpose_is_named(begin: Begin, monkeypatch: Patch, name: str) -> None:
    plant, named = PLANTS[name]
    soak = await begin(1)
    await plant(soak, monkeypatch)
    verdict = await soak.reckon()
    assert any(named in wrong for wrong in verdict.wrongs), str(verdict)


async def test_a_world_in_which_nothing_was_broken_has_nothing_to_name(begin: Begin) -> None:
    soak = await begin(1)
    await _say(soak)
    verdict = await soak.reckon()
    assert (verdict.wrongs, verdict.figures["post done"]) == ([], 1)
