"""Everything the bot sends, held against the types Slack ships for apps in TypeScript: no field is unknown to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answers import in_ack
from bot.commands.world import World, start_world
from bot.slack.blocks import Message, Modal
from bot.slack.replies import CloseAll, OpenModal, Replace, Reply, ShowModal, Tell, UpdateModal, Wrong
from bot.slack.text import Markup
from bot.views.gallery import all_samples
from tests.journeys.acts import ask, forward, person
from tests.types.compiler import Claim, complaints

pytestmark = [pytest.mark.node, pytest.mark.timeout(400)]
Json = dict[str, Any]

VIEWS = {"modal": "ModalView", "home": "HomeView"}
ANSWERS = {
    "update": "ViewUpdateResponseAction",
    "push": "ViewPushResponseAction",
    "clear": "ViewResponseAction",
    "errors": "ViewErrorsResponseAction",
}
ARGUMENTS = {
    "chat.postMessage": "ChatPostMessageArguments",
    "chat.update": "ChatUpdateArguments",
    "conversations.open": "ConversationsOpenArguments",
    "views.open": "ViewsOpenArguments",
    "views.publish": "ViewsPublishArguments",
    "views.push": "ViewsPushArguments",
    "views.update": "ViewsUpdateArguments",
}
# Arguments sent on purpose that the types do not know, and why.
UNTYPED = {"client_msg_id": "undocumented, but Slack's documented errors say that it looks for duplicates by it"}


def claims_of_samples() -> Iterator[Claim]:
    """Every view of the gallery, on its own surface."""
    for each in all_samples():
        if each.surface == "message":
            yield Claim(each.name, "KnownBlock[]", each.payload["blocks"], is_whole=True)
            message = {"channel": "C1", **each.payload}
            yield Claim(each.name, "ChatPostMessageArguments", message, is_whole=True)
            beside = {**each.payload, "response_type": "ephemeral", "replace_original": False}
            yield Claim(f"{each.name} to a response_url", "RespondArguments", beside, is_whole=True)
        else:
            yield Claim(each.name, VIEWS[each.surface], each.payload, is_whole=True)


def modal_of(payload: Json) -> Modal:
    """The modal a sample was written by."""
    words = {name: payload[name]["text"] for name in ("title", "submit", "close") if name in payload}
    modal = Modal(callback=payload["callback_id"], blocks=tuple(payload["blocks"]), **words)
    assert modal.payload() | {"private_metadata": payload["private_metadata"]} == payload
    return modal


def replies() -> Iterator[tuple[str, Reply]]:
    """Every kind of answer to a submission, over every sample that can be one."""
    for each in all_samples():
        if each.surface == "modal":
            modal = modal_of(each.payload)
            yield from ((each.name, kind(modal)) for kind in (ShowModal, UpdateModal, OpenModal))
        if each.surface == "message":
            message = Message(Markup(each.payload["text"]), tuple(each.payload["blocks"]))
            yield from ((each.name, kind(message)) for kind in (Tell, Replace))
    yield "everything closes", CloseAll()
    yield "words beside a field", Wrong({"goal": "Say a little more."})


def claims_of_answers() -> Iterator[Claim]:
    """Each as the acknowledgement carries it."""
    for name, reply in replies():
        answer = in_ack(reply)
        yield Claim(f"{type(reply).__name__} of {name}", ANSWERS[answer["response_action"]], answer, is_whole=True)


def claims_of_calls(world: World) -> Iterator[Claim]:
    """Every call the bot made that carries words, and every answer to a response_url."""
    for entry in world.playground.workspace.journal:
        method = entry.title.split()[0].rstrip(":")
        if entry.kind == "api" and method in ARGUMENTS:
            typed = {name: value for name, value in entry.detail["arguments"].items() if name not in UNTYPED}
            yield Claim(entry.title, ARGUMENTS[method], typed, is_whole=True)
        elif entry.kind == "hook" and entry.status == "ok":
            yield Claim(entry.title, "RespondArguments", entry.detail, is_whole=True)


def test_every_sample_is_what_slacks_types_say(slack_types: Path) -> None:
    assert complaints(slack_types, list(claims_of_samples())) == []


def test_every_answer_to_a_submission_is_what_slacks_types_say(slack_types: Path) -> None:
    claims = list(claims_of_answers())
    assert {claim.type for claim in claims} == set(ANSWERS.values())
    assert complaints(slack_types, claims) == []


async def test_every_call_of_a_first_match_is_what_slacks_types_say(slack_types: Path, tmp_path: Path) -> None:
    world = await start_world(tmp_path)
    try:
        noor, tomas = person(world, "noor"), person(world, "tomas")
        begun = noor.moment()
        await noor.home()
        await ask(world, "noor", "Tomás")
        doorbell = await tomas.message(containing="Noor Haddad")
        await doorbell.click("Read Noor's note")
        await (await tomas.modal(callback_id="requests.note")).close()
        await doorbell.click("Accept")
        await doorbell.changed("You're Noor's mentor")
        await doorbell.click("Undo")
        asked = await noor.message(containing="I've asked", after=begun)
        await asked.click("Withdraw")
        await asked.changed("Withdrawn")
        await forward(world, minutes=11)
        assert "no longer looking" in doorbell.text
        claims = list(claims_of_calls(world))
    finally:
        await world.stop()
    called = {claim.type for claim in claims}
    assert called >= {"RespondArguments", *ARGUMENTS.values()} - {"ViewsPushArguments", "ViewsUpdateArguments"}
    assert complaints(slack_types, claims) == []


def test_what_slacks_types_do_not_know_is_complained_of(slack_types: Path) -> None:
    button = {"type": "button", "text": {"type": "mrkdwn", "text": "Go"}}
    wrong = [
        Claim("a field nobody knows", "KnownBlock", {"type": "divider", "colour": "red"}, is_whole=True),
        Claim("marks on a button", "KnownBlock", {"type": "actions", "elements": [button]}),
        Claim("a modal without a title", "ModalView", {"type": "modal", "blocks": []}),
        Claim("a divider", "KnownBlock", {"type": "divider"}, is_whole=True),
    ]
    found = complaints(slack_types, wrong)
    assert {line.split(" is no ")[0] for line in found if " is no " in line} == {claim.name for claim in wrong[:3]}
