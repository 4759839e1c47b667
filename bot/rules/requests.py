"""When a name is reminded and lapses, what may be undone, and which names a search may hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules import policy
from bot.rules.agreements import Standing
from bot.rules.days import own_hours, working_days_later
from bot.rules.meetings import MeetingCard
from bot.rules.pairs import PairCard
from storage.models.members import Member
from storage.models.requests import Ask, AskState, Search


@dataclass(frozen=True, slots=True)
class Window:
    """When a name is asked, reminded, and counted as having no room to answer."""

    asked_at: datetime
    remind_at: datetime
    due_at: datetime


class Declined(StrEnum):
    """The kind reasons a mentor can give; the mentee reads a sentence for each."""

    NO_ROOM = "no_room"
    OTHER_FIELD = "other_field"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class Begun:
    """What a yes began: the pair, hours for a first meeting or the one that is booked, and the agreement to start from.

    Each side reads its own agreement's standing, keyed by the member's id.
    """

    pair: PairCard
    slots: tuple[datetime, ...]
    booked: MeetingCard | None
    agreements: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class AskCard:
    """One ask as both sides' messages need it."""

    ask: Ask
    search: Search
    mentee: Member
    mentor: Member
    note: str
    can_undo: bool
    has_reached: bool = True
    referred: Member | None = None
    begun: Begun | None = None


@dataclass(frozen=True, slots=True)
class SearchCard:
    """One search as the mentee's messages and Home need it."""

    search: Search
    mentee: Member
    asks: tuple[AskCard, ...]
    note: str
    can_undo: bool

    @property
    def current(self) -> AskCard | None:
        """The name that is being asked, or that said yes."""
        for card in self.asks:
            if card.ask.state in {AskState.WAITING, AskState.ACCEPTED}:
                return card
        return None

    @property
    def shown(self) -> AskCard | None:
        """The name the mentee sees as being asked: one that declined minutes ago may still take it back."""
        quiet = (c for c in self.asks if c.ask.state == AskState.DECLINED and not c.ask.settled_at)
        return next(quiet, self.current)


def window_for(now: datetime, zone: str, closes_at: datetime) -> Window:
    """Three working days from the mentor's next own hours, never past the day the whole search closes."""
    asked_at = own_hours(now, zone)
    due_at = min(working_days_later(asked_at, policy.ACCEPT_DAYS.value, zone), closes_at)
    remind_at = own_hours(working_days_later(asked_at, policy.REMIND_AFTER_DAYS.value, zone), zone)
    return Window(asked_at, remind_at, due_at)


def window_again(asked_at: datetime, now: datetime, zone: str, closes_at: datetime) -> Window:
    """The same on the clock the mentor has now; somebody who was asked already was asked when they were."""
    if asked_at > now:
        return window_for(now, zone, closes_at)
    remind_at = own_hours(working_days_later(asked_at, policy.REMIND_AFTER_DAYS.value, zone), zone)
    return Window(asked_at, remind_at, min(working_days_later(asked_at, policy.ACCEPT_DAYS.value, zone), closes_at))


def closes_at(opened_at: datetime) -> datetime:
    """The day a search ends whatever happens."""
    return opened_at + timedelta(days=policy.SEARCH_DAYS.value)


def next_queued(asks: Iterable[Ask]) -> Ask | None:
    """The first name not asked yet."""
    queued = [ask for ask in asks if ask.state == AskState.QUEUED]
    return min(queued, key=lambda ask: ask.position, default=None)


def may_undo(done_at: datetime | None, now: datetime) -> bool:
    """Whether a deed is still within its ten minutes."""
    return done_at is not None and now < done_at + policy.UNDO.value


def chosen_names(first: str, others: Iterable[str], allowed: Sequence[str]) -> list[str]:
    """The names a search will ask, in turn: the first choice, then the ticked ones in the order they were shown."""
    ticked = set(others)
    names = [first, *(name for name in allowed if name in ticked and name != first)]
    return names[: policy.SEARCH_NAMES.value]
