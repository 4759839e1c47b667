"""The end of an app in a workspace: revoked or removed, it is told once, and nothing else comes."""

import asyncio
from typing import Any

import pytest

from playground import Playground, Workspace
from tests.playground.kit import MANIFEST, actions, button, home, running, section
from tests.playground.neighbours import client, two
from tests.playground.test_gate import refusal
from tests.playground.test_signed_http import served
from tests.playground.test_socket_mode import next_frame, opened, session

Json = dict[str, Any]


async def end(playground: Playground, workspace: Workspace, how: str) -> None:
    """By the app's own hand, or an administrator's."""
    web, app = client(playground, workspace.bot_token), playground.world.state.app
    match how:
        case "auth.revoke":
            await web.auth_revoke()
        case "apps.uninstall":
            await web.apps_uninstall(client_id=app.client_id, client_secret=app.client_secret)
        case "revoke_token":
            workspace.revoke_token()
        case _:
            workspace.remove_app()


HOW = {
    "auth.revoke": ("token_revoked", {"tokens_revoked"}),
    "revoke_token": ("token_revoked", {"tokens_revoked"}),
    "apps.uninstall": ("account_inactive", {"tokens_revoked", "app_uninstalled"}),
    "remove_app": ("account_inactive", {"tokens_revoked", "app_uninstalled"}),
}


@pytest.mark.parametrize("how", HOW)
async def test_it_is_told_of_its_end_in_that_workspace_and_of_nothing_after(how: str) -> None:
    word, farewells = HOW[how]
    async with two() as (playground, harbour, fjord), session() as plain:
        socket = await opened(plain, playground)
        token = fjord.bot_token
        await end(playground, fjord, how)
        assert (await refusal(client(playground, token).auth_test()))["error"] == word
        assert not fjord.is_installed
        await client(playground, harbour.bot_token).auth_test()
        told: dict[str, Json] = {}
        for _ in farewells:
            frame = await next_frame(socket)
            await socket.send_json({"envelope_id": frame["envelope_id"]})
            assert frame["payload"]["team_id"] == fjord.team_id
            told[frame["payload"]["event"]["type"]] = frame["payload"]["event"]
        assert set(told) == farewells
        assert told["tokens_revoked"]["tokens"] == {"oauth": [], "bot": [fjord.bot_user_id]}
        await fjord.person("noor").say("nobody hears it")
        fjord.set_zone("erik", "Asia/Tokyo")
        await harbour.person("noor").say("heard")
        event = (await next_frame(socket))["payload"]
        assert (event["team_id"], event["event"]["text"]) == (harbour.team_id, "heard")


async def test_what_failed_before_is_not_brought_again_after_the_end() -> None:
    async with running() as playground, session() as plain:
        socket = await opened(plain, playground)
        playground.limits.ack_seconds = 0.05
        noor = playground.workspace.person("noor")
        await noor.say("unacknowledged")
        assert (await next_frame(socket))["payload"]["event"]["text"] == "unacknowledged"
        playground.workspace.remove_app()
        types: list[str] = []
        while len(types) < 2:
            frame = await next_frame(socket)
            await socket.send_json({"envelope_id": frame["envelope_id"]})
            types.append(frame["payload"]["event"]["type"])
        await playground.workspace.settled()
        await playground.step_to(playground.clock.now().replace(microsecond=0))
        assert sorted(types) == ["app_uninstalled", "tokens_revoked"]
        with pytest.raises(TimeoutError):
            await socket.receive_json(timeout=0.3)


@pytest.mark.parametrize("how", ["revoke_token", "remove_app"])
async def test_what_it_left_behind_can_be_seen_and_not_be_used(how: str) -> None:
    async with running() as playground, session() as plain:
        noor = playground.workspace.person("noor")
        web = client(playground, playground.bot_token)
        await web.views_publish(user_id=noor.id, view=home(actions(button("Borrow", "lanterns.start"))))
        place = (await web.conversations_open(users=noor.id))["channel"]["id"]
        row = [section("Take one"), actions(button("Yes", "lanterns.yes"))]
        await web.chat_postMessage(channel=place, text="Take one", blocks=row)
        await opened(plain, playground)
        getattr(playground.workspace, how)()
        message = await noor.message("Take one")
        assert (await message.click("Yes")).error == "interactivity_disabled"
        assert (await (await noor.home()).click("Borrow")).error == "interactivity_disabled"
        assert (await noor.command("/lantern")).error == "invalid_command"
        assert (await noor.use_shortcut("lanterns.borrow")).error == "invalid_shortcut"


async def test_an_answer_to_an_old_response_url_comes_too_late() -> None:
    async with running() as playground, session() as plain:
        socket = await opened(plain, playground)
        asking = asyncio.create_task(playground.workspace.person("noor").command("/lantern"))
        frame = await next_frame(socket)
        await socket.send_json({"envelope_id": frame["envelope_id"]})
        await asking
        playground.workspace.remove_app()
        async with plain.post(frame["payload"]["response_url"], json={"text": "late"}) as got:
            assert (got.status, (await got.json())["error"]) == (404, "expired_url")


async def test_the_bot_user_sleeps_and_is_in_no_channel_until_it_is_back() -> None:
    async with running() as playground:
        workspace = playground.workspace
        workspace.join("@app", "lanterns")
        workspace.revoke_token()
        state = playground.world.state
        assert state.users[workspace.bot_user_id].deleted is True
        workspace.reinstall_app()
        web = client(playground, workspace.bot_token)
        users = {each["id"]: each for each in (await web.users_list())["members"]}
        assert users[workspace.bot_user_id]["deleted"] is False
        answer = await refusal(web.chat_postMessage(channel="lanterns", text="still here?"))
        assert answer["error"] == "not_in_channel"


async def test_a_second_end_is_told_only_for_what_is_new() -> None:
    async with running() as playground, session() as plain:
        socket = await opened(plain, playground)
        playground.workspace.revoke_token()
        playground.workspace.revoke_token()
        playground.workspace.remove_app()
        playground.workspace.remove_app()
        types = [(await next_frame(socket))["payload"]["event"]["type"] for _ in range(2)]
        assert sorted(types) == ["app_uninstalled", "tokens_revoked"]
        with pytest.raises(TimeoutError):
            await socket.receive_json(timeout=0.2)


async def test_nobody_is_told_who_did_not_subscribe() -> None:
    settings = {**MANIFEST["settings"], "event_subscriptions": {"bot_events": ["message.im"]}}
    async with running(manifest={**MANIFEST, "settings": settings}) as playground, session() as plain:
        socket = await opened(plain, playground)
        playground.workspace.remove_app()
        with pytest.raises(TimeoutError):
            await socket.receive_json(timeout=0.2)


async def test_the_socket_stays_open_since_it_is_the_app_s_and_not_a_workspace_s() -> None:
    async with running() as playground, session() as plain:
        playground.workspace.remove_app()
        await opened(plain, playground)


async def test_uninstalling_asks_who_the_app_is() -> None:
    async with running(rate_limits=False) as playground:
        web, app = client(playground, playground.bot_token), playground.world.state.app
        for secrets, word in (
            ({"client_id": "1.2", "client_secret": app.client_secret}, "invalid_client_id"),
            ({"client_id": app.client_id, "client_secret": "wrong"}, "bad_client_secret"),
        ):
            assert (await refusal(web.apps_uninstall(**secrets)))["error"] == word
        assert playground.workspace.is_installed


async def test_asking_whether_it_would_be_revoked_revokes_nothing() -> None:
    async with running() as playground:
        web = client(playground, playground.bot_token)
        assert (await web.auth_revoke(test=True))["revoked"] is False
        assert (await web.auth_revoke())["revoked"] is True


async def test_over_http_it_is_told_as_well() -> None:
    async with served() as (playground, door):
        door.fail_with = {"text": ""}
        playground.workspace.remove_app()
        await playground.workspace.until(lambda: len(door.seen) == 2 or None, "both came")
        assert any('"app_uninstalled"' in body for _, body in door.seen)
        await playground.workspace.person("noor").say("nobody hears it")
        await playground.workspace.settled()
        assert len(door.seen) == 2
