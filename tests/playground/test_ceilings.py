"""What is simply too much: a view beyond 250 KB, and more events in an hour than Slack sends."""

import asyncio
from typing import Any

import pytest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from tests.playground.kit import bolt, connected, home, running, section, web


async def test_a_view_beyond_250_kilobytes_is_too_large() -> None:
    async with running() as playground:
        noor = playground.workspace.person("noor").id
        view = home(*[section("x" * 2900) for _ in range(100)])
        with pytest.raises(SlackApiError) as refused:
            await web(playground).views_publish(user_id=noor, view=view)
        assert refused.value.response["error"] == "view_too_large"


async def test_too_many_events_in_an_hour_are_held_back_and_said_once_a_minute() -> None:
    async with running() as playground:
        playground.world.rates.events_per_hour = 2
        app = bolt(playground)
        heard: list[str] = []
        told = asyncio.Event()

        @app.middleware
        async def keep(body: dict[str, Any], next_: Any) -> Any:
            heard.append(str(body["type"]))
            if body["type"] == "app_rate_limited":
                assert body["team_id"] == playground.world.state.team.id
                assert body["minute_rate_limited"] % 60 == 0
                told.set()
                return BoltResponse(status=200, body="")  # no listener can match an outer type of its own
            return await next_()

        @app.event("message")
        async def listen() -> None:
            """Heard, and let go."""

        async with connected(playground, app):
            noor = playground.workspace.person("noor")
            for number in range(5):
                await noor.say(f"Message {number}")
            await asyncio.wait_for(told.wait(), 5)
        assert heard.count("event_callback") == 2
        assert heard.count("app_rate_limited") == 1
