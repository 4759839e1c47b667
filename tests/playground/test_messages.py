"""chat.*: what may be posted where, what is refused, and in which words."""

from typing import Any

import pytest

from playground import Playground
from tests.playground.kit import MANIFEST, actions, button, running, section, web
from tests.playground.test_gate import post, refusal


async def dm(playground: Playground, key: str = "noor") -> str:
    """The app's conversation with somebody."""
    opened = await web(playground).conversations_open(users=playground.workspace.person(key).id)
    found: str = opened["channel"]["id"]
    return found


async def test_a_message_has_a_unique_time_from_the_world_s_clock() -> None:
    async with running() as playground:
        place, client = await dm(playground), web(playground)
        times = [(await client.chat_postMessage(channel=place, text="hello"))["ts"] for _ in range(4)]
        assert times == sorted(set(times))
        assert abs(float(times[0]) - playground.clock.now().timestamp()) < 5


async def test_a_block_too_long_is_refused_with_its_pointer() -> None:
    async with running() as playground:
        blocks = [section("x" * 3001)]
        answer = await refusal(web(playground).chat_postMessage(channel=await dm(playground), text="t", blocks=blocks))
        assert answer["error"] == "invalid_blocks"
        assert answer["response_metadata"]["messages"] == [
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        ]
        assert answer["errors"]


async def test_broken_blocks_in_a_form_are_a_format_error() -> None:
    async with running() as playground:
        for blocks in ("[{", '{"type": "divider"}'):
            data = {"channel": await dm(playground), "text": "t", "blocks": blocks}
            assert (await post(playground, "chat.postMessage", data=data))[1]["error"] == "invalid_blocks_format"


async def test_all_blocks_together_have_a_limit() -> None:
    async with running() as playground:
        blocks = [section("x" * 2900) for _ in range(5)]
        answer = await refusal(web(playground).chat_postMessage(channel=await dm(playground), text="t", blocks=blocks))
        assert answer["error"] == "msg_blocks_too_long"


async def test_nothing_to_say_is_no_text() -> None:
    async with running() as playground:
        call = web(playground).api_call("chat.postMessage", json={"channel": await dm(playground)})
        assert (await refusal(call))["error"] == "no_text"


async def test_blocks_without_text_are_a_warning_and_in_strict_mode_an_error() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        answer = await client.api_call("chat.postMessage", json={"channel": place, "blocks": [section("hi")]})
        assert answer["response_metadata"]["warnings"] == ["missing_text_in_message"]
    async with running(strict_text=True) as playground:
        client, place = web(playground), await dm(playground)
        call = client.api_call("chat.postMessage", json={"channel": place, "blocks": [section("hi")]})
        assert (await refusal(call))["error"] == "no_text"


async def test_a_very_long_text_is_cut_and_said_so() -> None:
    async with running() as playground:
        answer = await web(playground).chat_postMessage(channel=await dm(playground), text="ä" * 40_001)
        assert len(answer["message"]["text"]) == 40_000
        assert answer["warning"] == "message_truncated"


@pytest.mark.parametrize(
    ("channel", "error"),
    [("nowhere", "channel_not_found"), ("quiet", "channel_not_found"), ("general", "not_in_channel")],
)
async def test_the_app_cannot_post_where_it_is_not(channel: str, error: str) -> None:
    async with running() as playground:
        assert (await refusal(web(playground).chat_postMessage(channel=channel, text="hello")))["error"] == error


async def test_an_archived_channel_takes_nothing() -> None:
    async with running() as playground:
        playground.workspace.join("@app", "general")
        playground.workspace.archive("general")
        answer = await refusal(web(playground).chat_postMessage(channel="general", text="hello"))
        assert answer["error"] == "is_archived"


async def test_with_the_public_scope_a_public_channel_is_open() -> None:
    scopes = {"bot": [*MANIFEST["oauth_config"]["scopes"]["bot"], "chat:write.public"]}
    async with running(manifest={**MANIFEST, "oauth_config": {"scopes": scopes}}) as playground:
        await web(playground).chat_postMessage(channel="#general", text="hello")
        answer = await refusal(web(playground).chat_postMessage(channel="quiet", text="hello"))
        assert answer["error"] == "channel_not_found"


async def test_without_a_messages_tab_nobody_can_be_written_to() -> None:
    features = {**MANIFEST["features"], "app_home": {"home_tab_enabled": True, "messages_tab_enabled": False}}
    async with running(manifest={**MANIFEST, "features": features}) as playground:
        answer = await refusal(web(playground).chat_postMessage(channel=await dm(playground), text="hello"))
        assert answer["error"] == "messages_tab_disabled"


async def test_a_person_s_id_is_their_direct_message() -> None:
    async with running() as playground:
        noor = playground.workspace.person("noor")
        answer = await web(playground).chat_postMessage(channel=noor.id, text="hello")
        assert answer["channel"] == await dm(playground)


async def test_who_was_deactivated_keeps_the_conversation_there_was_but_gets_no_new_one() -> None:
    async with running() as playground:
        client, noor, ada = web(playground), playground.workspace.person("noor"), playground.workspace.person("ada")
        place = await dm(playground)
        playground.workspace.deactivate("noor")
        assert (await client.chat_postMessage(channel=noor.id, text="still there"))["channel"] == place
        assert (await refusal(client.chat_postMessage(channel=ada.id, text="x")))["error"] == "channel_not_found"
        assert (await refusal(client.conversations_open(users=noor.id)))["error"] == "user_disabled"


async def test_text_alone_takes_the_blocks_away_and_blocks_alone_keep_the_text() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        row = actions(button("Yes", "a.yes"))
        ts = (await client.chat_postMessage(channel=place, text="one", blocks=[row]))["ts"]
        changed = await client.api_call("chat.update", json={"channel": place, "ts": ts, "blocks": [section("two")]})
        assert changed["message"]["text"] == "one"
        assert changed["message"]["edited"]["user"] == (await client.auth_test())["user_id"]
        assert "blocks" not in (await client.chat_update(channel=place, ts=ts, text="three"))["message"]


async def test_only_the_author_changes_a_message_and_nobody_an_ephemeral() -> None:
    async with running() as playground:
        client, noor = web(playground), playground.workspace.person("noor")
        place = await dm(playground)
        said = await noor.say("hello")
        assert (await refusal(client.chat_update(channel=place, ts=said.ts, text="x")))[
            "error"
        ] == "cant_update_message"
        assert (await refusal(client.chat_delete(channel=place, ts=said.ts)))["error"] == "cant_delete_message"
        shown = await client.chat_postEphemeral(channel=place, user=noor.id, text="psst")
        call = client.chat_update(channel=place, ts=shown["message_ts"], text="x")
        assert (await refusal(call))["error"] == "message_not_found"
        call = client.chat_delete(channel=place, ts="1.000001")
        assert (await refusal(call))["error"] == "message_not_found"


async def test_an_ephemeral_is_seen_by_one_and_is_in_no_history() -> None:
    async with running() as playground:
        playground.workspace.join("@app", "lanterns")
        client = web(playground)
        noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
        place = (await client.conversations_list())["channels"]
        lanterns = next(each["id"] for each in place if each["name"] == "lanterns")
        await client.chat_postEphemeral(channel=lanterns, user=noor.id, text="only Noor")
        assert [each.text for each in await noor.messages("lanterns") if each.only_you] == ["only Noor"]
        assert not [each for each in await tomas.messages("lanterns") if each.only_you]
        history = await client.conversations_history(channel=lanterns)
        assert "only Noor" not in repr(history["messages"])
        ingrid = playground.workspace.person("ingrid").id
        call = client.chat_postEphemeral(channel=lanterns, user=ingrid, text="x")
        assert (await refusal(call))["error"] == "user_not_in_channel"


async def test_threads_count_their_replies() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        first = (await client.chat_postMessage(channel=place, text="first"))["ts"]
        for text in ("second", "third"):
            await client.chat_postMessage(channel=place, text=text, thread_ts=first)
        thread = await client.api_call("conversations.replies", params={"channel": place, "ts": first})
        assert [each["text"] for each in thread["messages"]] == ["first", "second", "third"]
        assert thread["messages"][0]["reply_count"] == 2
        history = await client.conversations_history(channel=place)
        assert [each["text"] for each in history["messages"]] == ["first"]
        call = client.chat_postMessage(channel=place, text="x", thread_ts="1.1")
        assert (await refusal(call))["error"] == "thread_not_found"


async def test_a_lone_ampersand_is_escaped_and_an_entity_is_not() -> None:
    async with running() as playground:
        answer = await web(playground).chat_postMessage(channel=await dm(playground), text="a & b &amp; <@U1>")
        assert answer["message"]["text"] == "a &amp; b &amp; <@U1>"


async def test_metadata_is_kept_and_must_have_its_shape() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        good: dict[str, Any] = {"event_type": "lent", "event_payload": {"n": 1}}
        await client.chat_postMessage(channel=place, text="t", metadata=good)
        plain = await client.conversations_history(channel=place)
        assert "metadata" not in plain["messages"][0]
        full = await client.conversations_history(channel=place, include_all_metadata=True)
        assert full["messages"][0]["metadata"] == good
        for bad, error in (
            ({"event_payload": {}}, "invalid_metadata_format"),
            ({"event_type": "x"}, "invalid_metadata_schema"),
        ):
            call = client.chat_postMessage(channel=place, text="t", metadata=bad)
            assert (await refusal(call))["error"] == error


async def test_markdown_text_stands_alone() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        call = client.chat_postMessage(channel=place, markdown_text="# hi", text="hi")
        assert (await refusal(call))["error"] == "markdown_text_conflict"
        call = client.chat_postMessage(channel=place, markdown_text="x" * 12_001)
        assert (await refusal(call))["error"] == "msg_too_long"
        posted = await client.chat_postMessage(channel=place, markdown_text="# hi")
        assert posted["message"]["blocks"][0]["type"] == "markdown"


async def test_an_edit_has_a_shorter_limit_than_a_post() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        ts = (await client.chat_postMessage(channel=place, text="x" * 4001))["ts"]
        assert (await refusal(client.chat_update(channel=place, ts=ts, text="x" * 4001)))["error"] == "msg_too_long"


async def test_blocks_and_elements_without_ids_are_given_some() -> None:
    async with running() as playground:
        bare = {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Yes"}}]}
        posted = await web(playground).chat_postMessage(channel=await dm(playground), text="t", blocks=[bare])
        block = posted["message"]["blocks"][0]
        assert block["block_id"]
        assert block["elements"][0]["action_id"]
        assert block["elements"][0]["text"]["emoji"] is True
