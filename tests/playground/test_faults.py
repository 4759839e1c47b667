"""Breaking things on purpose, and what a client then sees; and one soak with a printed seed."""

import asyncio
import os
import random
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import Playground
from playground import faults as broken
from tests.playground.kit import bolt, connected, running, web
from tests.playground.test_gate import refusal
from tests.playground.test_journey import lantern_app
from tests.playground.test_messages import dm
from tests.playground.test_socket_mode import next_frame, opened, session


def texts(playground: Playground, key: str = "noor") -> list[str]:
    """What somebody has been told."""
    return [each.text for each in playground.workspace.person(key).all_messages()]


async def test_a_rate_limit_on_purpose_has_its_retry_after() -> None:
    async with running() as playground:
        playground.faults.next("chat.postMessage", broken.ratelimited(7))
        client, place = web(playground), await dm(playground)
        answer = await refusal(client.chat_postMessage(channel=place, text="x"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        await client.chat_postMessage(channel=place, text="y")
        assert texts(playground) == ["y"]


async def test_an_html_error_reaches_the_client_as_text() -> None:
    async with running() as playground:
        playground.faults.next("auth.test", broken.http_error(503))
        with pytest.raises(SlackApiError) as refused:
            await web(playground).auth_test()
        assert refused.value.response.status_code == 503
        assert "error" not in refused.value.response.data


async def test_an_error_code_on_purpose_does_nothing() -> None:
    async with running() as playground:
        playground.faults.next("chat.postMessage", broken.error("fatal_error"), times=2)
        client, place = web(playground), await dm(playground)
        for _ in range(2):
            answer = await refusal(client.chat_postMessage(channel=place, text="x"))
            assert answer["error"] == "fatal_error"
        assert texts(playground) == []


async def test_a_lost_answer_was_done_and_a_retrying_client_posts_twice() -> None:
    async with running() as playground:
        playground.faults.next("chat.postMessage", broken.lost_answer())
        place = await dm(playground)
        with pytest.raises(aiohttp.ClientError):
            await web(playground).chat_postMessage(channel=place, text="once")
        assert texts(playground) == ["once"]
        playground.faults.next("chat.postMessage", broken.lost_answer())
        retrying = AsyncWebClient(token=playground.bot_token, base_url=playground.api_url)
        await retrying.chat_postMessage(channel=place, text="twice")
        assert texts(playground) == ["once", "twice", "twice"]


async def test_a_call_cut_before_anything_is_done_leaves_nothing() -> None:
    async with running() as playground:
        playground.faults.next("chat.postMessage", broken.drop_before())
        place = await dm(playground)
        with pytest.raises(aiohttp.ClientError):
            await web(playground).chat_postMessage(channel=place, text="never")
        assert texts(playground) == []


async def test_a_late_write_happens_after_the_client_gave_up() -> None:
    async with running() as playground:
        playground.faults.next("chat.postMessage", broken.late_write(0.6))
        place = await dm(playground)
        hasty = AsyncWebClient(
            token=playground.bot_token,
            base_url=playground.api_url,
            retry_handlers=[],
            timeout=0.05,  # type: ignore[arg-type]  # whole seconds are not needed
        )
        with pytest.raises(asyncio.TimeoutError):
            await hasty.chat_postMessage(channel=place, text="late")
        assert texts(playground) == []
        await playground.workspace.person("noor").message("late")


async def test_a_call_that_hangs_is_let_go_when_the_playground_stops() -> None:
    async with running() as playground:
        playground.faults.next("auth.test", broken.hang())
        call = asyncio.ensure_future(web(playground).auth_test())
        await playground.workspace.until(
            lambda: any("hang" in each.title for each in playground.workspace.journal) or None, "it hangs"
        )
        assert not call.done()
    with pytest.raises(aiohttp.ClientError):
        await call


async def test_a_garbled_answer_was_done() -> None:
    async with running() as playground:
        playground.faults.next("chat.postMessage", broken.malformed_json())
        place = await dm(playground)
        with pytest.raises(SlackApiError):
            await web(playground).chat_postMessage(channel=place, text="done")
        assert texts(playground) == ["done"]


async def test_a_rule_may_wait_for_a_person_and_for_the_nth_time() -> None:
    async with running() as playground:
        noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
        playground.faults.next("chat.postMessage", broken.error("internal_error"), person=tomas.id, nth=2)
        client = web(playground)
        for key, refused in ((noor, False), (tomas, False), (noor, False), (tomas, True), (tomas, False)):
            call = client.chat_postMessage(channel=key.id, text="x")
            if refused:
                assert (await refusal(call))["error"] == "internal_error"
            else:
                await call


async def test_a_duplicate_arrives_twice_and_a_delayed_one_late() -> None:
    async with running() as playground, session() as client:
        socket = await opened(client, playground)
        noor = playground.workspace.person("noor")
        playground.faults.next("message", broken.duplicate())
        await noor.say("one")
        frames = [await next_frame(socket) for _ in range(2)]
        assert frames[0]["envelope_id"] == frames[1]["envelope_id"]
        playground.faults.next("message", broken.delay(0.6))
        await noor.say("slow")
        await noor.say("fast")
        assert [(await next_frame(socket))["payload"]["event"]["text"] for _ in range(2)] == ["fast", "slow"]


async def test_reordered_things_arrive_the_other_way_round() -> None:
    async with running() as playground, session() as client:
        socket = await opened(client, playground)
        noor = playground.workspace.person("noor")
        playground.faults.next("message", broken.reorder())
        await noor.say("first")
        await playground.workspace.until(lambda: playground.world.hub.held or None, "the first is held")
        await noor.say("second")
        assert [(await next_frame(socket))["payload"]["event"]["text"] for _ in range(2)] == ["second", "first"]


async def test_a_polite_disconnect_is_survived_by_bolt() -> None:
    async with running() as playground, connected(playground, lantern_app(playground)):
        noor = playground.workspace.person("noor")
        playground.faults.next("slash_commands", broken.polite_disconnect())
        assert (await noor.command("/lantern")).error is None
        assert (await noor.modal()).fields == ["colour", "days"]


async def test_a_cut_line_loses_the_deed_and_the_person_is_told() -> None:
    async with running() as playground, session() as client:
        await opened(client, playground)
        playground.limits.ack_seconds = 0.1
        playground.faults.next("slash_commands", broken.cut())
        noor = playground.workspace.person("noor")
        assert (await noor.command("/lantern")).error == "operation_timeout"
        await playground.workspace.until(lambda: not playground.world.hub.connections or None, "the line is cut")
        assert (await noor.command("/lantern")).error == "dispatch_failed"


async def test_a_refused_line_and_a_silent_one() -> None:
    async with running() as playground, session() as client:
        await playground.workspace.break_something("refuse_for")
        answer = await refusal(web(playground).apps_connections_open(app_token=playground.app_token))
        assert answer["error"] == "internal_error"
        playground.world.hub.refuse_for(0)
        playground.faults.next("connect", broken.no_hello())
        url = (await web(playground).apps_connections_open(app_token=playground.app_token))["url"]
        socket = await client.ws_connect(url)
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.05)
        assert (await playground.workspace.person("noor").command("/lantern")).error == "dispatch_failed"


async def test_a_soak_of_random_faults_leaves_a_world_that_still_works() -> None:
    seed = int(os.environ.get("SOAK_SEED", random.SystemRandom().randrange(10**6)))
    print(f"SOAK_SEED={seed}")  # noqa: T201  (to run the same again)
    async with running(seed=seed, rate_limits=False) as playground:
        app = bolt(playground)
        heard: list[str] = []

        @app.event("message")
        async def hear(event: dict[str, Any]) -> None:
            heard.append(event["text"])

        async with connected(playground, app):
            playground.limits.ack_seconds, playground.limits.redelivery_seconds = 0.2, (0.0, 0.0, 0.0)
            kinds = [broken.error("internal_error"), broken.http_error(), broken.lost_answer(), broken.drop_before()]
            for kind in [*kinds, broken.malformed_json(), broken.slow(0.01), broken.ratelimited(1)]:
                playground.faults.often("chat.postMessage", kind, 0.08)
            for kind in (broken.duplicate(), broken.delay(0.01), broken.delay(0.3)):
                playground.faults.often("*", kind, 0.1)
            place, posted = await dm(playground), 0
            noor = playground.workspace.person("noor")
            for number in range(40):
                posted += await _try_to_post(playground, place, f"m{number}")
                await noor.say(f"p{number}")
            playground.faults.clear()
            await playground.workspace.until(
                lambda: {f"p{number}" for number in range(40)} <= set(heard) or None, "everything said was heard"
            )
            stored = {each.text for each in noor.all_messages()}
            assert posted <= len(stored) <= 40
            await web(playground).chat_postMessage(channel=place, text="the end")
            await noor.message("the end")


async def _try_to_post(playground: Playground, place: str, text: str) -> bool:
    try:
        await web(playground).chat_postMessage(channel=place, text=text)
    except (SlackApiError, aiohttp.ClientError):
        return False
    return True
