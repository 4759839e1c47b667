"""Where Slack calls the bot at an address: signed, redelivered, and with answers that get lost."""

import copy
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import chain
from typing import Any

import aiohttp
import pytest

from bot import app
from bot.commands.world import Doors, World
from bot.front import PATH
from bot.slack.replies import Nothing, Reply
from bot.slack.router import RouteKind
from handlers import ROUTES
from tests.front.conftest import signs
from tests.journeys.acts import forward, person
from tests.journeys.conftest import Start, free_port

Json = dict[str, Any]
WORDS = "Quokka"


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
    return await start(doors=Doors(http=port))


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
    body = {"type": "event_callback", "team_id": world.workspace_id, "event_id": "EvAGAIN", "event": event}
    reasons = ("", "http_timeout", "http_error", "http_timeout")
    told = [
        await post(world, url, body, number, X_Slack_Retry_Num=str(number), X_Slack_Retry_Reason=reason)
        for number, reason in enumerate(reasons)
    ]
    assert told == [200] * len(reasons)
    await forward(world, seconds=5)
    assert len([m for m in await noor.messages() if "buttons, not sentences" in m.text]) == 2


SENT: dict[str, Json] = {
    "event": {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "authorizations": [{"team_id": "T1", "user_id": "U1", "is_bot": True}],
        "event": {"type": "message", "channel_type": "im", "user": "U1", "ts": "1.1", "text": WORDS},
    },
    "someone": {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev2",
        "event": {"type": "user_change", "user": {"id": "U1", "profile": {}}},
    },
    "button": {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "container": {"type": "message", "message_ts": "1.1"},
        "actions": [{"type": "button", "action_id": "help.ways", "block_id": "b", "value": WORDS, "action_ts": "1.2"}],
        "trigger_id": "1.1",
    },
    "form": {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "view": {
            "id": "V1",
            "type": "modal",
            "hash": "1.a",
            "callback_id": "find.search",
            "private_metadata": "",
            "blocks": [{"type": "input", "block_id": "goal"}],
            "state": {"values": {"goal": {"goal": {"type": "plain_text_input", "value": WORDS}}}},
        },
    },
    "closed": {
        "type": "view_closed",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "view": {"id": "V1", "callback_id": "x"},
    },
    "options": {
        "type": "block_suggestion",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "action_id": "a",
        "block_id": "b",
        "value": WORDS,
    },
    "shortcut": {
        "type": "shortcut",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "callback_id": "find",
        "trigger_id": "1.1",
    },
    "command": {"command": "/mentor", "team_id": "T1", "user_id": "U1", "text": WORDS, "trigger_id": "1.1"},
}


async def test_a_form_answered_too_late_is_not_said_to_be_done(
    world: World, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Bolt gives a form up after three seconds, and an empty yes would close it over what was typed."""

    def slowly(*_: Any) -> Reply:
        time.sleep(3.6)
        return Nothing()

    key = (RouteKind.FORM, "find.search")
    monkeypatch.setitem(ROUTES.by_key, key, replace(ROUTES.by_key[key], handler=slowly))
    monkeypatch.setattr(app, "SUBMISSION_BY", 3.4)
    values = {name: {name: {"type": "plain_text_input", "value": WORDS}} for name in ("topic", "goal")}
    sent = {"user": {"id": person(world, "noor").id}, "view": SENT["form"]["view"] | {"state": {"values": values}}}
    assert await post(world, url, SENT["form"] | sent) == 503
    assert "A form was not answered in time." in caplog.text


ODD: tuple[Any, ...] = (None, [None], "x")


def oddities(whole: Any, *path: Any) -> Iterator[Any]:
    """The same thing again and again, each time with one part of it left out or replaced by something odd."""
    part = reduce(lambda inner, step: inner[step], path, whole)
    for step in list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        for odd in ODD:
            changed = copy.deepcopy(whole)
            reduce(lambda inner, step: inner[step], path, changed)[step] = odd
            yield changed
        yield from oddities(whole, *path, step)


async def test_nothing_slack_might_send_one_day_brings_it_down(
    world: World, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = json.loads(json.dumps(SENT).replace("U1", person(world, "noor").id))
    with caplog.at_level(logging.INFO):
        for number, body in enumerate(chain.from_iterable([each, *oddities(each)] for each in sent.values())):
            status = await post(world, url, body, number % 200)
            assert status < 500, body
    assert "Traceback" not in caplog.text
    assert WORDS not in caplog.text


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
