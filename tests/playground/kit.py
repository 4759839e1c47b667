"""A small cast, a small Bolt app and a running playground for the tests of the playground."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground import Cast, Channel, Person, Playground

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Lantern", "description": "Lends lanterns"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Lantern", "always_online": True},
        "slash_commands": [
            {"command": "/lantern", "description": "Borrow a lantern", "usage_hint": "[colour]", "should_escape": True},
            {"command": "/plain", "description": "Say it back", "should_escape": False},
        ],
        "shortcuts": [
            {"name": "Borrow one", "type": "global", "callback_id": "lanterns.borrow", "description": "Borrow"},
            {"name": "Keep this", "type": "message", "callback_id": "lanterns.keep", "description": "Keep"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:join",
                "channels:manage",
                "channels:read",
                "chat:write",
                "commands",
                "files:write",
                "groups:read",
                "im:history",
                "im:read",
                "im:write",
                "mpim:write",
                "reactions:read",
                "reactions:write",
                "team:read",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "app_uninstalled",
                "member_joined_channel",
                "message.channels",
                "message.im",
                "reaction_added",
                "team_join",
                "tokens_revoked",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

CAST = Cast(
    team_name="Harbour",
    team_domain="harbour",
    home_zone="Europe/Lisbon",
    people=(
        Person("noor", "Noor Haddad", "Support", "Europe/Lisbon", email="noor@harbour.example"),
        Person("tomas", "Tomás Silva", "Data", "America/Sao_Paulo", email="tomas@harbour.example"),
        Person("ingrid", "Ingrid Berg", "People", "Europe/Oslo", is_admin=True, is_owner=True, is_primary_owner=True),
        Person("gus", "Gus Guest", "Contractor", "Asia/Tokyo", is_restricted=True),
        Person("ada", "Ada Away", "Left", "Europe/London", deleted=True),
    ),
    channels=(
        Channel("general", ("noor", "tomas", "ingrid", "gus"), said=(("ingrid", "Welcome all", 60),)),
        Channel("lanterns", ("noor", "tomas")),
        Channel("quiet", ("ingrid",), is_private=True),
    ),
    first="noor",
)


def web(playground: Playground, token: str | None = None) -> AsyncWebClient:
    """A client that retries nothing."""
    return AsyncWebClient(token=token or playground.bot_token, base_url=playground.api_url, retry_handlers=[])


@asynccontextmanager
async def running(**choices: Any) -> AsyncIterator[Playground]:
    """A playground with the small cast."""
    manifest = choices.pop("manifest", MANIFEST)
    cast = choices.pop("cast", CAST)
    async with Playground(manifest, cast, **choices) as playground:
        yield playground


@asynccontextmanager
async def connected(playground: Playground, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """A Bolt app on the playground's socket."""
    handler = AsyncSocketModeHandler(app, playground.app_token, web_client=web(playground))
    await handler.connect_async()  # type: ignore[no-untyped-call]  # the library is not typed
    await playground.workspace.connected()
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the library is not typed


def bolt(playground: Playground) -> AsyncApp:
    """A Bolt app without listeners."""
    return AsyncApp(client=web(playground))


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": action_id, **more}


def actions(*elements: dict[str, Any], block_id: str = "actions") -> dict[str, Any]:
    """A row of elements."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def section(text: str, **more: Any) -> dict[str, Any]:
    """A paragraph."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A labelled input."""
    label = {"type": "plain_text", "text": block_id.title()}
    return {"type": "input", "block_id": block_id, "label": label, "element": {"action_id": "it", **element}, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A modal that can be sent."""
    words = {"title": {"type": "plain_text", "text": "Lanterns"}, "submit": {"type": "plain_text", "text": "Send"}}
    return {"type": "modal", "callback_id": "lanterns.lend", "blocks": list(blocks), **words, **more}


def home(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Home tab."""
    return {"type": "home", "blocks": list(blocks), **more}
