"""What befalls a workspace: people leave, come back or move, channels close, the app is removed."""

from playground import connect, events, joining, leaving
from playground.faults import BY_NAME
from playground.records import Conversation, Kind, User
from playground.refusals import NotPossibleError
from playground.seed import add_person, install
from playground.things import Person
from playground.world import World
from playground.zones import zone

# what the page's menu can do to the app itself, by the name of the deed below
MISFORTUNES = {
    "revoke_token": "Make the app's token worthless",
    "remove_app": "Remove the app",
    "reinstall_app": "Install the app again",
}


class WorkspaceDeeds:
    """An administrator's hand, and fate's."""

    def __init__(self, world: World) -> None:
        self._world = world

    def user(self, key: str) -> User:
        """Somebody by key or id."""
        found = self._world.state.person(key)
        if found is None:
            known = ", ".join(each.key for each in self._world.state.people())
            raise NotPossibleError("user_not_found", f"There is nobody called {key!r}; there are {known}.")
        return found

    def channel(self, name: str) -> Conversation:
        """A channel by name or id."""
        for each in self._world.state.conversations.values():
            if each.id == name or (each.kind == Kind.CHANNEL and each.name == name.removeprefix("#")):
                return each
        raise NotPossibleError("channel_not_found", f"There is no channel called {name!r}.")

    def _changed(self, user: User, words: str, *, joined: bool = False) -> None:
        user.updated = int(self._world.clock.seconds())
        self._world.state.keep(user)
        connect.spread(self._world, user)
        self._world.journal.note("person", f"{user.name} {words}")
        events.user_changed(self._world, user, joined=joined)
        self._world.stream.tell("conversations")

    def deactivate(self, key: str) -> None:
        """The account is closed; what it said stays."""
        user = self.user(key)
        user.deleted = True
        self._changed(user, "is deactivated")

    def restore(self, key: str) -> None:
        """The account is open again."""
        user = self.user(key)
        user.deleted = False
        self._changed(user, "is back")

    def set_zone(self, key: str, tz: str) -> None:
        """The person's clock is elsewhere from now on."""
        zone(tz)
        user = self.user(key)
        user.tz = tz
        self._changed(user, f"is in {tz} now")

    def rename(self, key: str, name: str) -> None:
        """The person goes by another name."""
        user = self.user(key)
        user.name = name
        self._changed(user, f"goes by {name} now")

    def make_guest(self, key: str, *, guest: bool = True) -> None:
        """The person becomes a guest, or is one no longer."""
        user = self.user(key)
        user.is_restricted = guest
        self._changed(user, "is a guest" if guest else "is a full member")

    def welcome(self, person: Person) -> User:
        """Somebody new joins the workspace."""
        state = self._world.state
        user = add_person(state, person, len(state.users), state.team.id)
        self._changed(user, "joins the workspace", joined=True)
        return user

    def join(self, key: str, channel: str) -> None:
        """A person, or the app as "@app", comes into a channel."""
        user, place = self.user(key), self.channel(channel)
        if user.id not in place.members:
            joining.enter(self._world, place, user.id)

    def leave(self, key: str, channel: str) -> None:
        """A person, or the app, leaves a channel."""
        user, place = self.user(key), self.channel(channel)
        if user.id in place.members:
            joining.leave(self._world, place, user.id)

    def archive(self, channel: str) -> None:
        """A channel is closed."""
        place = self.channel(channel)
        joining.archive(self._world, place)
        for world, each in ((self._world, place), *connect.others(self._world, place)):
            events.channel_archived(world, each, place.creator)

    def revoke_token(self) -> None:
        """The bot's token is worthless from now on."""
        leaving.revoke(self._world)

    def remove_app(self) -> None:
        """The app is uninstalled."""
        leaving.remove(self._world)

    def reinstall_app(self) -> None:
        """The app is there again with all its manifest asks for, by the token it had: this undoes what befell it.

        Whoever installs it by consent gets a new token, as in Slack.
        """
        install(self._world.state, self._world.manifest)
        leaving.come_back(self._world)

    def remove_scope(self, scope: str) -> None:
        """One permission is taken away."""
        app = self._world.state.app
        app.scopes = [each for each in app.scopes if each != scope]
        self._world.state.keep(app)

    # -- breaking something ------------------------------------------------------------------------------

    async def break_something(self, name: str, where: str = "") -> None:
        """Arm one of the page's faults; those about the line itself, and misfortunes, strike at once."""
        if name in MISFORTUNES:
            getattr(self, name)()
            return
        offer = BY_NAME.get(name)
        if offer is None:
            raise NotPossibleError("unknown_fault", "There is no such thing to break.")
        hub = self._world.hub
        match name:
            case "cut":
                await hub.cut()
            case "polite_disconnect":
                await hub.ask_all_to_leave()
            case "refuse_for":
                hub.refuse_for(offer.fault.seconds)
                await hub.cut()
            case _:
                self._world.faults.next(where or offer.where, offer.fault)
        self._world.journal.note("clock", f"Broken on purpose: {offer.label}")
