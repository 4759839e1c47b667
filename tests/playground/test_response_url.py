"""response_url: uses, age, replacing and deleting."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from playground import Playground
from tests.playground.kit import actions, button, connected, running, section, web
from tests.playground.test_messages import dm
from tests.playground.test_views import collecting


async def respond(url: str, **content: Any) -> tuple[int, str]:
    """Post to a response_url as apps do."""
    answer = await AsyncWebhookClient(url, retry_handlers=[]).send_dict(content)
    return answer.status_code, answer.body


async def command_url(playground: Playground, bodies: list[dict[str, Any]], channel: str | None = None) -> str:
    """The response_url of a fresh command."""
    await playground.workspace.person("noor").command("/lantern", channel)
    url: str = bodies[-1]["response_url"]
    return url


async def test_an_answer_is_for_one_person_unless_asked_otherwise() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            noor, tomas = playground.workspace.person("noor"), playground.workspace.person("tomas")
            url = await command_url(playground, bodies, "lanterns")
            assert await respond(url, text="only you") == (200, '{"ok": true}')
            assert (await respond(url, text="everybody", response_type="in_channel"))[0] == 200
            assert [each.text for each in await noor.messages("lanterns")][-2:] == ["only you", "everybody"]
            assert "only you" not in [each.text for each in await tomas.messages("lanterns")]
            assert "everybody" in [each.text for each in await tomas.messages("lanterns")]


async def test_a_url_works_five_times() -> None:
    async with running(rate_limits=False) as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            url = await command_url(playground, bodies)
            for number in range(5):
                assert (await respond(url, text=str(number)))[0] == 200
            assert await respond(url, text="too many") == (404, '{"ok": false, "error": "used_url"}')


async def test_a_url_lives_thirty_minutes_of_world_time() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            url = await command_url(playground, bodies)
            playground.clock.move_to(playground.clock.now() + timedelta(minutes=29))
            assert (await respond(url, text="in time"))[0] == 200
            playground.clock.move_to(playground.clock.now() + timedelta(minutes=2))
            assert await respond(url, text="late") == (404, '{"ok": false, "error": "expired_url"}')
            assert (await respond(url[:-1], text="made up"))[0] == 404


@pytest.mark.parametrize(
    ("content", "error"),
    [({"text": ""}, "no_text"), ({"text": "t", "blocks": [{"type": "section"}]}, "invalid_blocks")],
)
async def test_a_bad_answer_is_refused_and_costs_no_use(content: dict[str, Any], error: str) -> None:
    async with running(rate_limits=False) as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            url = await command_url(playground, bodies)
            for _ in range(6):
                status, body = await respond(url, **content)
                assert (status, error in body) == (400, True)
            assert (await respond(url, text="good"))[0] == 200


async def test_the_message_pressed_in_is_replaced_or_deleted() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            noor, place = playground.workspace.person("noor"), await dm(playground)
            row = actions(button("Press", "a.any"))
            await web(playground).chat_postMessage(channel=place, text="t", blocks=[row])
            message = await noor.message()
            await message.click("Press")
            assert bodies[-1]["container"]["is_ephemeral"] is False
            url = bodies[-1]["response_url"]
            await respond(url, replace_original=True, text="new", blocks=[section("New words")])
            assert message.text == "New words"
            await respond(url, delete_original=True)
            assert message.gone
            assert (await respond(url, delete_original=True))[0] == 400


async def test_an_ephemeral_is_replaced_in_place_and_stays_one() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            noor = playground.workspace.person("noor")
            url = await command_url(playground, bodies, "lanterns")
            await respond(url, text="t", blocks=[actions(button("Press", "a.any"))])
            message = await noor.message(channel="lanterns")
            await message.click("Press")
            assert bodies[-1]["container"]["is_ephemeral"] is True
            assert "message" not in bodies[-1]
            await respond(bodies[-1]["response_url"], replace_original=True, response_type="in_channel", text="Done")
            assert (message.text, message.only_you) == ("Done", True)


async def test_a_command_s_url_has_no_message_to_delete() -> None:
    async with running() as playground:
        app, bodies = collecting(playground)
        async with connected(playground, app):
            url = await command_url(playground, bodies)
            assert await respond(url, delete_original=True) == (400, '{"ok": false, "error": "message_not_found"}')
