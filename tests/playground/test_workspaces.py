"""Several workspaces in one playground: one app, one line, one clock, and nothing that gets from one to the other."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from playground import Playground
from playground.api.table import METHODS
from playground.faults import error
from tests.playground.kit import CAST, MANIFEST, running
from tests.playground.neighbours import client, page_of, text_of, two
from tests.playground.test_gate import refusal
from tests.playground.test_socket_mode import next_frame, opened, session

Json = dict[str, Any]


async def test_each_workspace_has_its_own_team_people_and_token_and_all_are_of_one_app() -> None:
    async with two() as (playground, harbour, fjord):
        assert playground.workspaces == (harbour, fjord)
        assert playground.workspace is harbour
        assert [each.name for each in playground.workspaces] == ["Harbour", "Fjord"]
        one, other = [await client(playground, each.bot_token).auth_test() for each in playground.workspaces]
        assert (one["team"], other["team"]) == ("Harbour", "Fjord")
        assert (one["team_id"], other["team_id"]) == (harbour.team_id, fjord.team_id)
        assert (one["url"], other["url"]) == (harbour.url, fjord.url)
        assert len({one["user_id"], other["user_id"], one["bot_id"], other["bot_id"]}) == 4
        assert playground.bot_token == harbour.bot_token != fjord.bot_token
        apps = [(await client(playground, each.bot_token).bots_info())["bot"]["app_id"] for each in (harbour, fjord)]
        assert len(set(apps)) == 1
        assert harbour.is_installed
        assert fjord.is_installed


def test_two_workspaces_of_one_domain_are_refused() -> None:
    with pytest.raises(ValueError, match="Two workspaces have the domain 'harbour'"):
        Playground(MANIFEST, CAST, neighbours=(CAST,))


async def test_one_socket_carries_what_happens_in_both_each_with_its_own_team() -> None:
    async with two() as (playground, harbour, fjord), session() as plain:
        socket = await opened(plain, playground)
        for workspace in (harbour, fjord):
            asking = asyncio.create_task(workspace.person("noor").command("/lantern blue"))
            frame = await next_frame(socket)
            await socket.send_json({"envelope_id": frame["envelope_id"]})
            assert (await asking).error is None
            payload = frame["payload"]
            assert (payload["team_id"], payload["team_domain"]) == (workspace.team_id, workspace.name.lower())
            assert payload["user_id"] == workspace.person("noor").id
            assert payload["api_app_id"] == playground.world.state.app.id
            await workspace.person("noor").say("hello")
            event = (await next_frame(socket))["payload"]
            assert (event["team_id"], event["context_team_id"]) == (workspace.team_id, workspace.team_id)
            (authorization,) = event["authorizations"]
            assert (authorization["team_id"], authorization["user_id"]) == (workspace.team_id, workspace.bot_user_id)


# -- the page --------------------------------------------------------------------------------------------


async def test_each_page_shows_and_does_its_own_and_leads_to_the_others() -> None:
    async with two() as (playground, harbour, fjord), page_of(fjord) as (browser, _):
        assert harbour.url == f"{playground.url}/"
        assert fjord.url == f"{playground.url}/w/fjord/"
        state = json.loads(await text_of(browser, f"{fjord.url}local/state"))
        assert state["workspace"]["name"] == "Fjord"
        assert state["workspaces"] == [
            {"name": "Harbour", "url": "/", "current": False},
            {"name": "Fjord", "url": "/w/fjord/", "current": True},
        ]
        boats = next(each["id"] for each in state["conversations"] if each["name"] == "boats")
        said = {"do": "say", "channel": boats, "text": "ahoy"}
        async with browser.post(f"{fjord.url}local/do?as={fjord.person('erik').id}", json=said) as got:
            assert (await got.json())["ok"] is True
        assert [each.text for each in await fjord.person("noor").messages("boats")] == ["ahoy"]
        async with browser.post(f"{harbour.url}local/do", json=said) as got:
            assert (await got.json())["code"] == "channel_not_found"


@pytest.mark.parametrize(
    "path", ["local/state", "w/fjord/local/state", "w/fjord/local/stream", "w/fjord/local/traffic"]
)
async def test_no_page_is_read_without_the_key(path: str) -> None:
    async with two() as (playground, _, _), session() as plain, plain.get(f"{playground.url}/{path}") as got:
        assert got.status == 403


# -- one clock, one file, one table of faults ------------------------------------------------------------


async def test_a_jump_in_time_is_for_all_and_every_page_hears_of_it() -> None:
    async with two() as (playground, harbour, fjord), page_of(fjord) as (browser, key):
        at = int((playground.clock.now() + timedelta(hours=2)).timestamp())
        for workspace in (harbour, fjord):
            web = client(playground, workspace.bot_token)
            place = (await web.conversations_open(users=workspace.person("noor").id))["channel"]["id"]
            await web.chat_scheduleMessage(channel=place, text="later", post_at=at)
        stream = await browser.get(f"{fjord.url}local/stream", params={"key": key})
        await playground.step_to(playground.clock.now() + timedelta(hours=3))
        assert (await harbour.person("noor").message()).text == "later"
        assert (await fjord.person("noor").message()).text == "later"
        told = b""
        while b'"state": "end"' not in told:
            told += await stream.content.readany()
        stream.close()
        steps = [json.loads(line[6:]) for line in told.split(b"\n\n") if b'"type": "step"' in line]
        assert [each["name"] for each in steps] == ["Noor"]


async def test_a_fault_may_name_a_workspace() -> None:
    async with two() as (playground, harbour, fjord):
        playground.faults.next("auth.test", error("internal_error"), workspace=fjord.team_id)
        await client(playground, harbour.bot_token).auth_test()
        answer = await refusal(client(playground, fjord.bot_token).auth_test())
        assert answer["error"] == "internal_error"
        await client(playground, fjord.bot_token).auth_test()


async def test_a_workspace_that_used_up_its_calls_slows_no_other() -> None:
    async with two() as (playground, harbour, fjord):
        web, times = client(playground, harbour.bot_token), METHODS["users.list"].tier
        assert times == 2
        for _ in range(20):
            await web.users_list(limit=1)
        assert (await refusal(web.users_list(limit=1)))["error"] == "ratelimited"
        await client(playground, fjord.bot_token).users_list(limit=1)


async def test_one_home_keeps_them_all(tmp_path: Path) -> None:
    async with two(home=tmp_path / "one") as (playground, harbour, fjord):
        ids, tokens = [each.team_id for each in (harbour, fjord)], [harbour.bot_token, fjord.bot_token]
        await fjord.person("noor").say("kept", channel="boats")
        await playground.snapshot(tmp_path / "copy")
        await fjord.person("noor").say("later", channel="boats")
    async with two(home=tmp_path / "one") as (_, harbour, fjord):
        assert [each.team_id for each in (harbour, fjord)] == ids
        assert [harbour.bot_token, fjord.bot_token] == tokens
        assert [each.text for each in await fjord.person("noor").messages("boats")] == ["kept", "later"]
    async with two(home=tmp_path / "copy") as (_, _, fjord):
        assert [each.text for each in await fjord.person("noor").messages("boats")] == ["kept"]


async def test_a_home_of_one_workspace_takes_a_neighbour_in(tmp_path: Path) -> None:
    async with running(home=tmp_path) as playground:
        before = playground.workspace.team_id
    async with two(home=tmp_path) as (playground, harbour, fjord):
        assert harbour.team_id == before
        other = await client(playground, fjord.bot_token).bots_info()
        assert other["bot"]["app_id"] == playground.world.state.app.id
    async with running(home=tmp_path) as playground:
        assert [playground.workspace.team_id, len(playground.workspaces)] == [before, 1]


async def test_starting_over_begins_all_of_them_again() -> None:
    async with two() as (playground, harbour, fjord):
        tokens, old = [harbour.bot_token, fjord.bot_token], fjord.person("noor").id
        await fjord.person("noor").say("gone", channel="boats")
        await playground.start_over()
        assert [harbour.bot_token, fjord.bot_token] == tokens
        assert fjord.person("noor").id != old
        assert await fjord.person("noor").messages("boats") == []
