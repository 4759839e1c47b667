"""The manifest has what the code uses, and nothing else; and Slack would take it."""

import ast
from typing import Any

import pytest

from bot.commands.doctor import METHOD_SCOPES
from bot.commands.manifests import manifest
from bot.slack.incoming import PARTING
from bot.slack.router import RouteKind
from bot.views.help import COMMANDS
from handlers import ROUTES
from playground.api.table import METHODS, Token
from playground.manifest import faults_of
from playground.scopes import EVENT_SCOPES
from tests.reading import calls_of, named, parsed

MANIFEST = manifest()
IN_PUBLIC = {"chat:write.public"}  # a post in a public channel the bot was never invited to
BY_PYTHON_NAME = {name.replace(".", "_"): method for name, method in METHODS.items()}


def methods_in(tree: ast.AST) -> set[str]:
    """Slack methods a module calls on a client, by Slack's own names."""
    on_clients = [call for call in calls_of(tree, *BY_PYTHON_NAME) if "client" in ast.unparse(call.func).split(".")[-2]]
    return {BY_PYTHON_NAME[named(call.func)].name for call in on_clients}


def used() -> set[str]:
    return {name for tree in parsed("bot").values() for name in methods_in(tree)}


def scope_faults(scopes: set[str], methods: set[str], events: set[str]) -> list[str]:
    """Methods and events without their scope, and scopes that nothing needs."""
    asked = {name: METHODS[name].scopes for name in methods if METHODS[name].token is Token.BOT}
    asked |= {event: EVENT_SCOPES[event] for event in events} | {"a slash command": ("commands",)}
    lacking = {name: any_of for name, any_of in asked.items() if any_of and not scopes & set(any_of)}
    needed = {scope for any_of in asked.values() for scope in any_of} | IN_PUBLIC
    said = sorted(f"{name} needs {' or '.join(any_of)}" for name, any_of in lacking.items())
    return said + [f"nothing needs {scope}" for scope in sorted(scopes - needed)]


def scopes() -> set[str]:
    return set(MANIFEST["oauth_config"]["scopes"]["bot"])


def events() -> set[str]:
    return set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])


def test_slack_would_take_it() -> None:
    assert list(faults_of(MANIFEST)) == []
    wrong: dict[str, Any] = MANIFEST | {"display_information": {"name": "x" * 36}}
    assert list(faults_of(wrong)) == ["display_information/name must be a text of 1 to 35 characters."]


def test_every_method_and_event_has_its_scope_and_no_scope_is_idle() -> None:
    assert {"chat.postMessage", "views.open", "conversations.history", "users.list", "auth.test"} <= used()
    assert scope_faults(scopes(), used(), events()) == []


@pytest.mark.parametrize(
    ("more", "less", "fault"),
    [
        ({"files:read"}, set(), "nothing needs files:read"),
        (set(), {"chat:write"}, "chat.update needs chat:write"),
        (set(), {"commands"}, "a slash command needs commands"),
    ],
)
def test_a_scope_too_many_or_too_few_is_named(more: set[str], less: set[str], fault: str) -> None:
    assert fault in scope_faults((scopes() | more) - less, used(), events())


def test_methods_are_found_on_clients_alone() -> None:
    tree = ast.parse("self._client.chat_postMessage()\nview.views_open()\nclient.users_list(limit=1)")
    assert methods_in(tree) == {"chat.postMessage", "users.list"}


def test_doctor_knows_the_scope_of_every_method_the_bot_calls() -> None:
    needing = {name for name in used() if METHODS[name].scopes and METHODS[name].token is Token.BOT}
    assert set(METHOD_SCOPES) == needing
    assert all(scope in METHODS[name].scopes for name, scope in METHOD_SCOPES.items())


def test_every_event_subscribed_to_has_a_listener_and_the_other_way_round() -> None:
    assert {event.split(".")[0] for event in events()} == {route.id for route in ROUTES.of(RouteKind.EVENT)} | PARTING


def test_every_shortcut_has_a_listener_and_the_other_way_round() -> None:
    assert {each["callback_id"] for each in MANIFEST["features"]["shortcuts"]} == {
        route.id for route in ROUTES.of(RouteKind.SHORTCUT)
    }


def test_there_is_one_command_and_its_hint_and_help_name_what_can_follow() -> None:
    commands = MANIFEST["features"]["slash_commands"]
    assert [each["command"] for each in commands] == ["/mentor"]
    words = {route.id for route in ROUTES.of(RouteKind.COMMAND)} - {""}
    assert set(commands[0]["usage_hint"].strip("[]").split(" | ")) == words == {word for word, _ in COMMANDS}


def test_the_bot_is_where_it_answers() -> None:
    home = MANIFEST["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"], "a typed word gets an answer, so typing must be possible"
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
