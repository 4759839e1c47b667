"""Two at once in one group, and two processes at one round's beginning: nobody ends up alone or paired twice."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.services import pairing, rounds
from storage.database import Database
from storage.models.members import Member
from storage.models.rounds import Group, Round, RoundState, Seat
from tests.builders import SECONDS, House, fresh
from tests.peers import ROUND, groups, own, paired, peers, people_of

TRIES = 8
BEFORE_A_PAUSE = 4


@pytest.fixture
def two_doors(either_house: House) -> Iterator[tuple[House, list[Database]]]:
    """The house, and two ways into its database that know nothing of each other."""
    doors = [Database(either_house.database.url) for _ in range(2)]
    yield either_house, doors
    for door in doors:
        door.close()


def at_once(house: House, doors: list[Database], deeds: list[Callable[[Any], object]]) -> None:
    """Let each deed come in by its own door at the same moment; any of them may be refused, none may crash."""
    barrier, problems = threading.Barrier(len(deeds)), []

    def go(number: int) -> None:
        barrier.wait(SECONDS)
        problems.append(doors[number].write(lambda session: deeds[number](house.tx(session))).exception(SECONDS))

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert problems == [None] * len(deeds)


def passing(who: Member, group: Group) -> Callable[[Any], object]:
    return lambda tx: rounds.not_this_time(tx, fresh(tx, who), group.id)


def test_two_of_three_pass_at_once_and_the_third_is_not_left_in_a_group_of_one(
    two_doors: tuple[House, list[Database]],
) -> None:
    house, doors = two_doors
    people = paired(house, 3)
    for _ in range(TRIES):
        group = own(house, people[0])
        at_once(house, doors, [passing(people[0], group), passing(people[1], group)])
        assert groups(house) == []
        house.forward(hours=5)
        assert house.read_by(people[2], "rounds.alone")
        house.forward(**ROUND)


def test_two_processes_begin_a_round_once(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    peers(house, 5)
    for _ in range(BEFORE_A_PAUSE):
        house.now = house.rows(Round, state=RoundState.PLANNED)[0].starts_at
        at_once(house, doors, [pairing.begin, pairing.begin])
        seated = [each for group in groups(house) for each in people_of(house, group)]
        assert len(groups(house)) == 2
        assert max(Counter(seated).values()) == 1
        assert len(house.rows(Seat)) == 5 * len(house.rows(Round, state=RoundState.OVER)) + 5
