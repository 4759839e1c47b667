"""An agreement nobody signed for two weeks."""

from datetime import timedelta

from bot.services import agreements, requests
from storage.models.relationships import Relationship
from tests.builders import House


def fill(house: House) -> None:
    """Noor signed, Tomás has not, and two weeks have gone by."""
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    house.act(noor, agreements.sign_prefilled, house.rows(Relationship)[0].id)
    house.now += timedelta(days=14)
