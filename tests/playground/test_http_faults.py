"""What goes wrong between Slack and an app's address: redirects, lost and late answers, and things that come twice."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web as http

from playground import Playground, faults
from playground.faults import Fault
from tests.playground.kit import CAST, running
from tests.playground.neighbours import FJORD
from tests.playground.test_signed_http import manifest_at
from tests.playground.test_socket_mode import opened, session

Json = dict[str, Any]


class Address:
    """An app's address that notes what comes and answers 200, after `wait` seconds."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], str]] = []
        self.wait = 0.0

    async def answer(self, request: http.Request) -> http.Response:
        """Whatever it is."""
        self.came.append((dict(request.headers), await request.text()))
        await asyncio.sleep(self.wait)
        return http.Response()

    async def lead_on(self, request: http.Request) -> http.Response:
        """A redirect to the same with one step less; the last is the address itself."""
        left = int(request.match_info["left"])
        raise http.HTTPTemporaryRedirect(f"/redirects/{left - 1}" if left > 1 else "/slack/events")


@asynccontextmanager
async def at_address(path: str = "/slack/events", **choices: Any) -> AsyncIterator[tuple[Playground, Address]]:
    """A playground whose app is at an address."""
    address = Address()
    app = http.Application()
    app.add_routes([http.post("/slack/events", address.answer), http.post(r"/redirects/{left}", address.lead_on)])
    runner = http.AppRunner(app)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}{path}"
    async with Playground(manifest_at(url), CAST, **choices) as playground:
        yield playground, address
    await runner.cleanup()


async def test_two_redirects_are_followed_and_a_third_is_too_many() -> None:
    async with at_address("/redirects/2") as (playground, address):
        assert (await playground.workspace.person("noor").command("/lantern")).error is None
        assert len(address.came) == 1
    async with at_address("/redirects/3") as (playground, address):
        playground.limits.redelivery_seconds = (0.0,)
        assert (await playground.workspace.person("noor").command("/lantern")).error == "dispatch_failed"
        await playground.workspace.person("noor").open_home()
        await playground.workspace.settled()
        assert address.came == []
        failed = [each.detail["reason"] for each in playground.workspace.journal if each.status == "failed"]
        assert set(failed) == {"too_many_redirects"}


REASONS = [
    (faults.drop_before(), "connection_failed", 0),
    (faults.cut(), "connection_failed", 0),
    (faults.lost_answer(), "connection_failed", 1),
    (faults.hang(), "http_timeout", 0),
    (faults.slow(9.0), "http_timeout", 1),
    (faults.delay(9.0), "http_timeout", 0),
]


@pytest.mark.parametrize(("fault", "reason", "arrives"), REASONS, ids=[each[0].name for each in REASONS])
async def test_an_event_that_fails_comes_again_and_says_why(fault: Fault, reason: str, arrives: int) -> None:
    async with at_address() as (playground, address):
        playground.limits.ack_seconds = 0.2
        playground.limits.redelivery_seconds = (0.0,)
        playground.faults.next("app_home_opened", fault)
        await playground.workspace.person("noor").open_home()
        await playground.workspace.until(lambda: len(address.came) == arrives + 1 or None, "it came again")
        headers, body = address.came[-1]
        assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("1", reason)
        assert [each[1] for each in address.came] == [body] * (arrives + 1)
        assert "X-Slack-Retry-Num" not in address.came[0][0] or not arrives


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (faults.slow(9.0), "operation_timeout"),
        (faults.hang(), "operation_timeout"),
        (faults.lost_answer(), "dispatch_failed"),
        (faults.drop_before(), "dispatch_failed"),
    ],
    ids=["slow", "hang", "lost_answer", "drop_before"],
)
async def test_a_person_sees_what_became_of_a_command(fault: Fault, word: str) -> None:
    async with at_address() as (playground, address):
        playground.limits.ack_seconds = 0.2
        playground.faults.next("slash_commands", fault)
        assert (await playground.workspace.person("noor").command("/lantern")).error == word
        assert (await playground.workspace.person("noor").command("/lantern")).error is None
        assert len(address.came) >= 1


async def test_a_command_whose_answer_is_late_times_out_although_it_arrived() -> None:
    async with at_address() as (playground, address):
        playground.limits.ack_seconds = 0.1
        address.wait = 0.4
        assert (await playground.workspace.person("noor").command("/lantern")).error == "operation_timeout"
        assert len(address.came) == 1


async def test_a_thing_may_come_twice() -> None:
    async with at_address() as (playground, address):
        playground.faults.next("*", faults.duplicate())
        assert (await playground.workspace.person("noor").command("/lantern")).error is None
        await playground.workspace.until(lambda: len(address.came) == 2 or None, "it came twice")
        assert address.came[0][1] == address.came[1][1]


async def test_a_thing_may_come_after_the_one_that_follows_it() -> None:
    async with at_address() as (playground, address):
        playground.faults.next("message", faults.reorder())
        noor = playground.workspace.person("noor")
        await noor.say("first")
        await playground.workspace.until(lambda: not playground.faults.rules or None, "the first is held back")
        await noor.say("second")
        await playground.workspace.settled()
        words = [next(word for word in ("first", "second") if word in body) for _, body in address.came]
        assert words == ["second", "first"]


async def test_a_delivery_may_be_late_and_still_in_time() -> None:
    async with at_address() as (playground, _):
        playground.faults.next("slash_commands", faults.delay(0.2))
        began = time.monotonic()
        assert (await playground.workspace.person("noor").command("/lantern")).error is None
        assert time.monotonic() - began >= 0.2


async def test_a_fault_about_somebody_or_some_workspace_strikes_only_there() -> None:
    async with at_address(neighbours=(FJORD,)) as (playground, _):
        harbour, fjord = playground.workspaces
        playground.faults.next("slash_commands", faults.cut(), workspace=fjord.team_id)
        playground.faults.next("slash_commands", faults.cut(), person=harbour.person("tomas").id)
        assert (await harbour.person("noor").command("/lantern")).error is None
        assert (await harbour.person("tomas").command("/lantern")).error == "dispatch_failed"
        assert (await fjord.person("noor").command("/lantern")).error == "dispatch_failed"
        assert (await fjord.person("noor").command("/lantern")).error is None


async def test_both_workspaces_come_to_the_same_address_signed_by_one_secret() -> None:
    async with at_address(neighbours=(FJORD,)) as (playground, address):
        for workspace in playground.workspaces:
            await workspace.person("noor").command("/lantern")
        teams = [parse_qs(body)["team_id"][0] for _, body in address.came]
        assert teams == [each.team_id for each in playground.workspaces]
        assert {headers["Content-Type"] for headers, _ in address.came} == {"application/x-www-form-urlencoded"}


async def test_every_command_s_certificate_is_looked_at() -> None:
    async with at_address() as (playground, address):
        assert await playground.check_certificates() is True
        assert parse_qs(address.came[0][1]) == {
            "ssl_check": ["1"],
            "token": [playground.world.state.app.verification_token],
        }
    async with Playground(manifest_at("http://127.0.0.1:9/slack/events"), CAST) as playground:
        assert await playground.check_certificates() is False


@pytest.mark.parametrize("name", ["drop_before", "hang", "lost_answer"])
async def test_the_socket_fails_likewise(name: str) -> None:
    async with running() as playground, session() as plain:
        socket = await opened(plain, playground)
        playground.limits.ack_seconds = 0.2
        playground.faults.next("slash_commands", getattr(faults, name)())
        asking = asyncio.create_task(playground.workspace.person("noor").command("/lantern"))
        if name == "lost_answer":
            frame = await socket.receive_json(timeout=2)
            await socket.send_json({"envelope_id": frame["envelope_id"]})
        assert (await asking).error == "operation_timeout"
        with pytest.raises(TimeoutError):
            await socket.receive_json(timeout=0.2)
