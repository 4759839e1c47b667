"""Slack's shapes of people, places, messages and views, built from the playground's records."""

from datetime import UTC, datetime

from playground.records import Conversation, Json, Kind, Message, User, View
from playground.state import State
from playground.zones import long_name, offset_seconds

COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699")
PICTURE = "https://pictures.example/nobody-{size}.png"  # an address that leads nowhere: everyone has one in Slack
CONTENT_OF_VIEW = ("title", "submit", "close", "private_metadata", "callback_id", "external_id")


def user_object(state: State, user: User, *, email: bool = False) -> Json:
    """A user as users.info gives it; the address only where the app may read addresses."""
    moment = state.clock.now()
    found: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.username,
        "deleted": user.deleted,
        "profile": profile_object(user, email=email),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if user.deleted:
        return found
    found |= {
        "color": COLOURS[user.order % len(COLOURS)],
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": long_name(user.tz, moment),
        "tz_offset": offset_seconds(user.tz, moment),
        "locale": user.locale,
        "is_admin": user.is_admin or user.is_owner,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_primary_owner,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.is_stranger:
        found["is_stranger"] = not (user.foreign and _shares_a_place(state, user))
    return found


def _shares_a_place(state: State, user: User) -> bool:
    """Whether somebody foreign is in a shared channel the app can see; Slack calls only the others strangers."""
    app = state.app.user_id
    shared = (each for each in state.conversations.values() if each.shared and user.id in each.members)
    return any(app in each.members or not each.private for each in shared)


def profile_object(user: User, *, email: bool = False) -> Json:
    """The profile inside a user."""
    first, _, last = user.name.partition(" ")
    profile: Json = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": f"g{user.id[-10:].lower()}",
        "team": user.team_id,
        "fields": None,
        "status_text_canonical": "",
        "status_emoji_display_info": [],
    } | {f"image_{size}": PICTURE.format(size=size) for size in (24, 32, 48, 72, 192, 512)}
    if email and user.email:
        profile["email"] = user.email
    return profile


def user_brief(user: User) -> Json:
    """The user inside an interaction."""
    return {"id": user.id, "username": user.username, "name": user.username, "team_id": user.team_id}


def conversation_object(state: State, conversation: Conversation) -> Json:
    """A conversation as conversations.info gives it, from the app's side."""
    app = state.app.user_id
    common: Json = {
        "id": conversation.id,
        "created": conversation.created,
        "is_archived": conversation.archived,
        "is_org_shared": False,
        "context_team_id": state.team.id,
        "updated": conversation.created * 1000,
    }
    if conversation.kind in {Kind.APP, Kind.DM}:
        other = next((each for each in conversation.members if each != app), conversation.members[0])
        deleted = state.users[other].deleted
        common |= _sharing(state, conversation) if conversation.shared else {}
        return common | {"is_im": True, "user": other, "is_user_deleted": deleted, "priority": 0}
    return common | _channel_fields(state, conversation, is_member=app in conversation.members)


def _channel_fields(state: State, conversation: Conversation, *, is_member: bool) -> Json:
    group = conversation.kind == Kind.GROUP
    strangers = any(state.users[each].is_stranger for each in conversation.members)
    said = {"creator": conversation.creator, "last_set": conversation.created}
    fields: Json = {
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": not group and not conversation.private,
        "is_group": group or conversation.private,
        "is_im": False,
        "is_mpim": group,
        "is_private": conversation.private,
        "is_general": conversation.name == "general",
        "is_shared": strangers,
        "is_ext_shared": strangers,
        "is_pending_ext_shared": False,
        "is_member": is_member,
        "creator": conversation.creator,
        "unlinked": 0,
        "shared_team_ids": [state.team.id],
        "topic": {"value": conversation.topic, **said},
        "purpose": {"value": conversation.purpose, **said},
        "previous_names": [],
        "num_members": len(conversation.members),
    }
    return fields | (_sharing(state, conversation) if conversation.shared else {})


def _sharing(state: State, conversation: Conversation) -> Json:
    """What is told of a place that another organisation has too."""
    return {
        "is_shared": True,
        "is_ext_shared": True,
        "shared_team_ids": list(conversation.shared),
        "connected_team_ids": [each for each in conversation.shared if each != state.team.id],
        "internal_team_ids": [],
        "conversation_host_id": conversation.host,
    }


def message_object(state: State, message: Message) -> Json:
    """A message as history and answers give it."""
    found: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": message.team or state.team.id,
    }
    found |= _signature(state, message)
    for name in ("blocks", "attachments", "metadata", "thread_ts", "edited", "subtype", "client_msg_id", "files"):
        value = getattr(message, name)
        if value is not None:
            found[name] = value
    if message.reactions:
        found["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    return found | thread_fields(state, message)


def _signature(state: State, message: Message) -> Json:
    """How an app signs, and from where somebody foreign speaks."""
    found: Json = {"user_team": message.team, "source_team": message.team} if message.team else {}
    if message.bot is not None:
        found |= message.bot
    elif message.by_app:
        found |= {"bot_id": state.app.bot_id, "app_id": state.app.id, "bot_profile": bot_profile(state)}
    if message.subtype is not None:
        found.pop("bot_profile", None)
    return found


def thread_fields(state: State, message: Message) -> Json:
    """What the first message of a thread tells about its replies."""
    if message.thread_ts is not None and message.thread_ts != message.ts:
        return {}
    replies = [each for each in state.replies(message.channel, message.ts) if each.only_for is None]
    if not replies:
        return {}
    users = list(dict.fromkeys(each.user for each in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def bot_profile(state: State) -> Json:
    """The app as the author of a message."""
    return {
        "id": state.app.bot_id,
        "app_id": state.app.id,
        "name": state.users[state.app.user_id].name,
        "icons": {},
        "deleted": False,
        "updated": int(state.team.started),
        "team_id": state.team.id,
    }


def view_object(state: State, view: View) -> Json:
    """A view as views.* answer it and interactions carry it."""
    content = view.content
    found: Json = {
        "id": view.id,
        "team_id": state.users[view.user].team_id,
        "type": view.type,
        "blocks": content.get("blocks", []),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": state.app.id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": state.team.id,
        "bot_id": state.app.bot_id,
    }
    return found


def moment_of(ts: str) -> datetime:
    """A timestamp as an aware moment."""
    return datetime.fromtimestamp(float(ts), UTC)
