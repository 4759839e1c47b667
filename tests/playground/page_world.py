"""A small app, a cast and a guide for the page's tests: enough to be asked, answered, reminded and drawn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground.server import Playground
from playground.things import Cast, Channel, Guide, Happening, Person, Sample, Step, Target, WorldHooks

MONDAY = datetime(2040, 3, 5, 16, 48, tzinfo=UTC)
HOSTILE = "<img src=x onerror=alert(1)> &amp; <https://evil.example|https://bank.example> <javascript:alert(1)|press>"

Json = dict[str, Any]

CAST = Cast(
    team_name="Harbour",
    team_domain="harbour",
    home_zone="Europe/Lisbon",
    people=(
        Person("noor", "Noor Haddad", "Customer support", "Europe/Lisbon", username="noor"),
        Person("tomas", "Tomás Rey", "Data engineer", "Europe/Madrid", username="tomas"),
        Person("grace", "Grace Okafor", "Staff engineer", "Africa/Lagos", username="grace"),
        Person("ingrid", "Ingrid Dahl", "People lead", "Europe/Oslo", username="ingrid", is_admin=True),
    ),
    channels=(
        Channel(
            "general",
            ("noor", "tomas", "grace", "ingrid"),
            purpose="Everybody",
            said=(
                ("grace", "The *new dashboard* is up: https://example.org/board", 90),
                ("tomas", "Lovely :tada:", 85),
            ),
        ),
        Channel("data", ("tomas", "grace"), purpose="Numbers"),
    ),
    first="noor",
)
MANIFEST: Json = {
    "display_information": {"name": "Mentor", "description": "Finds somebody to learn from"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Mentor", "always_online": True},
        "slash_commands": [
            {"command": "/mentor", "description": "Find a mentor", "usage_hint": "[find | help]"},
            {"command": "/broken", "description": "Never answers"},
        ],
        "shortcuts": [
            {"name": "Find a mentor", "type": "global", "callback_id": "find.shortcut", "description": "Two questions"},
            {"name": "Keep this", "type": "message", "callback_id": "keep.this", "description": "As an achievement"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "users:read", "im:write", "im:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
GUIDE = Guide(
    title="The first three minutes",
    steps=(
        Step(
            "open",
            "noor",
            "You are Noor, in support, and want to work with data. Press *Find a mentor*.",
            "Find a mentor",
            Target("action", "find.start"),
            {},
            Happening("click", "noor", "find.start"),
        ),
        Step(
            "questions",
            "noor",
            "Two questions. That's all it takes to join.",
            "Send",
            Target("submit"),
            {"topic": "Working with data", "goal": "Build one dashboard people use"},
            Happening("submit", "noor", "find.asked"),
        ),
        Step(
            "be_tomas",
            "noor",
            "That just reached Tomás. Be Tomás.",
            "Be Tomás",
            Target("person", "tomas"),
            {},
            Happening("become", "tomas"),
        ),
        Step(
            "accept",
            "tomas",
            "Ten minutes to change his mind.",
            "Accept",
            Target("action", "requests.accept"),
            {},
            Happening("click", "tomas", "requests.accept"),
        ),
        Step("week", "tomas", "Now let the days pass.", "Next event", Target("clock"), {}, Happening("step")),
    ),
    wandered="You wandered off, good. Pick up here.",
)


def plain(words: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": words}


def button(words: str, action: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(words), "action_id": action, **more}


def section(words: str, **more: Any) -> Json:
    """A section of the workspace's markup."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def field(name: str, words: str, **more: Any) -> Json:
    """A text field with its label."""
    element = {"type": "plain_text_input", "action_id": "value", **more}
    return {"type": "input", "block_id": name, "label": plain(words), "element": element}


HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Hello Noor")},
        section("Find someone who has done what you want to do. Two questions, and you see who could help."),
        {
            "type": "actions",
            "elements": [
                button("Find a mentor", "find.start", style="primary"),
                button(
                    "Leave",
                    "leave",
                    style="danger",
                    confirm={
                        "title": plain("Leave mentoring?"),
                        "text": plain("You can stop here without a why."),
                        "confirm": plain("Leave"),
                        "deny": plain("Stay"),
                        "style": "danger",
                    },
                ),
            ],
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Seen by: only you"}]},
    ],
}
FORM: list[Json] = [
    field("topic", "What would you like to learn?"),
    field("goal", "One goal", multiline=True) | {"hint": plain("A sentence is plenty.")},
    {
        "type": "input",
        "block_id": "rhythm",
        "optional": True,
        "dispatch_action": True,
        "label": plain("How often?"),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "options": [{"text": plain(name), "value": name.lower()} for name in ("Weekly", "Monthly")],
        },
    },
]
QUESTIONS: Json = {
    "type": "modal",
    "callback_id": "find.asked",
    "title": plain("Find a mentor"),
    "submit": plain("Send"),
    "close": plain("Not now"),
    "notify_on_close": False,
    "blocks": [
        section("Two questions. That's all it takes to join."),
        *FORM,
    ],
}


def choice(words: str) -> Json:
    """An option whose value is its words in small letters."""
    return {"text": plain(words), "value": words.lower()}


def question(name: str, kind: str, **more: Any) -> Json:
    """An optional input of one kind; the block and its label carry the kind's name."""
    element = {"type": kind, "action_id": "value", **more}
    return {"type": "input", "block_id": name, "label": plain(name), "optional": True, "element": element}


COLOURS = [choice(each) for each in ("Red", "Green", "Blue")]
EVERYTHING: Json = {
    "type": "modal",
    "callback_id": "everything",
    "title": plain("Everything"),
    "submit": plain("Send"),
    "blocks": [
        question("email", "email_text_input"),
        question("web", "url_text_input"),
        question("number", "number_input", is_decimal_allowed=False, min_value="1"),
        question("rich", "rich_text_input"),
        question("one", "static_select", options=COLOURS, initial_option=COLOURS[0]),
        question("several", "multi_static_select", options=COLOURS, max_selected_items=2),
        question("ticks", "checkboxes", options=COLOURS, initial_options=[COLOURS[1]]),
        question("dots", "radio_buttons", options=COLOURS),
        question("person", "users_select"),
        question("people", "multi_users_select"),
        question("place", "channels_select"),
        question("talk", "conversations_select", filter={"include": ["public"]}),
        question("date", "datepicker"),
        question("time", "timepicker"),
        question("moment", "datetimepicker"),
        question("found", "external_select", min_query_length=2),
        question("finds", "multi_external_select", min_query_length=0),
        question("untouched", "plain_text_input", initial_value="as it was"),
    ],
}


class Mentor:
    """The app under test; `reminders` are (moment, user, words) it will say unasked."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.reminders: list[tuple[datetime, str, str]] = []
        self.received: Json = {}
        client = AsyncWebClient(token=playground.bot_token, base_url=playground.api_url)
        self.app = AsyncApp(client=client, signing_secret=playground.signing_secret)
        self.handler = AsyncSocketModeHandler(self.app, playground.app_token, web_client=client)
        self._listen()

    async def start(self) -> None:
        """Connect, as the app's process would when it begins."""
        await self.handler.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Hang up, as when the process ends."""
        await self.handler.close_async()  # type: ignore[no-untyped-call]

    def id_of(self, key: str) -> str:
        """Somebody's id by their key."""
        found = self.playground.world.state.person(key)
        assert found is not None
        return found.id

    def _listen(self) -> None:
        app = self.app
        app.event("app_home_opened")(self._draw_home)
        app.event("message")(self._hear)
        app.command("/mentor")(self._command)
        app.action("find.start")(self._ask)
        app.shortcut("find.shortcut")(self._ask)
        app.shortcut("keep.this")(self._keep)
        app.action("leave")(self._left)
        app.view("find.asked")(self._asked)
        app.action("value")(self._touched)
        app.options("value")(self._offer)
        app.view("everything")(self._receive)
        app.action("requests.accept")(self._accept)
        app.action("requests.unheard")(self._silence)

    async def _draw_home(self, event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=HOME)

    async def _hear(self, event: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(
            channel=event["channel"], text=f"I understand buttons. You said: {event.get('text', '')}"
        )

    async def _command(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        if body["text"] == "find":
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=QUESTIONS)
        elif body["text"] == "everything":
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=EVERYTHING)
        else:
            await ack(text=f"Try /mentor find. {HOSTILE if body['text'] == 'hostile' else ''}")

    async def _offer(self, ack: Any, body: Json) -> None:
        await ack(options=[choice(f"{body['value'] or 'nothing'} {number}".capitalize()) for number in (1, 2)])

    async def _receive(self, ack: Any, body: Json) -> None:
        await ack()
        self.received = {name: block["value"] for name, block in body["view"]["state"]["values"].items()}

    async def _ask(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=QUESTIONS)

    async def _keep(self, ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(text=f"Kept: {body['message']['text']}")

    async def _left(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="You can come back any time.")

    async def _asked(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        values = body["view"]["state"]["values"]
        if "rude" in values["goal"]["value"]["value"]:
            await ack(response_action="errors", errors={"goal": "Say it so that a mentor can help."})
            return
        if "slow" in values["goal"]["value"]["value"]:
            await asyncio.sleep(self.playground.limits.ack_seconds + 1)
            return
        await ack()
        await self._reach_tomas(body["user"]["id"], values["topic"]["value"]["value"], client)

    async def _reach_tomas(self, user: str, topic: str, client: AsyncWebClient) -> None:
        words = f"<@{user}> asks: would you be my mentor for *{topic}*?"
        choices = [
            button("Accept", "requests.accept", style="primary", value=user),
            button("Not now", "requests.unheard", value=user),
        ]
        await client.chat_postMessage(
            channel=self.id_of("tomas"), text=words, blocks=[section(words), {"type": "actions", "elements": choices}]
        )
        await client.chat_postMessage(channel=user, text="I've asked Tomás. I'll write either way.")

    async def _touched(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        blocks = [section(f"{chosen.title()} it is."), *FORM]
        view = QUESTIONS | {"blocks": blocks}
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    async def _accept(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        mentee = body["actions"][0]["value"]
        await client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="You said yes to Noor.",
            blocks=[
                section("You said yes to Noor."),
                {"type": "actions", "elements": [button("Undo", "requests.undo")]},
            ],
        )
        await client.chat_postMessage(channel=mentee, text="Tomás said yes.")
        soon = self.playground.clock.now() + timedelta(days=1)
        self.reminders = [
            (soon, "tomas", "reminder, meeting tomorrow"),
            (soon + timedelta(days=3), "noor", "did you meet?"),
        ]

    async def _silence(self) -> None:
        """Never acknowledge, as a hung app would not."""

    # -- the app's timetable -----------------------------------------------------------------------------

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next reminder is due."""
        del now
        return min((moment for moment, _, _ in self.reminders), default=None)

    async def run_until(self, now: datetime) -> None:
        """Say what has become due."""
        due = [each for each in self.reminders if each[0] <= now]
        self.reminders = [each for each in self.reminders if each[0] > now]
        for _, key, words in due:
            await self.app.client.chat_postMessage(channel=self.id_of(key), text=words)

    async def drained(self) -> None:
        """Everything is said at once here, so nothing is ever on its way."""


SAMPLES = (
    Sample("Find a mentor", "modal", QUESTIONS),
    Sample("Home of somebody new", "home", HOME),
    Sample("A reminder", "message", {"text": "Meeting tomorrow", "blocks": [section("Thu 14:00 with *Grace*.")]}),
)


@asynccontextmanager
async def running_world(
    samples: tuple[Sample, ...] = SAMPLES, guide: Guide = GUIDE, kind: type[Mentor] = Mentor, **more: Any
) -> AsyncIterator[Mentor]:
    """The playground with its app connected, at 16:48 on a Monday far enough away that the clock never starts later."""
    playground = Playground(MANIFEST, CAST, guide=guide, gallery=samples, seed=7, starts_at=MONDAY, **more)
    async with playground:
        mentor = kind(playground)
        playground.hooks = WorldHooks(mentor.next_due, mentor.run_until, mentor.drained)
        await mentor.start()
        yield mentor
        await mentor.stop()
