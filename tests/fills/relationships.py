"""Something due for every sweep of a pair: a stop, a silence, a first plan, the end of a term."""

from datetime import timedelta
from typing import Any

from bot.services import relationships
from storage.queries import relationships as queries
from tests.builders import House
from tests.couples import paired

SILENT = {"settle stops", "notice silence"}


def fill(house: House) -> None:
    """Five pairs, each at one of the moments the sweeps wait for."""
    mentors = [house.mentor(f"Mentor {number}", places=3) for number in range(5)]
    pairs = [paired(house, house.person(f"Mentee {number}"), mentor) for number, mentor in enumerate(mentors)]
    house.now += timedelta(days=4)
    house.act(mentors[0], relationships.stop, pairs[0].id, never_again=True)
    house.now += timedelta(minutes=15)
    due: dict[str, Any] = {"quiet_at": house.now, "contact_due_at": house.now - timedelta(days=7)}
    house.do(queries.write, pairs[1].id, due)
    house.do(queries.write, pairs[2].id, {"closing_at": house.now})
    house.do(queries.write, pairs[3].id, {"term_ends_at": house.now})
