"""The same journeys where Slack calls the bot at an address: signed, redelivered, and with answers that get lost."""

import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.commands.world import World
from bot.front import PATH
from tests.front.conftest import signs
from tests.journeys import test_bad_input, test_first_match
from tests.journeys.acts import forward, person
from tests.journeys.conftest import Start

Story = Callable[[World], Awaitable[None]]
STORIES: dict[str, Story] = {
    name: story
    for module in (test_first_match, test_bad_input)
    for name, story in vars(module).items()
    if name.startswith("test_") and story.__code__.co_varnames[: story.__code__.co_argcount] == ("world",)
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def port() -> int:
    """A port for the bot to listen at."""
    return free_port()


@pytest.fixture
def url(port: int) -> str:
    """Where the bot is called."""
    return f"http://127.0.0.1:{port}{PATH}"


@pytest.fixture
async def world(start: Start, port: int) -> World:
    """The cast on a Monday morning; the bot listens instead of opening a socket."""
    return await start(http_port=port)


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_goes_as_it_does_by_a_socket(world: World, name: str) -> None:
    await STORIES[name](world)


async def post(world: World, url: str, body: dict[str, Any], at: int = 0, **more: str) -> int:
    """Call the bot as Slack does."""
    raw = json.dumps(body).encode()
    headers = {name.replace("_", "-"): value for name, value in signs(raw, at=at, secret=secret_of(world)).items()}
    headers |= {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in more.items()}
    async with aiohttp.ClientSession() as web, web.post(url, data=raw, headers=headers) as answer:
        return answer.status


def secret_of(world: World) -> str:
    return world.playground.signing_secret


async def test_an_event_slack_sends_again_is_answered_once(world: World, url: str) -> None:
    noor = person(world, "noor")
    await noor.say("Is anybody there?")
    await noor.message(containing="buttons, not sentences")
    event = {"type": "message", "channel_type": "im", "user": noor.id, "ts": "1.1", "text": "And now?"}
    body = {"type": "event_callback", "team_id": world.bot.workspace_id, "event_id": "EvAGAIN", "event": event}
    reasons = ("", "http_timeout", "http_error", "http_timeout")
    told = [
        await post(world, url, body, number, X_Slack_Retry_Num=str(number), X_Slack_Retry_Reason=reason)
        for number, reason in enumerate(reasons)
    ]
    assert told == [200] * len(reasons)
    await forward(world, seconds=5)
    assert len([m for m in await noor.messages() if "buttons, not sentences" in m.text]) == 2


async def test_what_nobody_listens_for_is_acknowledged_and_a_stranger_is_not(world: World, url: str) -> None:
    unheard: tuple[dict[str, Any], ...] = (
        {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"type": "of_tomorrow"}},
        {"type": "event_callback", "team_id": "T1", "event_id": "Ev2", "event": {}},
        {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1},
        {"type": "of_tomorrow"},
    )
    for number, body in enumerate(unheard):
        assert await post(world, url, body, number) == 200
    async with aiohttp.ClientSession() as web, web.post(url, data=b"{}") as answer:
        assert answer.status == 401
