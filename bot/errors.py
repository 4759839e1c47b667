"""Every refusal, as facts; bot/views/errors.py has the words.

None is frozen: Python writes the traceback on an exception as it passes a context manager.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


class MentorError(Exception):
    """Something the bot will not do, for a reason it can say; `field` is where in a form it belongs, if anywhere."""

    field: ClassVar[str] = ""


@dataclass(eq=False)
class NotForYouError(MentorError):
    """The programme is not open to people of this standing."""

    standing: str


@dataclass(eq=False)
class NotYoursError(MentorError):
    """The thing exists no more, never did, or belongs to somebody else: one answer for all three."""


@dataclass(eq=False)
class UnknownCommandError(MentorError):
    """No such subcommand; `nearest` is what they may have meant."""

    typed: str
    nearest: str
    words: tuple[str, ...]


@dataclass(eq=False)
class UnknownButtonError(MentorError):
    """A button of a message from before an update."""


@dataclass(eq=False)
class MentorIsFullError(MentorError):
    """The mentor who presses Accept has no place left; they are told their own limit."""

    places: int


@dataclass(eq=False)
class YouHaveLeftError(MentorError):
    """A mentor who is leaving presses Accept; they can stay after all, and then accept."""


@dataclass(eq=False)
class MentorTakenError(MentorError):
    """The mentor one wants to ask cannot be asked now; the mentee only learns that, not why."""

    name: str


@dataclass(eq=False)
class AlreadySearchingError(MentorError):
    """One search at a time."""


@dataclass(eq=False)
class TooLateToUndoError(MentorError):
    """The ten minutes are over, or the other side has acted."""


@dataclass(eq=False)
class PlacesInUseError(MentorError):
    """Somebody lowers their places below the number of mentees they have."""

    taken: int


@dataclass(eq=False)
class AskIsOverError(MentorError):
    """The request was answered, withdrawn or moved on meanwhile."""


@dataclass(eq=False)
class SearchIsOverError(MentorError):
    """The search ended meanwhile."""


@dataclass(eq=False)
class PairIsOverError(MentorError):
    """The mentoring has ended meanwhile, or the partner is gone."""

    name: str


@dataclass(eq=False)
class PastMomentError(MentorError):
    """A meeting is planned for a moment that has gone by."""

    field: ClassVar[str] = "day"


@dataclass(eq=False)
class TooFarAheadError(MentorError):
    """A meeting is planned for more than a year ahead."""

    field: ClassVar[str] = "day"


@dataclass(eq=False)
class MomentTakenError(MentorError):
    """The two have another meeting at this very moment."""

    field: ClassVar[str] = "day"


@dataclass(eq=False)
class UnsafePlaceError(MentorError):
    """A meeting's place is an address that is not of the web."""

    field: ClassVar[str] = "place"


@dataclass(eq=False)
class MeetingMovedError(MentorError):
    """The meeting was moved while this form was open."""

    field: ClassVar[str] = "day"
    starts_at: datetime
    zone: str


@dataclass(eq=False)
class MeetingIsOverError(MentorError):
    """The meeting was cancelled, has taken place, or is otherwise done with."""


@dataclass(eq=False)
class TermRefusedError(MentorError):
    """An agreement ends too early, too late, or on a day that has passed; the bounds are days."""

    field: ClassVar[str] = "ends_on"

    is_past: bool
    earliest: date
    latest: date


@dataclass(eq=False)
class DayRefusedError(MentorError):
    """A milestone's day has passed, or lies out of sight; `latest` is the farthest there is."""

    field: ClassVar[str] = "day"

    is_past: bool
    latest: date


@dataclass(eq=False)
class TooManyMilestonesError(MentorError):
    """A pair has as many open milestones as fit."""

    field: ClassVar[str] = "title"

    most: int


@dataclass(eq=False)
class GroupIsOverError(MentorError):
    """The peers' group was made up anew or its round is over, or the one who presses has left it."""


@dataclass(eq=False)
class AwayInThePastError(MentorError):
    """Somebody is to be back on a day that is not ahead of them."""

    field: ClassVar[str] = "away"


@dataclass(eq=False)
class AwayTooLongError(MentorError):
    """Somebody is to be away for longer than a year."""

    field: ClassVar[str] = "away"


@dataclass(eq=False)
class ContactRefusedError(MentorError):
    """Somebody cannot be introduced to this person; `why` never tells what is that person's own to know."""

    field: ClassVar[str] = "contact"

    why: str
    name: str


@dataclass(eq=False)
class NotAnOrganiserError(MentorError):
    """Only organisers may; somebody who was one may have stopped being one since their Home was shown."""


@dataclass(eq=False)
class BusyError(MentorError):
    """The database did not answer; nothing was written."""

    at: datetime
