"""Days two people mark for themselves, and how far they have come."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.rules import policy
from bot.rules.days import instant, months_later
from bot.rules.pairs import PairCard
from storage.models.members import Member
from storage.models.milestones import MilestoneState


@dataclass(frozen=True, slots=True)
class Mark:
    """One milestone as it stands; its title is for the two alone."""

    id: str
    title: str = field(repr=False)
    on_day: date
    state: MilestoneState
    version: int
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MilestonePage:
    """One milestone for one of the two; `is_late` says that the other one changed it before this tap."""

    card: PairCard
    reader: Member
    mark: Mark
    today: date
    is_late: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can still be reached, in a pair that lives."""
        return self.card.is_live and self.mark.state == MilestoneState.OPEN


@dataclass(frozen=True, slots=True)
class PairMilestones:
    """A pair's milestones for one of the two: open ones by their day, then how many of all were reached."""

    card: PairCard
    reader: Member
    open: tuple[Mark, ...]
    reached: tuple[Mark, ...]

    @property
    def total(self) -> int:
        """How many there are; those let go do not count."""
        return len(self.open) + len(self.reached)


@dataclass(frozen=True, slots=True)
class NewMilestone:
    """The form for a new one, with what was typed before and refused."""

    card: PairCard
    reader: Member
    title: str = field(repr=False)
    day: date


@dataclass(frozen=True, slots=True)
class MarkedDay:
    """One marked day, without its title: what a digest may know."""

    milestone_id: str
    pair_id: str
    partner: Member
    on_day: date


@dataclass(frozen=True, slots=True)
class Marked:
    """Marked days over all of somebody's pairs, the earliest first, and how many they are."""

    days: tuple[MarkedDay, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.days)


def due_at(on_day: date, zone: str) -> datetime:
    """The morning of a day where the mentee lives, UTC."""
    opens: time = policy.DAY_STARTS.value
    return instant(on_day, opens, zone)


def last_day(today: date) -> date:
    """The farthest day a milestone may be set for."""
    return months_later(today, policy.MILESTONE_MONTHS_MOST.value)


def is_within(day: date, today: date) -> bool:
    """Whether a day can be marked: today, or later and still in sight."""
    return today <= day <= last_day(today)
