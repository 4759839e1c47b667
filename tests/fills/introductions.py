"""Introductions whose day 7 has come: one nobody answered, one declined; and a draft to somebody gone."""

from datetime import timedelta

from bot.services import introducing
from storage.models.members import Member
from tests.builders import House
from tests.introduced import three


def fill(house: House) -> None:
    """Grace said nothing, Ingrid said not now."""
    people = three(house)
    ingrid = house.person("Ingrid B")
    gone = house.person("Gone")
    people.draft(gone)
    people.ask()
    house.act(ingrid, introducing.not_now, people.ask(ingrid))
    house.now += timedelta(days=7)
    house.do(lambda tx: setattr(tx.session.get(Member, gone.id), "is_gone", True))
