"""How often two people mean to meet, and when their next contact is due."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.policy import CONTACT_UNSIGNED, RHYTHM_EASES


class Rhythm(StrEnum):
    """The rhythms one can agree on; `easing` is every two weeks for eight weeks, then monthly."""

    EASING = "easing"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


INTERVALS = {
    Rhythm.WEEKLY: timedelta(days=7),
    Rhythm.FORTNIGHTLY: timedelta(days=14),
    Rhythm.MONTHLY: timedelta(days=30),
}


def interval(rhythm: Rhythm | None, started_at: datetime, at: datetime) -> timedelta:
    """How long after a contact at this moment the next is due; None is a pair that has signed nothing."""
    if rhythm is None:
        return CONTACT_UNSIGNED.value
    if rhythm is not Rhythm.EASING:
        return INTERVALS[rhythm]
    is_early = at < started_at + RHYTHM_EASES.value
    return INTERVALS[Rhythm.FORTNIGHTLY if is_early else Rhythm.MONTHLY]


def contact_due(
    rhythm: Rhythm | None, started_at: datetime, contact_at: datetime | None, booked: datetime | None
) -> datetime:
    """When the next contact is due: by the rhythm since the last one, or at a meeting booked for later than that."""
    since = contact_at or started_at
    by_rhythm = since + interval(rhythm, started_at, since)
    return max(by_rhythm, booked) if booked is not None else by_rhythm
