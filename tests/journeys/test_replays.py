"""The very same signed request again, as somebody sends it who has overheard it: it does nothing and learns nothing."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.commands.world import Doors, World
from bot.front import PATH
from storage.database import Database
from tests.front.conftest import signs
from tests.journeys.acts import person
from tests.journeys.conftest import Start, free_port

Answer = tuple[int, str]
TYPED = {"text": {"text": {"type": "plain_text_input", "value": "I'd like to learn to bake"}}}


class Slack:
    """Calls the bot with the signature of the playground."""

    def __init__(self, world: World, port: int) -> None:
        self._secret = world.playground.signing_secret
        self._url = f"http://127.0.0.1:{port}{PATH}"
        self.noor = person(world, "noor").id
        self._signed: dict[tuple[bytes, int], dict[str, str]] = {}

    async def send(self, raw: bytes, *, at: int = 0, **more: str) -> Answer:
        """These bytes, signed now or so many seconds from now; sent again, they are the very same request."""
        signed = self._signed.setdefault((raw, at), signs(raw, at=at, secret=self._secret)) | more
        headers = {name.replace("_", "-"): value for name, value in signed.items()}
        async with aiohttp.ClientSession() as web, web.post(self._url, data=raw, headers=headers) as answer:
            return answer.status, await answer.text()

    def command(self, text: str) -> bytes:
        """What somebody typed."""
        return urlencode({"command": "/mentor", "text": text, "user_id": self.noor, "trigger_id": "1.1"}).encode()

    def tapped(self, **body: Any) -> bytes:
        """Anything else a person does."""
        whole = {"team": {"id": "T1"}, "user": {"id": self.noor}, "trigger_id": "1.1", **body}
        return urlencode({"payload": json.dumps(whole)}).encode()

    def form(self, callback_id: str, values: dict[str, Any]) -> bytes:
        """A form that was sent."""
        view = {"id": "V1", "type": "modal", "hash": "1.a", "callback_id": callback_id, "state": {"values": values}}
        inputs = [{"type": "input", "block_id": block} for block in values]
        return self.tapped(type="view_submission", view=view | {"blocks": inputs})


@pytest.fixture
def port() -> int:
    """A port for the bot to listen at."""
    return free_port()


@pytest.fixture
async def world(start: Start, port: int) -> World:
    """The cast on a Monday morning; the bot listens instead of opening a socket."""
    return await start(doors=Doors(http=port))


@pytest.fixture
def slack(world: World, port: int) -> Slack:
    """Whoever can sign, or has overheard what was signed."""
    return Slack(world, port)


def every_kind(slack: Slack) -> dict[str, bytes]:
    """One of each: what only reads, what writes, what is refused, what cannot be read, and what nobody foresaw."""
    button = {"type": "block_actions", "container": {"type": "message", "message_ts": "1.1"}}
    return {
        "reads": slack.command("settings"),
        "writes": slack.command("find"),
        "is refused": slack.command("nonsense"),
        "is nobody's button": slack.tapped(**button, actions=[{"action_id": "no.such", "action_ts": "1.2"}]),
        "is a button": slack.tapped(**button, actions=[{"action_id": "find.start", "action_ts": "1.3"}]),
        "is a shortcut": slack.tapped(type="shortcut", callback_id="find.begin"),
        "is misread": slack.form("preferences.save", {"attention": {}}),
        "is a form": slack.form("find.search", TYPED),
    }


async def test_a_replay_of_anything_is_turned_away_without_a_word(slack: Slack) -> None:
    for kind, raw in every_kind(slack).items():
        assert (await slack.send(raw))[0] == 200, kind
        for _ in range(2):
            assert await slack.send(raw) == (401, ""), kind


async def test_what_slack_itself_sends_again_is_answered(slack: Slack) -> None:
    for kind, raw in every_kind(slack).items():
        first, again = await slack.send(raw), await slack.send(raw, at=1)
        assert first[0] == again[0] == 200, kind
        if kind == "is a form":
            assert first == again, "what was answered the first time"


@pytest.mark.parametrize("kind", ["reads", "writes", "is refused"])
async def test_of_many_copies_at_once_one_is_let_in(slack: Slack, kind: str) -> None:
    raw = every_kind(slack)[kind]
    answers = await asyncio.gather(*(slack.send(raw) for _ in range(20)))
    assert sorted(status for status, _ in answers) == [200] + [401] * 19


async def test_a_database_that_is_away_is_said_kindly_and_an_event_comes_again(
    world: World, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"type": "team_join", "user": "U1"}}
    away = Database(world.bot.database.url)
    away.close()
    monkeypatch.setattr(world.bot.database, "write", away.write)
    status, said = await slack.send(slack.form("find.search", TYPED))
    assert (status, "try again" in said) == (200, True), said
    assert (await slack.send(json.dumps(event).encode(), Content_Type="application/json"))[0] == 503
