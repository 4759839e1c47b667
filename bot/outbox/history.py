"""Slack's own memory of a direct message: whether a post that nobody can vouch for stands there."""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.machine import Found

EARLIER = timedelta(hours=1)  # our clock and Slack's need not agree; the key is like no other anyway
PAGE = 200
PAGES = 20


class TooLongError(Exception):
    """This history has more pages than anybody reads."""


async def look_for(client: AsyncWebClient, key: str, channel: str, since: datetime) -> Found | None:
    """Where the message with this opaque key in its metadata stands, None if it is not there.

    Read from now back to just before the first attempt; a history longer than anybody's is given up. Raises
    TooLongError, and SlackApiError if it can't be read.
    """
    oldest, cursor = f"{(since - EARLIER).timestamp():.6f}", None
    for _ in range(PAGES):
        page = await client.conversations_history(
            channel=channel, oldest=oldest, limit=PAGE, cursor=cursor, include_all_metadata=True
        )
        messages: list[dict[str, Any]] = page["messages"]
        for message in messages:
            if ((message.get("metadata") or {}).get("event_payload") or {}).get("key") == key:
                return Found(channel, str(message["ts"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return None
    raise TooLongError
