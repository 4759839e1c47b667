"""Channels that two workspaces share: one id in both, and in each a record of it and of who is foreign there."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from playground.payloads import bot_profile
from playground.records import Conversation, Json, Kind, Message, User
from playground.refusals import NotPossibleError
from playground.world import World


def share(owner: World, place: Conversation, other: World, name: str = "") -> Conversation:
    """Let the other workspace have this place too, under its own name for it; what was said before comes along."""
    known_as = name or place.name
    if place.shared:
        raise NotPossibleError("already_shared", f"#{place.name} is shared already.")
    if known_as and any(each.name == known_as for each in other.state.conversations.values()):
        raise NotPossibleError("name_taken", f"{other.state.team.name} has a #{known_as} of its own.")
    place.shared = [owner.state.team.id, other.state.team.id]
    place.host = owner.state.team.id
    owner.state.keep(place)
    twin = replace(place, name=known_as, members=[], shared=list(place.shared))
    other.state.keep(twin)
    for member in list(place.members):
        admit(owner, place, member)
    for message in owner.state.said_in(place.id):
        for author in {message.user} - set(other.state.users):
            introduce(owner, author, other)
        other.state.keep(copy_for(owner, message))
    for world in (owner, other):
        world.stream.tell("conversations")
    return twin


def others(world: World, place: Conversation) -> Iterator[tuple[World, Conversation]]:
    """The other workspaces that have this place, each with its own record of it."""
    for team_id in place.shared:
        found = world.workspaces.of_team(team_id)
        if found is not None and found is not world:
            yield found, found.state.conversations[place.id]


def admit(world: World, place: Conversation, user_id: str) -> None:
    """A member here is a member there, and known there as somebody foreign."""
    for other, twin in others(world, place):
        introduce(world, user_id, other)
        if user_id not in twin.members:
            twin.members.append(user_id)
            other.state.keep(twin)


def dismiss(world: World, place: Conversation, user_id: str) -> None:
    """Whoever left here is no member there either."""
    for other, twin in others(world, place):
        if user_id in twin.members:
            twin.members.remove(user_id)
            other.state.keep(twin)


def introduce(world: World, user_id: str, other: World) -> None:
    """Somebody of here, as they are known there: without their address, and with no standing of their own."""
    user, known = world.state.users[user_id], other.state.users.get(user_id)
    if user.foreign or (known is not None and not known.foreign):
        return
    other.state.keep(_foreigner(user, world.state.team.domain, len(other.state.users)))


def _foreigner(user: User, domain: str, order: int) -> User:
    return replace(
        user,
        key=f"{user.key}@{domain}",
        order=order,
        email="",
        foreign=True,
        is_stranger=True,
        is_admin=False,
        is_owner=False,
        is_primary_owner=False,
    )


def spread(world: World, user: User) -> None:
    """What changed about somebody is seen wherever they are known."""
    for other in world.workspaces:
        known = other.state.users.get(user.id)
        if known is not None and known.foreign:
            other.state.keep(_foreigner(user, world.state.team.domain, known.order))


# -- messages --------------------------------------------------------------------------------------------


def next_ts(world: World, place: Conversation) -> str:
    """A timestamp that is new in every workspace that has the place."""
    memories = [other.state.memory for other, _ in others(world, place)]
    world.state.memory.last_ts = max([world.state.memory.last_ts, *(each.last_ts for each in memories)])
    ts = world.state.next_ts()
    for each in memories:
        each.last_ts = world.state.memory.last_ts
    return ts


def copy_for(world: World, message: Message) -> Message:
    """A message as another workspace keeps it: said by somebody foreign, or by the app of another installation."""
    team = message.team or world.state.team.id
    return replace(
        message,
        blocks=deepcopy(message.blocks),
        attachments=deepcopy(message.attachments),
        metadata=deepcopy(message.metadata),
        edited=deepcopy(message.edited),
        reactions={},
        typed={},
        team=team,
        bot=message.bot or (_bot(world) if message.by_app else None),
    )


def _bot(world: World) -> Json:
    app = world.state.app
    return {"bot_id": app.bot_id, "app_id": app.id, "bot_profile": bot_profile(world.state)}


def reaches(other: World, message: Message) -> bool:
    """Whether a message is seen there: one for somebody's eyes only is, where that somebody lives."""
    if message.only_for is None:
        return True
    reader = other.state.users.get(message.only_for)
    return reader is not None and not reader.foreign


# -- people beyond their own workspace -------------------------------------------------------------------


def meets_app(world: World, user: User) -> bool:
    """Whether somebody foreign is in a channel with the app, which is when it may write to them."""
    app = world.state.app.user_id
    places = world.state.conversations.values()
    return any(each.kind == Kind.CHANNEL and {user.id, app} <= set(each.members) for each in places)


def share_direct(world: World, place: Conversation, user: User) -> None:
    """The app's conversation with somebody foreign, as their own workspace has it."""
    home = world.workspaces.of_team(user.team_id)
    if home is None or place.shared:
        return
    place.shared, place.host = [world.state.team.id, user.team_id], world.state.team.id
    world.state.keep(place)
    introduce(world, world.state.app.user_id, home)
    home.state.keep(replace(place, kind=Kind.DM, members=list(place.members), shared=list(place.shared)))
    home.stream.tell("conversations", [user.id])


def installed_for(world: World, user_id: str, place: Json) -> World | None:
    """The other workspace whose app this message or view is of; None when it is of this one."""
    view_id, named = place.get("view"), place.get("message") or {}
    if view_id and view_id not in world.state.views:
        return next((each for each in abroad(world, user_id) if view_id in each.state.views), None)
    message = world.state.message(str(named.get("channel", "")), str(named.get("ts", "")))
    return world.workspaces.of_team(message.team) if message is not None and message.bot else None


def abroad(world: World, user_id: str) -> list[World]:
    """The workspaces where somebody of here is known as foreign."""
    worlds = (each for each in world.workspaces if each is not world)
    return [each for each in worlds if (known := each.state.users.get(user_id)) is not None and known.foreign]
