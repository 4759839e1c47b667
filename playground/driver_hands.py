"""What everything in a test's hands shares: who is played, finding names, waiting, and telling what is there."""

from collections.abc import Callable
from typing import TypeVar

from playground.deeds import Deeds
from playground.elements import words_of
from playground.records import Kind, Message, User
from playground.watch import PATIENCE
from playground.world import World

Found = TypeVar("Found")


class Hands:
    """One person of the world, as a test plays them."""

    def __init__(self, world: World, deeds: Deeds, user: User) -> None:
        self.world = world
        self.deeds = deeds
        self.id = user.id
        self.errors: dict[str, dict[str, str]] = {}

    @property
    def user(self) -> User:
        """Their record."""
        return self.world.state.users[self.id]

    def names(self, key: str) -> str | None:
        """The id of whoever or whatever is called so, for choosing in selects."""
        state = self.world.state
        person = state.person(key)
        if person is not None:
            return person.id
        return next((each.id for each in state.conversations.values() if key in (each.id, each.name)), None)

    def said_by_app(self) -> list[Message]:
        """Every message of the app before them, wherever they are a member, oldest first."""
        state = self.world.state
        mine = (each for each in state.visible_to(self.id) if self.id in each.members)
        places = [each for each in mine if each.kind != Kind.DM or each.shared]
        said = [m for place in places for m in state.said_in(place.id, self.id) if m.by_app]
        return sorted(said, key=lambda each: each.ts)

    async def wait(self, probe: Callable[[], Found | None], what: str, seconds: float = PATIENCE) -> Found:
        """Wait for something to be so; the error tells what there was instead."""
        return await self.world.state.watch.until(probe, lambda: f"{self.user.name} {what}. {self.sight()}", seconds)

    def sight(self) -> str:
        """What this person has before them, for errors."""
        state = self.world.state
        lines = ["They see:"]
        for view in state.modals(self.id):
            title = (view.content.get("title") or {}).get("text", "")
            lines.append(f"  modal “{title}”: {list(words_of(view.content.get('blocks')))!r}")
        told = self.said_by_app()[-6:]
        lines += [f"  {each.ts} {'(only them) ' if each.only_for else ''}{_words(each)!r}" for each in told]
        home = state.home(self.id)
        if home is not None:
            lines.append(f"  home: {' / '.join(words_of(home.content.get('blocks')))[:300]!r}")
        lines.append("The last things on the wire:")
        lines += [f"  {title}" for title in self.world.journal.titles()[-12:]]
        return "\n".join(lines)


def _words(message: Message) -> str:
    return "\n".join(words_of(message.blocks)) if message.blocks else message.text
