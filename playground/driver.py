"""The workspace in a test's hands: its people, its journal, and what befalls it."""

from collections.abc import Callable
from typing import TypeVar

from playground.deeds import Deeds
from playground.driver_people import PersonInHand
from playground.driver_seen import MessageInHand, Outcome, ViewInHand
from playground.journal import Entry
from playground.shapes import place_name
from playground.things import Person
from playground.watch import PATIENCE
from playground.world import World

Found = TypeVar("Found")

__all__ = ["MessageInHand", "Outcome", "PersonInHand", "ViewInHand", "Workspace"]


class Workspace:
    """The whole workspace in a test's hands."""

    def __init__(self, world: World, deeds: Deeds) -> None:
        self._world = world
        self._deeds = deeds
        self._hands: dict[str, PersonInHand] = {}

    # -- what it is --------------------------------------------------------------------------------------

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self._world.state.team.id

    @property
    def name(self) -> str:
        """What it is called."""
        return self._world.state.team.name

    @property
    def url(self) -> str:
        """Where its page is."""
        return self._world.url

    @property
    def bot_token(self) -> str:
        """The app's token here; empty before it was ever installed."""
        return self._world.state.app.bot_token

    @property
    def refresh_token(self) -> str:
        """What a new token is got with, where tokens rotate."""
        return self._world.state.app.refresh_token

    @property
    def bot_user_id(self) -> str:
        """The app's user here."""
        return self._world.state.app.user_id

    @property
    def is_installed(self) -> bool:
        """Whether the app is here and its token has not been taken back."""
        return not self._world.state.app.gone

    def person(self, key: str) -> PersonInHand:
        """Somebody of the cast."""
        user = self._deeds.workspace.user(key)
        return self._hands.setdefault(user.id, PersonInHand(self._world, self._deeds, user))

    @property
    def people(self) -> list[str]:
        """The keys of everybody there is."""
        return [each.key for each in self._world.state.people()]

    @property
    def journal(self) -> list[Entry]:
        """Everything that crossed the wire lately."""
        return self._world.journal.entries()

    @property
    def last_modal(self) -> ViewInHand | None:
        """The modal opened last, for anybody."""
        views = [each for each in self._world.state.views.values() if each.type == "modal"]
        return ViewInHand(self.person(views[-1].user), views[-1].id) if views else None

    def place_name(self, channel: str, user_id: str) -> str:
        """What somebody calls a place."""
        return place_name(self._world.state, self._world.state.conversations[channel], user_id)

    # -- what befalls it ---------------------------------------------------------------------------------

    def deactivate(self, key: str) -> None:
        """Close somebody's account."""
        self._deeds.workspace.deactivate(key)

    def restore(self, key: str) -> None:
        """Open it again."""
        self._deeds.workspace.restore(key)

    def set_zone(self, key: str, tz: str) -> None:
        """Move somebody to another time zone."""
        self._deeds.workspace.set_zone(key, tz)

    def rename(self, key: str, name: str) -> None:
        """Give somebody another name."""
        self._deeds.workspace.rename(key, name)

    def make_guest(self, key: str, *, guest: bool = True) -> None:
        """Make somebody a guest, or a full member again."""
        self._deeds.workspace.make_guest(key, guest=guest)

    def welcome(self, person: Person) -> PersonInHand:
        """Let somebody new join."""
        self._deeds.workspace.welcome(person)
        return self.person(person.key)

    def join(self, key: str, channel: str) -> None:
        """Put somebody, or "@app", into a channel."""
        self._deeds.workspace.join(key, channel)

    def leave(self, key: str, channel: str) -> None:
        """Take somebody, or "@app", out of a channel."""
        self._deeds.workspace.leave(key, channel)

    def archive(self, channel: str) -> None:
        """Close a channel."""
        self._deeds.workspace.archive(channel)

    def revoke_token(self) -> None:
        """Make the bot's token worthless."""
        self._deeds.workspace.revoke_token()

    def remove_app(self) -> None:
        """Uninstall the app."""
        self._deeds.workspace.remove_app()

    def reinstall_app(self) -> None:
        """Install it again."""
        self._deeds.workspace.reinstall_app()

    def remove_scope(self, scope: str) -> None:
        """Take one permission away."""
        self._deeds.workspace.remove_scope(scope)

    async def break_something(self, name: str) -> None:
        """Do what an entry of the page's menu of faults does."""
        await self._deeds.workspace.break_something(name)

    async def until(self, probe: Callable[[], Found | None], what: str, seconds: float = PATIENCE) -> Found:
        """Wait for anything about the workspace to be so."""
        return await self._world.state.watch.until(probe, lambda: f"It never came true that {what}.", seconds)

    async def connected(self, seconds: float = PATIENCE) -> None:
        """Wait until the app's socket is open."""
        hub = self._world.hub
        await self.until(lambda: True if hub.connected else None, "the app was connected", seconds)

    async def settled(self) -> None:
        """Wait until nothing is on its way to the app any more."""
        await self._world.deliver.settled()
