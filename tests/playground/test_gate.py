"""What stands before every method: its name, the token, the scope, the rate and the arguments."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from playground import Playground
from tests.playground.kit import CAST, MANIFEST, running, web


async def refusal(call: Any) -> Any:
    """The answer of a call that must be refused."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


async def post(playground: Playground, method: str, **how: Any) -> tuple[int, dict[str, Any], Any]:
    """A call by hand, without a client between."""
    headers = how.pop("headers", {"Authorization": f"Bearer {playground.bot_token}"})
    async with (
        aiohttp.ClientSession() as session,
        session.post(playground.api_url + method, headers=headers, **how) as got,
    ):
        return got.status, await got.json(), got.headers


async def test_the_app_learns_who_it_is() -> None:
    async with running() as playground:
        answer = await web(playground).auth_test()
        assert (answer["team"], answer["user"]) == ("Harbour", "lantern")
        assert answer["user_id"].startswith("U")
        assert answer["bot_id"].startswith("B")
        assert answer.headers["X-OAuth-Scopes"].startswith("app_mentions:read,")


async def test_an_unlisted_method_is_unknown() -> None:
    async with running() as playground:
        answer = await refusal(web(playground).api_call("chat.sing"))
        assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.sing")


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-playground-1-2-wrong", "auth.test", "invalid_auth"),
        ("bot", "apps.connections.open", "not_allowed_token_type"),
        ("app", "chat.postMessage", "not_allowed_token_type"),
    ],
)
async def test_a_wrong_token_is_named_as_what_it_is(token: str, method: str, error: str) -> None:
    async with running() as playground:
        known = {"bot": playground.bot_token, "app": playground.app_token}
        headers = {"Authorization": f"Bearer {known.get(token, token)}"} if token else {}
        status, answer, _ = await post(playground, method, headers=headers)
        assert (status, answer) == (200, {"ok": False, "error": error})


@pytest.mark.parametrize("start", [f"xoxb-{'1' * 12}-{'2' * 12}", "xoxe.xoxb-1", "xoxe-1", "xapp-1-A"])
async def test_a_real_looking_token_is_turned_away_and_never_written_down(start: str) -> None:
    async with running() as playground:
        token = f"{start}-{'a' * 24}"
        await refusal(web(playground, token).auth_test())
        assert any("looks like a real one" in entry.title for entry in playground.workspace.journal)
        assert token not in repr(playground.workspace.journal)


async def test_the_token_of_another_playground_is_not_taken_for_a_real_one() -> None:
    async with running() as one, running() as other:
        assert (await refusal(web(one, other.bot_token).auth_test()))["error"] == "invalid_auth"
        assert not any("looks like a real one" in entry.title for entry in one.workspace.journal)


async def test_a_missing_scope_names_what_is_needed_and_what_there_is() -> None:
    async with running() as playground:
        playground.workspace.remove_scope("chat:write")
        answer = await refusal(web(playground).chat_postMessage(channel="general", text="hello"))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
        assert "im:write" in answer["provided"].split(",")


async def test_a_revoked_token_and_a_removed_app_are_told_apart() -> None:
    async with running() as playground:
        playground.workspace.revoke_token()
        assert (await refusal(web(playground).auth_test()))["error"] == "token_revoked"
        playground.workspace.reinstall_app()
        await web(playground).auth_test()
        playground.workspace.remove_app()
        assert (await refusal(web(playground).auth_test()))["error"] == "account_inactive"


@pytest.mark.parametrize(
    "how",
    [
        {"params": {"channel": "general", "text": "by query"}},
        {"data": {"channel": "general", "text": "by form"}},
        {"json": {"channel": "general", "text": "by JSON"}},
        {"params": {"channel": "general"}, "json": {"text": "by both"}},
        {"params": {"channel": "nowhere", "text": "x"}, "json": {"channel": "general"}},
    ],
)
async def test_arguments_come_by_query_form_and_json_merged(how: dict[str, Any]) -> None:
    async with running() as playground:
        playground.workspace.join("@app", "general")
        status, answer, _ = await post(playground, "chat.postMessage", **how)
        assert (status, answer["ok"]) == (200, True)


async def test_a_get_and_a_token_among_the_arguments_are_taken() -> None:
    async with (
        running() as playground,
        aiohttp.ClientSession() as session,
        session.get(playground.api_url + "auth.test", params={"token": playground.bot_token}) as got,
    ):
        assert (await got.json())["ok"] is True


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[1]", "json_not_object")])
async def test_broken_json_is_refused(body: str, error: str) -> None:
    async with running() as playground:
        headers = {"Authorization": f"Bearer {playground.bot_token}", "Content-Type": "application/json"}
        _, answer, _ = await post(playground, "auth.test", data=body, headers=headers)
        assert answer["error"] == error


async def test_too_many_calls_of_a_tier_must_wait() -> None:
    async with running() as playground:
        client = web(playground)
        for _ in range(20):
            await client.users_list()
        answer = await refusal(client.users_list())
        assert (answer.status_code, answer["error"]) == (429, "ratelimited")
        assert 1 <= int(answer.headers["Retry-After"]) <= 3
        await client.users_info(user=(await client.auth_test())["user_id"])


async def test_a_jump_of_the_clock_refills_the_allowance() -> None:
    async with running() as playground:
        client = web(playground)
        for _ in range(20):
            await client.users_list()
        wait = int((await refusal(client.users_list())).headers["Retry-After"])
        from_now = playground.clock.now().timestamp() + wait
        playground.clock.move_to(playground.clock.now().fromtimestamp(from_now, tz=playground.clock.now().tzinfo))
        await client.users_list()


async def test_a_channel_takes_about_one_message_a_second_after_a_burst() -> None:
    async with running() as playground:
        playground.workspace.join("@app", "general")
        playground.workspace.join("@app", "lanterns")
        client = web(playground)
        for number in range(5):
            await client.chat_postMessage(channel="general", text=str(number))
        answer = await refusal(client.chat_postMessage(channel="general", text="too many"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
        await client.chat_postMessage(channel="lanterns", text="elsewhere")


async def test_rate_limits_can_be_switched_off() -> None:
    async with running(rate_limits=False) as playground:
        client = web(playground)
        for _ in range(30):
            await client.users_list()


async def test_blocks_validate_needs_no_token() -> None:
    async with running() as playground:
        _, answer, _ = await post(playground, "blocks.validate", json={"blocks": [{"type": "divider"}]}, headers={})
        assert answer == {"ok": True}
        _, answer, _ = await post(playground, "blocks.validate", json={"blocks": [{"type": "nonsense"}]}, headers={})
        assert answer["error"] == "invalid_blocks"


async def test_revoking_one_s_own_token_is_told_and_final() -> None:
    async with running() as playground:
        client = web(playground)
        assert (await client.auth_revoke(test=True))["revoked"] is False
        assert (await client.auth_revoke(test=False))["revoked"] is True
        assert (await refusal(client.auth_test()))["error"] == "token_revoked"


async def test_ids_are_random_by_run_and_repeatable_by_seed() -> None:
    async with running() as one, running() as other:
        assert one.workspace.person("noor").id != other.workspace.person("noor").id
    async with running(seed=7) as one, running(seed=7) as other:
        assert one.workspace.person("noor").id == other.workspace.person("noor").id
        assert one.bot_token == other.bot_token


async def test_a_manifest_with_a_scope_less_event_is_refused_before_anything_runs() -> None:
    broken = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["commands"]}}}
    with pytest.raises(ValueError, match=r"message\.im needs the scope im:history"):
        Playground(broken, CAST)
