"""What a manifest must be for the playground to take it."""

import copy
from typing import Any

import pytest

from playground.manifest import ManifestRefusedError, read_manifest
from tests.playground.kit import MANIFEST


def changed(path: str, value: Any) -> dict[str, Any]:
    """The small manifest with one place changed."""
    manifest = copy.deepcopy(MANIFEST)
    *way, last = path.split("/")
    place: Any = manifest
    for key in way:
        place = place[int(key)] if key.isdigit() else place.setdefault(key, {})
    place[last] = value
    return manifest


def test_a_good_manifest_is_read() -> None:
    app = read_manifest(MANIFEST)
    assert (app.name, app.bot_name, app.socket_mode, app.home_tab) == ("Lantern", "Lantern", True, True)
    assert [each.command for each in app.commands] == ["/lantern", "/plain"]
    assert app.command("/lantern") is app.commands[0]
    assert app.command("/nothing") is None


def test_optional_scopes_are_granted_too() -> None:
    app = read_manifest(changed("oauth_config/scopes/bot_optional", ["users:read.email"]))
    assert "users:read.email" in app.scopes


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("display_information/name", "", "display_information/name is missing."),
        ("display_information/name", "x" * 36, "display_information/name must be a text of 1 to 35 characters."),
        ("display_information/colour", "red", "display_information has an unknown key: colour."),
        ("features/bot_user/display_name", "x" * 81, "must be a text of 1 to 80 characters."),
        ("features/slash_commands/0/command", "lantern", "must start with a slash"),
        ("features/slash_commands/0/command", "/Lan tern", "must start with a slash"),
        ("features/slash_commands/0/command", "/remind", "The command /remind is taken"),
        ("features/slash_commands/0/command", "/plain", "The command /plain is named twice."),
        ("features/slash_commands/0/description", "", "The command /lantern has no description."),
        ("features/shortcuts/0/name", "x" * 25, "features/shortcuts/*/name must be a text of 1 to 24 characters."),
        ("features/shortcuts/0/type", "local", "must be of type global or message."),
        ("features/unfurl_domains", list("abcdef"), "features/unfurl_domains may have at most 5 entries."),
        ("oauth_config/scopes/bot", ["commands", "chat:shout"], "The scope chat:shout does not exist."),
        ("oauth_config/scopes/bot", ["chat:write"], "Slash commands need the scope commands."),
        ("oauth_config/scopes/bot", ["chat:write", "chat:write"], "A scope is named twice."),
        ("oauth_config/redirect_urls", ["http://elsewhere.example"], "must use https."),
        ("settings/event_subscriptions/bot_events", ["sunrise"], "The event sunrise does not exist."),
        ("settings/socket_mode_enabled", False, "settings/event_subscriptions/request_url is needed."),
        ("settings/socket_mode_enabled", False, "settings/interactivity/request_url is needed."),
        ("settings/socket_mode_enabled", False, "the command /lantern needs a url."),
    ],
)
def test_a_faulty_manifest_is_refused_with_a_sentence(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(ManifestRefusedError) as refused:
        read_manifest(changed(path, value))
    assert any(sentence in fault for fault in refused.value.faults), refused.value.faults
