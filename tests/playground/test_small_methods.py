"""The methods that need few words: the workspace, the bot, profiles, topics, files by id, leaving."""

from playground import Playground
from tests.playground.kit import running, web
from tests.playground.test_conversations import manifest_with
from tests.playground.test_gate import post, refusal
from tests.playground.test_messages import dm

MORE = ("dnd:read", "users.profile:read", "files:read", "groups:write")


async def channel_id(playground: Playground, name: str) -> str:
    """A public channel's id."""
    channels = (await web(playground).conversations_list())["channels"]
    found: str = next(each["id"] for each in channels if each["name"] == name)
    return found


async def test_a_call_for_trying_hands_its_arguments_back_and_fails_on_demand() -> None:
    async with running() as playground:
        _, answer, _ = await post(playground, "api.test", json={"one": 1}, headers={})
        assert answer == {"ok": True, "args": {"one": 1}}
        assert (await refusal(web(playground).api_test(error="my_error")))["error"] == "my_error"


async def test_the_workspace_and_the_bot_tell_who_they_are() -> None:
    async with running() as playground:
        client = web(playground)
        me = await client.auth_test()
        assert (await client.team_info())["team"]["domain"] == "harbour"
        assert (await refusal(client.team_info(team="T0")))["error"] == "team_not_found"
        bot = (await client.bots_info(bot=me["bot_id"]))["bot"]
        assert (bot["user_id"], bot["name"]) == (me["user_id"], "Lantern")
        assert (await refusal(client.bots_info(bot="B0")))["error"] == "bot_not_found"


async def test_profiles_presence_and_quiet_hours() -> None:
    async with running(manifest=manifest_with(*MORE)) as playground:
        client = web(playground)
        noor, ada = (playground.workspace.person(key).id for key in ("noor", "ada"))
        profile = (await client.users_profile_get(user=noor))["profile"]
        assert (profile["real_name"], profile["title"], "email" in profile) == ("Noor Haddad", "Support", False)
        assert (await client.users_getPresence(user=noor))["presence"] == "active"
        assert (await client.users_getPresence(user=ada))["presence"] == "away"
        assert (await client.dnd_info(user=noor))["dnd_enabled"] is False
        assert (await refusal(client.dnd_info(user="U0")))["error"] == "user_not_found"


async def test_topics_and_purposes_are_set_by_members_only() -> None:
    async with running() as playground:
        client, lanterns = web(playground), await channel_id(playground, "lanterns")
        call = client.conversations_setTopic(channel=lanterns, topic="Oil")
        assert (await refusal(call))["error"] == "not_in_channel"
        await client.conversations_join(channel=lanterns)
        assert (await client.conversations_setTopic(channel=lanterns, topic="Oil"))["channel"]["topic"][
            "value"
        ] == "Oil"
        purposed = await client.conversations_setPurpose(channel=lanterns, purpose="Light")
        assert purposed["channel"]["purpose"]["value"] == "Light"
        call = client.conversations_setTopic(channel=lanterns, topic="x" * 251)
        assert (await refusal(call))["error"] == "too_long"


async def test_leaving_a_channel_and_closing_a_direct_message() -> None:
    async with running() as playground:
        client, lanterns = web(playground), await channel_id(playground, "lanterns")
        assert (await client.conversations_leave(channel=lanterns))["not_in_channel"] is True
        await client.conversations_join(channel=lanterns)
        mine = await client.users_conversations()
        assert [each["name"] for each in mine["channels"]] == ["lanterns"]
        await client.conversations_leave(channel=lanterns)
        assert (await client.users_conversations())["channels"] == []
        general = await channel_id(playground, "general")
        await client.conversations_join(channel=general)
        assert (await refusal(client.conversations_leave(channel=general)))["error"] == "cant_leave_general"
        await client.conversations_close(channel=await dm(playground))
        call = client.conversations_close(channel=general)
        assert (await refusal(call))["error"] == "method_not_supported_for_channel_type"


async def test_a_person_s_conversations_are_those_the_app_may_know() -> None:
    async with running() as playground:
        ingrid = playground.workspace.person("ingrid").id
        kinds = "public_channel,private_channel"
        found = await web(playground).users_conversations(user=ingrid, types=kinds)
        assert [each["name"] for each in found["channels"]] == ["general"]


async def test_a_message_has_an_address() -> None:
    async with running() as playground:
        client, place = web(playground), await dm(playground)
        ts = (await client.chat_postMessage(channel=place, text="hi"))["ts"]
        link = (await client.chat_getPermalink(channel=place, message_ts=ts))["permalink"]
        assert link.endswith(f"/archives/{place}/p{ts.replace('.', '')}")
        call = client.chat_getPermalink(channel=place, message_ts="1.1")
        assert (await refusal(call))["error"] == "message_not_found"


async def test_a_file_is_told_of_and_taken_away() -> None:
    async with running(manifest=manifest_with(*MORE)) as playground:
        client = web(playground)
        await client.files_upload_v2(filename="a.txt", content="abc", title="A")
        (file_id,) = playground.world.state.files
        assert (await client.files_info(file=file_id))["file"]["size"] == 3
        await client.files_delete(file=file_id)
        assert (await refusal(client.files_info(file=file_id)))["error"] == "file_not_found"


async def test_uninstalling_needs_the_app_s_secrets() -> None:
    async with running(rate_limits=False) as playground:
        client, app = web(playground), playground.world.state.app
        call = client.apps_uninstall(client_id=app.client_id, client_secret="wrong")  # noqa: S106  (it is meant to be)
        assert (await refusal(call))["error"] == "bad_client_secret"
        await client.apps_uninstall(client_id=app.client_id, client_secret=app.client_secret)
        assert (await refusal(client.auth_test()))["error"] == "account_inactive"
