"""What a story needs of the workspace it is played in; whoever starts the playground hands it over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Seen(Protocol):
    """A message or a modal before somebody's eyes."""

    @property
    def text(self) -> str:
        """Every word of it."""

    @property
    def buttons(self) -> list[str]:
        """What can be pressed, by label."""

    async def click(self, label: str) -> object:
        """Press a button, by its label or its action."""

    async def changed(self, containing: str) -> object:
        """Wait until these words stand in it."""


class Sheet(Seen, Protocol):
    """A modal."""

    async def fill(self, **answers: object) -> None:
        """Fill fields by their names."""

    async def submit(self) -> object:
        """Send it."""

    async def close(self) -> None:
        """Dismiss it."""


class Player(Protocol):
    """Somebody of the cast, as a story plays them."""

    async def command(self, text: str) -> object:
        """Type a command."""

    async def open_home(self) -> None:
        """Come to Home."""

    async def home(self, containing: str | None = None) -> Seen:
        """Their Home."""

    async def modal(self, containing: str | None = None, *, callback_id: str | None = None) -> Sheet:
        """The modal on top, once it is there."""

    async def no_modal(self) -> None:
        """Wait until no modal is open."""

    async def message(self, containing: str | None = None) -> Seen:
        """The newest message with these words, once it is there."""

    def all_messages(self) -> Sequence[Seen]:
        """Every message they can see, oldest first."""


class People(Protocol):
    """Everybody."""

    def person(self, key: str) -> Player:
        """Somebody of the cast."""


class Days(Protocol):
    """What a story does with time."""

    @property
    def now(self) -> datetime:
        """The world's time."""

    async def pass_by(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """Through everything due in this span."""

    async def until(self, who: str, action_id: str, days: float = 31) -> Seen:
        """To the moment a message with this action reaches them."""
