"""The payloads of what people do: commands, clicks, submissions, shortcuts, as the app receives them."""

from typing import Any

from playground.elements import VALUE_FIELDS, beginning_state
from playground.payloads import message_object, user_brief, view_object
from playground.records import Conversation, Json, Message, Team, User, View
from playground.world import World


def common(world: World, user: User, kind: str, *, trigger: bool = True, view: View | None = None) -> Json:
    """What every interaction carries."""
    app, team = world.state.app, _team(world, user, view)
    payload: Json = {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": user_brief(user),
        "api_app_id": app.id,
        "token": app.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if trigger:
        payload["trigger_id"] = world.triggers.make(user.id, view.id if view else None)
    return payload


def _team(world: World, user: User, view: View | None) -> Team:
    """Where the app is installed; for what somebody foreign does in a view it is where they live.

    Then `view.app_installed_team_id` tells where the app is.
    """
    home = world.workspaces.of_team(user.team_id) if view is not None and user.foreign else None
    return (home or world).state.team


def command(world: World, user: User, conversation: Conversation, name: str, text: str) -> Json:
    """A slash command."""
    app, team = world.state.app, world.state.team
    return {
        "token": app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": conversation.id,
        "channel_name": world.state.shape_of_channel(conversation),
        "user_id": user.id,
        "user_name": user.username,
        "command": name,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": world.hooks.make(conversation.id, user.id),
        "trigger_id": world.triggers.make(user.id),
    }


def click_in_message(world: World, user: User, message: Message, action: Json) -> Json:
    """A deed in a message."""
    conversation = world.state.conversations[message.channel]
    values = message.typed.get(user.id) or beginning_state(message.blocks)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = common(world, user, "block_actions") | {
        "container": container,
        "channel": {"id": conversation.id, "name": world.state.shape_of_channel(conversation)},
        "state": {"values": values},
        "response_url": world.hooks.make(message.channel, user.id, message),
        "actions": [action],
    }
    if message.only_for is None:
        payload["message"] = message_object(world.state, message)
    return payload


def click_in_view(world: World, user: User, view: View, action: Json) -> Json:
    """A deed in a modal or a Home tab; it has no place and no response_url."""
    shown = view_object(world.state, view)
    return common(world, user, "block_actions", view=view if view.type == "modal" else None) | {
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "state": {"values": view.values},
        "actions": [action],
    }


def submission(world: World, user: User, view: View) -> Json:
    """A modal sent; conversations chosen with response_url_enabled get their URLs."""
    payload = common(world, user, "view_submission", view=view)
    payload["view"] = view_object(world.state, view)
    payload["response_urls"] = list(_response_urls(world, user, view))
    return payload


def _response_urls(world: World, user: User, view: View) -> list[Json]:
    urls: list[Json] = []
    for block in view.content.get("blocks") or ():
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        entry = view.values[block["block_id"]][element["action_id"]]
        channel = entry.get(VALUE_FIELDS[element["type"]][0])
        if channel in world.state.conversations:
            ids = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
            urls.append(ids | {"response_url": world.hooks.make(channel, user.id)})
    return urls


def closing(world: World, user: User, view: View, *, cleared: bool) -> Json:
    """A modal dismissed."""
    payload = common(world, user, "view_closed", trigger=False, view=view)
    return payload | {"view": view_object(world.state, view), "is_cleared": cleared}


def shortcut(world: World, user: User, callback_id: str) -> Json:
    """A global shortcut; it has no place."""
    payload = common(world, user, "shortcut")
    return payload | {"callback_id": callback_id, "action_ts": world.state.next_ts()}


def message_shortcut(world: World, user: User, callback_id: str, message: Message) -> Json:
    """A shortcut on a message."""
    conversation = world.state.conversations[message.channel]
    return common(world, user, "message_action") | {
        "callback_id": callback_id,
        "action_ts": world.state.next_ts(),
        "message_ts": message.ts,
        "message": message_object(world.state, message),
        "channel": {"id": conversation.id, "name": world.state.shape_of_channel(conversation)},
        "response_url": world.hooks.make(message.channel, user.id, message),
    }


def suggestion(world: World, user: User, where: Message | View, ids: tuple[str, str], query: str) -> Json:
    """Typing in an external select: the app is asked for options."""
    payload = common(world, user, "block_suggestion", trigger=False)
    payload |= {"block_id": ids[0], "action_id": ids[1], "value": query}
    if isinstance(where, View):
        container: dict[str, Any] = {"type": "view", "view_id": where.id}
        return payload | {"container": container, "view": view_object(world.state, where)}
    conversation = world.state.conversations[where.channel]
    container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel, "is_ephemeral": False}
    return payload | {
        "container": container,
        "channel": {"id": conversation.id, "name": world.state.shape_of_channel(conversation)},
        "message": message_object(world.state, where),
    }
