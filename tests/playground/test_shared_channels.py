"""A channel of two workspaces: one id, people foreign to each other, and an app that is told who is from where."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.request.internals import extract_actor_team_id, extract_team_id

from playground import NotPossibleError, Playground, Workspace
from tests.playground.kit import actions, button, field, home, modal, section
from tests.playground.neighbours import client, manifest_for, two
from tests.playground.test_gate import refusal
from tests.playground.test_isolation import everything_allowed
from tests.playground.test_socket_mode import Socket, next_frame, opened, session

Json = dict[str, Any]
BACK = "http://127.0.0.1:3000/back"


@asynccontextmanager
async def sharing(**choices: Any) -> AsyncIterator[tuple[Playground, Workspace, Workspace, str]]:
    """Harbour shares #lanterns with Fjord, whose Erik has come in."""
    async with two(**choices) as (playground, harbour, fjord):
        channel = playground.share_channel(harbour, "lanterns", fjord)
        fjord.join("erik", "lanterns")
        yield playground, harbour, fjord, channel


async def acked(socket: Socket, answer: Json | None = None) -> Json:
    """The next envelope's payload, acknowledged."""
    frame = await next_frame(socket)
    await socket.send_json({"envelope_id": frame["envelope_id"], **({"payload": answer} if answer else {})})
    payload: Json = frame["payload"]
    return payload


async def test_both_know_it_by_one_id_as_shared_with_the_other() -> None:
    async with sharing() as (playground, harbour, fjord, channel):
        for workspace, other in ((harbour, fjord), (fjord, harbour)):
            info = await client(playground, workspace.bot_token).conversations_info(channel=channel)
            found = info["channel"]
            assert found["id"] == channel
            assert (found["is_ext_shared"], found["is_shared"], found["is_org_shared"]) == (True, True, False)
            assert found["shared_team_ids"] == [harbour.team_id, fjord.team_id]
            assert found["connected_team_ids"] == [other.team_id]
            assert (found["conversation_host_id"], found["context_team_id"]) == (harbour.team_id, workspace.team_id)


async def test_it_may_have_another_name_there_and_must_where_the_name_is_taken() -> None:
    async with two() as (playground, harbour, fjord):
        with pytest.raises(NotPossibleError, match="name_taken"):
            playground.share_channel(harbour, "general", fjord)
        channel = playground.share_channel(harbour, "general", fjord, known_as="with-harbour")
        info = await client(playground, fjord.bot_token).conversations_info(channel=channel)
        assert info["channel"]["name"] == "with-harbour"
        with pytest.raises(NotPossibleError, match="already_shared"):
            playground.share_channel(harbour, "general", fjord, known_as="again")
        history = [each.text for each in await fjord.person("noor").messages("with-harbour")]
        assert history == ["Welcome all"]


async def test_people_of_the_other_are_known_with_their_own_team_and_without_their_address() -> None:
    async with sharing(manifest=everything_allowed()) as (playground, harbour, fjord, channel):
        web, erik = client(playground, harbour.bot_token), fjord.person("erik").id
        members = (await web.conversations_members(channel=channel))["members"]
        assert set(members) == {harbour.person("noor").id, harbour.person("tomas").id, erik}
        known = (await web.users_info(user=erik))["user"]
        assert (known["team_id"], known["real_name"]) == (fjord.team_id, "Erik Dahl")
        assert (known["is_owner"], known["is_admin"]) == (False, False)
        assert "email" not in known["profile"]
        assert known["profile"]["team"] == fjord.team_id
        assert erik not in {each["id"] for each in (await web.users_list())["members"]}
        assert (await refusal(web.users_lookupByEmail(email="erik@fjord.example")))["error"] == "users_not_found"
        assert (await refusal(web.users_info(user=fjord.person("noor").id)))["error"] == "user_not_found"
        call = web.views_publish(user_id=erik, view=home(section("x")))
        assert (await refusal(call))["error"] == "user_not_found"
        assert erik not in harbour.people


async def test_a_stranger_is_who_shares_no_channel_that_the_app_can_see() -> None:
    async with sharing() as (playground, harbour, fjord, _):
        web, erik = client(playground, harbour.bot_token), fjord.person("erik").id
        assert (await web.users_info(user=erik))["user"]["is_stranger"] is False
        fjord.leave("erik", "lanterns")
        assert (await web.users_info(user=erik))["user"]["is_stranger"] is True
        assert "is_stranger" not in (await web.users_info(user=harbour.person("noor").id))["user"]


async def test_what_changes_about_somebody_is_known_in_the_other_too() -> None:
    async with sharing() as (playground, harbour, fjord, _):
        fjord.rename("erik", "Erik Moe")
        fjord.deactivate("erik")
        known = (await client(playground, harbour.bot_token).users_info(user=fjord.person("erik").id))["user"]
        assert (known["profile"]["real_name"], known["deleted"]) == ("Erik Moe", True)


async def test_a_message_is_seen_in_both_edited_in_both_and_taken_away_in_both() -> None:
    async with sharing() as (playground, harbour, fjord, channel):
        harbour.join("@app", "lanterns")
        web = client(playground, harbour.bot_token)
        posted = await web.chat_postMessage(channel=channel, text="Take one", blocks=[section("Take one")])
        seen = await fjord.person("erik").message("Take one", channel="lanterns")
        assert seen.ts == posted["ts"]
        await web.chat_update(channel=channel, ts=posted["ts"], text="Taken", blocks=[section("Taken")])
        assert (await fjord.person("erik").message("Taken", channel="lanterns")).edited
        fjord.join("@app", "lanterns")
        other = client(playground, fjord.bot_token)
        shown = (await other.conversations_history(channel=channel))["messages"]
        theirs = next(each for each in shown if each["ts"] == posted["ts"])
        assert (theirs["user"], theirs["user_team"]) == (harbour.bot_user_id, harbour.team_id)
        assert theirs["bot_id"] == (await web.auth_test())["bot_id"]
        call = other.chat_update(channel=channel, ts=posted["ts"], text="Mine")
        assert (await refusal(call))["error"] == "cant_update_message"
        assert (await refusal(other.chat_delete(channel=channel, ts=posted["ts"])))["error"] == "cant_delete_message"
        await web.chat_delete(channel=channel, ts=posted["ts"])
        assert seen.gone


async def test_marks_and_words_about_the_channel_are_the_same_in_both() -> None:
    async with sharing() as (playground, harbour, fjord, channel):
        for workspace in (harbour, fjord):
            workspace.join("@app", "lanterns")
        one, other = (client(playground, each.bot_token) for each in (harbour, fjord))
        said = await fjord.person("erik").say("Lovely", channel="lanterns")
        await one.reactions_add(channel=channel, timestamp=said.ts, name="wave")
        await one.conversations_setTopic(channel=channel, topic="Light")
        seen = (await other.reactions_get(channel=channel, timestamp=said.ts))["message"]
        assert seen["reactions"] == [{"name": "wave", "users": [harbour.bot_user_id], "count": 1}]
        assert (await other.conversations_info(channel=channel))["channel"]["topic"]["value"] == "Light"
        await one.reactions_remove(channel=channel, timestamp=said.ts, name="wave")
        assert "reactions" not in (await other.reactions_get(channel=channel, timestamp=said.ts))["message"]
        await one.conversations_archive(channel=channel)
        assert (await refusal(other.chat_postMessage(channel=channel, text="x")))["error"] == "is_archived"


async def test_that_a_channel_is_shared_is_told_to_both() -> None:
    subscribed = {"bot_events": ["channel_shared"]}
    async with two(manifest=manifest_for(BACK, event_subscriptions=subscribed)) as (playground, harbour, fjord):
        async with session() as plain:
            socket = await opened(plain, playground)
            channel = playground.share_channel(harbour, "lanterns", fjord)
            told = [await acked(socket) for _ in range(2)]
        teams = {each["team_id"]: each["event"]["connected_team_id"] for each in told}
        assert teams == {harbour.team_id: fjord.team_id, fjord.team_id: harbour.team_id}
        assert {each["event"]["channel"] for each in told} == {channel}


async def test_an_event_tells_where_its_author_lives_and_where_the_app_is_installed() -> None:
    async with sharing() as (playground, harbour, fjord, channel), session() as plain:
        harbour.join("@app", "lanterns")
        socket = await opened(plain, playground)
        await fjord.person("erik").say(f"Hello <@{harbour.bot_user_id}>", channel="lanterns")
        bodies = {each["event"]["type"]: each for each in [await acked(socket), await acked(socket)]}
        assert set(bodies) == {"message", "app_mention"}
        for body in bodies.values():
            assert body["is_ext_shared_channel"] is True
            assert body["authorizations"][0]["team_id"] == harbour.team_id
            assert (body["event"]["channel"], body["event"]["user"]) == (channel, fjord.person("erik").id)
            assert (body["event"]["user_team"], body["event"]["source_team"]) == (fjord.team_id, fjord.team_id)
            assert (extract_team_id(body), extract_actor_team_id(body)) == (harbour.team_id, fjord.team_id)
        said, named = bodies["message"], bodies["app_mention"]
        assert (said["team_id"], said["context_team_id"]) == (fjord.team_id, harbour.team_id)
        assert said["event"]["team"] == fjord.team_id
        assert (named["team_id"], named["event"]["team"]) == (harbour.team_id, harbour.team_id)
        await harbour.person("noor").say("Ours", channel="lanterns")
        body = await acked(socket)
        assert body["is_ext_shared_channel"] is True
        assert (body["team_id"], body["event"]["team"]) == (harbour.team_id, harbour.team_id)
        assert "user_team" not in body["event"]
        await harbour.person("noor").say("among us", channel="general")
        harbour.join("@app", "general")
        assert (await acked(socket))["is_ext_shared_channel"] is False


async def test_where_both_have_the_app_in_it_each_installation_hears() -> None:
    async with sharing() as (playground, harbour, fjord, _), session() as plain:
        harbour.join("@app", "lanterns")
        fjord.join("@app", "lanterns")
        await harbour.settled()
        socket = await opened(plain, playground)
        await fjord.person("erik").say("Hello both", channel="lanterns")
        bodies = [await acked(socket), await acked(socket)]
        teams = {each["authorizations"][0]["team_id"]: each["event"] for each in bodies}
        assert set(teams) == {harbour.team_id, fjord.team_id}
        assert len({each["ts"] for each in teams.values()}) == 1
        assert len({each["event_id"] for each in bodies}) == 2


async def test_a_member_who_comes_in_is_told_with_their_team() -> None:
    async with sharing() as (playground, harbour, fjord, _), session() as plain:
        harbour.join("@app", "lanterns")
        await harbour.settled()
        socket = await opened(plain, playground)
        fjord.join("noor", "lanterns")
        events = [(await acked(socket))["event"] for _ in range(2)]
        joined = next(each for each in events if each["type"] == "member_joined_channel")
        assert (joined["user"], joined["team"]) == (fjord.person("noor").id, fjord.team_id)


async def test_a_click_by_somebody_foreign_reaches_the_installation_whose_button_it_is() -> None:
    async with sharing(manifest=manifest_for(BACK)) as (playground, harbour, fjord, channel), session() as plain:
        harbour.join("@app", "lanterns")
        fjord.remove_app()
        await harbour.settled()
        socket = await opened(plain, playground)
        web, erik = client(playground, harbour.bot_token), fjord.person("erik")
        row = [actions(button("Yes", "lanterns.yes", value="1"))]
        await web.chat_postMessage(channel=channel, text="Take one", blocks=row)
        await acked(socket)
        clicking = asyncio.create_task((await erik.message("Yes", channel="lanterns")).click("Yes"))
        body = await acked(socket)
        assert (await clicking).error is None
        assert (body["team"]["id"], body["user"]["team_id"]) == (harbour.team_id, fjord.team_id)
        assert (body["user"]["id"], body["channel"]["id"]) == (erik.id, channel)
        assert extract_team_id(body) == harbour.team_id
        async with plain.post(body["response_url"], json={"text": "Only for you"}) as got:
            assert got.status == 200
        assert (await erik.message("Only for you", channel="lanterns")).text == "Only for you"
        assert "Only for you" not in [each.text for each in harbour.person("noor").all_messages()]


async def test_a_modal_for_somebody_foreign_tells_where_the_app_is_installed() -> None:
    async with sharing() as (playground, harbour, fjord, channel), session() as plain:
        harbour.join("@app", "lanterns")
        await harbour.settled()
        socket = await opened(plain, playground)
        web, erik = client(playground, harbour.bot_token), fjord.person("erik")
        await web.chat_postMessage(channel=channel, text="Ask", blocks=[actions(button("Ask", "lanterns.ask"))])
        await acked(socket)
        clicking = asyncio.create_task((await erik.message("Ask", channel="lanterns")).click("Ask"))
        body = await acked(socket)
        await clicking
        view = modal(field("colour", {"type": "plain_text_input"}), notify_on_close=True)
        opened_view = (await web.views_open(trigger_id=body["trigger_id"], view=view))["view"]
        assert (opened_view["app_installed_team_id"], opened_view["team_id"]) == (harbour.team_id, fjord.team_id)
        call = client(playground, fjord.bot_token).views_update(view_id=opened_view["id"], view=view)
        assert (await refusal(call))["error"] == "not_found"
        form = await erik.modal()
        await form.fill(colour="blue")
        sending = asyncio.create_task(form.submit())
        body = await acked(socket)
        assert (await sending).error is None
        assert body["type"] == "view_submission"
        assert body["team"] == {"id": fjord.team_id, "domain": "fjord"}
        assert body["user"]["team_id"] == fjord.team_id
        assert (body["view"]["app_installed_team_id"], extract_team_id(body)) == (harbour.team_id, harbour.team_id)
        await erik.no_modal()


async def test_what_is_for_somebody_s_eyes_only_goes_where_they_live_and_nowhere_else() -> None:
    async with sharing() as (playground, harbour, fjord, channel):
        harbour.join("@app", "lanterns")
        web, readers = client(playground, harbour.bot_token), (harbour.person("noor"), fjord.person("erik"))
        for reader, other in (readers, readers[::-1]):
            sent = await web.chat_postEphemeral(channel=channel, user=reader.id, text=f"Only {reader.id}")
            ts = sent["message_ts"]
            assert (await reader.message(f"Only {reader.id}", channel="lanterns")).ts == ts
            kept = other.world.state.message(channel, ts)
            assert kept is None or other is harbour.person("noor")
            assert f"Only {reader.id}" not in [each.text for each in other.all_messages()]


async def test_a_command_goes_to_one_s_own_installation_alone() -> None:
    async with sharing() as (playground, harbour, fjord, channel), session() as plain:
        socket = await opened(plain, playground)
        asking = asyncio.create_task(fjord.person("erik").command("/lantern", channel="lanterns"))
        body = await acked(socket)
        assert (await asking).error is None
        assert (body["team_id"], body["channel_id"]) == (fjord.team_id, channel)
        fjord.remove_app()
        assert (await fjord.person("erik").command("/lantern", channel="lanterns")).error == "invalid_command"
        assert harbour.is_installed


async def test_the_app_writes_to_somebody_foreign_only_where_they_meet() -> None:
    async with sharing() as (playground, harbour, fjord, channel), session() as plain:
        web, erik = client(playground, harbour.bot_token), fjord.person("erik")
        assert (await refusal(web.conversations_open(users=fjord.person("noor").id)))["error"] == "user_not_found"
        assert (await refusal(web.conversations_open(users=erik.id)))["error"] == "user_not_visible"
        assert (await refusal(web.chat_postMessage(channel=erik.id, text="x")))["error"] == "channel_not_found"
        harbour.join("@app", "lanterns")
        both = f"{erik.id},{harbour.person('noor').id}"
        assert (await refusal(web.conversations_open(users=both)))["error"] == "invalid_user_combination"
        place = (await web.conversations_open(users=erik.id))["channel"]["id"]
        info = (await web.conversations_info(channel=place))["channel"]
        assert (info["is_im"], info["is_ext_shared"], info["user"]) == (True, True, erik.id)
        await web.chat_postMessage(channel=place, text="Just between us")
        seen = await erik.message("Just between us")
        await harbour.settled()
        socket = await opened(plain, playground)
        await erik.say("Thanks", channel=seen.channel)
        body = await acked(socket)
        assert (body["event"]["channel_type"], body["event"]["text"]) == ("im", "Thanks")
        assert (body["is_ext_shared_channel"], extract_team_id(body)) == (True, harbour.team_id)
        assert channel != place


async def test_nobody_foreign_is_invited_into_what_their_team_has_not() -> None:
    async with sharing() as (playground, harbour, fjord, _):
        harbour.join("@app", "general")
        web, erik = client(playground, harbour.bot_token), fjord.person("erik").id
        general = next(each["id"] for each in (await web.conversations_list())["channels"] if each["name"] == "general")
        answer = await refusal(web.conversations_invite(channel=general, users=erik))
        assert answer["error"] == "user_team_not_in_channel"


async def test_only_what_is_shared_is_seen_by_the_other() -> None:
    async with sharing() as (playground, harbour, fjord, _):
        await harbour.person("noor").say("Quokka", channel="general")
        await harbour.person("noor").say("Wombat", channel="lanterns")
        sight = [each.text for each in await fjord.person("erik").messages("lanterns")]
        assert "Wombat" in sight
        web = client(playground, fjord.bot_token)
        names = {each["name"] for each in (await web.conversations_list())["channels"]}
        assert names == {"general", "boats", "lanterns"}
        with pytest.raises(NotPossibleError, match="channel_not_found"):
            await fjord.person("erik").messages("quiet")


async def test_it_is_still_shared_after_a_restart_and_not_after_starting_over(tmp_path: Path) -> None:
    async with sharing(home=tmp_path) as (_, harbour, _, channel):
        await harbour.person("noor").say("kept", channel="lanterns")
    async with two(home=tmp_path) as (playground, harbour, fjord):
        assert "kept" in [each.text for each in await fjord.person("erik").messages("lanterns")]
        await fjord.person("erik").say("back", channel="lanterns")
        assert (await harbour.person("noor").messages("lanterns"))[-1].text == "back"
        await playground.start_over()
        with pytest.raises(NotPossibleError, match="channel_not_found"):
            await fjord.person("erik").messages("lanterns")
        assert channel not in harbour.person("noor").world.state.conversations
