"""What two people agree on: the terms, the versions of them, and how they stand for the one who reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.rules import policy
from bot.rules.days import months_later, zone_named
from bot.rules.pairs import PairCard
from bot.rules.rhythms import Rhythm
from storage.models.agreements import AgreementState
from storage.models.members import Member

MINUTES = (30, 45, 60)
REPLY_DAYS = (1, 2, 3, 4, 5)
PREFILLED = 0


class Method(StrEnum):
    """How two people talk."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"


class Stage(StrEnum):
    """Where an agreement stands for its reader: nothing yet, mine or theirs to be signed, or signed by both."""

    NOTHING = "nothing"
    MINE = "mine"
    THEIRS = "theirs"
    SIGNED = "signed"


class Happened(StrEnum):
    """What the reader's last tap came to; `newer` and `outrun` wrote nothing, and the newest is shown instead."""

    NOTHING = "nothing"
    PROPOSED = "proposed"
    SIGNED = "signed"
    SAME = "same"
    NEWER = "newer"
    OUTRUN = "outrun"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one version says; `goal` and `boundaries` are words for the two alone, `reply_days` are working days."""

    rhythm: Rhythm
    minutes: int
    method: Method
    reply_days: int
    ends_on: date
    goal: str = field(repr=False)
    boundaries: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it stands."""

    id: str
    number: int
    state: AgreementState
    proposer: Member
    proposed_at: datetime
    mentee_signed_at: datetime | None
    mentor_signed_at: datetime | None
    terms: Terms

    @property
    def signed_at(self) -> datetime | None:
        """When the second of the two signed."""
        if self.mentee_signed_at is None or self.mentor_signed_at is None:
            return None
        return max(self.mentee_signed_at, self.mentor_signed_at)


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """The text on confidentiality and the limits of advice, and which version of it this is."""

    version: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair's agreement for one of the two: every version, newest first, and the terms that would be signed now."""

    card: PairCard
    reader: Member
    versions: tuple[Version, ...]
    terms: Terms
    confidentiality: Confidentiality
    happened: Happened = Happened.NOTHING

    @property
    def waiting(self) -> Version | None:
        """The version that waits for a signature."""
        return first_in(self.versions, AgreementState.PROPOSED)

    @property
    def holding(self) -> Version | None:
        """The version both have signed and that holds."""
        return first_in(self.versions, AgreementState.SIGNED)

    @property
    def newest(self) -> int:
        """The number of the newest version; nought where there is none."""
        return self.versions[0].number if self.versions else PREFILLED

    @property
    def partner(self) -> Member:
        """The other one."""
        return self.card.partner_of(self.reader)

    @property
    def stage(self) -> Stage:
        """Where it stands for the reader."""
        if self.waiting is not None:
            return Stage.MINE if self.waiting.proposer.id == self.reader.id else Stage.THEIRS
        return Stage.SIGNED if self.holding is not None else Stage.NOTHING

    @property
    def can_sign(self) -> bool:
        """Whether a signature of the reader's would change anything."""
        return self.card.is_live and self.stage in {Stage.NOTHING, Stage.THEIRS}


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version for one of the two."""

    card: PairCard
    reader: Member
    version: Version

    @property
    def waits(self) -> bool:
        """Whether it still waits for a signature, in a pair that lives."""
        return self.card.is_live and self.version.state == AgreementState.PROPOSED

    @property
    def is_own(self) -> bool:
        """Whether the reader proposed it, and so has signed it."""
        return self.version.proposer.id == self.reader.id


@dataclass(frozen=True, slots=True)
class Proposal:
    """The form of a proposal: what it starts from, and the version it would change."""

    card: PairCard
    reader: Member
    terms: Terms
    based_on: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day a term may end on."""

    earliest: date
    latest: date

    def hold(self, day: date) -> date:
        """The nearest day within."""
        return min(max(day, self.earliest), self.latest)


def first_in(versions: Sequence[Version], state: AgreementState) -> Version | None:
    """The newest version in this state."""
    return next((version for version in versions if version.state == state), None)


def day_of(moment: datetime, zone: str) -> date:
    """The day it is somewhere at this moment."""
    return moment.astimezone(zone_named(zone)).date()


def bounds(started_on: date, today: date, term_ends_on: date) -> Bounds:
    """One to twelve months from the start and not before tomorrow; a term that was extended beyond may stay."""
    earliest = max(months_later(started_on, policy.TERM_LEAST_MONTHS.value), today + timedelta(days=1))
    latest = months_later(started_on, policy.TERM_MOST_MONTHS.value)
    return Bounds(earliest, max(latest, term_ends_on, earliest))


def defaults(goal: str, ends_on: date) -> Terms:
    """The terms of two people who have not said otherwise."""
    return Terms(
        rhythm=Rhythm.EASING,
        minutes=policy.MEETING_MINUTES.value,
        method=Method.VIDEO,
        reply_days=policy.REPLY_DAYS.value,
        ends_on=ends_on,
        goal=goal,
    )
