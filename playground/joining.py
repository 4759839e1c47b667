"""Coming into channels, leaving and closing them, by whoever's hand: the channel says so and the app is told."""

from playground import connect, events, posting
from playground.records import Conversation
from playground.world import World


def enter(world: World, place: Conversation, user_id: str) -> None:
    """Somebody, or the app, is a member from now on."""
    place.members.append(user_id)
    world.state.keep(place)
    connect.admit(world, place, user_id)
    posting.post(world, place, user_id, f"<@{user_id}> has joined the channel", subtype="channel_join")
    _tell(world, place, user_id, joined=True)


def archive(world: World, place: Conversation) -> None:
    """A channel is closed for good, for whoever has it."""
    for where, there in ((world, place), *connect.others(world, place)):
        there.archived = True
        where.state.keep(there)
        where.stream.tell("conversations")


def leave(world: World, place: Conversation, user_id: str) -> None:
    """Somebody, or the app, is a member no more."""
    _tell(world, place, user_id, joined=False)
    place.members.remove(user_id)
    world.state.keep(place)
    connect.dismiss(world, place, user_id)
    world.stream.tell("conversations")


def _tell(world: World, place: Conversation, user_id: str, *, joined: bool) -> None:
    """In every workspace that has the place."""
    for where, there in ((world, place), *connect.others(world, place)):
        events.membership_changed(where, there, user_id, joined=joined)
        where.stream.tell("conversations")
