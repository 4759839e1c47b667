"""Several who ask one person at once, and two yeses at once: never more asks than allowed, and one introduction."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.errors import ContactRefusedError
from bot.services import introducing, introductions
from storage.database import Database
from storage.models.introductions import Introduction, IntroductionState
from tests.builders import SECONDS, House, fresh
from tests.introduced import WHY, WISH, Three, three

TRIES = 5
ASKERS = 4
MOST = 2


@pytest.fixture
def doors(either_house: House) -> Iterator[tuple[House, list[Database]]]:
    """The house, and several ways into its database that know nothing of each other."""
    found = [Database(either_house.database.url) for _ in range(ASKERS)]
    yield either_house, found
    for door in found:
        door.close()


def at_once(house: House, doors: list[Database], deeds: list[Callable[[Any], object]]) -> list[BaseException | None]:
    """Let each deed come in by its own door at the same moment; what became of each."""
    barrier = threading.Barrier(len(deeds))
    outcome: list[BaseException | None] = [RuntimeError("never ran") for _ in deeds]

    def go(number: int) -> None:
        barrier.wait(SECONDS)
        outcome[number] = doors[number].write(lambda session: deeds[number](house.tx(session))).exception(SECONDS)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return outcome


def agreeing(them: Three, drafted: str) -> Callable[[Any], object]:
    return lambda tx: introductions.agree(tx, fresh(tx, them.mentee), drafted, WHY, WISH)


def drafting(them: Three) -> Callable[[Any], object]:
    words = (WHY, WISH, 20, "")
    return lambda tx: introductions.draft(tx, fresh(tx, them.mentor), them.pair.id, them.contact.slack_id, words)


def saying_yes(them: Three, asked: str) -> Callable[[Any], object]:
    return lambda tx: introducing.yes(tx, fresh(tx, them.contact), asked)


def test_four_who_ask_one_person_at_once_are_two_at_most(doors: tuple[House, list[Database]]) -> None:
    house, ways = doors
    pairs = [three(house) for _ in range(ASKERS)]
    for _ in range(TRIES):
        contact = house.person("Grace M")
        askers = [Three(house, each.mentor, each.mentee, contact, each.pair) for each in pairs]
        drafts = [each.draft() for each in askers]
        outcome = at_once(house, ways, [agreeing(*both) for both in zip(askers, drafts, strict=True)])
        assert [type(end) for end in outcome if end] == [ContactRefusedError] * (ASKERS - MOST), outcome
        assert len(house.rows(Introduction, contact_id=contact.id, state=IntroductionState.ASKED)) == MOST


def test_two_drafts_of_the_same_two_at_once_are_one(doors: tuple[House, list[Database]]) -> None:
    house, ways = doors
    them = three(house)
    outcome = at_once(house, ways, [drafting(them)] * 2)
    assert [type(end) for end in outcome if end] == [ContactRefusedError]
    assert len(house.rows(Introduction)) == 1


def test_two_yeses_at_once_introduce_once(doors: tuple[House, list[Database]]) -> None:
    house, ways = doors
    them = three(house)
    asked = them.ask()
    assert at_once(house, ways, [saying_yes(them, asked)] * ASKERS) == [None] * ASKERS
    assert len(house.owed("introductions.made")) == 1


def test_a_mentee_who_agrees_twice_at_once_asks_once(doors: tuple[House, list[Database]]) -> None:
    house, ways = doors
    them = three(house)
    drafted = them.draft()
    assert at_once(house, ways, [agreeing(them, drafted)] * ASKERS) == [None] * ASKERS
    assert len(house.owed("introductions.asked")) == 1
