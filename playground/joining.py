"""Coming into channels and leaving them, by whoever's hand: the channel says so and the app is told."""

from playground import events, posting
from playground.records import Conversation
from playground.world import World


def enter(world: World, place: Conversation, user_id: str) -> None:
    """Somebody, or the app, is a member from now on."""
    place.members.append(user_id)
    world.state.keep(place)
    posting.post(world, place, user_id, f"<@{user_id}> has joined the channel", subtype="channel_join")
    events.membership_changed(world, place, user_id, joined=True)
    world.stream.tell("conversations")


def leave(world: World, place: Conversation, user_id: str) -> None:
    """Somebody, or the app, is a member no more."""
    events.membership_changed(world, place, user_id, joined=False)
    place.members.remove(user_id)
    world.state.keep(place)
    world.stream.tell("conversations")
