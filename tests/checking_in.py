"""A pair for a test that begins after the yes."""

from dataclasses import dataclass

from bot.services import checkins, pairs, requests
from storage.models.checkins import Checkin, CheckinKind
from storage.models.members import Member
from storage.models.relationships import Relationship
from tests.builders import House

STRIDE = 7


@dataclass(frozen=True, slots=True)
class Pair:
    """Noor, who learns, and Tomás, who teaches."""

    id: str
    noor: Member
    tomas: Member


def paired(house: House, name: str = "Tomás F", zone: str = "Europe/Lisbon", learner: Member | None = None) -> Pair:
    """Two people who have just said yes, with their check-ins planned; `zone` is the mentor's."""
    noor, tomas = learner or house.person("Noor H"), house.mentor(name, zone=zone)
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    row = house.rows(Relationship, mentor_id=tomas.id)[0]
    house.do(lambda tx: checkins.plan(tx, pairs.card_of(tx, row.id)))
    return Pair(row.id, noor, tomas)


def live(house: House, pair: Pair, days: int) -> None:
    """Let days pass in which the two are in touch every week."""
    for begun in range(0, days, STRIDE):
        house.forward(days=min(STRIDE, days - begun))
        house.do(lambda tx: pairs.touch(tx, pairs.card_of(tx, pair.id)))


def checkin(house: House, who: Member, kind: CheckinKind, number: int = 1) -> Checkin:
    """One check-in of somebody's, as it stands now."""
    return house.rows(Checkin, member_id=who.id, kind=kind, number=number)[0]
