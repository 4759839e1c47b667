"""Every answer Slack documents for what the courier sends, and what follows from it."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outbox.slack_errors import SENDING_PROBLEMS, Verdict, code_of, judge, retry_after

POLICY: dict[Verdict, str] = {
    Verdict.TOO_FAST: "ratelimited rate_limited",
    Verdict.AGAIN: "service_unavailable request_timeout",
    Verdict.IN_DOUBT: "internal_error fatal_error",
    Verdict.USER_GONE: "user_not_found user_disabled user_not_visible cannot_dm_bot",
    Verdict.WAIT_FOR_TOKEN: """account_inactive token_revoked token_expired invalid_auth not_authed
        team_access_not_granted""",
    Verdict.WITHOUT_BLOCKS: "invalid_blocks invalid_blocks_format msg_blocks_too_long",
    Verdict.GIVE_UP: """channel_not_found not_in_channel is_archived no_text too_many_attachments
        messages_tab_disabled restricted_action restricted_action_read_only_channel message_limit_exceeded
        markdown_text_conflict metadata_too_large invalid_metadata_format app_access_restricted ekm_access_denied
        team_not_found msg_too_long message_not_found cant_update_message edit_window_closed block_mismatch
        is_inactive update_failed users_list_not_supplied not_enough_users too_many_users invalid_user_combination
        missing_scope not_enabled hash_conflict not_found view_too_large invalid_arguments invalid_arg_name
        invalid_json json_not_object not_allowed_token_type no_permission access_denied enterprise_is_restricted
        method_deprecated a_code_of_tomorrow""",
}
CODES = [(code, verdict) for verdict, codes in POLICY.items() for code in codes.split()]


def answer(data: object, status: int = 200, **headers: str) -> SlackApiError:
    """Slack's answer as its own client raises it."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="chat.postMessage",
        req_args={},
        data=data,  # type: ignore[arg-type]  # a page of HTML comes as a string
        headers=headers,
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # the package leaves it untyped


@pytest.mark.parametrize(("code", "verdict"), CODES)
def test_each_code_has_its_policy(code: str, verdict: Verdict) -> None:
    problem = answer({"ok": False, "error": code})
    assert judge(problem) is verdict
    assert code_of(problem) == code


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("data", [{"ok": False, "error": "channel_not_found"}, "<html>Bad gateway</html>"])
def test_an_answer_of_a_broken_server_says_nothing(status: int, data: object) -> None:
    assert judge(answer(data, status)) is Verdict.IN_DOUBT


def test_a_page_in_place_of_an_answer_is_a_doubt() -> None:
    assert judge(answer("<html>", 200)) is Verdict.IN_DOUBT
    assert code_of(answer("<html>", 200)) == "SlackApiError"


@pytest.mark.parametrize(
    "problem",
    [TimeoutError(), aiohttp.ServerDisconnectedError(), OSError(), SlackClientError("x")],
)
def test_a_connection_that_broke_on_the_way_is_a_doubt(problem: Exception) -> None:
    assert judge(problem) is Verdict.IN_DOUBT
    assert isinstance(problem, SENDING_PROBLEMS)
    assert code_of(problem) == type(problem).__name__
    assert retry_after(problem) is None


async def test_a_connection_that_never_stood_is_nobodys_fault() -> None:
    async with aiohttp.ClientSession() as web:
        with pytest.raises(aiohttp.ClientConnectorError) as told:
            await web.get("http://127.0.0.1:9/")
    assert judge(told.value) is Verdict.UNREACHED


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "30"}, 30.0), ({"retry-after": "1"}, 1.0), ({}, None), ({"Retry-After": "soon"}, None)],
)
def test_slacks_wait_is_read_where_it_makes_sense(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(answer({"ok": False, "error": "ratelimited"}, 429, **headers)) == seconds
