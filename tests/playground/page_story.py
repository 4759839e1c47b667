"""A story for the page's tests: an app that asks after a meeting, a guide of chapters, and their scripts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from playground import Chapter, Days, Guide, Happening, Playground, Step, Target, Workspace
from tests.playground.page_world import HOME, Json, Mentor, button, plain, running_world, section

ASKED = "Did you and Tomás meet?"


class Storyteller(Mentor):
    """The same app; four days after a yes it asks, and each person's Home says what they may know."""

    def __init__(self, playground: Playground) -> None:
        super().__init__(playground)
        self.met = 0

    def _listen(self) -> None:
        super()._listen()
        self.app.action("meet.yes")(self._note_meeting)

    async def forget(self) -> None:
        """The world began again."""
        self.reminders, self.met = [], 0

    async def _draw_home(self, event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=self._home_of(event["user"]))

    def _home_of(self, user: str) -> Json:
        if user != self.id_of("ingrid"):
            return HOME
        words = f"One pair. Meetings noted: {self.met}. What they wrote stays theirs."
        return {"type": "home", "blocks": [{"type": "header", "text": plain("Your programme")}, section(words)]}

    async def _note_meeting(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        self.met += 1
        words = "Noted. One tap, not a form."
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text=words, blocks=[section(words)]
        )
        await client.views_publish(user_id=self.id_of("ingrid"), view=self._home_of(self.id_of("ingrid")))

    async def run_until(self, now: datetime) -> None:
        """Say what has become due; the question has its buttons."""
        due = [each for each in self.reminders if each[0] <= now]
        self.reminders = [each for each in self.reminders if each[0] > now]
        for _, key, words in due:
            blocks = [section(words)]
            if key == "noor":
                blocks = [section(ASKED), {"type": "actions", "elements": [button("Yes", "meet.yes", style="primary")]}]
            await self.app.client.chat_postMessage(channel=self.id_of(key), text=words, blocks=blocks)


# -- the scripts -------------------------------------------------------------------------------------------------------


async def nothing(workspace: Workspace, days: Days) -> None:
    """The first morning."""
    del workspace, days


async def up_to_the_question(workspace: Workspace, days: Days) -> None:
    """Noor asks for a mentor, and Tomás has read it."""
    del days
    noor, tomas = workspace.person("noor"), workspace.person("tomas")
    await (await noor.home("Two questions")).click("Find a mentor")
    questions = await noor.modal()
    await questions.fill(topic="Data", goal="One dashboard")
    (await questions.submit()).taken()
    await tomas.message("would you be my mentor")


async def up_to_the_quiet(workspace: Workspace, days: Days) -> None:
    """They have met once, and two months go by."""
    await up_to_the_question(workspace, days)
    await (await workspace.person("tomas").message("would you be my mentor")).click("Accept")
    await workspace.person("noor").message("said yes")
    asked = await days.until("noor", "meet.yes", days=10)
    (await asked.click("Yes")).taken()
    await asked.changed("Noted")
    for _ in range(60):
        await days.pass_by(days=1)


async def into_a_wall(workspace: Workspace, days: Days) -> None:
    """Waits for what never comes."""
    del days
    await workspace.person("noor").message("never said", seconds=0.05)


def _step(
    key: str, act_as: str, sentence: str, action: str, target: Target | None, done_when: Happening, **more: Any
) -> Step:
    return Step(key, act_as, sentence, action, target, more.pop("fill", {}), done_when, **more)


STEPS = (
    _step(
        "open",
        "noor",
        "You are Noor, in support, and want to work with data. Press *Find a mentor*.",
        "Find a mentor",
        Target("action", "find.start"),
        Happening("click", "noor", "find.start"),
        chapter="asking",
    ),
    _step(
        "questions",
        "noor",
        "Two questions. That's all it takes to join.",
        "Send",
        Target("submit"),
        Happening("submit", "noor", "find.asked"),
        fill={"topic": "Working with data", "goal": "Build one dashboard people use"},
        chapter="asking",
    ),
    _step(
        "be_tomas",
        "noor",
        "That just reached Tomás. Be Tomás.",
        "Be Tomás",
        Target("person", "tomas"),
        Happening("become", "tomas"),
        chapter="asking",
    ),
    _step(
        "accept",
        "tomas",
        "Ten minutes to change his mind.",
        "Accept",
        Target("action", "requests.accept"),
        Happening("click", "tomas", "requests.accept"),
        chapter="meeting",
    ),
    _step(
        "days",
        "tomas",
        "Let the days pass until Noor is asked.",
        "Let the days pass",
        Target("until", "meet.yes", who="noor", days=20),
        Happening("message", "noor", "meet.yes"),
        chapter="meeting",
    ),
    _step(
        "be_noor",
        "tomas",
        "Noor has been asked. Be Noor.",
        "Be Noor",
        Target("person", "noor"),
        Happening("become", "noor"),
        chapter="meeting",
    ),
    _step(
        "met",
        "noor",
        "One tap. Not a form.",
        "Yes",
        Target("action", "meet.yes"),
        Happening("click", "noor", "meet.yes"),
        chapter="meeting",
    ),
    _step(
        "onwards",
        "noor",
        "Two months later it has gone quiet.",
        "See how that looks",
        Target("chapter", "quiet"),
        Happening("chapter", ref="quiet"),
        chapter="meeting",
    ),
    _step(
        "beside",
        "noor",
        "Left: their words. Right: all the organiser ever sees. Look for someone new.",
        "Find a mentor",
        Target("action", "find.start"),
        Happening("click", "noor", "find.start"),
        chapter="quiet",
        beside="ingrid",
    ),
)
STORY = Guide(
    title="Six months",
    steps=STEPS,
    wandered="You wandered off, good. Pick up here.",
    chapters=(
        Chapter("asking", "A question", nothing, "noor"),
        Chapter("meeting", "A yes, and a meeting", up_to_the_question, "tomas", place="messages"),
        Chapter("quiet", "It goes quiet", up_to_the_quiet, "noor", first="beside", days=64),
        Chapter("wall", "A wall", into_a_wall, "noor", first="open"),
    ),
    closing="Three minutes; six months. The workspace is yours now.",
    ending=(
        ("Run it on your Slack", "https://example.org/run"),
        ("Break something", "faults"),
        ("See every view", "#gallery"),
    ),
)


@asynccontextmanager
async def running_story(**more: Any) -> AsyncIterator[Storyteller]:
    """The story's world with its app connected."""
    async with running_world(guide=STORY, kind=Storyteller, **more) as teller:
        assert isinstance(teller, Storyteller)
        teller.playground.on_start_over = teller.forget
        yield teller


async def asked_for_noor(teller: Mentor, days: float = 1) -> None:
    """Noor's question is due in some days."""
    teller.reminders = [(teller.playground.clock.now() + timedelta(days=days), "noor", "did you meet?")]
