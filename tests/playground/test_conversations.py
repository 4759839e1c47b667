"""conversations.*, users.*, reactions, files and scheduled messages over the wire."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from playground import Person, Playground
from tests.playground.kit import MANIFEST, running, web
from tests.playground.test_gate import refusal
from tests.playground.test_messages import dm


def manifest_with(*scopes: str) -> dict[str, Any]:
    """The small manifest with more scopes."""
    return {**MANIFEST, "oauth_config": {"scopes": {"bot": [*MANIFEST["oauth_config"]["scopes"]["bot"], *scopes]}}}


def ids(playground: Playground, *keys: str) -> list[str]:
    """The ids of some people."""
    return [playground.workspace.person(key).id for key in keys]


async def test_opening_again_gives_the_same_conversation() -> None:
    async with running() as playground:
        client, (noor, tomas) = web(playground), ids(playground, "noor", "tomas")
        first = await client.conversations_open(users=noor)
        again = await client.conversations_open(users=[noor], return_im=True)
        assert first["channel"]["id"].startswith("D")
        assert again["channel"]["id"] == first["channel"]["id"]
        assert (again["already_open"], again["channel"]["user"]) == (True, noor)
        group = await client.conversations_open(users=[noor, tomas])
        same = await client.conversations_open(users=[tomas, noor])
        assert group["channel"]["id"] == same["channel"]["id"]


async def test_who_cannot_be_written_to_is_said_exactly() -> None:
    async with running() as playground:
        client = web(playground)
        me = (await client.auth_test())["user_id"]
        everybody = [person.id for person in (playground.workspace.welcome(newcomer(n)) for n in range(9))]
        for users, error in (
            ([me], "cannot_dm_bot"),
            (["USLACKBOT"], "cannot_dm_bot"),
            (["U000"], "user_not_found"),
            (ids(playground, "ada"), "user_disabled"),
            (everybody, "too_many_users"),
            ([], "users_list_not_supplied"),
        ):
            call = client.api_call("conversations.open", params={"users": ",".join(users)})
            assert (await refusal(call))["error"] == error, users


def newcomer(number: int) -> Person:
    """Somebody new."""
    return Person(f"new{number}", f"New {number}", "", "Europe/Rome")


async def test_a_group_message_needs_its_own_scope() -> None:
    async with running() as playground:
        playground.workspace.remove_scope("mpim:write")
        call = web(playground).conversations_open(users=ids(playground, "noor", "tomas"))
        answer = await refusal(call)
        assert (answer["error"], answer["needed"]) == ("missing_scope", "mpim:write")


async def test_private_places_do_not_exist_for_who_is_not_in_them() -> None:
    async with running() as playground:
        client = web(playground)
        names = [each["name"] for each in (await client.conversations_list())["channels"]]
        assert sorted(names) == ["general", "lanterns"]
        kinds = "public_channel,private_channel"
        call = await client.conversations_list(types=kinds)
        assert len(call["channels"]) == 2
        playground.workspace.join("@app", "quiet")
        assert len((await client.conversations_list(types=kinds))["channels"]) == 3
        answer = await refusal(client.conversations_list(types="mpim"))
        assert answer["needed"] == "mpim:read"


async def test_the_scope_asked_for_depends_on_the_place() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        assert (await client.conversations_info(channel=place))["channel"]["is_im"] is True
        playground.workspace.remove_scope("im:read")
        assert (await refusal(client.conversations_info(channel=place)))["needed"] == "im:read"


async def test_lists_come_in_pages_until_the_cursor_is_empty() -> None:
    async with running(page_size=2) as playground:
        client, seen, cursor, pages = web(playground), [], None, 0
        while cursor != "":
            answer = await client.users_list(cursor=cursor, limit=200)
            assert len(answer["members"]) <= 2
            seen += [each["id"] for each in answer["members"]]
            cursor, pages = answer["response_metadata"]["next_cursor"], pages + 1
        assert len(seen) == len(set(seen)) == 7
        assert pages == 4
        general = next(c["id"] for c in (await client.conversations_list())["channels"] if c["name"] == "general")
        members = await client.conversations_members(channel=general)
        assert len(members["members"]) == 2
        assert (await refusal(client.users_list(cursor="made-up")))["error"] == "invalid_cursor"


async def test_an_unpaginated_read_misses_people_when_pages_are_small() -> None:
    async with running(page_size=2) as playground:
        assert len((await web(playground).users_list())["members"]) == 2


async def test_people_have_slack_s_fields_and_their_address_only_with_the_scope() -> None:
    async with running() as playground:
        (gus, ada, noor) = ids(playground, "gus", "ada", "noor")
        client = web(playground)
        user = (await client.users_info(user=gus))["user"]
        assert (user["tz"], user["tz_offset"], user["tz_label"]) == ("Asia/Tokyo", 32_400, "Japan Standard Time")
        assert (user["is_restricted"], user["deleted"], user["is_bot"]) == (True, False, False)
        gone = (await client.users_info(user=ada))["user"]
        assert gone["deleted"] is True
        assert "tz" not in gone
        assert "email" not in (await client.users_info(user=noor))["user"]["profile"]
        assert (await refusal(client.users_info(user="U1")))["error"] == "user_not_found"
    async with running(manifest=manifest_with("users:read.email")) as playground:
        found = await web(playground).users_lookupByEmail(email="Noor@harbour.example")
        assert found["user"]["profile"]["email"] == "noor@harbour.example"
        call = web(playground).users_lookupByEmail(email="nobody@harbour.example")
        assert (await refusal(call))["error"] == "users_not_found"


async def test_the_built_in_helper_is_listed_and_is_no_bot_as_in_slack() -> None:
    async with running() as playground:
        members = {each["id"]: each for each in (await web(playground).users_list())["members"]}
        assert members["USLACKBOT"]["is_bot"] is False
        assert [each["name"] for each in members.values() if each["is_bot"]] == ["lantern"]


async def test_the_app_joins_invites_and_leaves_and_archives() -> None:
    async with running() as playground:
        client = web(playground)
        general = next(c["id"] for c in (await client.conversations_list())["channels"] if c["name"] == "general")
        joined = await client.conversations_join(channel=general)
        assert joined["channel"]["is_member"] is True
        assert (await client.conversations_join(channel=general))["warning"] == "already_in_channel"
        made = await client.conversations_create(name="lamps")
        lamps = made["channel"]["id"]
        await client.conversations_invite(channel=lamps, users=ids(playground, "noor"))
        assert sorted((await client.conversations_members(channel=lamps))["members"]) == sorted(
            [*ids(playground, "noor"), (await client.auth_test())["user_id"]]
        )
        call = client.conversations_invite(channel=lamps, users=ids(playground, "noor"))
        assert (await refusal(call))["error"] == "already_in_channel"
        assert (await refusal(client.conversations_create(name="lamps")))["error"] == "name_taken"
        assert (await refusal(client.conversations_create(name="No Spaces")))["error"] == "invalid_name_specials"
        await client.conversations_archive(channel=lamps)
        assert (await refusal(client.conversations_archive(channel=lamps)))["error"] == "already_archived"


async def test_a_mark_on_a_message_counts_once_a_person() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        ts = (await client.chat_postMessage(channel=place, text="hi"))["ts"]
        await client.reactions_add(channel=place, timestamp=ts, name="wave")
        call = client.reactions_add(channel=place, timestamp=ts, name="wave")
        assert (await refusal(call))["error"] == "already_reacted"
        got = await client.reactions_get(channel=place, timestamp=ts)
        assert got["message"]["reactions"][0]["count"] == 1
        await client.reactions_remove(channel=place, timestamp=ts, name="wave")
        call = client.reactions_remove(channel=place, timestamp=ts, name="wave")
        assert (await refusal(call))["error"] == "no_reaction"
        call = client.reactions_add(channel=place, timestamp=ts, name="Not A Name")
        assert (await refusal(call))["error"] == "invalid_name"


async def test_a_file_is_announced_filled_and_shared() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        await client.files_upload_v2(channel=place, filename="lanterns.csv", content="a,b\n1,2\n", title="Lanterns")
        message = await playground.workspace.person("noor").message()
        assert message.files == ["lanterns.csv"]
        async with aiohttp.ClientSession() as session, session.get(message.record.files[0]["url_private"]) as got:  # type: ignore[index]  # it has files, see above
            assert await got.read() == b"a,b\n1,2\n"


async def test_an_upload_of_another_size_is_not_taken() -> None:
    async with running() as playground, aiohttp.ClientSession() as session:
        client = web(playground)
        ticket = await client.files_getUploadURLExternal(filename="a.txt", length=3)
        async with session.post(ticket["upload_url"], data=b"four") as got:
            assert got.status == 400
        call = client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])
        assert (await refusal(call))["error"] == "file_not_found"


async def test_a_scheduled_message_comes_when_the_world_gets_there() -> None:
    async with running() as playground:
        client, noor = web(playground), playground.workspace.person("noor")
        place, now = await dm(playground), int(playground.clock.now().timestamp())
        kept = await client.chat_scheduleMessage(channel=place, text="later", post_at=now + 3600)
        dropped = await client.chat_scheduleMessage(channel=place, text="never", post_at=now + 3600)
        await client.chat_deleteScheduledMessage(channel=place, scheduled_message_id=dropped["scheduled_message_id"])
        listed = await client.chat_scheduledMessages_list()
        assert [each["id"] for each in listed["scheduled_messages"]] == [kept["scheduled_message_id"]]
        assert noor.all_messages() == []
        await playground.step_to(playground.clock.now() + timedelta(hours=2))
        assert [each.text for each in noor.all_messages()] == ["later"]
        assert abs(float(noor.all_messages()[0].ts) - now - 3600) < 2


@pytest.mark.parametrize(
    ("ahead", "error"), [(-10, "time_in_past"), (121 * 86_400, "time_too_far"), (None, "invalid_time")]
)
async def test_a_scheduled_message_has_its_limits(ahead: int | None, error: str) -> None:
    async with running() as playground:
        now = int(playground.clock.now().timestamp())
        at = "soon" if ahead is None else str(now + ahead)
        call = web(playground).api_call(
            "chat.scheduleMessage", json={"channel": await dm(playground), "text": "x", "post_at": at}
        )
        assert (await refusal(call))["error"] == error


async def test_at_most_thirty_scheduled_messages_in_five_minutes_of_a_channel() -> None:
    async with running(rate_limits=False) as playground:
        client, place = web(playground), await dm(playground)
        at = int(playground.clock.now().timestamp()) + 600
        for _ in range(30):
            await client.chat_scheduleMessage(channel=place, text="x", post_at=at)
        call = client.chat_scheduleMessage(channel=place, text="x", post_at=at)
        assert (await refusal(call))["error"] == "restricted_too_many"
        await client.chat_scheduleMessage(channel=place, text="x", post_at=at + 300)
