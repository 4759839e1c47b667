"""Delivery over HTTP to a Bolt app's request URL: signatures, answers, redelivery, the URL check."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web as http
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

from playground import Playground
from tests.playground.kit import CAST, MANIFEST, field, modal, section, web


def manifest_at(url: str) -> dict[str, Any]:
    """The small manifest for HTTP."""
    features = {**MANIFEST["features"]}
    features["slash_commands"] = [{**each, "url": url} for each in features["slash_commands"]]
    settings = {
        "event_subscriptions": {**MANIFEST["settings"]["event_subscriptions"], "request_url": url},
        "interactivity": {"is_enabled": True, "request_url": url},
        "socket_mode_enabled": False,
    }
    return {**MANIFEST, "features": features, "settings": settings}


class Served:
    """A web server whose one door is set once the app behind it exists."""

    def __init__(self) -> None:
        self.app: AsyncApp | None = None
        self.statuses: list[int] = []
        self.seen: list[tuple[dict[str, str], str]] = []
        self.fail_with: dict[str, Any] | None = None

    async def answer(self, request: http.Request) -> http.Response:
        """Hand one request to Bolt, or fail it."""
        body = await request.text()
        self.seen.append((dict(request.headers), body))
        if self.fail_with is not None:
            return http.Response(**self.fail_with)
        assert self.app is not None
        response = await to_aiohttp_response(await self.app.async_dispatch(await to_bolt_request(request)))
        self.statuses.append(response.status)
        return response


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Playground, Served]]:
    """A playground whose app lives behind a URL."""
    door = Served()
    app = http.Application()
    app.add_routes([http.post("/slack/events", door.answer)])
    runner = http.AppRunner(app)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    playground = Playground(manifest_at(url), CAST)
    await playground.start()
    door.app = AsyncApp(client=web(playground), signing_secret=playground.signing_secret)
    try:
        yield playground, door
    finally:
        await playground.stop()
        await runner.cleanup()


async def test_a_signed_command_opens_a_modal_and_its_submission_is_answered() -> None:
    async with served() as (playground, door):
        assert door.app is not None

        @door.app.command("/lantern")
        async def ask(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack("Here you are")
            view = modal(field("name", {"type": "plain_text_input"}))
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        @door.app.view("lanterns.lend")
        async def lend(ack: Any) -> None:
            await ack(response_action="update", view=modal(section("Thanks")))

        noor = playground.workspace.person("noor")
        outcome = await noor.command("/lantern & more")
        assert (outcome.error, [each.text for each in outcome.ephemeral]) == (None, ["Here you are"])
        form = await noor.modal()
        await form.fill(name="Lamp")
        assert (await form.submit()).error is None
        await form.changed("Thanks")
        assert door.statuses == [200, 200]


async def test_the_options_of_a_list_are_asked_for_at_the_address() -> None:
    async with served() as (playground, door):
        assert door.app is not None

        @door.app.command("/lantern")
        async def ask(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            view = modal(field("colour", {"type": "external_select", "min_query_length": 1}))
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        @door.app.options("it")
        async def offer(ack: Any, body: dict[str, Any]) -> None:
            await ack(options=[{"text": {"type": "plain_text", "text": body["value"] + "ue"}, "value": "blue"}])

        noor = playground.workspace.person("noor")
        assert (await noor.command("/lantern")).error is None
        assert await (await noor.modal()).options("colour", "Bl") == ["Blue"]
        assert door.seen[-1][0]["Content-Type"] == "application/x-www-form-urlencoded"


async def test_a_wrong_secret_is_turned_away_by_bolt() -> None:
    async with served() as (playground, door):
        playground.world.http.secret = "wrong"  # noqa: S105  (it is meant to be)
        assert (await playground.workspace.person("noor").command("/lantern")).error == "dispatch_failed"
        assert door.statuses == [401]


async def test_an_event_that_fails_comes_again_with_its_number_and_reason() -> None:
    async with served() as (playground, door):
        playground.limits.redelivery_seconds = (0.0, 0.0)
        door.fail_with = {"status": 500}
        await playground.workspace.person("noor").open_home()
        await playground.workspace.until(lambda: len(door.seen) == 3 or None, "it came three times")
        numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in door.seen]
        assert numbers == [None, "1", "2"]
        assert door.seen[1][0]["X-Slack-Retry-Reason"] == "http_error"


async def test_an_app_may_ask_for_no_redelivery() -> None:
    async with served() as (playground, door):
        playground.limits.redelivery_seconds = (0.0, 0.0)
        door.fail_with = {"status": 500, "headers": {"x-slack-no-retry": "1"}}
        await playground.workspace.person("noor").open_home()
        await playground.workspace.settled()
        assert len(door.seen) == 1
        assert playground.world.timetable.next_due() is None


async def test_the_url_is_checked_with_a_challenge() -> None:
    async with served() as (playground, door):
        assert await playground.verify_request_url() is True
        door.fail_with = {"text": "something else"}
        assert await playground.verify_request_url() is False


async def test_an_app_that_is_not_there_is_unreachable() -> None:
    playground = Playground(manifest_at("http://127.0.0.1:9/slack/events"), CAST)
    async with playground:
        assert (await playground.workspace.person("noor").command("/lantern")).error == "dispatch_failed"
