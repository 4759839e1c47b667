"""Reading an app's manifest, and refusing what Slack refuses: each fault as a sentence with its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.files import read_tree
from playground.scopes import BOT_SCOPES, EVENT_SCOPES, RESERVED_COMMANDS

Tree = Mapping[str, Any]
Given = Tree | Path | str

# every key the manifest may have, by place; "*" stands for the items of a list
KEYS: dict[str, frozenset[str]] = {
    "": frozenset(
        [
            "_metadata",
            "display_information",
            "features",
            "oauth_config",
            "settings",
            "app_directory",
            "functions",
            "outgoing_domains",
        ]
    ),
    "display_information": frozenset(["name", "description", "long_description", "background_color"]),
    "features": frozenset(
        [
            "app_home",
            "bot_user",
            "slash_commands",
            "shortcuts",
            "unfurl_domains",
            "workflow_steps",
            "assistant_view",
            "rich_previews",
            "search",
        ]
    ),
    "features/app_home": frozenset(["home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"]),
    "features/bot_user": frozenset(["display_name", "always_online"]),
    "features/slash_commands/*": frozenset(["command", "description", "usage_hint", "should_escape", "url"]),
    "features/shortcuts/*": frozenset(["name", "type", "callback_id", "description"]),
    "oauth_config": frozenset(["redirect_urls", "scopes", "token_management_enabled", "pkce_enabled"]),
    "oauth_config/scopes": frozenset(["bot", "user", "bot_optional", "user_optional"]),
    "settings": frozenset(
        [
            "event_subscriptions",
            "interactivity",
            "org_deploy_enabled",
            "socket_mode_enabled",
            "token_rotation_enabled",
            "allowed_ip_address_ranges",
            "incoming_webhooks",
            "is_hosted",
            "hermes_app_type",
            "function_runtime",
            "is_mcp_enabled",
        ]
    ),
    "settings/event_subscriptions": frozenset(["request_url", "bot_events", "user_events", "metadata_subscriptions"]),
    "settings/interactivity": frozenset(["is_enabled", "request_url", "message_menu_options_url"]),
}

# place -> (least, most) characters
LENGTHS: dict[str, tuple[int, int]] = {
    "display_information/name": (1, 35),
    "display_information/description": (0, 140),
    "display_information/long_description": (175, 4000),
    "display_information/background_color": (4, 7),
    "features/bot_user/display_name": (1, 80),
    "features/slash_commands/*/command": (2, 32),
    "features/slash_commands/*/description": (1, 2000),
    "features/slash_commands/*/usage_hint": (0, 1000),
    "features/shortcuts/*/name": (1, 24),
    "features/shortcuts/*/callback_id": (1, 255),
    "features/shortcuts/*/description": (1, 150),
}

# place -> the most entries a list may have
COUNTS = {
    "features/slash_commands": 50,
    "features/shortcuts": 10,
    "features/unfurl_domains": 5,
    "settings/event_subscriptions/bot_events": 100,
    "oauth_config/scopes/bot": 255,
}
LISTS = {
    *COUNTS,
    "oauth_config/scopes/bot_optional",
    "oauth_config/redirect_urls",
}


class ManifestRefusedError(ValueError):
    """The manifest would not be accepted; `faults` is one sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("The manifest would be refused:\n" + "\n".join(f"- {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; with `escapes` people and channels in its text arrive as `<@U1|name>`."""

    command: str
    description: str
    usage_hint: str
    escapes: bool
    url: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut, `kind` global or message."""

    name: str
    kind: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class AppManifest:
    """What the workspace needs to know of an app, read from its manifest."""

    name: str
    description: str
    bot_name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    interactive: bool
    socket_mode: bool
    event_url: str
    interactive_url: str
    options_url: str
    redirect_urls: tuple[str, ...]
    rotates: bool = False

    def command(self, name: str) -> Command | None:
        """The command of this name, if the app has it."""
        return next((each for each in self.commands if each.command == name), None)


def read_manifest(given: Given) -> AppManifest:
    """The manifest, or the one in a file, as values; raises ManifestRefusedError with every fault at once."""
    manifest = given if isinstance(given, Mapping) else read_tree(Path(given), "manifest")
    faults = list(faults_of(manifest))
    if faults:
        raise ManifestRefusedError(faults)
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    home = features.get("app_home") or {}
    events, interactivity = settings.get("event_subscriptions") or {}, settings.get("interactivity") or {}
    name = manifest["display_information"]["name"]
    return AppManifest(
        name=name,
        description=manifest["display_information"].get("description", ""),
        bot_name=(features.get("bot_user") or {}).get("display_name", name),
        scopes=tuple(granted_scopes(manifest)),
        events=frozenset(events.get("bot_events") or ()),
        commands=tuple(_commands(features)),
        shortcuts=tuple(_shortcuts(features)),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        interactive=bool(interactivity.get("is_enabled", False)),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        event_url=events.get("request_url", ""),
        interactive_url=interactivity.get("request_url", ""),
        options_url=interactivity.get("message_menu_options_url", ""),
        redirect_urls=tuple((manifest.get("oauth_config") or {}).get("redirect_urls") or ()),
        rotates=bool(settings.get("token_rotation_enabled", False)),
    )


def granted_scopes(manifest: Tree) -> list[str]:
    """The scopes an installer who unticks nothing grants: the needed ones and the optional ones."""
    scopes = (manifest.get("oauth_config") or {}).get("scopes") or {}
    return list(dict.fromkeys([*(scopes.get("bot") or ()), *(scopes.get("bot_optional") or ())]))


def _commands(features: Tree) -> Iterator[Command]:
    for each in features.get("slash_commands") or ():
        yield Command(
            each["command"],
            each.get("description", ""),
            each.get("usage_hint", ""),
            bool(each.get("should_escape", False)),
            each.get("url", ""),
        )


def _shortcuts(features: Tree) -> Iterator[Shortcut]:
    for each in features.get("shortcuts") or ():
        yield Shortcut(each["name"], each["type"], each["callback_id"], each.get("description", ""))


def faults_of(manifest: Tree) -> Iterator[str]:
    """Every reason to refuse, in plain sentences."""
    misshapen = list(_shape_faults(manifest))
    if misshapen:
        yield from misshapen
        return
    if not (manifest.get("display_information") or {}).get("name"):
        yield "display_information/name is missing."
    for place, value in _walk(manifest, ""):
        yield from _faults_at(place, value)
    yield from _scope_faults(manifest)
    yield from _command_faults(manifest)
    yield from _url_faults(manifest)


def _walk(value: object, place: str) -> Iterator[tuple[str, object]]:
    yield place, value
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, f"{place}/{key}".strip("/"))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _walk(inner, f"{place}/*")


def _shape_faults(manifest: Tree) -> Iterator[str]:
    for place, value in _walk(manifest, ""):
        if place in KEYS and not isinstance(value, Mapping) and (value is not None or place.endswith("*")):
            yield f"{place or 'The manifest'} must have keys and values."
        if place in LISTS and not isinstance(value, list | tuple) and value is not None:
            yield f"{place} must be a list."


def _faults_at(place: str, value: object) -> Iterator[str]:
    if place in KEYS and isinstance(value, Mapping):
        for unknown in sorted(set(map(str, value)) - KEYS[place]):
            yield f"{place or 'manifest'} has an unknown key: {unknown}."
    if place in LENGTHS:
        least, most = LENGTHS[place]
        if not isinstance(value, str) or not least <= len(value) <= most:
            yield f"{place} must be a text of {least} to {most} characters."
    if place in COUNTS and isinstance(value, list) and len(value) > COUNTS[place]:
        yield f"{place} may have at most {COUNTS[place]} entries."


def _scope_faults(manifest: Tree) -> Iterator[str]:
    scopes = granted_scopes(manifest)
    for unknown in sorted(set(scopes) - BOT_SCOPES):
        yield f"The scope {unknown} does not exist."
    bot = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()
    if len(set(bot)) < len(bot):
        yield "A scope is named twice."
    events = ((manifest.get("settings") or {}).get("event_subscriptions") or {}).get("bot_events") or ()
    for event in events:
        if event not in EVENT_SCOPES:
            yield f"The event {event} does not exist."
        elif EVENT_SCOPES[event] and not set(EVENT_SCOPES[event]) & set(scopes):
            yield f"The event {event} needs the scope {' or '.join(EVENT_SCOPES[event])}."
    if (manifest.get("features") or {}).get("slash_commands") and "commands" not in scopes:
        yield "Slash commands need the scope commands."


def _command_faults(manifest: Tree) -> Iterator[str]:
    features = manifest.get("features") or {}
    seen: set[str] = set()
    for each in features.get("slash_commands") or ():
        name = str(each.get("command", ""))
        if not re.fullmatch(r"/[^\sA-Z/]+", name):
            yield f"The command {name!r} must start with a slash and be lower case without spaces."
        if name in RESERVED_COMMANDS:
            yield f"The command {name} is taken: every workspace has one of its own."
        if name in seen:
            yield f"The command {name} is named twice."
        if not each.get("description"):
            yield f"The command {name} has no description."
        seen.add(name)
    for each in features.get("shortcuts") or ():
        if each.get("type") not in {"global", "message"}:
            yield f"The shortcut {each.get('name')!r} must be of type global or message."
        if not each.get("callback_id"):
            yield f"The shortcut {each.get('name')!r} has no callback_id."


def _url_faults(manifest: Tree) -> Iterator[str]:
    settings = manifest.get("settings") or {}
    for url in (manifest.get("oauth_config") or {}).get("redirect_urls") or ():
        if not str(url).startswith(("https://", "http://localhost", "http://127.0.0.1")):
            yield f"The redirect URL {url} must use https."
    if settings.get("socket_mode_enabled"):
        return
    events = settings.get("event_subscriptions") or {}
    if events.get("bot_events") and not events.get("request_url"):
        yield "Without Socket Mode, settings/event_subscriptions/request_url is needed."
    interactivity = settings.get("interactivity") or {}
    if interactivity.get("is_enabled") and not interactivity.get("request_url"):
        yield "Without Socket Mode, settings/interactivity/request_url is needed."
    for each in (manifest.get("features") or {}).get("slash_commands") or ():
        if not each.get("url"):
            yield f"Without Socket Mode, the command {each.get('command')} needs a url."
