"""When a digest comes, and what fits into one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.rules.days import instant, spread_of, zone_named
from bot.rules.policy import DIGEST_LINES, JAM_PATIENCE, MORNING_SPREAD
from storage.models.members import Member

T = TypeVar("T")

A_MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
LINES_KEPT = 3
WAYS_LEAST = 4
PEERS = "peers"


class ComingKind(StrEnum):
    """What can lie ahead, named as the features are."""

    REQUEST = "requests"
    MEETING = "meetings"
    AGREEMENT = "agreements"
    CHECKIN = "checkins"
    MILESTONE = "milestones"


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing ahead with one person: its moment or its day, where it has one; `topic` for a request alone."""

    kind: ComingKind
    subject_id: str
    partner: Member
    pair_id: str = ""
    at: datetime | None = None
    day: date | None = None
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Proud:
    """Counts of what was done, never a judgement of it."""

    met: int
    met_this_week: int
    reached_this_week: int


@dataclass(frozen=True, slots=True)
class Meet:
    """Somebody to meet, and what they teach that one wants to learn; no person means a round of peers."""

    person: Member | None = None
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Overseen:
    """What an organiser can do something about, as counts."""

    quiet: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Week:
    """Everything one digest says, but for the lines that waited."""

    reader: Member
    day: int
    hour: int
    coming: tuple[Coming, ...] = ()
    proud: Proud | None = None
    meet: Meet | None = None
    overseen: Overseen | None = None

    @property
    def has_reason(self) -> bool:
        """Whether it is worth sending by itself: facts to be proud of and people to meet alone are not."""
        return bool(self.coming) or self.overseen is not None


def minute_of(member_id: str) -> int:
    """Each member's own minute past the hour, 30 to 59, the same for ever, so that not all come at once.

    It is after whatever was put off to the same morning, so that what found no room there is a line of this digest.
    """
    return (MORNING_SPREAD.value + spread_of(member_id)) // A_MINUTE


def next_moment(now: datetime, zone: str, weekday: int, hour: int, minute: int, last: date | None) -> datetime:
    """The next time a wall clock shows this weekday and hour; never within seven local days of the last digest."""
    today = now.astimezone(zone_named(zone)).date()
    day = today if last is None else max(today, last + WEEK)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    moment = instant(day, time(hour, minute), zone)
    return moment if moment > now else instant(day + WEEK, time(hour, minute), zone)


def again_in_the_hour(now: datetime, zone: str, hour: int) -> datetime | None:
    """A little later, if that is still within the hour a digest is meant for; None if it is for next week."""
    later = now + JAM_PATIENCE.value
    local = later.astimezone(zone_named(zone))
    return later if local.hour == hour and local.date() == now.astimezone(zone_named(zone)).date() else None


def lines_taken(waiting: int, coming: int, overseen: int) -> int:
    """How many of the lines that waited go into a digest: what lies ahead comes first, but never alone."""
    room = DIGEST_LINES.value - overseen
    return min(waiting, max(LINES_KEPT, room - coming))


def chosen(ways: Sequence[T], number: int) -> T | None:
    """One of these by turns, with weeks of none between where there are few, so that no name wears out."""
    turn = number % max(len(ways), WAYS_LEAST)
    return ways[turn] if turn < len(ways) else None


def within_lines(week: Week, lines: int) -> Week:
    """The same week cut to what fits beside so many lines: what lies ahead, then what was done, then whom to meet."""
    room = DIGEST_LINES.value - lines - (week.overseen is not None)
    coming = week.coming[: max(0, room)]
    room -= len(coming)
    proud = week.proud if room > 0 else None
    room -= proud is not None
    meet = week.meet if room > 0 else None
    return Week(week.reader, week.day, week.hour, coming, proud, meet, week.overseen)
