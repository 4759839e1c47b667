"""Something due for every sweep of meetings."""

from datetime import timedelta

from bot.services import meetings, pairs, requests
from tests.builders import House


def fill(house: House) -> None:
    """Three first meetings: one a day ahead, one an hour ahead, and one gone by for two days with no answer."""
    for number in range(3):
        mentee, mentor = house.person(f"Mentee {number}"), house.mentor(f"Mentor {number}")
        house.act(mentor, requests.accept, house.ask(mentee, mentor).id)
        pair_id = house.act(mentee, lambda tx, who: pairs.live_of(tx, who)[0].id)
        starts_at = house.now + (timedelta(minutes=30), timedelta(days=3, hours=1), timedelta(days=4))[number]
        house.act(mentee, meetings.take, pair_id, starts_at)
    house.now += timedelta(days=3)
