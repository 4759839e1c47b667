"""views.* and what an app's answer to a submission does."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from playground import Playground
from playground.clicks import TROUBLE
from tests.playground.kit import MANIFEST, actions, bolt, button, connected, field, home, modal, running, section, web
from tests.playground.test_gate import post, refusal

TEXT = {"type": "plain_text_input"}


def collecting(playground: Playground) -> tuple[AsyncApp, list[dict[str, Any]]]:
    """An app that acknowledges everything and keeps the bodies."""
    app, bodies = bolt(playground), list[dict[str, Any]]()

    @app.middleware
    async def keep(body: dict[str, Any], next: Any) -> None:  # noqa: A002  (Bolt's name)
        bodies.append(body)
        await next()

    @app.command("/lantern")
    @app.view("lanterns.lend")
    @app.view_closed("lanterns.lend")
    @app.action("a.any")
    @app.shortcut("lanterns.borrow")
    @app.shortcut("lanterns.keep")
    async def ack_all(ack: Any) -> None:
        await ack()

    return app, bodies


async def trigger_of(playground: Playground, bodies: list[dict[str, Any]], key: str = "noor") -> str:
    """A fresh trigger of somebody's command."""
    await playground.workspace.person(key).command("/lantern")
    found: str = bodies[-1]["trigger_id"]
    return found


async def test_a_trigger_opens_one_modal_and_only_for_its_person() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            client, trigger = web(playground), await trigger_of(playground, bodies)
            opened = await client.views_open(trigger_id=trigger, view=modal(section("hi")))
            assert opened["view"]["root_view_id"] == opened["view"]["id"]
            assert (await playground.workspace.person("noor").modal()).view_id == opened["view"]["id"]
            assert playground.workspace.person("tomas").modals() == []
            call = client.views_open(trigger_id=trigger, view=modal(section("hi")))
            assert (await refusal(call))["error"] == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds_and_has_a_shape() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        assert playground.limits.trigger_seconds == 3.0
        playground.limits.trigger_seconds = -1.0
        async with connected(playground, app):
            client, trigger = web(playground), await trigger_of(playground, bodies)
            call = client.views_open(trigger_id=trigger, view=modal(section("hi")))
            assert (await refusal(call))["error"] == "expired_trigger_id"
            for wrong in ("", "12.34.zz", trigger[:-1] + ("0" if trigger[-1] != "0" else "1")):
                call = client.views_open(trigger_id=wrong, view=modal(section("hi")))
                assert (await refusal(call))["error"] == "invalid_trigger_id"


async def test_a_wrong_view_is_refused_with_pointers_below_view() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            trigger = await trigger_of(playground, bodies)
            call = web(playground).views_open(trigger_id=trigger, view=modal(section("x" * 3001)))
            answer = await refusal(call)
            assert answer["error"] == "invalid_arguments"
            assert "[json-pointer:/view/blocks/0/text/text]" in answer["response_metadata"]["messages"][0]
            _, broken, _ = await post(playground, "views.open", data={"trigger_id": trigger, "view": "{"})
            assert broken["error"] == "invalid_arguments"
            await web(playground).views_open(trigger_id=trigger, view=modal(section("fine")))


async def test_three_modals_lie_on_each_other_and_no_fourth() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            client, noor = web(playground), playground.workspace.person("noor")
            row = actions(button("More", "a.any"))
            await client.views_open(trigger_id=await trigger_of(playground, bodies), view=modal(row))
            for depth in (2, 3):
                await (await noor.modal()).click("More")
                pushed = await client.views_push(trigger_id=bodies[-1]["trigger_id"], view=modal(row))
                assert len(noor.modals()) == depth
                assert pushed["view"]["previous_view_id"] == noor.modals()[-2].view_id
            await (await noor.modal()).click("More")
            call = client.views_push(trigger_id=bodies[-1]["trigger_id"], view=modal(row))
            assert (await refusal(call))["error"] == "push_limit_reached"
            call = client.views_push(trigger_id=await trigger_of(playground, bodies), view=modal(row))
            assert (await refusal(call))["error"] == "not_found"


async def test_an_old_hash_loses_and_an_unknown_view_is_not_found() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            client = web(playground)
            opened = await client.views_open(
                trigger_id=await trigger_of(playground, bodies), view=modal(section("1"), external_id="mine")
            )
            old = opened["view"]["hash"]
            changed = await client.views_update(
                external_id="mine", hash=old, view=modal(section("2"), external_id="mine")
            )
            assert changed["view"]["hash"] != old
            call = client.views_update(view_id=opened["view"]["id"], hash=old, view=modal(section("3")))
            assert (await refusal(call))["error"] == "hash_conflict"
            assert (await refusal(client.views_update(view_id="V1", view=modal(section("3")))))["error"] == "not_found"


async def test_an_external_id_is_used_once() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            client, view = web(playground), modal(section("hi"), external_id="one")
            await client.views_open(trigger_id=await trigger_of(playground, bodies), view=view)
            call = client.views_open(trigger_id=await trigger_of(playground, bodies, "tomas"), view=view)
            assert (await refusal(call))["error"] == "duplicate_external_id"


async def test_what_was_typed_stays_where_both_ids_stay() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            client = web(playground)
            view = modal(field("name", TEXT), field("place", TEXT))
            opened = await client.views_open(trigger_id=await trigger_of(playground, bodies), view=view)
            form = await playground.workspace.person("noor").modal()
            await form.fill(name="Lamp", place="Pier")
            other = modal(field("name", TEXT), field("place", {**TEXT, "action_id": "another"}))
            await client.views_update(view_id=opened["view"]["id"], view=other)
            assert form.values["name"]["it"]["value"] == "Lamp"
            assert form.values["place"] == {"another": {"type": "plain_text_input", "value": None}}


async def test_untouched_inputs_are_there_as_null_or_empty() -> None:
    options = [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]
    kinds: dict[str, dict[str, Any]] = {
        "text": TEXT,
        "select": {"type": "static_select", "options": options},
        "many": {"type": "multi_static_select", "options": options},
        "boxes": {"type": "checkboxes", "options": options},
        "radio": {"type": "radio_buttons", "options": options},
        "who": {"type": "users_select"},
        "day": {"type": "datepicker"},
        "hour": {"type": "timepicker"},
    }
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            blocks = [field(name, kind, optional=True) for name, kind in kinds.items()]
            trigger = await trigger_of(playground, bodies)
            await web(playground).views_open(trigger_id=trigger, view=modal(*blocks))
            await (await playground.workspace.person("noor").modal()).submit()
            values = {name: entry["it"] for name, entry in bodies[-1]["view"]["state"]["values"].items()}
            assert values == {
                "text": {"type": "plain_text_input", "value": None},
                "select": {"type": "static_select", "selected_option": None},
                "many": {"type": "multi_static_select", "selected_options": []},
                "boxes": {"type": "checkboxes", "selected_options": []},
                "radio": {"type": "radio_buttons", "selected_option": None},
                "who": {"type": "users_select", "selected_user": None},
                "day": {"type": "datepicker", "selected_date": None},
                "hour": {"type": "timepicker", "selected_time": None},
            }


def answering(playground: Playground, **answer: Any) -> AsyncApp:
    """An app that opens a two-deep stack and answers its submission so."""
    app = bolt(playground)
    row = actions(button("Deeper", "a.deeper"))

    @app.command("/lantern")
    async def first(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(row, callback_id="first"))

    @app.action("a.deeper")
    async def deeper(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        view = modal(field("name", TEXT), section("read", block_id="words"), notify_on_close=True)
        await client.views_push(trigger_id=body["trigger_id"], view=view)

    @app.view("lanterns.lend")
    async def submitted(ack: Any) -> None:
        await ack(**answer)

    return app


async def after_submitting(playground: Playground) -> tuple[str | None, list[str], str | None]:
    """Submit the second of two modals: the error, the titles left, the trouble in the top one."""
    noor = playground.workspace.person("noor")
    await noor.command("/lantern")
    await (await noor.modal()).click("Deeper")
    form = await noor.modal(callback_id="lanterns.lend")
    await form.fill(name="Lamp")
    outcome = await form.submit()
    left = noor.modals()
    return outcome.error, [each.callback_id for each in left], left[-1].problem if left else None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({}, (None, ["first"], None)),
        ({"response_action": "clear"}, (None, [], None)),
        (
            {"response_action": "update", "view": modal(section("next"), callback_id="next")},
            (None, ["first", "next"], None),
        ),
        (
            {"response_action": "push", "view": modal(section("next"), callback_id="next")},
            (None, ["first", "lanterns.lend", "next"], None),
        ),
        ({"response_action": "errors", "errors": {"name": "No."}}, ("app_errors", ["first", "lanterns.lend"], None)),
        (
            {"response_action": "errors", "errors": {"words": "No."}},
            ("bad_response", ["first", "lanterns.lend"], TROUBLE),
        ),
        (
            {"response_action": "errors", "errors": {"nothing": "No."}},
            ("bad_response", ["first", "lanterns.lend"], TROUBLE),
        ),
        (
            {"response_action": "update", "view": modal(section("x" * 3001))},
            ("bad_response", ["first", "lanterns.lend"], TROUBLE),
        ),
        (
            {"response_action": "update", "view": home(section("no modal"))},
            ("bad_response", ["first", "lanterns.lend"], TROUBLE),
        ),
    ],
)
async def test_the_answer_to_a_submission_decides(answer: dict[str, Any], expected: tuple[Any, ...]) -> None:
    async with running() as playground, connected(playground, answering(playground, **answer)):
        assert await after_submitting(playground) == expected


async def test_closing_is_told_only_to_who_asked_and_says_whether_all_went() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            client, noor = web(playground), playground.workspace.person("noor")
            await client.views_open(trigger_id=await trigger_of(playground, bodies), view=modal(section("quiet")))
            count = len(bodies)
            await (await noor.modal()).close()
            assert (len(bodies), noor.modals()) == (count, [])
            row = actions(button("More", "a.any"))
            loud = modal(row, notify_on_close=True)
            opened = await client.views_open(trigger_id=await trigger_of(playground, bodies), view=loud)
            await (await noor.modal()).click("More")
            await client.views_push(trigger_id=bodies[-1]["trigger_id"], view=loud)
            await (await noor.modal()).close()
            assert (bodies[-1]["type"], bodies[-1]["is_cleared"]) == ("view_closed", False)
            await (await noor.modal()).click("More")
            await client.views_push(trigger_id=bodies[-1]["trigger_id"], view=loud)
            await (await noor.modal()).close(everything=True)
            assert bodies[-1]["is_cleared"] is True
            assert bodies[-1]["view"]["id"] == opened["view"]["id"]
            assert noor.modals() == []


async def test_a_home_view_needs_the_tab_and_keeps_its_id() -> None:
    async with running() as playground:
        client, noor = web(playground), playground.workspace.person("noor")
        first = await client.views_publish(user_id=noor.id, view=home(section("one")))
        again = await client.views_publish(user_id=noor.id, view=home(section("two")), hash=first["view"]["hash"])
        assert again["view"]["id"] == first["view"]["id"]
        call = client.views_publish(user_id=noor.id, view=home(section("x")), hash=first["view"]["hash"])
        assert (await refusal(call))["error"] == "hash_conflict"
        call = client.views_publish(user_id="U0", view=home(section("x")))
        assert (await refusal(call))["error"] == "user_not_found"
    features = {**MANIFEST["features"], "app_home": {"home_tab_enabled": False}}
    async with running(manifest={**MANIFEST, "features": features}) as playground:
        noor = playground.workspace.person("noor")
        call = web(playground).views_publish(user_id=noor.id, view=home(section("x")))
        assert (await refusal(call))["error"] == "not_enabled"
