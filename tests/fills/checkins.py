"""Pulses of both sides that are due this morning, and those of a pair that is away."""

from datetime import timedelta

from bot.services import checkins, pairs, requests
from storage.database import Tx
from storage.models.relationships import Relationship
from storage.queries import relationships
from tests.builders import House


def fill(house: House) -> None:
    """Two pairs whose first pulse falls due; one of them is away for another week."""
    noor = house.person("Noor H")
    for name in ("Tomás F", "Grace M"):
        mentor = house.mentor(name)
        house.act(mentor, requests.accept, house.ask(noor, mentor).id)
    ids = [pair.id for pair in house.rows(Relationship)]
    for each in ids:
        house.do(_plan, each)
    house.now += timedelta(days=30)
    house.do(_away, ids[0])


def _plan(tx: Tx, pair_id: str) -> None:
    checkins.plan(tx, pairs.card_of(tx, pair_id))


def _away(tx: Tx, pair_id: str) -> None:
    relationships.write(tx, pair_id, {"away_until": tx.now + timedelta(days=7)})
