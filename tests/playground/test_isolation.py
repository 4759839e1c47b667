"""What one workspace has is nowhere in another: no id, no token, no trigger, no address, no word."""

import asyncio
import json
import re
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from playground import Playground, Workspace
from playground.api.table import METHODS
from tests.playground.kit import MANIFEST, home, modal, section
from tests.playground.neighbours import client, page_of, text_of, two
from tests.playground.test_gate import refusal
from tests.playground.test_socket_mode import next_frame, opened, session

Json = dict[str, Any]
WORD = "Quokka"


async def furnished(playground: Playground, workspace: Workspace) -> Json:
    """One of everything an id can name, in this workspace, and the word in all of it."""
    web, noor = client(playground, workspace.bot_token), workspace.person("noor")
    place = (await web.conversations_open(users=noor.id))["channel"]["id"]
    posted = await web.chat_postMessage(channel=place, text=WORD, blocks=[section(WORD)])
    later = await web.chat_scheduleMessage(
        channel=place, text=WORD, post_at=int(playground.clock.now().timestamp()) + 600
    )
    channel = next(each for each in (await web.conversations_list())["channels"] if each["name"] == "general")["id"]
    await web.conversations_join(channel=channel)
    said = await noor.say(WORD, channel="general")
    view = (await web.views_publish(user_id=noor.id, view=home(section(WORD), external_id="here")))["view"]
    file = await web.files_getUploadURLExternal(filename=f"{WORD}.txt", length=3)
    return {
        "channel": channel,
        "place": place,
        "ts": posted["ts"],
        "said": said.ts,
        "user": noor.id,
        "view": view["id"],
        "file": file["file_id"],
        "scheduled": later["scheduled_message_id"],
        "bot": (await web.auth_test())["bot_id"],
        "team": workspace.team_id,
        "email": noor.user.email,
    }


# method -> arguments naming what the other workspace has; `{x}` is filled in
ELSEWHERE: dict[str, tuple[Json, str]] = {
    "bots.info": ({"bot": "{bot}"}, "bot_not_found"),
    "chat.delete": ({"channel": "{place}", "ts": "{ts}"}, "channel_not_found"),
    "chat.deleteScheduledMessage": (
        {"channel": "{place}", "scheduled_message_id": "{scheduled}"},
        "invalid_scheduled_message_id",
    ),
    "chat.getPermalink": ({"channel": "{place}", "message_ts": "{ts}"}, "channel_not_found"),
    "chat.postEphemeral": ({"channel": "{channel}", "user": "{user}", "text": "x"}, "channel_not_found"),
    "chat.postMessage": ({"channel": "{channel}", "text": "x"}, "channel_not_found"),
    "chat.scheduleMessage": ({"channel": "{channel}", "text": "x", "post_at": "1"}, "channel_not_found"),
    "chat.scheduledMessages.list": ({"channel": "{place}"}, "invalid_channel"),
    "chat.update": ({"channel": "{place}", "ts": "{ts}", "text": "x"}, "channel_not_found"),
    "conversations.archive": ({"channel": "{channel}"}, "channel_not_found"),
    "conversations.close": ({"channel": "{place}"}, "channel_not_found"),
    "conversations.history": ({"channel": "{channel}"}, "channel_not_found"),
    "conversations.info": ({"channel": "{channel}"}, "channel_not_found"),
    "conversations.invite": ({"channel": "{channel}", "users": "{user}"}, "channel_not_found"),
    "conversations.join": ({"channel": "{channel}"}, "channel_not_found"),
    "conversations.leave": ({"channel": "{channel}"}, "channel_not_found"),
    "conversations.members": ({"channel": "{channel}"}, "channel_not_found"),
    "conversations.open": ({"users": "{user}"}, "user_not_found"),
    "conversations.replies": ({"channel": "{channel}", "ts": "{said}"}, "channel_not_found"),
    "conversations.setPurpose": ({"channel": "{channel}", "purpose": "x"}, "channel_not_found"),
    "conversations.setTopic": ({"channel": "{channel}", "topic": "x"}, "channel_not_found"),
    "dnd.info": ({"user": "{user}"}, "user_not_found"),
    "files.completeUploadExternal": ({"files": '[{"id": "{file}"}]'}, "file_not_found"),
    "files.delete": ({"file": "{file}"}, "file_not_found"),
    "files.info": ({"file": "{file}"}, "file_not_found"),
    "reactions.add": ({"channel": "{channel}", "timestamp": "{said}", "name": "wave"}, "channel_not_found"),
    "reactions.get": ({"channel": "{channel}", "timestamp": "{said}"}, "channel_not_found"),
    "reactions.remove": ({"channel": "{channel}", "timestamp": "{said}", "name": "wave"}, "channel_not_found"),
    "team.info": ({"team": "{team}"}, "team_not_found"),
    "users.conversations": ({"user": "{user}"}, "user_not_found"),
    "users.getPresence": ({"user": "{user}"}, "user_not_found"),
    "users.info": ({"user": "{user}"}, "user_not_found"),
    "users.lookupByEmail": ({"email": "{email}"}, "users_not_found"),
    "users.profile.get": ({"user": "{user}"}, "user_not_found"),
    "views.publish": ({"user_id": "{user}", "view": json.dumps(home(section("x")))}, "user_not_found"),
    "views.update": ({"view_id": "{view}", "view": json.dumps(home(section("x")))}, "not_found"),
}
# what takes no id of anything in a workspace, or a trigger, which has a test of its own
WITHOUT_IDS = {
    "api.test",
    "apps.connections.open",
    "apps.uninstall",
    "auth.revoke",
    "auth.test",
    "blocks.validate",
    "conversations.create",
    "conversations.list",
    "files.getUploadURLExternal",
    "oauth.v2.access",
    "oauth.v2.exchange",
    "users.list",
    "views.open",
    "views.push",
}
MORE_SCOPES = ["dnd:read", "files:read", "users.profile:read", "users:read.email"]


def everything_allowed() -> Json:
    """The small manifest with the scopes of every method."""
    bot = [*MANIFEST["oauth_config"]["scopes"]["bot"], *MORE_SCOPES]
    return {**MANIFEST, "oauth_config": {"scopes": {"bot": bot}}}


def filled(arguments: Json, ids: Json) -> Json:
    """The arguments with the ids in their places."""
    return {name: re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], value) for name, value in arguments.items()}


def test_every_method_that_takes_an_id_is_tried() -> None:
    assert set(ELSEWHERE) | WITHOUT_IDS == set(METHODS)
    assert not set(ELSEWHERE) & WITHOUT_IDS


async def test_what_the_other_workspace_has_is_as_unknown_as_what_nobody_has() -> None:
    async with two(manifest=everything_allowed(), rate_limits=False) as (playground, harbour, fjord):
        ids = await furnished(playground, harbour)
        web = client(playground, fjord.bot_token)
        for method, (arguments, word) in ELSEWHERE.items():
            there, nowhere = filled(arguments, ids), filled(arguments, dict.fromkeys(ids, "C0NOWHERE00"))
            answers = [(await refusal(web.api_call(method, params=each))).data for each in (there, nowhere)]
            assert [each["error"] for each in answers] == [word, word], method
            assert WORD not in json.dumps(answers)


async def test_a_trigger_of_one_workspace_opens_nothing_with_the_token_of_another() -> None:
    async with two() as (playground, harbour, fjord), session() as plain:
        socket = await opened(plain, playground)
        asking = asyncio.create_task(harbour.person("noor").command("/lantern"))
        frame = await next_frame(socket)
        await socket.send_json({"envelope_id": frame["envelope_id"]})
        await asking
        trigger, view = frame["payload"]["trigger_id"], modal(section("x"))
        for method in ("views.open", "views.push"):
            call = client(playground, fjord.bot_token).api_call(method, json={"trigger_id": trigger, "view": view})
            assert (await refusal(call))["error"] == "invalid_trigger_id"
        await client(playground, harbour.bot_token).views_open(trigger_id=trigger, view=view)
        assert fjord.person("noor").modals() == []


async def test_an_answer_to_a_response_url_lands_where_it_was_given_out() -> None:
    async with two() as (playground, harbour, fjord), session() as plain:
        socket = await opened(plain, playground)
        asking = asyncio.create_task(fjord.person("noor").command("/lantern"))
        frame = await next_frame(socket)
        await socket.send_json({"envelope_id": frame["envelope_id"]})
        await asking
        async with plain.post(frame["payload"]["response_url"], json={"text": WORD}) as got:
            assert got.status == 200
        assert (await fjord.person("noor").message()).text == WORD
        assert harbour.person("noor").all_messages() == []


async def test_bytes_go_to_the_workspace_that_announced_them() -> None:
    async with two() as (playground, harbour, fjord), session() as plain:
        web = client(playground, fjord.bot_token)
        announced = await web.files_getUploadURLExternal(filename="a.txt", length=3)
        async with plain.post(announced["upload_url"], data=b"abc") as got:
            assert got.status == 200
        kept = [each.person("noor").world.state.files for each in (harbour, fjord)]
        assert [len(each) for each in kept] == [0, 1]


async def test_a_word_said_in_one_workspace_is_nowhere_in_the_other() -> None:
    async with two(manifest=everything_allowed()) as (playground, harbour, fjord), session() as plain:
        socket = await opened(plain, playground)
        seen: list[Json] = []

        async def acknowledge() -> None:
            async for message in socket:
                frame = message.json()
                seen.append(frame["payload"])
                await socket.send_json({"envelope_id": frame["envelope_id"]})

        acknowledging = asyncio.create_task(acknowledge())
        async with page_of(fjord) as (browser, key):
            stream = await browser.get(f"{fjord.url}local/stream", params={"key": key})
            await harbour.person("noor").command(f"/lantern {WORD}")
            await furnished(playground, harbour)
            harbour.rename("tomas", WORD)
            await harbour.settled()
            await fjord.person("noor").say("the last of it")
            reads = [await text_of(browser, f"{fjord.url}local/{name}") for name in ("state", "traffic", "gallery")]
            told = b""
            while b"the last of it" not in told:
                told += await stream.content.readany()
            stream.close()
        await fjord.settled()
        ours = [each for each in seen if fjord.team_id in json.dumps(each)]
        assert WORD in json.dumps(seen)
        assert ours
        assert WORD not in json.dumps(ours)
        assert WORD.encode() not in told
        assert not [each for each in reads if WORD in each]
        assert not [entry for entry in fjord.journal if WORD in json.dumps(entry.as_json())]
        assert WORD in json.dumps([entry.as_json() for entry in harbour.journal])
        assert WORD not in await all_a_token_reads(client(playground, fjord.bot_token))
        assert WORD in await all_a_token_reads(client(playground, harbour.bot_token))
        for key in fjord.people:
            assert WORD not in fjord.person(key).sight()
        acknowledging.cancel()


async def all_a_token_reads(web: AsyncWebClient) -> str:
    """Everything the reading methods give."""
    found = [await web.users_list(), await web.conversations_list(types="public_channel,private_channel,im")]
    there = [each["id"] for each in found[1]["channels"] if each.get("is_member") or each.get("is_im")]
    found += [await web.conversations_history(channel=each) for each in there]
    found.append(await web.chat_scheduledMessages_list())
    return json.dumps([each.data for each in found])
