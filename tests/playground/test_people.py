"""What people can do and what they cannot: choosing, options, shortcuts, late apps, places."""

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from playground import NotPossibleError, Playground
from playground.clicks import TROUBLE
from tests.playground.kit import actions, bolt, button, connected, field, modal, running, section, web
from tests.playground.test_messages import dm
from tests.playground.test_views import collecting, trigger_of


def options(*labels: str) -> list[dict[str, Any]]:
    """Options whose value is the label in small letters."""
    return [{"text": {"type": "plain_text", "text": each}, "value": each.lower()} for each in labels]


def silent(playground: Playground) -> AsyncApp:
    """An app that opens a modal and acknowledges nothing else."""
    app = bolt(playground)

    @app.command("/lantern")
    async def begin(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        row = actions(button("Press", "a.any"))
        text = field("name", {"type": "plain_text_input"})
        await client.views_open(trigger_id=body["trigger_id"], view=modal(row, text))

    return app


async def test_an_app_that_does_not_answer_is_said_in_the_modal_and_the_words_stay() -> None:
    async with running() as playground, connected(playground, silent(playground)):
        noor = playground.workspace.person("noor")
        await noor.command("/lantern")
        form = await noor.modal()
        await form.fill(name="Lamp")
        playground.limits.ack_seconds = 0.05
        assert (await form.submit()).error == "operation_timeout"
        assert form.problem == TROUBLE
        assert form.values["name"]["it"]["value"] == "Lamp"
        assert (await form.click("Press")).error == "operation_timeout"


async def test_the_app_s_answer_to_a_command_is_shown_at_once() -> None:
    async with running() as playground:
        app = bolt(playground)

        @app.command("/lantern")
        async def private(ack: Any) -> None:
            await ack("For you")

        @app.command("/plain")
        async def public(ack: Any) -> None:
            await ack(text="For all", response_type="in_channel", blocks=[section("For *all*")])

        async with connected(playground, app):
            noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
            outcome = await noor.command("/lantern", "lanterns")
            assert [each.text for each in outcome.ephemeral] == ["For you"]
            await noor.command("/plain", "lanterns")
            assert [each.text for each in await tomas.messages("lanterns")] == ["For *all*"]


async def test_a_choice_in_a_message_reaches_the_app_with_its_state() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            noor, place = playground.workspace.person("noor"), await dm(playground)
            select = {"type": "static_select", "action_id": "a.any", "options": options("Blue", "Red")}
            boxes = {"type": "checkboxes", "action_id": "a.boxes", "options": options("Oil", "Wick")}
            blocks = [actions(select, block_id="one"), actions(boxes, block_id="two")]
            await web(playground).chat_postMessage(channel=place, text="t", blocks=blocks)
            await (await noor.message()).choose("one", "Red")
            body = bodies[-1]
            assert body["actions"][0]["selected_option"]["value"] == "red"
            assert body["state"]["values"]["one"]["a.any"]["selected_option"]["value"] == "red"
            assert body["state"]["values"]["two"]["a.boxes"] == {"type": "checkboxes", "selected_options": []}
            assert (body["channel"]["name"], body["message"]["text"]) == ("directmessage", "t")
            with pytest.raises(AssertionError, match="no single choice 'Green'"):
                await (await noor.message()).choose("one", "Green")


async def test_a_choice_that_is_not_offered_is_refused_by_the_server_too() -> None:
    async with running() as playground:
        noor, place = playground.workspace.person("noor"), await dm(playground)
        select = {"type": "static_select", "action_id": "a.any", "options": options("Blue")}
        await web(playground).chat_postMessage(channel=place, text="t", blocks=[actions(select)])
        where = {"message": {"channel": place, "ts": (await noor.message()).ts}}
        with pytest.raises(NotPossibleError, match="no choice 'gold'"):
            await noor.deeds.clicks.click(noor.id, where, "actions", "a.any", {"option": "gold"})


async def test_nobody_presses_in_another_s_message_or_view() -> None:
    async with running() as playground:
        tomas, place = playground.workspace.person("tomas"), await dm(playground)
        row = actions(button("Press", "a.any"))
        ts = (await web(playground).chat_postMessage(channel=place, text="t", blocks=[row]))["ts"]
        where = {"message": {"channel": place, "ts": ts}}
        with pytest.raises(NotPossibleError, match="no such conversation"):
            await tomas.deeds.clicks.click(tomas.id, where, "actions", "a.any", {})
        app, bodies = collecting(playground)
        async with connected(playground, app):
            trigger = await trigger_of(playground, bodies)
            opened = await web(playground).views_open(trigger_id=trigger, view=modal(row))
            with pytest.raises(NotPossibleError, match="no longer open"):
                await tomas.deeds.clicks.click(tomas.id, {"view": opened["view"]["id"]}, "actions", "a.any", {})


async def test_an_external_select_asks_the_app_and_takes_only_what_it_offered() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)

        @app.options("it")
        async def offer(ack: Any, body: dict[str, Any]) -> None:
            await ack(options=options(*(each for each in ("Blue", "Black", "Red") if each.startswith(body["value"]))))

        async with connected(playground, app):
            view = modal(field("colour", {"type": "external_select", "min_query_length": 1}))
            await web(playground).views_open(trigger_id=await trigger_of(playground, bodies), view=view)
            form = await playground.workspace.person("noor").modal()
            assert await form.options("colour", "") == []
            assert await form.options("colour", "Bl") == ["Blue", "Black"]
            with pytest.raises(NotPossibleError, match="no choice 'red'"):
                await form.fill(colour="red")
            await form.fill(colour="black")
            await form.submit()
            assert bodies[-1]["view"]["state"]["values"]["colour"]["it"]["selected_option"]["value"] == "black"


async def test_shortcuts_are_global_or_on_a_message() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            noor = playground.workspace.person("noor")
            assert (await noor.use_shortcut("lanterns.borrow")).error is None
            body = bodies[-1]
            assert (body["type"], body["callback_id"], "response_url" in body) == ("shortcut", "lanterns.borrow", False)
            said = await noor.say("keep me", channel="lanterns")
            await said.use_shortcut("lanterns.keep")
            assert (bodies[-1]["type"], bodies[-1]["message"]["text"]) == ("message_action", "keep me")
            assert (await noor.use_shortcut("lanterns.keep")).error == "invalid_shortcut"


async def test_a_deactivated_person_does_nothing_and_strangers_to_a_channel_do_not_write() -> None:
    async with running() as playground:
        ada, ingrid = playground.workspace.person("ada"), playground.workspace.person("ingrid")
        assert (await ada.command("/lantern")).error == "account_inactive"
        with pytest.raises(NotPossibleError, match="not in #lanterns"):
            await ingrid.say("hello", channel="lanterns")
        playground.workspace.archive("general")
        with pytest.raises(NotPossibleError, match="archived"):
            await ingrid.say("hello", channel="general")


async def test_a_mention_of_somebody_who_exists_stays_a_mention() -> None:
    async with running() as playground:
        noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
        said = await noor.say(f"<@{tomas.id}> and <@U0> and <!channel> & <b>")
        assert said.text == f"<@{tomas.id}> and &lt;@U0&gt; and &lt;!channel&gt; &amp; &lt;b&gt;"


async def test_the_driver_names_what_there_is_when_something_is_missing() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            row = actions(button("Yes", "a.any"), button("Yes", "b.any"))
            view = modal(row, field("name", {"type": "plain_text_input"}))
            await web(playground).views_open(trigger_id=await trigger_of(playground, bodies), view=view)
            noor = playground.workspace.person("noor")
            form = await noor.modal()
            with pytest.raises(AssertionError, match=r"2 buttons called 'Yes'; .*'Yes' \(a\.any\)"):
                await form.click("Yes")
            with pytest.raises(AssertionError, match="no field 'nme'; there are: name"):
                await form.fill(nme="x")
            with pytest.raises(
                AssertionError, match=r"(?s)has no message containing 'hello'.*They see:.*modal “Lanterns”"
            ):
                await noor.message("hello", seconds=0.01)
            with pytest.raises(NotPossibleError, match="noor, tomas, ingrid, gus"):
                playground.workspace.person("nobody")


FIELDS = [
    field("rich", {"type": "rich_text_input"}),
    field("many", {"type": "multi_static_select", "options": options("A", "B"), "max_selected_items": 1}),
    field("who", {"type": "multi_users_select"}),
    field("place", {"type": "conversations_select", "response_url_enabled": True}),
    field("mail", {"type": "email_text_input"}),
    field("link", {"type": "url_text_input"}),
    field("moment", {"type": "datetimepicker"}),
    field("day", {"type": "datepicker"}),
    field("short", {"type": "plain_text_input", "min_length": 3, "max_length": 4}),
]


async def test_every_kind_of_answer_is_written_in_slack_s_shape() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            trigger = await trigger_of(playground, bodies)
            await web(playground).views_open(trigger_id=trigger, view=modal(*FIELDS))
            noor = playground.workspace.person("noor")
            form = await noor.modal()
            await form.fill(rich="hi", many=["A", "B"], who="tomas", place="general", mail="no", link="ftp:x")
            await form.fill(moment=1_700_000_000, day="2026-11-24", short="ab")
            assert (await form.submit()).error == "invalid_input"
            assert set(form.errors) == {"many", "mail", "link", "short"}
            await form.fill(many="A", mail="noor@harbour.example", link="https://harbour.example", short="lamp")
            assert (await form.submit()).error is None
            values = {name: entry["it"] for name, entry in bodies[-1]["view"]["state"]["values"].items()}
            assert values["rich"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "hi"
            assert [each["value"] for each in values["many"]["selected_options"]] == ["a"]
            assert values["who"]["selected_users"] == [playground.workspace.person("tomas").id]
            assert values["moment"]["selected_date_time"] == 1_700_000_000
            (url,) = bodies[-1]["response_urls"]
            assert (url["block_id"], url["channel_id"]) == ("place", noor.names("general"))


async def test_a_second_sending_of_the_same_form_changes_nothing_after_the_first_closed_it() -> None:
    async with running() as playground:
        app = bolt(playground)
        answers = iter([{}, {"response_action": "update", "view": modal(section("again"))}])

        @app.command("/lantern")
        async def begin(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal(section("hi")))

        @app.view("lanterns.lend")
        async def lend(ack: Any) -> None:
            await ack(**next(answers))

        async with connected(playground, app):
            noor = playground.workspace.person("noor")
            await noor.command("/lantern")
            form = await noor.modal()
            await asyncio.gather(form.submit(), form.submit())
            assert noor.modals() == []
            assert not form.open
