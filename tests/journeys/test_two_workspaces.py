"""Every story in two workspaces at once, by a socket and over HTTP, with tokens and by OAuth; not a word crosses."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from bot.commands.world import World
from playground.driver import ViewInHand
from playground.journal import Entry
from tests.journeys import (
    stories,
    test_bad_input,
    test_checkins,
    test_first_match,
    test_four_weeks_of_digests,
    test_introduction_story,
    test_introductions,
    test_peers,
    test_quiet_and_leaving,
    test_rounds_of_peers,
    test_silence,
    test_six_months,
)
from tests.journeys.lockstep import Side, Town

MODULES = (
    test_first_match,
    test_bad_input,
    test_checkins,
    test_introductions,
    test_peers,
    test_silence,
    test_quiet_and_leaving,
    test_introduction_story,
    test_rounds_of_peers,
    test_four_weeks_of_digests,
    test_six_months,
)
PLANTED = ("Axolotl", "Quetzal")
STORIES = {
    name: story
    for module in MODULES
    for name, story in vars(module).items()
    if name.startswith("test_") and set(inspect.signature(story).parameters) in ({"world"}, {"start", "monkeypatch"})
}
USUAL = ("http-oauth", "http-tokens", "socket-oauth")
WAYS = (*USUAL, "socket-tokens")


LONG = frozenset(
    {
        "test_a_pair_through_six_months",
        "test_six_rounds_of_thirteen_with_a_leaver_and_a_late_joiner",
        "test_four_weeks_of_digests",
    }
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each story in one way, the ways in turn, but for those of months; every story in every way with --full.

    By a socket and with tokens each is told in its own module, where one workspace is alone.
    """
    if "way" in metafunc.fixturenames:
        is_full = metafunc.config.getoption("--full")
        told = [
            (name, way)
            for number, name in enumerate(STORIES)
            for order, way in enumerate(WAYS)
            if is_full or (number % len(USUAL) == order and name not in LONG)
        ]
        metafunc.parametrize(("name", "way"), told, ids=[f"{name.removeprefix('test_')}-{way}" for name, way in told])


@dataclass(slots=True)
class Crossing:
    """What crossed the wire, workspace by workspace."""

    entries: list[Entry]

    def of(self, team: str) -> str:
        """All of one workspace, as text."""
        return "\n".join(json.dumps([e.title, e.detail], ensure_ascii=False) for e in self.entries if e.team == team)


async def plant(side: Side, word: str) -> None:
    """Somebody who is in no story types a word of their own wherever one can."""
    lucas = side.playground.workspace.person("lucas")
    await lucas.say(f"I dream of {word}s")
    await lucas.command("/mentor profile")
    profile = await lucas.modal(callback_id="profiles.save")
    await profile.fill(goal=f"Keep a {word} at home")
    await profile.submit()


def type_more(monkeypatch: pytest.MonkeyPatch, word: str, there: Any) -> None:
    """Whatever is typed at length in one workspace ends in a word of its own."""
    fill_in = ViewInHand.fill_in

    async def filled(view: ViewInHand, answers: dict[str, object]) -> None:
        if view.hands.world is there:
            answers = {
                name: f"{said} {word}" if isinstance(said, str) and len(said) > 30 else said
                for name, said in answers.items()
            }
        await fill_in(view, answers)

    monkeypatch.setattr(ViewInHand, "fill_in", filled)


async def test_a_story_in_two_workspaces(
    name: str,
    way: str,
    town: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = STORIES[name]
    is_of_months = "world" not in inspect.signature(story).parameters
    told_alike = _by_chance(monkeypatch) if is_of_months else {}
    here: Town = await town(way, **told_alike)
    stage: Any = here.world.playground
    if is_of_months:
        _one_by_one(here.world, monkeypatch)
    crossing = Crossing([])
    stage.world.journal.listeners.append(crossing.entries.append)
    type_more(monkeypatch, PLANTED[1], stage.workspaces[1]._world)  # noqa: SLF001  (the driver keeps its world to itself)

    async def told(side: Side) -> None:
        await plant(side, PLANTED[here.sides.index(side)])
        await (story(lambda **_: _at(side), monkeypatch) if is_of_months else story(side))

    await here.tell(told, told)
    nothing_crossed(here, crossing)


def _by_chance(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """When the stories of months begin, and what is always the same in them."""
    stories.no_chance(monkeypatch)
    stories.stand_still(monkeypatch)
    return {"now": stories.OCTOBER, "playground": {"seed": stories.SEED}}


def _one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each deed at its end before the next, in both stories; minutes and pairings are others, since rows' ids are."""
    world.bot.ticking.rest()
    stories.one_by_one(world, monkeypatch)
    for done_already in ("no_chance", "stand_still", "one_by_one"):
        monkeypatch.setattr(stories, done_already, lambda *_: None)
    for module in MODULES:
        monkeypatch.setattr(module, "is_golden", lambda *_: True, raising=False)


async def _at(side: Side) -> Side:
    return side


def nothing_crossed(town: Town, crossing: Crossing) -> None:
    """Neither a word nor an id of one workspace is in what crossed the wire, or in the rows, of the other."""
    stage: Any = town.world.playground
    for own, other in ((0, 1), (1, 0)):
        world, far = stage.workspaces[own]._world, stage.workspaces[other]._world  # noqa: SLF001  (the same)
        said = crossing.of(world.state.team.id)
        assert PLANTED[own] in said, "the word was planted"
        foreign = [PLANTED[other], far.state.team.id, *far.state.users.keys() - {"USLACKBOT"}, *far.state.conversations]
        assert [each for each in foreign if each in said] == []
        rows = rows_of(town, world.state.team.id)
        assert len(rows) > 1000
        assert [each for each in foreign if each in rows] == []


def rows_of(town: Town, team: str) -> str:
    """Every row of a workspace, as text."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%workspace_id%'"
    with town.world.bot.database.engine.connect() as connection:
        names = [name for (name,) in connection.execute(text(tables))]
        asked = [text(f"SELECT * FROM {name} WHERE workspace_id = :team") for name in names]  # noqa: S608  (our own names)
        return "\n".join(str(tuple(row)) for each in asked for row in connection.execute(each, {"team": team}))
