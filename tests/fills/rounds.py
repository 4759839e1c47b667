"""Something due for every sweep of the rounds: a round whose morning has come, one left alone, one who is gone."""

from datetime import timedelta

from bot.services import rounds
from storage.models.members import Member
from storage.models.rounds import Round, RoundState
from tests.builders import House


def fill(house: House) -> None:
    """The second round's morning; in the first somebody passed over it late, so one is left alone; one is gone."""
    people = [house.person(f"Peer {number}") for number in range(6)]
    gone = house.person("Gone")
    for one in (*people, gone):
        house.act(one, rounds.join)
    house.forward(days=7)
    house.now = house.rows(Round, state=RoundState.PLANNED)[0].starts_at - timedelta(hours=4)
    for one in people:
        card = house.act(one, rounds.standing).group
        if card is not None and len(card.people) == len("us") and gone.id not in {each.id for each in card.people}:
            house.act(one, rounds.not_this_time, card.group.id)
            break
    house.now += timedelta(hours=4)
    house.do(lambda tx: setattr(tx.session.get(Member, gone.id), "is_gone", True))
