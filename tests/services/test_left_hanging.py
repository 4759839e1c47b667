"""A pair that ended without its deed, as a migration once ended some: what was left hanging on it reaches nobody."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.services import agreements, introductions, meetings, milestones, relationships
from storage.models.checkins import Checkin, CheckinState
from storage.models.meetings import Meeting
from storage.models.members import Member
from storage.models.outbox import POSTING, RowState
from storage.models.relationships import Relationship, RelationshipState
from storage.queries import meetings as meeting_queries
from storage.queries import relationships as queries
from tests.builders import House, texts_in
from tests.couples import paired

OF_PAIRS = ("relationships.", "meetings.", "agreements.", "checkins.", "milestones.", "introductions.")
WHY, WISH = "You both moved from support into data.", "Which two things would you learn first?"
LONG = 200


@dataclass(frozen=True, slots=True)
class Undone:
    """A pair with everything hanging on it that a pair can wait for, and the two it was."""

    house: House
    noor: Member
    tomas: Member
    pair: Relationship

    def undo(self) -> None:
        """End it in its own row, and nowhere else."""
        self.house.do(queries.write, self.pair.id, {"state": RelationshipState.UNDONE})
        self.house.letters.clear()

    def told(self) -> list[str]:
        """The kinds of what anybody read of the pair afterwards; of a digest, where it names one of the two."""
        sent = [letter for letter in self.house.letters if letter.op in POSTING]
        names = [who.name.split()[0] for who in (self.noor, self.tomas)]
        digests = [each for each in sent if any(name in " ".join(texts_in(each.payload)) for name in names)]
        return [each.kind for each in sent if each.kind.startswith(OF_PAIRS)] + [each.kind for each in digests]


def hanging(house: House, lived: int) -> Undone:
    """Two who have been a pair for so many days, and then arranged all there is to arrange; nothing of it is sent."""
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira", zone="Europe/Berlin")
    pair = paired(house, noor, tomas)
    house.forward(days=lived, minutes=11)
    house.act(noor, relationships.in_touch, pair.id)
    house.act(noor, meetings.take, pair.id, house.now + timedelta(days=9))
    house.act(noor, agreements.sign_prefilled, pair.id)
    house.act(noor, milestones.add, pair.id, "First chart", house.now.date() + timedelta(days=8))
    house.act(tomas, introductions.draft, pair.id, house.person("Grace M").slack_id, (WHY, WISH, 20, ""))
    return Undone(house, noor, tomas, pair)


@pytest.mark.parametrize(("lived", "hours"), [(0, 0), (31, 30)], ids=["new and owed", "grown and told"])
def test_nobody_ever_reads_of_it_again_and_nothing_stays_due(either_house: House, lived: int, hours: int) -> None:
    undone = hanging(either_house, lived)
    either_house.forward(hours=hours)
    undone.undo()
    either_house.forward(days=LONG)
    assert undone.told() == []
    assert not [row for row in either_house.owed() if row.state == RowState.PENDING and row.kind.startswith(OF_PAIRS)]
    assert {row.state for row in either_house.rows(Checkin)} <= {CheckinState.LET_GO, CheckinState.ASKED}


def test_the_hours_it_had_booked_are_free_again(either_house: House) -> None:
    undone = hanging(either_house, 0)
    [booked] = either_house.rows(Meeting)
    two = [undone.noor.id, undone.tomas.id]
    assert either_house.do(meeting_queries.busy, two) == {booked.starts_at}
    undone.undo()
    assert either_house.do(meeting_queries.busy, two) == frozenset()
