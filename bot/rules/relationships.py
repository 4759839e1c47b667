"""What a pair's own page, its silence, its end and an organiser's list are made of, as facts."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.rules.agreements import Stage
from bot.rules.agreements import Standing as Agreement
from bot.rules.checkins import PairCheckins
from bot.rules.introductions import PairIntroductions
from bot.rules.meetings import PairMeetings
from bot.rules.milestones import PairMilestones
from bot.rules.pairs import PairCard
from bot.rules.policy import CLOSING_BEFORE, QUIET_STEPS, UNDO
from bot.rules.preferences import PairAway
from storage.models.members import Member
from storage.models.relationships import Relationship, RelationshipState, Wish


class Quiet(IntEnum):
    """How far a silence has come: what the next step of it will be."""

    NOTED = 0
    ASKED = 1
    SEEN = 2
    ASLEEP = 3
    OFFERED = 4
    CLOSED = 5


class WayOut(StrEnum):
    """What somebody would like instead, said privately."""

    NEW = "new"
    PAUSE = "pause"
    STOP = "stop"


class Waits(StrEnum):
    """What in a pair can wait for one of its two."""

    MEETING = "meeting"
    SIGNATURE = "signature"
    CLOSING = "closing"
    CHECKIN = "checkin"


class Standing(StrEnum):
    """How a pair stands, as organisers see it: a state, never a reason."""

    GOING = "going"
    QUIET = "quiet"
    ASLEEP = "asleep"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """How one side would like to go on when the term ends; `is_open` while that is asked."""

    card: PairCard
    reader: Member
    met: int
    is_open: bool = True

    @property
    def wish(self) -> str:
        """What this side has said so far."""
        return own_wish(self.card.relationship, is_mentor=self.card.is_mentor(self.reader))


@dataclass(frozen=True, slots=True)
class PairPage:
    """One pair as one of its two sees it; `is_stopping` while their own stop can be taken back."""

    card: PairCard
    reader: Member
    is_stopping: bool
    met: int
    meetings: PairMeetings
    agreement: Agreement
    checkins: PairCheckins
    milestones: PairMilestones
    away: PairAway
    introductions: PairIntroductions
    closing: ClosingPage | None = None

    @property
    def partner(self) -> Member:
        """The other one."""
        return self.card.partner_of(self.reader)

    @property
    def is_mentor(self) -> bool:
        """Whether the reader is the mentor of the two."""
        return self.card.is_mentor(self.reader)

    @property
    def waits(self) -> tuple[Waits, ...]:
        """What of it waits for the reader, the most urgent first."""
        waiting = {
            Waits.MEETING: self.meetings.unanswered is not None,
            Waits.SIGNATURE: self.agreement.stage is Stage.THEIRS,
            Waits.CLOSING: self.closing is not None and not self.closing.wish,
            Waits.CHECKIN: self.checkins.waiting is not None,
        }
        return tuple(what for what, is_so in waiting.items() if is_so and self.card.is_live)


@dataclass(frozen=True, slots=True)
class WayOutPage:
    """The private page for "This isn't working"; `organisers` are neither of the two."""

    card: PairCard
    reader: Member
    organisers: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class EndedPage:
    """A pair that has come to its end, as one of its two reads it."""

    card: PairCard
    reader: Member
    met: int

    @property
    def both_stay(self) -> bool:
        """Whether both said they would like to stay in touch; only then is either told."""
        row = self.card.relationship
        return row.mentee_wish == row.mentor_wish == Wish.STAY


def is_closing(row: Relationship, now: datetime) -> bool:
    """Whether the term is near enough its end for its two people to say how they would like to go on."""
    return row.term_ends_at is not None and row.term_ends_at - CLOSING_BEFORE.value <= now < row.term_ends_at


def own_wish(row: Relationship, *, is_mentor: bool) -> str:
    """What one side wishes for the end of the term."""
    return row.mentor_wish if is_mentor else row.mentee_wish


def is_stopping(row: Relationship, now: datetime) -> bool:
    """Whether somebody has asked to stop, and may still take it back."""
    return row.settled_at is None and row.ended_at is not None and now < row.ended_at + UNDO.value


def next_quiet(row: Relationship, step: Quiet) -> datetime | None:
    """When the step after this one is due, counted from the day contact was; None where silence ends otherwise."""
    following = step + 1
    if row.contact_due_at is None or following >= len(QUIET_STEPS.value):
        return None
    return row.contact_due_at + QUIET_STEPS.value[following]


def standing_of(row: Relationship, now: datetime) -> Standing:
    """How a pair stands, as organisers may know it."""
    if row.state == RelationshipState.ASLEEP:
        return Standing.ASLEEP
    if row.away_until is not None and row.away_until > now:
        return Standing.AWAY
    return Standing.QUIET if row.quiet_step > Quiet.SEEN else Standing.GOING
