"""Eight at once for the last of anything: one wins, the others hear it kindly, and nobody is counted twice."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from bot.errors import AskIsOverError, MentorIsFullError, PlacesInUseError
from bot.rules.profiles import Answers
from bot.services import profiles, requests
from storage.database import Database
from storage.models.profiles import Profile
from storage.models.relationships import Relationship, RelationshipState
from tests.builders import SECONDS, TOPIC, House, fresh

CLIENTS = 8


@pytest.fixture
def crowded(either_house: House) -> Iterator[tuple[House, list[Database]]]:
    """The house, and eight ways into its database that know nothing of each other."""
    doors = [Database(either_house.database.url) for _ in range(CLIENTS)]
    yield either_house, doors
    for door in doors:
        door.close()


def at_once(
    house: House, doors: Sequence[Database], deeds: Sequence[Callable[[Any], object]]
) -> list[BaseException | None]:
    """Let each deed come in by its own door at the same moment; what became of each."""
    barrier, outcome = threading.Barrier(len(deeds)), list[BaseException | None]([RuntimeError()] * len(deeds))

    def go(number: int) -> None:
        barrier.wait(SECONDS)
        outcome[number] = doors[number].write(lambda s: deeds[number](house.tx(s))).exception(SECONDS)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return outcome


@pytest.mark.timeout(300)
def test_eight_yeses_for_the_last_place_make_one_pair(crowded: tuple[House, list[Database]], *, full: bool) -> None:
    house, doors = crowded
    tomas = house.mentor("Tomás F", places=1)
    asks = [house.ask(house.person(f"Person {number}"), tomas) for number in range(CLIENTS)]
    deeds = [lambda tx, ask=ask: requests.accept(tx, fresh(tx, tomas), ask.id) for ask in asks]
    winners = set()
    for _ in range(200 if full else 25):
        outcome = at_once(house, doors, deeds)
        assert sorted(type(end).__name__ for end in outcome if end) == ["MentorIsFullError"] * (CLIENTS - 1), outcome
        assert house.rows(Profile, member_id=tomas.id)[0].taken == 1
        assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1
        winners.add(outcome.index(None))
        house.act(tomas, requests.undo_accept, asks[outcome.index(None)].id)
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0
    assert winners


@pytest.mark.timeout(300)
def test_a_button_pressed_eight_times_at_once_does_it_once(
    crowded: tuple[House, list[Database]], *, full: bool
) -> None:
    house, doors = crowded
    tomas = house.mentor("Tomás F", places=5)
    ask = house.ask(house.person("Noor H"), tomas)
    for _ in range(50 if full else 10):
        outcome = at_once(house, doors, [lambda tx: requests.accept(tx, fresh(tx, tomas), ask.id)] * CLIENTS)
        assert all(end is None or isinstance(end, AskIsOverError) for end in outcome), outcome
        assert house.rows(Profile, member_id=tomas.id)[0].taken == 1
        assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1
        house.act(tomas, requests.undo_accept, ask.id)


@pytest.mark.timeout(300)
def test_fewer_places_and_a_yes_at_once_end_in_one_of_the_two_and_in_words(
    crowded: tuple[House, list[Database]], *, full: bool
) -> None:
    house, doors = crowded
    tomas = house.mentor("Tomás F", places=1)
    ask = house.ask(house.person("Noor H"), tomas)
    none = Answers(TOPIC, "", "", "English", 0, is_open=True)
    one = Answers(TOPIC, "", "", "English", 1, is_open=True)
    for _ in range(60 if full else 15):
        yes, fewer = at_once(
            house,
            doors,
            [
                lambda tx: requests.accept(tx, fresh(tx, tomas), ask.id),
                lambda tx: profiles.save(tx, fresh(tx, tomas), none),
            ],
        )
        assert yes is None or isinstance(yes, MentorIsFullError), yes
        assert fewer is None or isinstance(fewer, PlacesInUseError), fewer
        assert (yes is None) != (fewer is None), "one of the two came first"
        profile = house.rows(Profile, member_id=tomas.id)[0]
        assert profile.taken <= profile.places
        if yes is None:
            house.act(tomas, requests.undo_accept, ask.id)
        house.act(tomas, profiles.save, one)
