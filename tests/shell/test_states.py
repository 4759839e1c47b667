"""The state of an installation: ours alone, for ten minutes, once; and which workspace a delivery is of."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.installing import LASTS, States
from bot.slack.incoming import is_parting, teams_in, time_of
from storage.queries import signatures
from storage.vault import Vault, new_key
from tests.builders import House

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)


class Hour:
    """A clock one moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """What it says."""
        return self.now


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def states(either_house: House, hour: Hour) -> States:
    return States(either_house.database, either_house.vault, hour)


async def test_a_state_is_taken_once(states: States) -> None:
    state = await states.async_issue()
    assert [await states.async_consume(state) for _ in range(3)] == [True, False, False]


async def test_of_many_at_once_one_takes_it(states: States) -> None:
    state = await states.async_issue()
    assert sorted(await asyncio.gather(*(states.async_consume(state) for _ in range(20)))) == [False] * 19 + [True]


async def test_a_state_ends_and_is_remembered_until_it_has(states: States, hour: Hour, either_house: House) -> None:
    used, unused = await states.async_issue(), await states.async_issue()
    assert await states.async_consume(used)
    hour.now += LASTS - timedelta(seconds=1)
    either_house.do(lambda tx: signatures.forget_old(tx.session, hour.now))
    assert not await states.async_consume(used)
    hour.now += timedelta(seconds=2)
    assert not await states.async_consume(unused)


@pytest.mark.parametrize("forged", ["", ".", "..", "a.b.c", "a.1.", "9" * 5000, "\x00.1.2", "é.1.2"])
async def test_a_state_nobody_made_is_refused(states: States, forged: str) -> None:
    assert not await states.async_consume(forged)


async def test_a_state_made_longer_or_with_another_key_is_refused(states: States, either_house: House) -> None:
    nonce, ends, signed = (await states.async_issue()).split(".")
    assert not await states.async_consume(f"{nonce}.{int(ends) + 60}.{signed}")
    other = States(either_house.database, Vault(new_key()), Hour())
    assert not await states.async_consume(await other.async_issue())


BODIES: dict[str, tuple[Any, list[str]]] = {
    "nothing": ({}, []),
    "a command": ({"team_id": "TA", "user_id": "U1"}, ["TA"]),
    "a press by a stranger": ({"team": {"id": "TA"}, "user": {"id": "U1", "team_id": "TB"}}, ["TA", "TB"]),
    "an event in a shared channel": ({"team_id": "TB", "authorizations": [{"team_id": "TA"}]}, ["TA", "TB"]),
    "a view opened from another team": (
        {"team": {"id": "TB"}, "view": {"app_installed_team_id": "TA"}},
        ["TA", "TB"],
    ),
    "no team": ({"team": None, "team_id": None, "authorizations": None, "view": None, "user": None}, []),
    "other shapes": ({"team": [1], "team_id": 7, "authorizations": [3, {"team_id": {}}], "view": "x", "user": 1}, []),
}


@pytest.mark.parametrize("name", BODIES)
def test_whose_a_delivery_is_by_the_installation_first(name: str) -> None:
    body, teams = BODIES[name]
    assert teams_in(body) == teams


@pytest.mark.parametrize(
    ("event", "parts"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}, True),
        ({"type": "tokens_revoked", "tokens": {"bot": ["UOTHER"]}}, False),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["UBOT"]}}, False),
        ({"type": "tokens_revoked", "tokens": ["UBOT"]}, False),
        ({"type": "tokens_revoked"}, False),
        ({"type": "message", "text": "app_uninstalled"}, False),
        ("app_uninstalled", False),
    ],
)
def test_leaving_is_what_slack_calls_so(event: object, parts: bool) -> None:  # noqa: FBT001  (one of a table's two answers)
    assert is_parting({"event": event}, "UBOT") is parts


@pytest.mark.parametrize(("said", "seconds"), [(5, 5.0), (5.5, 5.5), ("5", 0.0), (None, 0.0)])
def test_a_moment_that_is_no_number_is_long_ago(said: object, seconds: float) -> None:
    assert time_of({"event_time": said}) == seconds
