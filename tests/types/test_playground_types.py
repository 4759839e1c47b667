"""Every frame the playground puts on the wire, held against the types Slack ships: nothing they promise is missing."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from playground import Person, Playground
from tests.playground.kit import actions, bolt, button, field, home, modal, running, section, web
from tests.types.compiler import Claim, complaints

pytestmark = [pytest.mark.node, pytest.mark.timeout(400)]
Json = dict[str, Any]

PAYLOADS = {
    "view_submission": "Sent<ViewSubmitAction>",
    "view_closed": "Sent<ViewClosedAction>",
    "shortcut": "Sent<GlobalShortcut>",
    "message_action": "OnMessage",
    "block_suggestion": "Sent<BlockSuggestion>",
}
EVENTS = {
    "app_home_opened": "AppHomeOpenedEvent",
    "app_mention": "AppMentionEvent",
    "app_uninstalled": "AppUninstalledEvent",
    "member_joined_channel": "MemberJoinedChannelEvent",
    "message": "PlainMessage",
    "reaction_added": "ReactionAddedEvent",
    "team_join": "TeamJoinEvent",
    "tokens_revoked": "TokensRevokedEvent",
    "user_change": "UserChangeEvent",
}
WORDS = {"type": "plain_text", "text": "Blue"}
CHOICE = {"text": WORDS, "value": "blue"}
EVERY_FIELD = [
    field("text", {"type": "plain_text_input"}),
    field("number", {"type": "number_input", "is_decimal_allowed": False}),
    field("mail", {"type": "email_text_input"}),
    field("link", {"type": "url_text_input"}),
    field("one", {"type": "static_select", "options": [CHOICE]}),
    field("many", {"type": "multi_static_select", "options": [CHOICE]}),
    field("radio", {"type": "radio_buttons", "options": [CHOICE]}),
    field("boxes", {"type": "checkboxes", "options": [CHOICE]}),
    field("day", {"type": "datepicker"}),
    field("hour", {"type": "timepicker"}),
    field("moment", {"type": "datetimepicker"}),
    field("person", {"type": "users_select"}),
    field("people", {"type": "multi_users_select"}),
    field("channel", {"type": "channels_select"}),
    field("channels", {"type": "multi_channels_select"}),
    field("place", {"type": "conversations_select"}),
    field("far", {"type": "external_select", "min_query_length": 0}, optional=True),
]
ANSWERS: Json = {
    "text": "Lamp",
    "number": 3,
    "mail": "noor@harbour.example",
    "link": "https://example.com/",
    "one": "blue",
    "many": ["blue"],
    "radio": "blue",
    "boxes": ["blue"],
    "day": "2026-11-23",
    "hour": "10:30",
    "moment": 1_795_000_000,
    "person": "tomas",
    "people": ["tomas"],
    "channel": "lanterns",
    "channels": ["lanterns"],
    "place": "lanterns",
}


def lamps(playground: Playground) -> AsyncApp:
    """Acknowledges everything and opens a modal wherever there is a trigger to spend."""
    app = bolt(playground)
    buttons = actions(
        button("Press", "a.press", value="v"),
        {"type": "static_select", "action_id": "a.pick", "options": [CHOICE]},
        {"type": "overflow", "action_id": "a.more", "options": [CHOICE]},
    )

    @app.command("/lantern")
    async def lend(ack: Any, body: Json, client: Any) -> None:
        await ack()
        view = modal(buttons, *EVERY_FIELD, notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.event("app_home_opened")
    async def show(event: Json, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=home(section("Welcome"), buttons))

    @app.event("message")
    async def answer(event: Json, client: Any) -> None:
        if "bot_id" not in event and event["channel_type"] == "im":
            await client.chat_postMessage(channel=event["channel"], text="Here", blocks=[section("Here"), buttons])

    @app.options("it")
    async def offer(ack: Any) -> None:
        await ack(options=[CHOICE])

    @app.event(re.compile(".*"))
    async def hear() -> None:
        """Everything else that is subscribed is heard and let go."""

    for listen in (app.action, app.view, app.view_closed, app.shortcut):
        listen(re.compile(".*"))(acknowledge)
    return app


async def acknowledge(ack: Any) -> None:
    await ack()


@asynccontextmanager
async def overheard(playground: Playground) -> AsyncIterator[list[Json]]:
    """The app on its socket, and every frame that reaches it, as it came."""
    frames: list[Json] = []

    async def keep(frame: Any) -> None:
        if frame.type is WSMsgType.TEXT and frame.data.startswith("{"):
            frames.append(json.loads(frame.data))

    handler = AsyncSocketModeHandler(lamps(playground), playground.app_token, web_client=web(playground))
    handler.client.on_message_listeners.append(keep)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # the library is not typed
    await playground.workspace.connected()
    try:
        yield frames
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the library is not typed


async def use_everything(playground: Playground) -> None:
    """Every kind of deed that reaches an app, once or twice."""
    noor = playground.workspace.person("noor")
    front = await noor.home()
    await front.click("Press")
    await noor.command("/lantern blue")
    form = await noor.modal()
    await form.click("Press")
    await form.choose("actions", "blue")
    await form.options("far", "b")
    await form.fill(**ANSWERS)
    await form.submit()
    await noor.command("/lantern red")
    await (await noor.modal()).close()
    said = await noor.say("Is anybody there?")
    shown = await noor.message(containing="Here")
    await shown.click("Press")
    await shown.choose("actions", "blue")
    await noor.use_shortcut("lanterns.borrow")
    await said.use_shortcut("lanterns.keep")
    await befall(playground)


async def befall(playground: Playground) -> None:
    """What reaches an app unasked; at the end its socket is renewed and it is removed."""
    noor, hands = playground.workspace.person("noor"), playground.workspace
    hands.join("@app", "lanterns")
    hands.join("ingrid", "lanterns")
    mention = await noor.say(f"<@{playground.world.state.app.user_id}> a lamp?", channel="lanterns")
    await web(playground).reactions_add(channel=mention.channel, timestamp=mention.ts, name="wave")
    hands.set_zone("noor", "Asia/Tokyo")
    hands.welcome(Person("kofi", "Kofi Mensah", "New", "Africa/Accra"))
    await hands.settled()
    await hands.break_something("polite_disconnect")
    await hands.connected()
    hands.revoke_token()
    hands.remove_app()
    await hands.settled()


def claims_of(frames: list[Json]) -> Iterator[Claim]:
    """What each frame should be."""
    for frame in frames:
        kind, payload = frame["type"], frame.get("payload", {})
        if kind in {"hello", "disconnect"}:
            yield Claim(kind, kind.title(), frame)
        elif kind == "slash_commands":
            yield Claim("a command", 'Envelope<"slash_commands", SlashCommand>', frame)
        elif kind == "events_api":
            event = payload["event"]["type"]
            yield Claim(f"the event {event}", f"EventEnvelope<{EVENTS[event]}>", frame)
        elif payload["type"] == "block_actions":
            where = "InMessage" if "message" in payload else "InView"
            yield Claim(f"a deed, {payload['actions'][0]['type']}", f"Interactive<{where}>", frame)
        else:
            yield Claim(payload["type"], f"Interactive<{PAYLOADS[payload['type']]}>", frame)


async def test_every_frame_is_what_slacks_types_say(slack_types: Path) -> None:
    async with running() as playground, overheard(playground) as frames:
        await use_everything(playground)
        await playground.workspace.until(lambda: missing_from(frames), "every kind of frame was seen")
        claims = list(claims_of(frames))
    assert complaints(slack_types, claims) == []
    lacking = [Claim(claim.type, claim.type, without_one_field(claim.value)) for claim in claims]
    assert {line.split(" is no ")[0] for line in complaints(slack_types, lacking)} >= {each.type for each in claims}


def without_one_field(frame: Json) -> Json:
    """The frame without something every one of its kind has, to see that the types do ask for it."""
    if "payload" in frame:
        return {**frame, "payload": {name: value for name, value in frame["payload"].items() if name != "token"}}
    return {name: value for name, value in frame.items() if name not in {"num_connections", "reason"}}


def missing_from(frames: list[Json]) -> bool | None:
    """True once nothing is missing any more."""
    kinds = {claim.type for claim in claims_of(frames)}
    wanted = {"Hello", "Disconnect", "Interactive<InMessage>", "Interactive<InView>"}
    wanted |= {f"Interactive<{each}>" for each in PAYLOADS.values()}
    wanted |= {f"EventEnvelope<{each}>" for each in EVENTS.values()}
    return True if kinds >= wanted else None
