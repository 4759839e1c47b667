"""An introduction as each of its three may see it, and whom one may be asked to meet."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.rules.pairs import PairCard
from storage.models.introductions import Introduction, IntroductionState
from storage.models.members import Member

MINUTES = (15, 20, 30)
SLACKBOT = "USLACKBOT"


class Unfit(StrEnum):
    """Why somebody cannot be asked; `closed` covers all that is theirs alone to know."""

    ONESELF = "oneself"
    PARTNER = "partner"
    BOT = "bot"
    GUEST = "guest"
    STRANGER = "stranger"
    GONE = "gone"
    UNKNOWN = "unknown"
    ON_ITS_WAY = "on its way"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class IntroductionCard:
    """One introduction with its three people; `is_closed` says that the contact wants no more of them."""

    pair: PairCard
    row: Introduction
    contact: Member
    why: str = field(repr=False)
    wish: str = field(repr=False)
    now: datetime
    is_closed: bool = False

    @property
    def id(self) -> str:
        """The introduction's own id."""
        return self.row.id

    @property
    def mentor(self) -> Member:
        """Who suggested it."""
        return self.pair.mentor

    @property
    def mentee(self) -> Member:
        """Who is introduced."""
        return self.pair.mentee

    @property
    def people(self) -> tuple[Member, Member, Member]:
        """Contact, mentee, mentor."""
        return self.contact, self.mentee, self.mentor

    @property
    def stands(self) -> IntroductionState:
        """Where it stands in the contact's own eyes, and in the database."""
        return IntroductionState(self.row.state)

    @property
    def seems(self) -> IntroductionState:
        """Where it stands for mentor and mentee: until day 7 a no is an open question, after it a silence."""
        if self.stands == IntroductionState.DECLINED:
            return IntroductionState.LAPSED if self.row.due_at is None else IntroductionState.ASKED
        return self.stands

    @property
    def is_in_time(self) -> bool:
        """Whether day 7 is still to come."""
        return self.row.due_at is not None and self.row.due_at > self.now

    @property
    def is_wanted(self) -> bool:
        """Whether the pair lives and all three are here."""
        return self.pair.is_live and not any(person.is_gone for person in self.people)

    @property
    def can_answer(self) -> bool:
        """Whether a yes of the contact's still counts; a no may turn into one until day 7."""
        is_open = self.stands in {IntroductionState.ASKED, IntroductionState.DECLINED}
        return is_open and self.is_in_time and self.is_wanted

    @property
    def waits_for_mentee(self) -> bool:
        """Whether its words still wait for the one who is to be introduced."""
        return self.stands == IntroductionState.DRAFTED and self.is_wanted


@dataclass(frozen=True, slots=True)
class DraftPage:
    """The form for a new one, with words that were refused before."""

    card: PairCard
    why: str = field(default="", repr=False)
    wish: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Whom:
    """Everybody a mentor could introduce."""

    reader: Member
    cards: tuple[PairCard, ...]


@dataclass(frozen=True, slots=True)
class PairIntroductions:
    """A pair's introductions that are on their way or were made, newest first, for one of the two."""

    card: PairCard
    reader: Member
    shown: tuple[IntroductionCard, ...]

    @property
    def is_mentor(self) -> bool:
        """Whether the reader is the one who introduces."""
        return self.card.is_mentor(self.reader)


@dataclass(frozen=True, slots=True)
class WaitingIntroductions:
    """What waits for somebody: drafts to agree to, and asks to answer."""

    reader: Member
    drafts: tuple[IntroductionCard, ...]
    asks: tuple[IntroductionCard, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.drafts) + len(self.asks)


def unfit(pair: PairCard, contact: Member | None, slack_id: str) -> Unfit | None:
    """Why this person cannot be a contact of this pair, as far as everybody may know; None if they can."""
    if contact is None:
        return Unfit.BOT if slack_id == SLACKBOT else Unfit.UNKNOWN
    reasons = (
        (contact.id == pair.mentor.id, Unfit.ONESELF),
        (contact.id == pair.mentee.id, Unfit.PARTNER),
        (contact.is_bot or slack_id == SLACKBOT, Unfit.BOT),
        (contact.is_gone, Unfit.GONE),
        (contact.is_stranger, Unfit.STRANGER),
        (contact.is_guest, Unfit.GUEST),
    )
    return next((why for is_so, why in reasons if is_so), None)
