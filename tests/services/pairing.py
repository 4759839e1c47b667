"""Two people who said yes, for tests of what comes after it."""

from dataclasses import dataclass

from bot.services import requests
from storage.models.members import Member
from storage.models.relationships import Relationship, RelationshipState
from storage.queries import relationships
from tests.builders import House
from tests.taps import Taps


@dataclass(frozen=True, slots=True)
class Two:
    """Noor and Tomás, and their pair's id."""

    house: House
    noor: Member
    tomas: Member
    pair_id: str

    @property
    def mentee(self) -> Taps:
        """What Noor can press."""
        return Taps(self.house, self.noor)

    @property
    def mentor(self) -> Taps:
        """What Tomás can press."""
        return Taps(self.house, self.tomas)

    @property
    def pair(self) -> Relationship:
        """The pair as it stands now."""
        return self.house.rows(Relationship, id=self.pair_id)[0]

    def end(self) -> None:
        """The pair ends, however that came about."""
        self.house.do(relationships.write, self.pair_id, {"state": RelationshipState.ENDED, "ended_at": self.house.now})


def paired(house: House, zone: str = "Europe/Lisbon") -> Two:
    """Noor asked, Tomás said yes, and both have read so."""
    noor, tomas = house.person("Noor Haddad", zone), house.mentor("Tomás Ferreira", places=5)
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    house.forward(minutes=11)
    return Two(house, noor, tomas, house.rows(Relationship, mentee_id=noor.id)[0].id)
