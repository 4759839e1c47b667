"""A channel that two companies share, both of which have installed the bot: what is one's stays one's."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from playground import NotPossibleError
from tests.journeys.acts import person
from tests.journeys.lockstep import Town

Towns = Callable[..., Any]
CHANNEL, KNOWN_AS = "data-questions", "with-harbour"


@pytest.fixture(params=["socket-oauth", "http-oauth", "http-tokens"])
async def town(request: pytest.FixtureRequest, town: Towns) -> Town:
    """Two companies with a channel in common; Tomás next door has come into it."""
    found: Town = await town(request.param)
    stage: Any = found.world.playground
    stage.share_channel(stage.workspaces[0], CHANNEL, stage.workspaces[1], known_as=KNOWN_AS)
    stage.workspaces[1].join("tomas", KNOWN_AS)
    return found


def sides(town: Town) -> list[Any]:
    """Both, as a story sees them."""
    town.take_sides()
    return town.sides


async def slack_ids(town: Town) -> dict[str, set[str]]:
    """Who is known in which workspace."""
    asked = text("SELECT workspace_id, slack_id FROM members")
    rows = town.world.bot.database.read(lambda session: [tuple(row) for row in session.execute(asked)])
    found: dict[str, set[str]] = {}
    for workspace_id, slack_id in await asyncio.wrap_future(rows):
        found.setdefault(workspace_id, set()).add(slack_id)
    return found


async def test_what_is_typed_in_it_is_answered_by_ones_own_company(town: Town) -> None:
    _, there = sides(town)
    before = await slack_ids(town)
    tomas = person(there, "tomas")
    await tomas.command("/mentor find", channel=KNOWN_AS)
    search = await tomas.modal(callback_id="find.search")
    await search.fill(topic="data analysis", goal="Own the nightly jobs")
    await search.submit()
    await tomas.modal(callback_id="find.results")
    assert await slack_ids(town) == before, "nobody of one is known in the other"


async def test_an_introduction_cannot_be_put_where_another_company_reads_it(town: Town) -> None:
    here, _ = sides(town)
    grace = person(here, "grace")
    await grace.command("/mentor introduce")
    await (await grace.modal("Introduce a mentee")).click("Introduce Sofia")
    form = await grace.modal(callback_id="introductions.propose")
    with pytest.raises(NotPossibleError):
        await form.fill(place=CHANNEL)
    await form.fill(place="general")


async def test_somebody_of_the_other_company_is_told_kindly_that_it_is_not_for_them(town: Town) -> None:
    """What a stranger's client may send by itself: a press that names the other company's installation."""
    here, there = sides(town)
    tomas = person(there, "tomas")
    bot = town.world.bot
    before = await slack_ids(town)
    await bot.directory.ensure(here.workspace_id, tomas.id)
    after = await slack_ids(town)
    assert after[here.workspace_id] - before[here.workspace_id] <= {tomas.id}
    assert after[there.workspace_id] == before[there.workspace_id]
    strangers = text("SELECT is_stranger FROM members WHERE workspace_id = :here AND slack_id = :who")
    asked = {"here": here.workspace_id, "who": tomas.id}
    found = bot.database.read(lambda session: session.scalar(strangers, asked))
    assert await asyncio.wrap_future(found), "known, if at all, as a stranger, to whom nothing is open"
