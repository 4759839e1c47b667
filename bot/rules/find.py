"""What finding shows: the two questions, ranked names, and the note, as facts."""

from dataclasses import dataclass

from bot.rules.matching import Suggestion
from storage.models.members import Member
from storage.models.requests import Search


@dataclass(frozen=True, slots=True)
class Start:
    """What the first modal opens with."""

    topic: str
    goal: str
    has_joined: bool


@dataclass(frozen=True, slots=True)
class Name:
    """One suggested mentor."""

    member: Member
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Results:
    """The ranked names of one search; `fitting` may be empty while `others` are not."""

    search: Search
    fitting: tuple[Name, ...]
    others: tuple[Name, ...]

    @property
    def askable(self) -> tuple[Name, ...]:
        """Names with a free place, in the order shown."""
        return tuple(name for name in (*self.fitting, *self.others) if not name.suggestion.is_full)


@dataclass(frozen=True, slots=True)
class NotePage:
    """What the note's modal opens with: the first name, those who may be asked after, and words kept from before."""

    search: Search
    mentee: Member
    first: Name
    others: tuple[Name, ...]
    kept: str
