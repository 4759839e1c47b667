"""The driver for tests that are not async, with Bolt's own threads on the other end."""

import inspect
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import NotPossibleError, Person, Playground, PortTakenError, StillNotSoError, blocking, driver
from playground.driver_people import PersonInHand
from playground.faults import error
from tests.playground.kit import CAST, MANIFEST, actions, button, field, home, modal, section
from tests.playground.neighbours import FJORD

NAMESAKES = (
    (blocking.Workspace, driver.Workspace),
    (blocking.Person, PersonInHand),
    (blocking.Message, driver.MessageInHand),
    (blocking.View, driver.ViewInHand),
    (blocking.Outcome, driver.Outcome),
    (blocking.Playground, Playground),
)
# what only the driver itself needs, what `with` does and `now` says, and what takes or gives something to be awaited
INSIDE = {
    "start",
    "stop",
    "clock",
    "browser",
    "hooks",
    "play_chapter",
    "world",
    "deeds",
    "errors",
    "names",
    "said_by_app",
    "wait",
    "hands",
    "since",
}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[blocking.Playground, Path]]:
    """A workspace with a threaded app on its socket, and how it was in the beginning."""
    with blocking.Playground(MANIFEST, CAST) as playground:
        handler = SocketModeHandler(lantern(playground), playground.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # the library is not typed
        playground.workspace.connected()
        beginning = tmp_path_factory.mktemp("beginning")
        playground.snapshot(beginning)
        yield playground, beginning
        handler.close()  # type: ignore[no-untyped-call]  # the library is not typed


@pytest.fixture
def playground(once: tuple[blocking.Playground, Path]) -> blocking.Playground:
    """The same for each test, gone back to its beginning."""
    playground, beginning = once
    playground.restore(beginning)
    return playground


def lantern(playground: blocking.Playground) -> App:
    """A small app that is not async."""
    app = App(client=WebClient(playground.bot_token, base_url=playground.api_url))

    @app.command("/lantern")
    def ask(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack("Here is the form")
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("colour", {"type": "plain_text_input"})))

    @app.view("lanterns.lend")
    def lend(ack: Any, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
        colour = view["state"]["values"]["colour"]["it"]["value"]
        if colour == "none":
            ack(response_action="errors", errors={"colour": "No colour at all?"})
            return
        ack()
        blocks = [section(f"A {colour} one"), actions(button("Light it", "light"))]
        client.chat_postMessage(channel=body["user"]["id"], text=f"A {colour} one", blocks=blocks)

    @app.action("light")
    def light(ack: Any, respond: Any) -> None:
        ack()
        respond(text="It burns", replace_original=True)

    @app.event("app_home_opened")
    def show(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=home(section("Lanterns to lend")))

    @app.event("message")
    def hear(event: dict[str, Any], say: Any) -> None:
        if event["channel_type"] == "im":
            say("I heard you", thread_ts=event["ts"])

    for name in ("team_join", "user_change", "member_joined_channel"):
        app.event(name)(lambda: None)
    return app


def test_a_journey_without_a_single_await(playground: blocking.Playground) -> None:
    noor = playground.workspace.person("noor")
    told = noor.command("/lantern").taken()
    assert told.told("Here is").only_you
    assert [each.text for each in told.ephemeral] == ["Here is the form"]
    form = noor.modal("Colour")
    assert (form.title, form.fields, form.submit_label) == ("Lanterns", ["colour"], "Send")
    form.fill(colour="none")
    assert form.submit().error is not None
    assert form.errors == {"colour": "No colour at all?"}
    form.fill_in({"colour": "blue"})
    form.submit().taken()
    noor.no_modal()
    assert (form.open, noor.modals(), playground.workspace.last_modal) == (False, [], None)
    message = noor.message("A blue one")
    assert message.click("Light it").taken().error is None
    assert message.changed("It burns").buttons == []
    assert message.edited
    assert "Lanterns to lend" in noor.home().text


def test_talking_and_looking_back(playground: blocking.Playground) -> None:
    noor = playground.workspace.person("noor")
    mark = noor.moment()
    said = noor.say("Hello")
    answer = noor.message("I heard", after=mark)
    assert (answer.thread_ts, said.thread_ts) == (said.ts, None)
    below = noor.say("And again", thread=said)
    assert below.thread_ts == said.ts
    noor.message("I heard", after=answer)
    assert [each.summary for each in noor.messages() if not each.by_app] == ["Hello", "And again"]
    assert noor.messages()[0] == said
    assert len({said, below, noor.messages()[0]}) == 2
    assert len(noor.all_messages()) == 2


def test_time_faults_and_going_back(playground: blocking.Playground, tmp_path: Path) -> None:
    noor, before = playground.workspace.person("noor"), playground.now
    playground.snapshot(tmp_path)
    assert playground.step_to(before + timedelta(days=2)) >= before + timedelta(days=2)
    assert playground.step_next() > before + timedelta(days=2)
    playground.faults.next("auth.test", error("internal_error"))
    with pytest.raises(SlackApiError, match="internal_error"):
        WebClient(playground.bot_token, base_url=playground.api_url).auth_test()
    with pytest.raises(StillNotSoError, match="Noor Haddad has no modal"):
        noor.modal(seconds=0.1)
    playground.workspace.welcome(Person("mo", "Mo", "New", "UTC"))
    assert "mo" in playground.workspace.people
    playground.restore(tmp_path)
    assert "mo" not in playground.workspace.people
    assert noor.all_messages() == []
    assert playground.now > before + timedelta(days=2)


def test_a_probe_may_look_at_everything_but_waits_for_nothing(playground: blocking.Playground) -> None:
    noor, workspace = playground.workspace.person("noor"), playground.workspace
    noor.say("Hello")
    heard = workspace.until(lambda: [each for each in noor.all_messages() if each.has("heard")] or None, "it was heard")
    assert [each.text for each in heard] == ["I heard you"]
    with pytest.raises(RuntimeError, match="A probe only looks"):
        workspace.until(lambda: noor.message("I heard"), "it was heard")


def test_a_second_workspace_shares_a_channel_and_all_begins_again() -> None:
    with blocking.Playground(MANIFEST, CAST, neighbours=(FJORD,)) as playground:
        harbour, fjord = playground.workspaces
        shared = playground.share_channel(harbour, "lanterns", fjord, known_as="lights")
        assert harbour.person("noor").say("hello", channel="lanterns").channel == shared
        assert [each.text for each in fjord.person("erik").messages("lights")] == ["hello"]
        playground.start_over()
        assert harbour.person("noor").messages("lanterns") == []


def test_what_the_driver_refuses_is_refused_here_too(playground: blocking.Playground) -> None:
    noor = playground.workspace.person("noor")
    refused = noor.command("/nothing")
    assert (refused.error, "not a valid command" in refused.sentence) == ("invalid_command", True)
    with pytest.raises(AssertionError, match="was refused"):
        refused.taken()
    with pytest.raises(NotPossibleError):
        playground.workspace.person("nobody")


def test_a_port_that_is_taken_is_told_and_nothing_is_left_running(playground: blocking.Playground) -> None:
    port = int(playground.url.rsplit(":", 1)[1])
    with pytest.raises(PortTakenError):
        blocking.Playground(MANIFEST, CAST, port=port)
    with blocking.Playground(MANIFEST, CAST) as other:
        assert other.url != playground.url
        assert other.environment["SLACK_API_URL"] == other.api_url
        other.close()


@pytest.mark.parametrize(("ours", "theirs"), NAMESAKES)
def test_nothing_of_the_driver_is_missing_here(ours: type[Any], theirs: type[Any]) -> None:
    for name, member in inspect.getmembers(theirs):
        if name.startswith("_") or name in INSIDE:
            continue
        here = inspect.getattr_static(ours, name, None)
        assert here is not None, name
        if inspect.isfunction(member):
            assert list(inspect.signature(here).parameters)[1:] == list(inspect.signature(member).parameters)[1:], name
