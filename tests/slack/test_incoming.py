"""Slack's payloads, read: what is missing, doubled or forged."""

from typing import Any

import pytest

from bot.slack.calls import Source
from bot.slack.incoming import first_input, read_action, read_command, read_event, read_shortcut, read_submission
from bot.slack.people import read_person
from bot.slack.router import RouteKind


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("", "", ""),
        ("  ", "", ""),
        (None, "", ""),
        ("find", "find", ""),
        ("FIND  data   analysis ", "find", "data   analysis"),
        ("<!channel> x", "<!channel>", "x"),
    ],
)
def test_the_first_word_of_a_command_is_the_subcommand(text: str | None, word: str, rest: str) -> None:
    read = read_command({"text": text, "trigger_id": "1.2", "user_id": "U1", "team_id": "T1"})
    assert (read.kind, read.id, read.text, read.key) == (RouteKind.COMMAND, word, rest, "command:1.2")


def action(**more: Any) -> dict[str, Any]:
    one = {"action_id": "requests.accept", "value": "a1", "action_ts": "9.9"}
    return {"type": "block_actions", "user": {"id": "U1", "team_id": "T1"}, "actions": [one]} | more


def test_a_press_knows_where_it_was_pressed() -> None:
    in_message = read_action(action(container={"type": "message", "message_ts": "1.1"}, response_url="https://x"))
    on_home = read_action(action(container={"type": "view", "view_id": "V1"}, view={"id": "V1", "type": "home"}))
    in_modal = read_action(action(view={"id": "V2", "type": "modal", "private_metadata": "s1"}))
    assert [each.source for each in (in_message, on_home, in_modal)] == [Source.MESSAGE, Source.HOME, Source.MODAL]
    assert in_modal.meta == "s1"
    assert in_message.value == "a1"


def test_a_redelivery_has_the_same_key_and_another_press_has_not() -> None:
    place = {"container": {"message_ts": "1.1"}}
    again = read_action(action(**place))
    later = read_action(action(**place) | {"actions": [{"action_id": "requests.accept", "action_ts": "9.91"}]})
    assert read_action(action(**place)).key == again.key != later.key


def test_keys_that_slack_leaves_out_do_no_harm() -> None:
    assert read_action({"actions": [{}]}).slack_id == ""
    assert read_event({}).slack_id == ""
    assert read_shortcut({"callback_id": "find.begin"}).workspace_id == ""
    assert read_submission({"view": {}}).state == {}
    assert read_command({}).id == ""


@pytest.mark.parametrize(("user", "slack_id"), [("U1", "U1"), ({"id": "U2"}, "U2"), (None, ""), ({}, "")])
def test_the_person_of_an_event_is_named_or_spelt_out(user: object, slack_id: str) -> None:
    event = {"type": "user_change", "user": user}
    assert read_event({"event": event, "event_id": "E1"}).slack_id == slack_id


def test_words_about_a_whole_form_stand_at_its_first_field() -> None:
    blocks = [{"type": "section", "block_id": "x"}, {"type": "input", "block_id": "topic"}, {"type": "input"}]
    assert first_input({"blocks": blocks}) == "topic"
    assert first_input({}) == ""


@pytest.mark.parametrize(
    ("user", "facts"),
    [
        ({"id": "U1"}, {"name": "Someone", "zone": "UTC", "is_bot": False, "is_stranger": False}),
        ({"id": "USLACKBOT", "is_bot": False}, {"is_bot": True}),
        ({"id": "U1", "team_id": "T2"}, {"is_stranger": True}),
        ({"id": "U1", "deleted": True}, {"is_gone": True}),
        ({"id": "U1", "is_ultra_restricted": True}, {"is_guest": True}),
        ({"id": "U1", "profile": {"real_name": "A\x00 \u202eB\n C"}}, {"name": "A B C"}),
        ({"id": "U1", "real_name": "x" * 200}, {"name": "x" * 80}),
        ({"id": "U1", "profile": {"real_name": " \u200b "}, "name": "noor"}, {"name": "Someone"}),
        ({"id": "U1", "tz": None, "profile": None}, {"zone": "UTC"}),
    ],
)
def test_a_person_is_read_from_whatever_the_directory_shows(user: dict[str, Any], facts: dict[str, Any]) -> None:
    person = read_person(user, "T1")
    assert {name: getattr(person, name) for name in facts} == facts
