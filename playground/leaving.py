"""How an app leaves a workspace, and comes back: by its own hand, an administrator's, or an installer's."""

from playground import connect, events
from playground.records import Kind
from playground.world import World


def revoke(world: World) -> None:
    """The token is worthless from now on; the bot user sleeps and is in no channel any more."""
    app = world.state.app
    if app.gone:
        return
    app.revoked = True
    _put_away(world)
    events.tokens_revoked(world)


def remove(world: World) -> None:
    """The app is uninstalled, its token with it."""
    app = world.state.app
    if app.removed:
        return
    dead, app.removed = app.revoked, True
    _put_away(world)
    if not dead:
        events.tokens_revoked(world)
    events.app_uninstalled(world)


def _put_away(world: World) -> None:
    state = world.state
    state.app.refresh_token = ""
    state.keep(state.app)
    for place in state.conversations.values():
        if place.kind == Kind.CHANNEL and state.app.user_id in place.members:
            place.members.remove(state.app.user_id)
            state.keep(place)
            connect.dismiss(world, place, state.app.user_id)
    _wake(world, sleeps=True)


def come_back(world: World) -> None:
    """The app was installed: its bot user is there, in no channel yet."""
    _wake(world, sleeps=False)


def _wake(world: World, *, sleeps: bool) -> None:
    user = world.state.users[world.state.app.user_id]
    if user.deleted != sleeps:
        user.deleted, user.updated = sleeps, int(world.clock.seconds())
        world.state.keep(user)
    world.stream.tell("conversations")
