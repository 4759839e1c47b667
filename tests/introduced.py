"""An introduction on its way, for tests: Noor, whom Tomás mentors, and Grace, whom she has never met."""

from dataclasses import dataclass
from typing import Any

from bot.services import introducing, introductions
from storage.models.introductions import Introduction
from storage.models.members import Member
from storage.models.outbox import Op
from storage.models.relationships import Relationship
from tests.builders import House, Letter
from tests.couples import paired
from tests.taps import Taps

WHY = "You both moved from support into data, two years apart."
CHANNEL = "C0DATA123"
WISH = "Which two things would you learn first?"


@dataclass(frozen=True, slots=True)
class Three:
    """The three, and the pair two of them are."""

    house: House
    mentor: Member
    mentee: Member
    contact: Member
    pair: Relationship

    def taps(self, who: Member) -> Taps:
        """Somebody's fingers."""
        return Taps(self.house, who)

    @property
    def row(self) -> Introduction:
        """The newest introduction as it stands now."""
        return max(self.house.rows(Introduction), key=lambda row: (row.drafted_at, row.id))

    def propose(self, **fields: Any) -> Any:
        """The mentor sends a draft; gives the shell's answer."""
        known = {"contact": self.contact.slack_id, "why": WHY, "wish": WISH, "minutes": "20", "place": None}
        return self.taps(self.mentor).submit("introductions.propose", meta=self.pair.id, **(known | fields)).reply

    def draft(self, contact: Member | None = None, place: str = "", why: str = WHY) -> str:
        """A draft waits for the mentee; its id."""
        words = (why, WISH, 20, place)
        to = (contact or self.contact).slack_id
        return self.house.act(self.mentor, introductions.draft, self.pair.id, to, words).id

    def ask(self, contact: Member | None = None, place: str = "", why: str = WHY) -> str:
        """The contact is being asked; the introduction's id."""
        drafted = self.draft(contact, place, why)
        self.house.act(self.mentee, introductions.agree, drafted, why, WISH)
        return drafted

    def said_yes(self, place: str = "") -> str:
        """The contact has said yes, and nothing is delivered yet."""
        asked = self.ask(place=place)
        self.house.act(self.contact, introducing.yes, asked)
        return asked

    def told(self, who: Member) -> list[str]:
        """What somebody was told of how introductions ended."""
        return [letter.text for letter in self.house.read_by(who, "introductions.told")]

    def made(self) -> list[Letter]:
        """Every message that introduced anybody."""
        elsewhere = {Op.OPEN_GROUP, Op.POST_TO}
        return [each for each in self.house.letters if each.kind == "introductions.made" and each.op in elsewhere]


def three(house: House) -> Three:
    """Noor, her mentor Tomás, and Grace, with everything of the pair's beginning delivered."""
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.person("Grace M")
    pair = paired(house, noor, tomas)
    house.forward(minutes=1)
    return Three(house, tomas, noor, grace, pair)
