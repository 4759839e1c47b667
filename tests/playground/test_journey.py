"""A whole journey through a Bolt app: command, modal, message, click, update."""

from pathlib import Path
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from playground import NotPossibleError, Playground
from tests.playground.kit import actions, bolt, button, connected, field, home, modal, running, section


def lantern_app(playground: Playground) -> AsyncApp:
    """Lends lanterns: asks in a modal, tells Tomás, who accepts."""
    app = bolt(playground)

    @app.command("/lantern")
    async def ask(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        text = {"type": "plain_text_input", "max_length": 20}
        view = modal(field("colour", text), field("days", {"type": "number_input", "is_decimal_allowed": False}))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("lanterns.lend")
    async def lend(ack: Any, body: dict[str, Any], client: Any) -> None:
        colour = body["view"]["state"]["values"]["colour"]["it"]["value"]
        if colour == "pink":
            await ack(response_action="errors", errors={"colour": "No pink ones left."})
            return
        await ack()
        tomas = next(u for u in (await client.users_list())["members"] if u["name"] == "tomas.silva")
        place = (await client.conversations_open(users=tomas["id"]))["channel"]["id"]
        blocks = [section(f"A *{colour}* one?"), actions(button("Accept", "lanterns.accept", value=colour))]
        await client.chat_postMessage(channel=place, text=f"A {colour} lantern?", blocks=blocks)

    @app.action("lanterns.accept")
    async def accept(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        await client.chat_update(channel=channel, ts=ts, text="Lent.", blocks=[section("Lent, thank you.")])
        await respond("Only you see this.")

    @app.event("app_home_opened")
    async def show(event: dict[str, Any], client: Any) -> None:
        view = home(section("Welcome"), actions(button("Borrow", "lanterns.start")))
        await client.views_publish(user_id=event["user"], view=view)

    return app


async def test_a_command_becomes_a_modal_a_message_a_click_and_an_update() -> None:
    async with running() as playground, connected(playground, lantern_app(playground)):
        noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
        assert (await noor.command("/lantern")).error is None
        form = await noor.modal()
        assert (form.title, form.fields) == ("Lanterns", ["colour", "days"])
        await form.fill(colour="blue", days=3)
        assert (await form.submit()).error is None
        assert not form.open
        message = await tomas.message()
        assert message.text == "A *blue* one?\nAccept"
        assert message.summary == "A blue lantern?"
        clicked = await message.click("Accept")
        assert clicked.error is None
        await message.changed("Lent, thank you.")
        assert message.edited
        assert message.buttons == []
        assert (await clicked.told("Only you see this.")).only_you


async def test_a_required_field_left_empty_is_refused_before_anything_is_sent() -> None:
    async with running() as playground, connected(playground, lantern_app(playground)):
        noor = playground.workspace.person("noor")
        await noor.command("/lantern")
        form = await noor.modal()
        await form.fill(days="2.5")
        before = len(playground.workspace.journal)
        assert (await form.submit()).error == "invalid_input"
        assert form.errors == {"colour": "This one is needed.", "days": "Write a whole number."}
        assert len(playground.workspace.journal) == before
        assert form.open


async def test_the_app_s_own_errors_come_back_beside_their_field() -> None:
    async with running() as playground, connected(playground, lantern_app(playground)):
        noor = playground.workspace.person("noor")
        await noor.command("/lantern")
        form = await noor.modal()
        await form.fill(colour="pink", days=1)
        assert (await form.submit()).error == "app_errors"
        assert form.errors == {"colour": "No pink ones left."}


async def test_the_home_tab_is_published_when_it_is_opened() -> None:
    async with running() as playground, connected(playground, lantern_app(playground)):
        view = await playground.workspace.person("ingrid").home()
        assert view.buttons == ["Borrow"]


async def test_a_button_that_is_gone_cannot_be_pressed() -> None:
    async with running() as playground, connected(playground, lantern_app(playground)):
        noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
        await noor.command("/lantern")
        form = await noor.modal()
        await form.fill(colour="red", days=1)
        await form.submit()
        message = await tomas.message()
        stored = message.blocks[1]
        await message.click("Accept")
        await message.changed("Lent")
        place = {"message": {"channel": message.channel, "ts": message.ts}}
        with pytest.raises(NotPossibleError) as refused:
            await tomas.deeds.clicks.click(tomas.id, place, stored["block_id"], "lanterns.accept", {})
        assert refused.value.code == "element_not_found"


async def test_a_restart_keeps_people_messages_modals_and_tokens(tmp_path: Path) -> None:
    async with running(home=tmp_path) as first, connected(first, lantern_app(first)):
        tomas = first.workspace.person("tomas")
        noor = first.workspace.person("noor")
        await noor.command("/lantern")
        form = await noor.modal()
        await form.fill(colour="blue", days=1)
        await form.submit()
        told = (await tomas.message()).text
        await noor.command("/lantern")
        await (await noor.modal()).fill(colour="green")
        token, user_id = first.bot_token, tomas.id
    async with running(home=tmp_path) as second:
        tomas = second.workspace.person("tomas")
        assert (second.bot_token, tomas.id) == (token, user_id)
        assert (await tomas.message()).text == told
        assert (await second.workspace.person("noor").modal()).values["colour"]["it"]["value"] == "green"
