"""Ranking mentors for one mentee: plain arithmetic on topic, goal, hours, language and room, with named reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules import policy
from bot.rules.days import Window, shared_hours
from bot.rules.skills import fold, words_of


class ReasonKind(StrEnum):
    """Why a mentor was suggested."""

    TEACHES = "teaches"
    NEAR = "near"
    GOAL = "goal"
    HOURS = "hours"
    LANGUAGE = "language"
    ROOM = "room"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as facts; the views have the words."""

    kind: ReasonKind
    skill: str = ""
    window: Window | None = None
    free: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the mentee wants, and where and how they live."""

    topic: str
    goal: str
    languages: Sequence[str]
    zone: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What one mentor offers."""

    member_id: str
    teaches: Sequence[str]
    languages: Sequence[str]
    zone: str
    places: int
    taken: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One mentor, how well they fit (0 to 1), and why."""

    member_id: str
    score: float
    reasons: tuple[Reason, ...]
    is_full: bool
    fits: bool


def rank(wish: Wish, offers: Iterable[Offer], now: datetime) -> list[Suggestion]:
    """Who fits and has room, then who fits and is full, then the rest; each by score, then by id, so none flickers."""
    judged = [_judge(wish, offer, now) for offer in offers]
    return sorted(judged, key=lambda s: (not s.fits, s.is_full, -s.score, s.member_id))


def _judge(wish: Wish, offer: Offer, now: datetime) -> Suggestion:
    topic, about_topic = _topic(wish.topic, offer.teaches)
    goal, about_goal = _goal(wish, offer.teaches)
    hours, about_hours = _hours(wish.zone, offer.zone, now)
    language, about_language = _language(wish.languages, offer.languages)
    free = offer.places - offer.taken
    room = free / offer.places if offer.places else 0.0
    about_room = Reason(ReasonKind.ROOM, free=free) if free > 0 else Reason(ReasonKind.FULL, free=offer.places)
    score = (
        policy.WEIGHT_TOPIC.value * topic
        + policy.WEIGHT_GOAL.value * goal
        + policy.WEIGHT_HOURS.value * hours
        + policy.WEIGHT_LANGUAGE.value * language
        + policy.WEIGHT_ROOM.value * room
    )
    skill_named = {reason.skill for reason in about_topic}
    reasons = (*about_topic, *(r for r in about_goal if r.skill not in skill_named), *about_hours)
    return Suggestion(
        offer.member_id, score, (*reasons, *about_language, about_room), free <= 0, fits=topic > 0 or goal > 0
    )


def _topic(topic: str, teaches: Sequence[str]) -> tuple[float, list[Reason]]:
    wanted = words_of(topic)
    best, best_skill = 0.0, ""
    for skill in teaches:
        if fold(skill) == fold(topic):
            return 1.0, [Reason(ReasonKind.TEACHES, skill)]
        offered = words_of(skill)
        near = len(wanted & offered) / max(len(wanted), len(offered), 1)
        if near > best:
            best, best_skill = near, skill
    if best <= 0:
        return 0.0, []
    exact = best >= 1.0
    return 0.4 + 0.6 * best, [Reason(ReasonKind.TEACHES if exact else ReasonKind.NEAR, best_skill)]


def _goal(wish: Wish, teaches: Sequence[str]) -> tuple[float, list[Reason]]:
    wanted = words_of(wish.goal)
    helping = [skill for skill in teaches if words_of(skill) & wanted]
    if not helping:
        return 0.0, []
    return min(1.0, len(helping) / 2), [Reason(ReasonKind.GOAL, helping[0])]


def _hours(zone: str, other: str, now: datetime) -> tuple[float, list[Reason]]:
    window = shared_hours(zone, other, now)
    if window is None:
        return 0.0, []
    return min(1.0, window.hours / policy.HOURS_ENOUGH.value), [Reason(ReasonKind.HOURS, window=window)]


def _language(mine: Sequence[str], theirs: Sequence[str]) -> tuple[float, list[Reason]]:
    if not mine or not theirs:
        return 1.0, []
    known = {fold(language) for language in mine}
    both = [language for language in theirs if fold(language) in known]
    beyond_english = [language for language in both if fold(language) != "english"]
    return float(bool(both)), [Reason(ReasonKind.LANGUAGE, beyond_english[0])] if beyond_english else []
