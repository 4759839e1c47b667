"""The courier when something is broken: one bad row stops no other, and an absent Slack loses nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients import Given, Seat
from bot.clock import Clock
from bot.news import NEWS
from bot.outbox.courier import Courier
from bot.outbox.entries import Entry
from bot.outbox.rows import Rows
from bot.services import help as help_
from storage.models.outbox import RowState
from tests.builders import House
from tests.speaking import Everywhere


def _cannot(*_: object) -> bool:
    message = "the rows this was about are gone"
    raise LookupError(message)


BROKEN = {**NEWS, "help.typed": Entry(_cannot, NEWS["help.typed"].render)}


@pytest.fixture
async def nobody_there() -> AsyncIterator[AsyncWebClient]:
    """A client of a Slack that no connection reaches."""
    async with aiohttp.ClientSession() as web:
        yield AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/", session=web, retry_handlers=[])  # noqa: S106  (no secret)


async def test_a_row_that_cannot_be_worded_steps_aside_and_is_logged(
    house: House, nobody_there: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    house.act(noor, help_.answer_typed, "1.1")
    house.ask(noor, tomas)
    courier = Courier(Everywhere(nobody_there), house.database, Clock(lambda: house.now), Rows(BROKEN, house.vault))
    with caplog.at_level(logging.ERROR):
        assert await courier.deliver_due() == 0
    bad = house.owed("help.typed")[0]
    assert (bad.state, bad.reason) == (RowState.DEAD, "could not be worded")
    assert "could not be worded" in caplog.text
    assert house.owed("requests.asked")[0].first_tried_at == house.now
    assert await courier.deliver_due() == 0


async def test_what_slack_never_heard_is_tried_again_later(house: House, nobody_there: AsyncWebClient) -> None:
    noor = house.person("Noor H")
    house.act(noor, help_.answer_typed, "1.1")
    courier = Courier(Everywhere(nobody_there), house.database, Clock(lambda: house.now), Rows(NEWS, house.vault))
    assert await courier.deliver_due() == 0
    row = house.owed("help.typed")[0]
    assert (row.state, row.attempts) == (RowState.PENDING, 0), "Slack's absence is not the row's fault"
    assert await courier.next_due() == row.due_at > house.now
    house.now += timedelta(seconds=5)
    assert await courier.deliver_due() == 0
    assert house.owed("help.typed")[0].due_at == house.now + timedelta(seconds=5)


async def test_what_is_due_in_another_bots_workspace_is_not_looked_at_all_the_time(
    house: House, nobody_there: AsyncWebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, deliver_due = [], Courier.deliver_due

    async def counted(courier: Courier) -> int:
        looks.append(house.now)
        return await deliver_due(courier)

    monkeypatch.setattr(Courier, "deliver_due", counted)
    house.act(house.person("Noor H"), help_.answer_typed, "1.1")
    elsewhere = Given({"T0ELSEWHERE": Seat(nobody_there, "UBOT", frozenset())})
    courier = Courier(elsewhere, house.database, Clock(lambda: house.now), Rows(NEWS, house.vault))
    assert await courier.next_due() == house.now
    courier.wake()
    working = asyncio.create_task(courier.work())
    await asyncio.sleep(0.5)
    assert await courier.stop(1)
    await working
    assert 1 <= len(looks) <= 2, "once when woken, and perhaps once when told to stop"
