"""Everything one person's Home shows, as facts: their own words to themselves, states and counts to organisers."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.checkins import CheckinCard
from bot.rules.introductions import WaitingIntroductions
from bot.rules.profiles import ProfilePage
from bot.rules.relationships import PairPage, Standing
from bot.rules.requests import AskCard, SearchCard
from bot.rules.rounds import PeerPage
from storage.models.members import Member
from storage.models.requests import Search


@dataclass(frozen=True, slots=True)
class Waiting:
    """One ask as organisers see it: who waits on whom and since when, never a word of it."""

    mentee: Member
    mentor: Member
    since: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """One pair as organisers see it."""

    mentee: Member
    mentor: Member
    since: datetime
    standing: Standing = Standing.GOING


@dataclass(frozen=True, slots=True)
class Silence:
    """The whole workspace is silenced; `by` is None where it was done from the command line."""

    since: datetime
    by: Member | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What organisers see: states and counts."""

    joined: int
    searching: int
    free_places: int
    active_pairs: int
    waiting: tuple[Waiting, ...]
    pairs: tuple[Paired, ...]
    ended_early: int = 0
    finished: int = 0
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """One person's Home."""

    member: Member
    profile: ProfilePage
    can_undo_leave: bool
    begun: Search | None
    search: SearchCard | None
    waiting: tuple[AskCard, ...]
    pairs: tuple[PairPage, ...]
    peers: PeerPage
    checkins: tuple[CheckinCard, ...]
    introductions: WaitingIntroductions
    organisers: tuple[Member, ...]
    overview: Overview | None
    is_silenced: bool = False
