"""Two people who said yes to each other, for tests of what comes after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rules.pairs import PairCard
from bot.services import meetings, pairs, requests
from storage.database import Tx
from storage.models.meetings import Meeting
from storage.models.members import Member
from storage.models.relationships import Relationship
from tests.builders import House, texts_in
from tests.taps import Taps


@dataclass(frozen=True, slots=True)
class Paired:
    """A mentee and a mentor in one house."""

    house: House
    noor: Member
    tomas: Member
    id: str

    def card(self, tx: Tx) -> PairCard:
        """The pair as it stands in this transaction."""
        return pairs.card_of(tx, self.id)

    def book(self, starts_at: datetime, by: Member | None = None) -> Meeting:
        """Take a proposed hour; Noor does, unless somebody else is named."""
        took = self.house.act(by or self.noor, meetings.take, self.id, starts_at)
        assert took.card is not None
        return took.card.meeting

    def meeting(self) -> Meeting:
        """Their one meeting, as it stands now."""
        (row,) = self.house.rows(Meeting)
        return row

    def move(self, row: Meeting, to: datetime, by: Member | None = None) -> Meeting:
        """Move a meeting as somebody who sees it as it is in this row, on a clock that shows UTC."""
        mover = by or self.noor
        assert mover.zone in {"UTC", "Europe/Lisbon"}
        deed = meetings.move
        return self.house.act(mover, deed, row.id, row.version, to.date(), to.time(), row.minutes).meeting

    def taps(self, who: Member) -> Taps:
        """What one of the two can press and send."""
        return Taps(self.house, who)


def paired(house: House, mentee_zone: str = "Europe/Lisbon", mentor_zone: str = "Europe/Berlin") -> Paired:
    """Noor asked, Tomás said yes, and everything told of it has arrived."""
    noor, tomas = house.person("Noor Haddad", mentee_zone), house.mentor("Tomás Ferreira", zone=mentor_zone)
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    house.settle()
    house.letters.clear()
    (pair,) = house.rows(Relationship, mentee_id=noor.id)
    return Paired(house, noor, tomas, pair.id)


def words_of(shown: Any) -> str:
    """Everything a reply, a view or a message says, as one text."""
    view = getattr(shown, "message", None) or getattr(shown, "modal", None) or shown
    payload = view if isinstance(view, dict) else view.payload()
    return " ".join(texts_in(payload))
