"""How much somebody wants to hear, when, and until when they are away: choices, and which of them make sense."""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.errors import AwayInThePastError, AwayTooLongError
from bot.rules.days import instant, zone_named
from bot.rules.pairs import PairCard
from bot.rules.policy import AWAY_MOST
from storage.models.members import Member
from storage.models.preferences import Attention

DAYS = range(5)
HOURS = range(9, 17)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the settings form says; `away` is the day they are back."""

    attention: Attention
    day: int
    hour: int
    away: date | None


@dataclass(frozen=True, slots=True)
class Settings:
    """One's own settings as they stand; `away_until` lies ahead or is None, and so does `next_digest_at`."""

    member: Member
    attention: Attention
    day: int
    hour: int
    away_until: datetime | None
    next_digest_at: datetime | None


@dataclass(frozen=True, slots=True)
class PairAway:
    """Whether one pair is on hold, as one of the two sees it; `until` lies ahead or is None."""

    card: PairCard
    reader: Member
    until: datetime | None
    by: Member | None

    @property
    def is_own(self) -> bool:
        """Whether it was the reader who put it on hold, so that they can end it."""
        return self.by is not None and self.by.id == self.reader.id


def back_at(day: date, now: datetime, zone: str) -> datetime:
    """The midnight that begins the day somebody is back; raises a refusal for today, the past, and beyond a year."""
    today = now.astimezone(zone_named(zone)).date()
    if day <= today:
        raise AwayInThePastError
    if day > today + AWAY_MOST.value:
        raise AwayTooLongError
    return instant(day, time(0), zone)


def back_day(until: datetime, zone: str) -> date:
    """The day somebody is back, on the clock it was chosen by."""
    return until.astimezone(zone_named(zone)).date()
