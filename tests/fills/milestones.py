"""A marked day that has come."""

from datetime import timedelta

from bot.services import milestones, requests
from storage.models.relationships import Relationship
from tests.builders import House


def fill(house: House) -> None:
    """Noor marked tomorrow, and it is tomorrow."""
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    tomorrow = house.now.date() + timedelta(days=1)
    house.act(noor, milestones.add, house.rows(Relationship)[0].id, "First chart", tomorrow)
    house.now += timedelta(days=1)
