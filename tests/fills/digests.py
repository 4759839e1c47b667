"""Something due for every sweep of digests and of being away."""

from datetime import date, timedelta

from bot.rules.preferences import Choice
from bot.services import away, digests, preferences, requests
from storage.models.relationships import Relationship
from storage.queries import digests as queries
from storage.queries import preferences as preference_queries
from tests.builders import House

SILENT = frozenset({"welcome people back", "go on after a pause", "plan digests"})


def fill(house: House) -> None:
    """Somebody's day to be back, a pair's day to go on, a request that waits for a digest, and somebody unplanned."""
    noor, mateo, tomas, grace = (
        house.person("Noor"),
        house.person("Mateo"),
        house.mentor("Tomás"),
        house.mentor("Grace"),
    )
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    house.act(grace, requests.accept, house.ask(mateo, grace).id)
    back = date(2027, 3, 4)
    shown = house.act(noor, preferences.settings)
    house.act(noor, preferences.save, Choice(shown.attention, shown.day, shown.hour, back))
    house.act(mateo, away.pause_pair, house.rows(Relationship, mentee_id=mateo.id)[0].id, back)
    house.now += timedelta(days=4)
    house.ask(house.person("Waiting"), tomas)
    house.do(digests.plan, tomas)
    house.do(lambda tx: queries.set_next(preference_queries.keep(tx, tomas.id), tx.now))
