"""The shell's order of things: what is acknowledged when, and what a person sees while work is slow."""

import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.commands.world import World, start_world
from bot.rules import permissions
from bot.slack.blocks import Message, Modal, section
from bot.slack.calls import Call
from bot.slack.replies import OpenModal, Reply, Tell
from bot.slack.router import RouteKind, Router
from bot.slack.text import md
from handlers import ROUTES
from playground.faults import http_error

SLOW = 1.8
router = Router("tried")


@router.command("tried")
def slowly(call: Call) -> Reply:  # noqa: ARG001  (a handler's signature)
    """Answer after the moment at which the shell acknowledges anyway."""
    time.sleep(SLOW)
    return Tell(Message(md("Done at last."), (section(md("Done at last.")),)))


@router.command("filled", opens_first=True)
def filled(call: Call) -> Reply:  # noqa: ARG001  (a handler's signature)
    """Fill the view that was opened at once, long after its trigger has died."""
    time.sleep(SLOW * 2)
    return OpenModal(Modal("Filled", "tried.filled", (section(md("Here it is.")),)))


@router.command("broken")
def broken(call: Call) -> Reply:
    """Fail in a way nobody foresaw."""
    raise ZeroDivisionError(call.text)


@pytest.fixture(autouse=True)
def listened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tried commands be commands like any other, for the length of a test."""
    for route in router.routes:
        monkeypatch.setitem(ROUTES.by_key, (route.kind, route.id), route)
        rule = permissions.Rule(permissions.MEMBERS, permissions.Reach.SELF)
        monkeypatch.setitem(permissions.MATRIX, f"{route.kind}:{route.id}", rule)


@pytest.fixture
async def world(tmp_path: Path) -> World:
    """A world of its own."""
    return await start_world(tmp_path)


async def test_a_slow_command_is_acknowledged_in_time_and_answered_later(world: World) -> None:
    told = await world.playground.workspace.person("noor").command("/mentor tried")
    assert told.error is None
    assert (await told.told()).text == "Done at last."
    await world.stop()


async def test_where_work_is_slow_a_view_opens_at_once_and_is_filled(world: World) -> None:
    noor = world.playground.workspace.person("noor")
    told = await noor.command("/mentor filled")
    assert told.error is None
    await noor.modal(containing="One moment")
    await noor.modal(containing="Here it is.")
    await world.stop()


@pytest.fixture
def slow_search(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A form whose deed takes longer than Slack waits; whose topics were searched for."""
    key, topics = (RouteKind.FORM, "find.search"), []
    route = ROUTES.by_key[key]

    def slowly(call: Call, form: Any) -> Reply:
        topics.append(form.topic)
        time.sleep(SLOW * 2)
        return route.handler(call, form)

    monkeypatch.setitem(ROUTES.by_key, key, replace(route, handler=slowly))
    return topics


async def test_a_form_that_takes_too_long_stays_open_and_sent_again_gets_its_answer(
    world: World, slow_search: list[str]
) -> None:
    noor = world.playground.workspace.person("noor")
    await noor.command("/mentor find")
    modal = await noor.modal(callback_id="find.search")
    await modal.fill(topic="data analysis", goal="Move into a data role")
    await modal.submit()
    assert "try again in a minute" in str(modal.errors)
    await modal.submit()
    await noor.modal(callback_id="find.results")
    assert slow_search == ["data analysis"], "it was done once"
    await world.stop()


async def test_words_changed_meanwhile_in_a_form_that_took_too_long_are_not_lost(
    world: World, slow_search: list[str]
) -> None:
    noor = world.playground.workspace.person("noor")
    await noor.command("/mentor find")
    modal = await noor.modal(callback_id="find.search")
    await modal.fill(topic="data analysis", goal="Move into a data role")
    await modal.submit()
    await modal.fill(topic="testing")
    await modal.submit()
    await modal.submit()
    await noor.modal(callback_id="find.results")
    assert slow_search == ["data analysis", "testing"], "each was done once"
    await world.stop()


async def test_whoever_taps_first_is_answered_though_slack_would_not_say_again_who_the_bot_is(world: World) -> None:
    noor = world.playground.workspace.person("noor")
    world.playground.faults.next("auth.test", http_error(500), times=5)
    told = await noor.command("/mentor find")
    assert told.error is None
    await noor.modal(callback_id="find.search")
    await world.stop()


async def test_a_crash_becomes_words_with_a_reference(world: World) -> None:
    told = await world.playground.workspace.person("noor").command("/mentor broken")
    assert told.error is None
    words = (await told.told()).text
    assert "my fault" in words
    assert "ZeroDivision" not in words
    await world.stop()


async def test_a_locked_database_is_said_kindly_and_keeps_what_was_typed(world: World, tmp_path: Path) -> None:
    noor = world.playground.workspace.person("noor")
    file = tmp_path / "playground" / "mentorbot.db"
    released = threading.Event()
    held = threading.Event()

    def hold() -> None:
        lock = sqlite3.connect(file, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        held.set()
        released.wait(20)
        lock.execute("ROLLBACK")
        lock.close()

    keeper = threading.Thread(target=hold)
    keeper.start()
    held.wait(5)
    told = await noor.command("/mentor find")
    assert "notebook didn't open" in (await told.told(seconds=20)).text
    released.set()
    keeper.join()
    await noor.command("/mentor find")
    await noor.modal(callback_id="find.search")
    await world.stop()
