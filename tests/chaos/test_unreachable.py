"""A network that is away: nothing is lost, one message a minute tries for all, and then everything goes out once."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.health import Doctor
from bot.news import NEWS
from bot.outbox.courier import Courier
from bot.outbox.pace import FAILURES, PROBE_EVERY
from bot.outbox.rows import Rows
from bot.services import help as help_
from bot.watch import Watch
from storage.models.outbox import OutboxRow, RowState
from tests.builders import House
from tests.chaos.programs import free_port
from tests.chaos.stand_in import StandIn
from tests.speaking import Everywhere

PLACES, PEOPLE = 6, 4
AWHILE, TICK = timedelta(minutes=10), timedelta(seconds=5)


@dataclass
class Away:
    """Several workspaces in which everybody is owed a message, and one courier whose Slack nobody answers for."""

    houses: list[House]
    courier: Courier
    port: int

    @property
    def rows(self) -> list[OutboxRow]:
        """Every message there is."""
        return [row for house in self.houses for row in house.owed("help.typed")]

    def states(self) -> Counter[str]:
        """How many messages stand in which state."""
        return Counter(row.state for row in self.rows)

    async def pass_time(self, span: timedelta) -> None:
        """Let it pass as the running bot does: a look every few seconds."""
        until = self.houses[0].now + span
        while self.houses[0].now < until:
            for house in self.houses:
                house.now += TICK
            await self.courier.deliver_due()


@asynccontextmanager
async def answering(port: int, slack: StandIn | None = None) -> AsyncIterator[StandIn]:
    """A Slack at that port."""
    slack = slack or StandIn()
    runner = web.AppRunner(slack.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield slack
    finally:
        await runner.cleanup()


@pytest.fixture
async def away(either_house: House) -> AsyncIterator[Away]:
    """The network is away before anything was sent."""
    houses = [either_house, *(either_house.beside(f"T{number}") for number in range(1, PLACES))]
    for house in houses:
        for number in range(PEOPLE):
            house.act(house.person(f"Person {number}"), help_.answer_typed, f"{number}.1")
    port = free_port()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token="xoxb-1",  # noqa: S106  (no secret)
            base_url=f"http://127.0.0.1:{port}/api/",
            session=session,
            retry_handlers=[],
        )
        clock = Clock(lambda: houses[0].now)
        yield Away(
            houses, Courier(Everywhere(client), either_house.database, clock, Rows(NEWS, either_house.vault)), port
        )


def tried(caplog: pytest.LogCaptureFixture) -> int:
    """How many calls found nobody."""
    return sum("A message was not sent: ClientConnector" in record.getMessage() for record in caplog.records)


async def test_one_message_a_minute_tries_for_all_and_nothing_is_lost(
    away: Away, caplog: pytest.LogCaptureFixture
) -> None:
    await away.courier.deliver_due()
    assert tried(caplog) < FAILURES + PLACES, "those that were on their way already, and no more"
    assert not away.courier.reaches_slack
    assert "Slack can't be reached from here" in caplog.text
    caplog.clear()
    await away.pass_time(AWHILE)
    assert AWHILE // PROBE_EVERY - 1 <= tried(caplog) <= AWHILE // PROBE_EVERY
    assert away.states() == {RowState.PENDING: PLACES * PEOPLE}
    assert {row.attempts for row in away.rows} == {0}, "it is no row's own fault"


async def test_once_it_is_back_everything_goes_out_once_within_a_minute_or_so(
    away: Away, caplog: pytest.LogCaptureFixture
) -> None:
    await away.courier.deliver_due()
    await away.pass_time(AWHILE)
    async with answering(away.port) as slack:
        await away.pass_time(PROBE_EVERY + 3 * TICK)
        assert away.states() == {RowState.DONE: PLACES * PEOPLE}
        keys = [key for *_, key in slack.posts]
    assert len(keys) == len(set(keys)) == PLACES * PEOPLE
    assert away.courier.reaches_slack
    assert "Slack can be reached again" in caplog.text


async def test_what_waits_for_the_next_try_is_not_due_before_it(away: Away) -> None:
    await away.courier.deliver_due()
    due = await away.courier.next_due()
    assert due is not None
    assert due - away.houses[0].now == PROBE_EVERY


async def test_health_says_so_and_does_not_ask_to_be_restarted(away: Away) -> None:
    doctor = Doctor(Watch(), away.courier, away.houses[0].database, Clock(lambda: away.houses[0].now))
    assert (await doctor.look()).reaches_slack
    await away.courier.deliver_due()
    found = await doctor.look()
    assert (found.reaches_slack, found.is_well) == (False, True)


class Refusing(StandIn):
    """A Slack whose every answer is a no."""

    async def _open(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": "account_inactive"})


async def test_a_slack_that_only_refuses_is_reached_all_the_same(away: Away) -> None:
    await away.courier.deliver_due()
    before = away.courier.reaches_slack
    async with answering(away.port, Refusing()):
        await away.pass_time(PROBE_EVERY)
    assert (before, away.courier.reaches_slack) == (False, True)
    assert away.states() == {RowState.PENDING: PLACES * PEOPLE}
