"""Installed by a person in a browser, used, uninstalled, forgotten: as two companies would who share one bot."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.clients import EARLY, Api, AppSecrets, FromInstallations, NoTokenError
from bot.commands.world import World
from bot.installing import BACK, INSTALL
from bot.rules.policy import LEFT_KEPT
from bot.slack.incoming import read_command
from playground import faults as broken
from storage.database import Database
from storage.models.all import METADATA
from storage.models.installations import Installation
from storage.queries import installations
from tests.journeys.acts import forward
from tests.journeys.conftest import Start, doors_of
from tests.journeys.lockstep import Town

Towns = Callable[..., Any]
PATIENCE = 5.0
NIGHT = timedelta(hours=12)


@pytest.fixture(params=["socket-oauth", "http-oauth"])
async def town(request: pytest.FixtureRequest, town: Towns) -> Town:
    """Two companies, one bot that both have installed."""
    found: Town = await town(request.param)
    return found


@pytest.fixture
async def world(start: Start) -> World:
    """One company, in which the bot was installed by its organiser."""
    return await start(doors=doors_of("socket-oauth"))


def origin(world: World) -> str:
    """Where a browser finds the bot."""
    (back,) = world.playground.world.manifest.redirect_urls
    return back.removesuffix(BACK)


async def rows(world: World, table: Any, workspace_id: str) -> int:
    """How much is kept of a workspace."""
    asked = select(func.count()).select_from(table).where(table.c.workspace_id == workspace_id)
    found = world.bot.database.read(lambda session: session.scalar(asked) or 0)
    return await asyncio.wrap_future(found)


async def test_who_installs_it_reads_what_to_do_and_organises_there(world: World) -> None:
    ingrid = world.playground.workspace.person("ingrid")
    page = await ingrid.install(f"{origin(world)}{INSTALL}")
    assert page.status == 200
    assert "/mentor" in page.text
    assert "organises mentoring there" in page.text
    await ingrid.open_home()
    assert "Silence me everywhere" in (await ingrid.home()).text


async def test_the_pages_of_an_installation_may_load_and_be_framed_by_nothing(world: World) -> None:
    async with aiohttp.ClientSession() as web, web.get(f"{origin(world)}{BACK}?error=access_denied") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'; style-src 'sha256-" in policy
        assert "frame-ancestors 'none'" in policy
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert answer.content_type == "text/html"


async def test_a_no_installs_nothing_and_leads_back(world: World) -> None:
    page = await world.playground.workspace.person("ingrid").install(f"{origin(world)}{INSTALL}", answer="deny")
    assert "Nothing was installed" in page.text
    assert INSTALL in page.text


async def test_the_consent_asks_for_what_the_manifest_names_and_comes_back_here_alone(world: World) -> None:
    async with aiohttp.ClientSession() as web:
        answer = await web.get(f"{origin(world)}{INSTALL}", allow_redirects=False)
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert set(asked["scope"][0].split(",")) == set(world.playground.world.manifest.scopes)
    assert asked["redirect_uri"] == [f"{origin(world)}{BACK}"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Secure" in answer.headers["Set-Cookie"]


HOSTILE: dict[str, Callable[[str], str]] = {
    "no state": lambda _: "?code=1",
    "another state": lambda state: f"?code=1&state={state}x",
    "a long state": lambda _: f"?code=1&state={'x' * 5000}",
    "no code": lambda state: f"?state={state}",
    "a code nobody gave": lambda state: f"?code=%3Cscript%3E&state={state}",
    "a made-up error": lambda _: "?error=%3Cscript%3Ealert(1)%3C/script%3E",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_a_stranger_sends_installs_nothing_and_is_never_shown(world: World, name: str) -> None:
    before = await rows(world, Installation.__table__, world.workspace_id)
    async with aiohttp.ClientSession() as web:
        began = await web.get(f"{origin(world)}{INSTALL}", allow_redirects=False)
        (state,) = parse_qs(urlsplit(began.headers["Location"]).query)["state"]
        cookie = {"Cookie": f"slack-app-oauth-state={state}"}
        answer = await web.get(f"{origin(world)}{BACK}{HOSTILE[name](state)}", headers=cookie)
        text = await answer.text()
    assert answer.status < 500
    assert "Begin again" in text
    assert "script" not in text
    assert await rows(world, Installation.__table__, world.workspace_id) == before


async def test_a_page_sent_to_somebody_else_installs_nothing_in_their_browser(world: World) -> None:
    ingrid, tomas = (world.playground.workspace.person(key).browser() for key in ("ingrid", "tomas"))
    asked = await ingrid.open(f"{origin(world)}{INSTALL}")
    assert "belongs to an installation begun in another browser" in (await tomas.decide(asked)).text


async def test_the_same_way_back_works_once(world: World) -> None:
    seen: list[str] = []
    ingrid = world.playground.workspace.person("ingrid").browser()
    page = await ingrid.decide(await ingrid.open(f"{origin(world)}{INSTALL}"))
    seen.append(page.text)
    seen.append((await ingrid.open(page.url)).text)
    assert "lives in" in seen[0]
    assert "was used already" in seen[1]


async def test_slack_that_is_away_is_said_kindly_and_nothing_is_kept(world: World) -> None:
    world.playground.faults.next("oauth.v2.access", broken.http_error(503))
    page = await world.playground.workspace.person("ingrid").install(f"{origin(world)}{INSTALL}")
    assert "Begin again" in page.text
    assert page.status in {401, 503}


async def test_no_token_stands_in_the_file_or_the_log_as_it_is(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world = await start(doors=doors_of("socket-oauth"))
    await forward(world, days=2)
    token = (await world.bot.clients.of(world.workspace_id)).token
    assert token
    kept = await asyncio.to_thread(files_in, tmp_path)
    assert b"Harbour" in kept, "the very file"
    assert token.encode() not in kept
    assert b"xoxe" not in kept
    assert "xoxe" not in caplog.text


def files_in(home: Path) -> bytes:
    """The bot's database and what is not yet written into it."""
    return b"".join(file.read_bytes() for file in home.rglob("mentorbot.db*"))


async def leave(town: Town) -> tuple[Any, Any, str]:
    """The first company removes the app; (it, the other, the token it had)."""
    stage: Any = town.world.playground
    first, second = stage.workspaces
    token = (await town.world.bot.clients.of(first.team_id)).token or ""
    first.remove_app()
    await first.settled()
    await town.world.bot.shell.drain(PATIENCE)
    return first, second, token


async def test_uninstalled_its_tokens_are_gone_at_once_and_nothing_is_done_there(town: Town) -> None:
    world = town.world
    first, second, _ = await leave(town)
    assert await rows(world, Installation.__table__, first.team_id) == 0
    assert await rows(world, Installation.__table__, second.team_id) == 1
    with pytest.raises(NoTokenError):
        await world.bot.clients.of(first.team_id)
    stage: Any = world.playground
    since = len(stage.world.journal.entries())
    await forward(world, days=3)
    done = [e for e in stage.world.journal.entries()[since:] if e.kind == "api" and e.team == first.team_id]
    assert done == [], "nobody speaks where they are not"
    noor = second.person("noor")
    await noor.command("/mentor help")
    assert "find" in (await noor.message(containing="/mentor find")).text


async def test_installed_again_everything_is_as_it_was(town: Town) -> None:
    world = town.world
    first, _, token = await leave(town)
    await forward(world, days=LEFT_KEPT.value.days - 1)
    page = await first.person("tomas").install(f"{origin(world)}{INSTALL}")
    assert page.status == 200, page.text
    assert (await world.bot.clients.of(first.team_id)).token != token
    ingrid = first.person("ingrid")
    await ingrid.open_home()
    assert "Silence me everywhere" in (await ingrid.home()).text, "who organised still does"
    noor = first.person("noor")
    await noor.command("/mentor find")
    await noor.modal(callback_id="find.search")


async def test_two_weeks_later_nothing_of_it_is_left_and_the_other_misses_nothing(town: Town) -> None:
    world = town.world
    first, second, _ = await leave(town)
    tables = [table for table in METADATA.sorted_tables if "workspace_id" in table.c]
    await forward(world, days=LEFT_KEPT.value.days, minutes=1)
    assert [table.name for table in tables if await rows(world, table, first.team_id)] == []
    assert len([table.name for table in tables if await rows(world, table, second.team_id)]) > 5
    page = await first.person("tomas").install(f"{origin(world)}{INSTALL}")
    assert page.status == 200, "and it may begin anew"


async def test_a_token_is_renewed_before_it_ends_and_the_last_one_is_not_used_again(world: World) -> None:
    first = await world.bot.clients.of(world.workspace_id)
    await forward(world, seconds=(NIGHT - EARLY).total_seconds() + 61)
    second = await world.bot.clients.of(world.workspace_id)
    assert second.token != first.token
    await second.auth_test()
    await forward(world, days=30)
    await (await world.bot.clients.of(world.workspace_id)).auth_test()


async def test_of_two_processes_one_alone_renews(world: World) -> None:
    stage, bot = world.playground, world.bot
    app = stage.world.state.app
    secrets = AppSecrets(app.client_id, app.client_secret)
    await forward(world, seconds=(NIGHT - EARLY).total_seconds() + 61)
    asked: list[str] = []
    stage.world.journal.listeners.append(lambda entry: asked.append(entry.title))
    async with aiohttp.ClientSession() as web:
        doors = [Database(bot.database.url) for _ in range(2)]
        both = [FromInstallations(Api(stage.api_url, web), secrets, door, bot.vault, bot.clock) for door in doors]
        found = await asyncio.gather(*(each.of(world.workspace_id) for each in both for _ in range(5)))
        for door in doors:
            await asyncio.to_thread(door.close)
    assert len([title for title in asked if title.startswith("oauth.v2.access")]) == 1
    for client in found:
        await client.auth_test()


async def test_where_slack_gives_no_new_token_the_old_one_serves_while_it_lives(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    first = await world.bot.clients.of(world.workspace_id)
    world.playground.faults.next("oauth.v2.access", broken.error("internal_error"))
    await forward(world, seconds=(NIGHT - EARLY).total_seconds() + 61)
    assert (await world.bot.clients.of(world.workspace_id)).token == first.token
    assert "A token could not be renewed: internal_error." in caplog.text
    await forward(world, minutes=2)
    assert (await world.bot.clients.of(world.workspace_id)).token != first.token


async def test_what_happens_while_there_is_no_token_is_written_down_and_answered_after(start: Start) -> None:
    """A restart with a token that has ended, while Slack gives no other: what people do is not lost."""
    world = await start(doors=doors_of("socket-oauth"))
    stage, bot = world.playground, world.bot
    stage.faults.often("oauth.v2.access", broken.error("service_unavailable"), 1.0)
    stage.clock.move_to(stage.clock.now() + NIGHT + timedelta(hours=1))
    bot.clients.forget(world.workspace_id)
    await bot.clients.load()
    noor = stage.workspace.person("noor")
    await noor.say("Is anybody there?")
    await noor.command("/mentor help")
    assert "/mentor find" in (await noor.message(containing="/mentor find")).text, "a command needs no token"
    stage.faults.clear()
    await forward(world, minutes=6)
    await noor.message(containing="buttons, not sentences")


@pytest.mark.parametrize("fault", ["no token", "no connection"])
async def test_a_view_that_cannot_be_opened_stops_no_deed(world: World, fault: str) -> None:
    """Where a view opens first: with no token, or no connection, the deed is still done and nothing reaches Bolt."""
    incoming = read_command({"trigger_id": "1", "user_id": world.playground.workspace.person("noor").id})
    if fault == "no connection":
        world.playground.faults.next("views.open", broken.drop_before())
        incoming = replace(incoming, workspace_id=world.workspace_id)
    assert await world.bot.shell._open_loading(incoming) == ""  # noqa: SLF001  (its one door is deep inside Bolt)


async def test_without_any_token_the_person_is_told_and_what_is_owed_waits(world: World) -> None:
    world.playground.faults.often("oauth.v2.access", broken.error("invalid_refresh_token"), 1.0)
    world.playground.clock.move_to(world.playground.clock.now() + NIGHT + timedelta(hours=1))
    with pytest.raises(NoTokenError):
        await world.bot.clients.of(world.workspace_id)
    found = world.bot.database.read(lambda session: installations.of(session, world.bot.vault, world.workspace_id))
    assert await asyncio.wrap_future(found), "it is kept: the next try may be answered"
    world.playground.faults.clear()
    await forward(world, minutes=6)
    await (await world.bot.clients.of(world.workspace_id)).auth_test()
