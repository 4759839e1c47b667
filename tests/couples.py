"""Two people who said yes, for tests of what comes after."""

from bot.services import requests
from storage.models.members import Member
from storage.models.relationships import Relationship
from tests.builders import House


def paired(house: House, mentee: Member, mentor: Member) -> Relationship:
    """Ask and accept, by the deeds everybody uses; the newest pair of the two."""
    house.act(mentor, requests.accept, house.ask(mentee, mentor).id)
    return house.rows(Relationship, mentee_id=mentee.id, mentor_id=mentor.id)[-1]


def now_of(house: House, pair: Relationship) -> Relationship:
    """The pair as it stands now."""
    return house.rows(Relationship, id=pair.id)[0]
