"""What each of Slack's answers means for a message that was to be sent."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.clients import NoTokenError

TOO_FAST = frozenset({"ratelimited", "rate_limited"})
TRANSIENT = frozenset({"service_unavailable", "request_timeout", "team_added_to_org"})
IN_DOUBT = frozenset({"internal_error", "fatal_error"})
USER_GONE = frozenset({"user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot"})
AUTH_DEAD = frozenset(
    {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "team_access_not_granted"}
)
WRONG_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
DEFAULT_WAIT = 30.0


class Verdict(StrEnum):
    """What to do with the row."""

    AGAIN = "again"
    TOO_FAST = "too fast"
    UNREACHED = "unreached"
    IN_DOUBT = "in doubt"
    WITHOUT_BLOCKS = "without blocks"
    USER_GONE = "user gone"
    WAIT_FOR_TOKEN = "wait for token"  # noqa: S105  (a verdict, no secret)
    GIVE_UP = "give up"


def judge(problem: Exception) -> Verdict:
    """Only an answer that says "not done", or a connection that never stood, may be tried again at once."""
    if isinstance(problem, SlackApiError):
        return _of_answer(problem)
    if isinstance(problem, NoTokenError):
        return Verdict.WAIT_FOR_TOKEN
    if isinstance(problem, aiohttp.ClientConnectorError):
        return Verdict.UNREACHED
    return Verdict.IN_DOUBT


def _of_answer(problem: SlackApiError) -> Verdict:
    data = _answer(problem)
    if data is None or problem.response.status_code >= 500:  # noqa: PLR2004  (HTTP's own number)
        return Verdict.IN_DOUBT
    code = str(data.get("error"))
    verdicts = (
        (TOO_FAST, Verdict.TOO_FAST),
        (TRANSIENT, Verdict.AGAIN),
        (IN_DOUBT, Verdict.IN_DOUBT),
        (USER_GONE, Verdict.USER_GONE),
        (AUTH_DEAD, Verdict.WAIT_FOR_TOKEN),
        (WRONG_BLOCKS, Verdict.WITHOUT_BLOCKS),
    )
    return next((verdict for codes, verdict in verdicts if code in codes), Verdict.GIVE_UP)


def code_of(problem: Exception) -> str:
    """A short name for the log and the row."""
    data = _answer(problem) if isinstance(problem, SlackApiError) else None
    return type(problem).__name__ if data is None else str(data.get("error"))


def _answer(problem: SlackApiError) -> Mapping[str, Any] | None:
    """What Slack said; None for a page in place of an answer, or one that breaks off and comes as it was received."""
    data = getattr(problem.response, "data", None)
    return data if isinstance(data, dict) else None


def retry_after(problem: Exception) -> float | None:
    """Seconds Slack asks us to wait, if it does."""
    if not isinstance(problem, SlackApiError):
        return None
    headers = problem.response.headers or {}
    value = headers.get("Retry-After") or headers.get("retry-after")
    return float(value) if value and str(value).isdecimal() else None


SENDING_PROBLEMS = (NoTokenError, SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
