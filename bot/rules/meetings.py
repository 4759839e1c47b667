"""A meeting: who may be told of it when, where people may say they meet, and what its views are given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.rules.days import own_hours, own_hours_before
from bot.rules.pairs import PairCard
from bot.rules.policy import ASK_MENTEE_AFTER, ASK_MENTOR_AFTER, REMIND_BEFORE, REMIND_SOON_BEFORE
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member

IN_TIME = timedelta(hours=1)
SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):(\S*)", re.IGNORECASE)
WEB = frozenset({"http", "https"})
UNCONFIRMED = (MeetingState.PLANNED, MeetingState.MISSED)
RUNS_CODE = frozenset({"javascript", "data", "vbscript", "file", "blob"})


class Score(StrEnum):
    """How useful a meeting was to one of the two."""

    MUCH = "much"
    SOME = "some"
    LITTLE = "little"


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """One meeting with its pair; `lines` counts its agenda, whose words are not here."""

    meeting: Meeting
    pair: PairCard
    lines: int
    has_begun: bool

    @property
    def is_planned(self) -> bool:
        """Whether it is booked and neither answered for nor cancelled."""
        return self.meeting.state == MeetingState.PLANNED

    @property
    def is_open(self) -> bool:
        """Whether it can still be moved and written to: a no is treated as no answer, since it is not to be noticed."""
        return self.meeting.state in UNCONFIRMED

    @property
    def is_ahead(self) -> bool:
        """Whether it is booked and still to come."""
        return self.is_planned and not self.has_begun


@dataclass(frozen=True, slots=True)
class Moments:
    """What a meeting waits for: the earlier of both reminders, the last one before a first meeting, and the asking."""

    remind_at: datetime | None
    soon_at: datetime | None
    ask_at: datetime
    ask_mentor_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a tap on a proposed hour: a meeting, new or there before, or none, since the hour has gone by."""

    pair: PairCard
    reader: Member
    card: MeetingCard | None
    is_booked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """An agenda as one side edits it; `tag` names the version it began from, `newer` is what the other wrote since."""

    card: MeetingCard
    reader: Member
    words: str
    tag: str
    newer: str | None = None


@dataclass(frozen=True, slots=True)
class PairMeetings:
    """A pair's meetings for one of the two: what comes next, and what they have not said yet of the last one.

    `unanswered` is whether it took place, `unrated` how it was; at most one of them is there.
    """

    pair: PairCard
    reader: Member
    upcoming: MeetingCard | None
    unanswered: MeetingCard | None
    unrated: MeetingCard | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where two people meet: a web link that may be pressed, words that may only be read, or both."""

    link: str
    words: str


def read_place(typed: str) -> Place | None:
    """The one web link in what was typed, and the words beside it; None for an address that is not of the web."""
    link, words = "", []
    for number, token in enumerate(typed.split()):
        found = SCHEME.match(token)
        scheme, rest = (found.group(1).lower(), found.group(2)) if found else ("", "")
        if scheme in WEB and _is_web(token):
            words += [token] if link else []
            link = link or token
        elif scheme == "tel" and rest:
            words.append(rest)
        elif scheme in RUNS_CODE | WEB or "://" in token or (rest and number == 0):
            return None
        else:
            words.append(token)
    return Place(link, " ".join(words))


def _is_web(token: str) -> bool:
    """Whether it is an address of the web with a host, and no name before it that could pass for one."""
    if not token.isprintable() or any(char in token for char in '<>|\\"`'):
        return False
    try:
        parts = urlsplit(token)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def reminder_moment(starts_at: datetime, zone: str) -> datetime:
    """A day before, or the last end of their own hours before that."""
    return own_hours_before(starts_at - REMIND_BEFORE.value, zone)


def moments(starts_at: datetime, minutes: int, zones: Sequence[str], now: datetime, *, is_first: bool) -> Moments:
    """All that lies ahead of a meeting booked or moved now; a moment that has gone by already is left out.

    `zones` are the mentee's and the mentor's. The mentor is asked a day after the mentee heard it, also over a weekend.
    """
    reminders = [moment for zone in zones if (moment := reminder_moment(starts_at, zone)) > now]
    soon, ends = starts_at - REMIND_SOON_BEFORE.value, starts_at + timedelta(minutes=minutes)
    ask_at, wait = ends + ASK_MENTEE_AFTER.value, ASK_MENTOR_AFTER.value - ASK_MENTEE_AFTER.value
    return Moments(
        remind_at=min(reminders, default=None),
        soon_at=soon if is_first and soon > now else None,
        ask_at=ask_at,
        ask_mentor_at=own_hours(ask_at, zones[0]) + wait,
    )


def moments_again(meeting: Meeting, zones: Sequence[str], now: datetime) -> dict[str, datetime]:
    """What of the moments of a meeting is still to come and hangs on the clocks of its people, reckoned by these.

    A reminder that should have gone by the new clock goes now.
    """
    again: dict[str, datetime] = {}
    if meeting.remind_at is not None:
        again["remind_at"] = max(now, min(reminder_moment(meeting.starts_at, zone) for zone in zones))
    if meeting.ask_mentor_at is not None:
        anew = moments(meeting.starts_at, meeting.minutes, zones, now, is_first=False)
        again["ask_mentor_at"] = anew.ask_mentor_at
    return {name: moment for name, moment in again.items() if getattr(meeting, name) != moment}


def told_at(now: datetime, zone: str, deadline: datetime) -> datetime:
    """In somebody's own hours, unless that would be less than an hour before what it is about: then at once."""
    opens = own_hours(now, zone)
    return opens if opens + IN_TIME <= deadline else now


def line_count(agenda: str) -> int:
    """How many lines of an agenda say something."""
    return sum(bool(line.strip()) for line in agenda.splitlines())
