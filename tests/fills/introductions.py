"""Introductions whose day 7 has come: one nobody answered, and one that was declined."""

from datetime import timedelta

from bot.services import introducing
from tests.builders import House
from tests.introduced import three


def fill(house: House) -> None:
    """Grace said nothing, Ingrid said not now."""
    people = three(house)
    ingrid = house.person("Ingrid B")
    people.ask()
    house.act(ingrid, introducing.not_now, people.ask(ingrid))
    house.now += timedelta(days=7)
