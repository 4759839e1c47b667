"""Events for the app: only those its manifest subscribes to and its scopes allow."""

from collections.abc import Iterable

from playground.payloads import message_object, user_object, view_object
from playground.records import Conversation, Json, Kind, Message, User
from playground.scopes import EVENT_SCOPES
from playground.world import World

# every event that ever comes from here, by its name in a manifest; coverage.py tells the rest
SENT = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_rate_limited",
        "app_uninstalled",
        "channel_archive",
        "channel_shared",
        "group_archive",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "reaction_removed",
        "team_join",
        "tokens_revoked",
        "user_change",
    }
)
MESSAGE_EVENTS = {
    Kind.APP: ("message.im", "im"),
    Kind.DM: ("message.im", "im"),
    Kind.GROUP: ("message.mpim", "mpim"),
}


def wants(world: World, name: str) -> bool:
    """Whether the app gets this event while it is there: subscribed and scoped."""
    needed = EVENT_SCOPES.get(name, ())
    scoped = not needed or bool(set(needed) & set(world.state.app.scopes))
    return name in world.manifest.events and scoped


def send(world: World, name: str, event: Json, people: Iterable[str] = ()) -> None:
    """Bring one event to the app, if it wants it; `people` are those it is about."""
    if name not in SENT:
        raise ValueError(f"{name} is not among the events this workspace sends.")
    if not wants(world, name):
        return
    if world.rates.lets_event_through():
        world.deliver.event(wrapped(world, event), tuple(people))
    elif (minute := world.rates.minute_to_tell()) is not None:
        world.deliver.event(_held_back(world, minute))


def _held_back(world: World, minute: int) -> Json:
    """What an app is told, once a minute, when its events are too many: an outer body of a type of its own."""
    return {
        "token": world.state.app.verification_token,
        "type": "app_rate_limited",
        "team_id": world.state.team.id,
        "minute_rate_limited": minute,
        "api_app_id": world.state.app.id,
    }


def wrapped(world: World, event: Json) -> Json:
    """The outer body of an event; `team_id` of a message in a shared channel is where its author lives."""
    app, team = world.state.app, world.state.team
    place = event.get("channel") or (event.get("item") or {}).get("channel")
    shared = (
        isinstance(place, str) and place in world.state.conversations and bool(world.state.conversations[place].shared)
    )
    return {
        "token": app.verification_token,
        "team_id": event.get("user_team", team.id) if shared and event["type"] == "message" else team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": world.ids.make("Ev"),
        "event_time": int(world.clock.seconds()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": app.user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{world.ids.secret(40)}",
    }


def message_names(conversation: Conversation) -> tuple[str, str]:
    """The manifest's name for messages at this place, and their channel_type."""
    if conversation.kind == Kind.CHANNEL:
        return ("message.groups", "group") if conversation.private else ("message.channels", "channel")
    return MESSAGE_EVENTS[Kind(conversation.kind)]


def message_said(world: World, conversation: Conversation, message: Message) -> None:
    """A new message; the app hears it only where it is a member, and never an ephemeral one."""
    app = world.state.app.user_id
    if app not in conversation.members or message.only_for is not None:
        return
    name, kind = message_names(conversation)
    facts = {"channel": message.channel, "event_ts": message.ts}
    send(world, name, message_object(world.state, message) | facts | {"channel_type": kind}, (message.user,))
    spoken = not message.by_app and message.subtype is None
    if spoken and f"<@{app}>" in message.text and conversation.kind != Kind.APP:
        event = message_object(world.state, message) | facts | {"type": "app_mention", "team": world.state.team.id}
        send(world, "app_mention", event, (message.user,))


def message_altered(world: World, conversation: Conversation, now: Json | None, before: Json) -> None:
    """An edited (`now` given) or deleted message."""
    if world.state.app.user_id not in conversation.members:
        return
    name, kind = message_names(conversation)
    ts = world.state.next_ts()
    event: Json = {"type": "message", "hidden": True, "channel": conversation.id, "ts": ts, "event_ts": ts}
    event |= {"channel_type": kind, "previous_message": before}
    if now is None:
        event |= {"subtype": "message_deleted", "deleted_ts": before["ts"]}
    else:
        event |= {"subtype": "message_changed", "message": now}
    send(world, name, event)


def home_opened(world: World, user: User, channel: str, tab: str) -> None:
    """Somebody came to the app's Home or Messages tab; the view is there once the app has published one."""
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel, "tab": tab}
    event["event_ts"] = world.state.next_ts()
    view = world.state.home(user.id)
    if tab == "home" and view is not None:
        event["view"] = view_object(world.state, view)
    send(world, "app_home_opened", event, (user.id,))


def user_changed(world: World, user: User, *, joined: bool = False) -> None:
    """Somebody's profile, zone or standing changed, or they are new."""
    name = "team_join" if joined else "user_change"
    email = "users:read.email" in world.state.app.scopes
    event: Json = {"type": name, "user": user_object(world.state, user, email=email)}
    event |= {"cache_ts": int(world.clock.seconds()), "event_ts": world.state.next_ts()}
    send(world, name, event, (user.id,))


def membership_changed(world: World, conversation: Conversation, user_id: str, *, joined: bool) -> None:
    """Somebody came to a channel or left it; told where the app is a member, and about the app itself."""
    app = world.state.app.user_id
    if app not in conversation.members and user_id != app:
        return
    needed = "groups:read" if conversation.private else "channels:read"
    if needed not in world.state.app.scopes:
        return
    name = "member_joined_channel" if joined else "member_left_channel"
    event = {
        "type": name,
        "user": user_id,
        "channel": conversation.id,
        "channel_type": "G" if conversation.private else "C",
        "team": world.state.users[user_id].team_id,
        "event_ts": world.state.next_ts(),
    }
    send(world, name, event, (user_id,))


def channel_shared(world: World, conversation: Conversation) -> None:
    """A channel is another organisation's too from now on."""
    for team_id in conversation.shared:
        if team_id != world.state.team.id:
            event = {"type": "channel_shared", "connected_team_id": team_id, "channel": conversation.id}
            send(world, "channel_shared", event | {"event_ts": world.state.next_ts()})


def channel_archived(world: World, conversation: Conversation, user_id: str) -> None:
    """A channel was closed for good."""
    name = "group_archive" if conversation.private else "channel_archive"
    event = {"type": name, "channel": conversation.id, "user": user_id, "event_ts": world.state.next_ts()}
    if world.state.app.user_id in conversation.members:
        send(world, name, event, (user_id,))


def tokens_revoked(world: World) -> None:
    """The app's token works no more; told although it is dead already."""
    event: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [world.state.app.user_id]}}
    send(world, "tokens_revoked", event | {"event_ts": world.state.next_ts()})


def app_uninstalled(world: World) -> None:
    """The app is gone from the workspace; the last it hears."""
    send(world, "app_uninstalled", {"type": "app_uninstalled", "event_ts": world.state.next_ts()})


def reacted(world: World, message: Message, user_id: str, name: str, *, added: bool) -> None:
    """Somebody put a mark on a message, or took it off."""
    kind = "reaction_added" if added else "reaction_removed"
    event = {
        "type": kind,
        "user": user_id,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": world.state.next_ts(),
    }
    if world.state.app.user_id in world.state.conversations[message.channel].members:
        send(world, kind, event, (user_id,))
