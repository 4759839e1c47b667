"""What is done unasked, by the one who keeps the time: a sweep that fails stops no other."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from threading import Semaphore
from time import sleep

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.news import NEWS
from bot.outbox.courier import Courier
from bot.outbox.rows import Rows
from bot.scheduler import Timekeeper
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import Sweep
from storage.database import StoreUnavailableError, Tx
from storage.models.requests import AskState
from tests.builders import House
from tests.speaking import Everywhere


def _fail(_: Tx) -> int:
    raise LookupError


def _away(_: Tx) -> int:
    raise StoreUnavailableError


BROKEN = Sweep("broken", lambda _: None, _fail, along_the_way=(lambda tx: tx.now,))
AWAY = Sweep("away", lambda _: None, _away, along_the_way=(lambda tx: tx.now,))


@pytest.fixture
async def courier(house: House) -> AsyncIterator[Courier]:
    """A courier whose Slack no connection reaches."""
    async with aiohttp.ClientSession() as web:
        client = AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/", session=web, retry_handlers=[])  # noqa: S106  (no secret)
        yield Courier(Everywhere(client), house.database, Clock(lambda: house.now), Rows(NEWS, house.vault))


def keeper(house: House, courier: Courier, *first: Sweep) -> Timekeeper:
    timetable = (*first, *TIMETABLE)
    return Timekeeper(timetable, house.database, Clock(lambda: house.now), house.vault, courier)


async def test_a_sweep_that_fails_is_logged_and_stops_no_other(
    house: House, courier: Courier, caplog: pytest.LogCaptureFixture
) -> None:
    ask = house.ask(house.person("Noor H"), house.mentor("Tomás F"))
    house.settle()
    house.now += timedelta(days=4)
    with caplog.at_level(logging.ERROR):
        assert await keeper(house, courier, BROKEN).sweep() == 1
    assert "The sweep 'broken' failed." in caplog.text
    assert house.current(ask).state == AskState.LAPSED


async def test_a_database_that_is_away_is_met_again_at_the_next_tick(
    house: House, courier: Courier, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StoreUnavailableError):
        await keeper(house, courier, AWAY).sweep()
    with caplog.at_level(logging.ERROR):
        await keeper(house, courier, AWAY).tick()
    assert "tried again at the next tick" in caplog.text


async def test_the_next_moment_is_the_earliest_of_all_sweeps_and_messages(house: House, courier: Courier) -> None:
    time = keeper(house, courier)
    assert await time.next_due(house.now) is None
    ask = house.ask(house.person("Noor H"), house.mentor("Tomás F"))
    assert await time.next_due(house.now) == house.now, "a message is owed"
    house.settle()
    assert await time.next_due(house.now) == ask.remind_at


async def test_more_than_a_batch_is_shared_by_two_where_the_database_has_room(
    either_house: House, courier: Courier
) -> None:
    under_way, most, left = Semaphore(0), [], [1, 1, 1, 1]

    def batch(_: Tx) -> int:
        under_way.release()
        sleep(0.1)  # long enough for another to begin meanwhile
        most.append(sum(under_way.acquire(blocking=False) for _ in range(3)))
        return left.pop() if left else 0

    shared = Sweep("shared", lambda tx: tx.now, batch, shares=True)
    clock = Clock(lambda: either_house.now)
    assert await Timekeeper((shared,), either_house.database, clock, either_house.vault, courier).sweep() == 4
    if either_house.database.is_sqlite:
        assert most == [1, 1, 1, 1, 1]
    else:
        assert most[0] == 1, "most often the first is all there is"
        assert max(most) == 2
