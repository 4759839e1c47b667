"""One budget of attention over all features: what may reach somebody unasked, and what becomes a line of a digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from bot.rules.days import AT_ONCE, instant, own_hours, own_morning, zone_named
from bot.rules.news import DIGEST, KINDS, comes_at_any_hour
from bot.rules.policy import BACKLOG_LEAST, JAM_ABOVE, JAM_AFTER, MERGE_ABOVE, MERGE_AFTER, UNASKED_A_WEEK
from storage.models.outbox import Urgency
from storage.models.preferences import Attention

WEEK = timedelta(days=6)


class Way(StrEnum):
    """What becomes of a piece of news at the moment it could be sent."""

    SEND = "send"
    LATER = "later"
    LINE = "line"
    MERGE = "merge"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due in a workspace, asked for by nobody, and not sent yet: how many, and when the oldest fell due."""

    count: int = 0
    oldest: datetime | None = None

    def is_heavy(self, now: datetime) -> bool:
        """Whether one person's nudges are to come as one message, so that everybody's come sooner."""
        return self.count > MERGE_ABOVE.value or self._waits_longer_than(MERGE_AFTER.value, now)

    def is_jammed(self, now: datetime) -> bool:
        """Whether nothing that can wait is to be added to it."""
        return self.count > JAM_ABOVE.value or self._waits_longer_than(JAM_AFTER.value, now)

    def _waits_longer_than(self, bound: timedelta, now: datetime) -> bool:
        return self.count >= BACKLOG_LEAST.value and self.oldest is not None and now - self.oldest > bound


NO_BACKLOG = Backlog()


@dataclass(frozen=True, slots=True)
class Mood:
    """How much somebody wants to hear, and what they heard unasked in the last seven of their own days.

    `sent` holds the kinds of those messages; `away_until` lies ahead, or is None; `spread` is how long after a morning
    begins theirs come. `together` counts their unasked messages that are due now, and `backlog` everybody's.
    """

    zone: str
    attention: Attention
    away_until: datetime | None
    sent: Sequence[str]
    spread: timedelta = AT_ONCE
    together: int = 0
    backlog: Backlog = NO_BACKLOG


@dataclass(frozen=True, slots=True)
class Judgement:
    """The way, and for `later` the moment to ask again."""

    way: Way
    at: datetime | None = None


SEND = Judgement(Way.SEND)


def week_began(now: datetime, zone: str) -> datetime:
    """The midnight that begins the last seven local days, today included: a week that no change of clocks stretches."""
    today = now.astimezone(zone_named(zone)).date()
    return instant(today - WEEK, time(0), zone).astimezone(UTC)


def judge(kind: str, now: datetime, mood: Mood) -> Judgement:
    """Decide for one person and one piece of news, at the moment of sending."""
    urgency = KINDS[kind].urgency
    if urgency in {Urgency.ANSWER, Urgency.SAFETY}:
        return SEND
    if mood.away_until is not None and mood.away_until > now:
        return Judgement(Way.LATER, mood.away_until) if urgency is Urgency.PROMISED else _aside(kind)
    if urgency is Urgency.UNASKED and mood.attention is Attention.ONLY_ASKED:
        return Judgement(Way.DROP)
    if not comes_at_any_hour(kind) and own_hours(now, mood.zone) > now:
        return Judgement(Way.LATER, own_morning(now, mood.zone, mood.spread))
    if urgency is Urgency.UNASKED and not has_room(kind, mood.sent):
        return _aside(kind)
    return Judgement(Way.MERGE) if _is_merged(kind, now, mood) else SEND


def _aside(kind: str) -> Judgement:
    """What does not fit becomes a line of the next digest; what carries lines is let go, and they wait again."""
    return Judgement(Way.DROP if KINDS[kind].carries else Way.LINE)


def _is_merged(kind: str, now: datetime, mood: Mood) -> bool:
    """Whether this one and others that are due come as one message, since many wait behind it."""
    is_nudge = KINDS[kind].urgency is Urgency.UNASKED and not KINDS[kind].carries
    return is_nudge and mood.together > 1 and mood.backlog.is_heavy(now)


def has_room(kind: str, sent: Sequence[str]) -> bool:
    """Whether one more unasked message fits the week; one of the places is kept for the digest."""
    if len(sent) >= UNASKED_A_WEEK.value or KINDS[kind].rank == DIGEST:
        return len(sent) < UNASKED_A_WEEK.value
    return sum(KINDS[each].rank != DIGEST for each in sent if each in KINDS) < UNASKED_A_WEEK.value - 1
