"""Peers for tests: people who joined, their rounds and groups, and what they were told."""

from bot.services import rounds
from storage.models.members import Member
from storage.models.outbox import Op
from storage.models.rounds import Group, Peer, Round, RoundState, Seat
from tests.builders import House, Letter

FIRST_ROUND = {"days": 7}
ROUND = {"days": 14}


def peers(house: House, n: int) -> list[Member]:
    """So many people who joined on the first Monday."""
    people = [house.person(f"Peer {chr(65 + i)}") for i in range(n)]
    for one in people:
        house.act(one, rounds.join)
    return people


def paired(house: House, n: int) -> list[Member]:
    """The same, in their first round, told so."""
    people = peers(house, n)
    house.forward(**FIRST_ROUND)
    return people


def running(house: House) -> Round:
    return house.rows(Round, state=RoundState.RUNNING)[0]


def groups(house: House) -> list[Group]:
    """The live groups of the running round."""
    return house.rows(Group, round_id=running(house).id, dissolved_at=None)


def people_of(house: House, group: Group) -> list[str]:
    return sorted(seat.member_id for seat in house.rows(Seat, group_id=group.id, out_at=None))


def group_of(house: House, who: Member) -> Group | None:
    """The group somebody sits in now."""
    return next((group for group in groups(house) if who.id in people_of(house, group)), None)


def own(house: House, who: Member) -> Group:
    found = group_of(house, who)
    assert found is not None
    return found


def mates(house: House, who: Member, people: list[Member]) -> list[Member]:
    sitting = people_of(house, own(house, who))
    return [one for one in people if one.id in sitting and one.id != who.id]


def told(house: House) -> list[Letter]:
    """The messages that went to groups."""
    return [letter for letter in house.letters if letter.op is Op.OPEN_GROUP]


def updated(house: House) -> list[str]:
    return [each.text for each in house.letters if each.op is Op.UPDATE and each.kind == "rounds.paired"]


def peer(house: House, who: Member) -> Peer:
    return house.rows(Peer, member_id=who.id)[0]
