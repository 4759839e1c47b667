"""Every refusal, as facts; bot/views/errors.py has the words."""

from dataclasses import dataclass
from datetime import datetime


class MentorError(Exception):
    """Something the bot will not do, for a reason it can say."""


@dataclass(frozen=True)
class NotForYouError(MentorError):
    """The programme is not open to people of this standing."""

    standing: str


@dataclass(frozen=True)
class NotYoursError(MentorError):
    """The thing exists no more, never did, or belongs to somebody else: one answer for all three."""


@dataclass(frozen=True)
class UnknownCommandError(MentorError):
    """No such subcommand; `nearest` is what they may have meant."""

    typed: str
    nearest: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class UnknownButtonError(MentorError):
    """A button of a message from before an update."""


@dataclass(frozen=True)
class MentorIsFullError(MentorError):
    """The mentor who presses Accept has no place left; they are told their own limit."""

    places: int


@dataclass(frozen=True)
class MentorTakenError(MentorError):
    """The mentor one wants to ask cannot be asked now; the mentee only learns that, not why."""

    name: str


@dataclass(frozen=True)
class AlreadySearchingError(MentorError):
    """One search at a time."""


@dataclass(frozen=True)
class TooLateToUndoError(MentorError):
    """The ten minutes are over, or the other side has acted."""


@dataclass(frozen=True)
class PlacesInUseError(MentorError):
    """Somebody lowers their places below the number of mentees they have."""

    taken: int


@dataclass(frozen=True)
class AskIsOverError(MentorError):
    """The request was answered, withdrawn or moved on meanwhile."""


@dataclass(frozen=True)
class SearchIsOverError(MentorError):
    """The search ended meanwhile."""


@dataclass(frozen=True)
class BusyError(MentorError):
    """The database did not answer; nothing was written."""

    at: datetime
