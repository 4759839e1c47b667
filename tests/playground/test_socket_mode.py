"""Socket Mode by hand: tickets, hello, envelopes, acknowledgements, redelivery, disconnects."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from playground import Playground
from tests.playground.kit import MANIFEST, running, web

Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A plain HTTP client."""
    async with aiohttp.ClientSession() as opened:
        yield opened


async def address(playground: Playground) -> str:
    """A fresh address for a socket."""
    url: str = (await web(playground, playground.app_token).apps_connections_open(app_token=playground.app_token))[
        "url"
    ]
    return url


async def next_frame(socket: Socket) -> dict[str, Any]:
    """The next JSON frame."""
    frame: dict[str, Any] = await socket.receive_json(timeout=5)
    return frame


async def opened(client: aiohttp.ClientSession, playground: Playground) -> Socket:
    """A socket that has said hello."""
    socket = await client.ws_connect(await address(playground))
    assert (await next_frame(socket))["type"] == "hello"
    return socket


async def test_hello_tells_how_many_sockets_there_are() -> None:
    async with running() as playground, session() as client:
        for count in (1, 2):
            socket = await client.ws_connect(await address(playground))
            hello = await next_frame(socket)
            assert hello["num_connections"] == count
            assert hello["connection_info"]["app_id"].startswith("A")


async def test_a_ticket_works_once() -> None:
    async with running() as playground, session() as client:
        url = await address(playground)
        await client.ws_connect(url)
        for wrong in (url, url.replace("ticket=", "ticket=x")):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await client.ws_connect(wrong)
            assert refused.value.status == 401


async def test_an_eleventh_socket_is_asked_to_leave() -> None:
    async with running() as playground, session() as client:
        held = [await opened(client, playground) for _ in range(10)]
        socket = await client.ws_connect(await address(playground))
        frame = await next_frame(socket)
        assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")
        assert not any(each.closed for each in held)


async def test_a_command_goes_to_exactly_one_socket_and_waits_for_its_ack() -> None:
    async with running(seed=3) as playground, session() as client:
        sockets = [await opened(client, playground) for _ in range(3)]
        noor = playground.workspace.person("noor")
        playground.limits.ack_seconds = 0.2
        outcome = await noor.command("/plain <b> @tomas.silva & co")
        assert outcome.error == "operation_timeout"
        frames = []
        for socket in sockets:
            await socket.send_str("{}")
            try:
                frames.append(await socket.receive_json(timeout=0.1))
            except TimeoutError:
                continue
        (frame,) = frames
        assert (frame["type"], frame["accepts_response_payload"]) == ("slash_commands", True)
        payload = frame["payload"]
        assert payload["command"] == "/plain"
        assert payload["channel_name"] == "directmessage"
        assert payload["user_id"] == noor.id
        assert set(payload) == {
            "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text",
            "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
        }  # fmt: skip


async def test_people_and_places_in_a_command_are_escaped_only_where_asked() -> None:
    async with running() as playground, session() as client:
        socket = await opened(client, playground)
        noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
        playground.limits.ack_seconds = 0.05
        general = playground.workspace.person("noor").names("general")
        await noor.command("/lantern for @tomas.silva in #general")
        escaped = (await next_frame(socket))["payload"]["text"]
        assert escaped == f"for <@{tomas.id}|tomas.silva> in <#{general}|general>"
        await noor.command("/plain for @tomas.silva")
        assert (await next_frame(socket))["payload"]["text"] == "for @tomas.silva"


async def test_an_unlisted_command_is_not_a_valid_command() -> None:
    async with running() as playground:
        outcome = await playground.workspace.person("noor").command("/nonsense")
        assert (outcome.error, outcome.sentence) == ("invalid_command", "/nonsense is not a valid command.")


async def test_without_the_app_a_deed_fails_at_once() -> None:
    async with running() as playground:
        assert (await playground.workspace.person("noor").command("/lantern")).error == "dispatch_failed"


async def test_an_event_not_acknowledged_comes_again_three_times_with_the_same_id() -> None:
    async with running() as playground, session() as client:
        playground.limits.ack_seconds, playground.limits.redelivery_seconds = 0.05, (0.0, 0.01, 0.02)
        socket = await opened(client, playground)
        await playground.workspace.person("noor").open_home()
        frames = [await next_frame(socket) for _ in range(4)]
        assert [each["retry_attempt"] for each in frames] == [0, 1, 2, 3]
        assert [each["retry_reason"] for each in frames] == ["", "timeout", "timeout", "timeout"]
        assert len({each["payload"]["event_id"] for each in frames}) == 1
        assert len({each["envelope_id"] for each in frames}) == 4
        await playground.workspace.settled()
        assert playground.world.timetable.next_due() is None


async def test_slack_s_own_redelivery_waits_a_minute_and_five() -> None:
    async with running() as playground:
        assert playground.limits.redelivery_seconds == (0.0, 60.0, 300.0)
        await playground.workspace.person("noor").open_home()
        await playground.workspace.until(
            playground.world.timetable.next_due,
            "a redelivery is due",
        )
        await playground.workspace.settled()
        due = playground.world.timetable.next_due()
        assert due is not None
        assert 50 < due.timestamp() - playground.clock.now().timestamp() <= 60


async def test_an_acknowledged_event_comes_once_and_has_slack_s_outer_body() -> None:
    async with running() as playground, session() as client:
        socket = await opened(client, playground)
        noor = playground.workspace.person("noor")
        await noor.say("<b> & <@U0>")
        frame = await next_frame(socket)
        await socket.send_str(json.dumps({"envelope_id": frame["envelope_id"]}))
        await playground.workspace.settled()
        assert playground.world.timetable.next_due() is None
        outer, event = frame["payload"], frame["payload"]["event"]
        assert (outer["type"], outer["authorizations"][0]["is_bot"]) == ("event_callback", True)
        assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", noor.id)
        assert event["text"] == "&lt;b&gt; &amp; &lt;@U0&gt;"


async def test_events_come_only_if_subscribed_and_scoped() -> None:
    events = {"bot_events": ["message.im"]}
    settings = {**MANIFEST["settings"], "event_subscriptions": events}
    async with running(manifest={**MANIFEST, "settings": settings}) as playground, session() as client:
        socket = await opened(client, playground)
        noor = playground.workspace.person("noor")
        await noor.open_home()
        playground.workspace.remove_scope("im:history")
        await noor.say("unheard")
        playground.workspace.reinstall_app()
        await noor.say("heard")
        assert (await next_frame(socket))["payload"]["event"]["text"] == "heard"


async def test_messages_are_heard_only_where_the_app_is() -> None:
    async with running() as playground, session() as client:
        socket = await opened(client, playground)
        noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
        await noor.say("among ourselves", channel="@tomas")
        await noor.say("without the app", channel="lanterns")
        playground.workspace.join("@app", "lanterns")
        types = [(await next_frame(socket))["payload"]["event"] for _ in range(2)]
        assert sorted(each["type"] for each in types) == ["member_joined_channel", "message"]
        await tomas.say("with the app", channel="lanterns")
        heard = (await next_frame(socket))["payload"]["event"]
        assert (heard["text"], heard["channel_type"]) == ("with the app", "channel")


async def test_people_who_come_go_and_move_are_told() -> None:
    async with running() as playground, session() as client:
        socket = await opened(client, playground)
        playground.workspace.set_zone("noor", "Asia/Tokyo")
        moved = (await next_frame(socket))["payload"]["event"]
        assert (moved["type"], moved["user"]["tz"]) == ("user_change", "Asia/Tokyo")
        playground.workspace.deactivate("tomas")
        assert (await next_frame(socket))["payload"]["event"]["user"]["deleted"] is True
        playground.workspace.remove_app()
        types = {(await next_frame(socket))["payload"]["event"]["type"] for _ in range(2)}
        assert types == {"tokens_revoked", "app_uninstalled"}
        assert (await playground.workspace.person("noor").command("/lantern")).error == "invalid_command"


async def test_a_socket_asked_to_leave_gets_nothing_more() -> None:
    async with running() as playground, session() as client:
        old = await opened(client, playground)
        await playground.world.hub.ask_all_to_leave("warning")
        assert (await next_frame(old))["reason"] == "warning"
        await playground.world.hub.ask_all_to_leave()
        assert (await next_frame(old))["reason"] == "refresh_requested"
        new = await opened(client, playground)
        await playground.workspace.person("noor").say("hello")
        assert (await next_frame(new))["type"] == "events_api"


async def test_a_socket_that_does_not_leave_when_asked_is_dropped_after_a_while_but_not_for_a_warning() -> None:
    async with running() as playground, session() as client:
        playground.limits.leave_seconds = 0.05
        old, hub = await opened(client, playground), playground.world.hub
        await hub.ask_all_to_leave("warning")
        await asyncio.sleep(0.2)
        assert hub.connected
        await hub.ask_all_to_leave()
        await playground.workspace.until(lambda: not hub.connections or None, "the line is dropped")
        assert [(await next_frame(old))["reason"] for _ in range(2)] == ["warning", "refresh_requested"]


async def test_a_socket_can_be_asked_to_renew_itself_for_trying_it_out() -> None:
    async with running() as playground, session() as client:
        playground.limits.renewal_seconds = 0.05
        socket = await client.ws_connect(await address(playground) + "&debug_reconnects=true")
        reasons = [(await next_frame(socket)).get("reason") for _ in range(3)]
        assert reasons == [None, "warning", "refresh_requested"]


async def test_a_ping_is_answered() -> None:
    async with running() as playground, session() as client:
        socket = await client.ws_connect(await address(playground), autoping=False)
        await socket.receive(timeout=5)
        await socket.ping(b"are you there")
        frame = await socket.receive(timeout=5)
        assert (frame.type, frame.data) == (aiohttp.WSMsgType.PONG, b"are you there")


async def test_a_late_acknowledgement_is_written_down() -> None:
    async with running() as playground, session() as client:
        socket = await opened(client, playground)
        playground.limits.ack_seconds = 0.02
        await playground.workspace.person("noor").command("/lantern")
        frame = await next_frame(socket)
        await socket.send_str(json.dumps({"envelope_id": frame["envelope_id"]}))
        await socket.send_str("nonsense")
        await playground.workspace.until(
            lambda: (
                [e.title for e in playground.workspace.journal][-2:]
                == ["Acknowledged too late", "An answer that is no acknowledgement"]
                or None
            ),
            "both were written down",
        )
