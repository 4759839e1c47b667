"""Two people, one place, one moment: the database is the referee."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from bot.errors import AskIsOverError, MentorIsFullError, MentorTakenError
from bot.services import find, profiles, requests
from storage.database import Database
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.models.relationships import Relationship, RelationshipState
from storage.models.requests import Ask, AskState, Search, SearchState
from storage.queries import relationships
from tests.builders import HERE, NOTE, SECONDS, House, fresh

ROUNDS, FULL_ROUNDS = 50, 200
LATE_ROUNDS = {"sqlite": 20, "postgresql": 20}


@pytest.fixture
def two_doors(either_house: House) -> Iterator[tuple[House, list[Database]]]:
    """The house, and two ways into its database that know nothing of each other."""
    doors = [Database(either_house.database.url) for _ in range(2)]
    yield either_house, doors
    for door in doors:
        door.close()


def at_once(house: House, doors: list[Database], deeds: list[Callable[[Any], object]]) -> list[BaseException | None]:
    """Let each deed come in by its own door at the same moment; what became of each."""
    barrier, ends = threading.Barrier(len(deeds)), [RuntimeError("never ran") for _ in deeds]
    outcome: list[BaseException | None] = [*ends]

    def go(number: int) -> None:
        barrier.wait(SECONDS)
        future = doors[number].write(lambda session: deeds[number](house.tx(session)))
        outcome[number] = future.exception(SECONDS)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return outcome


def accepting(mentor: Member, ask: Ask) -> Callable[[Any], object]:
    return lambda tx: requests.accept(tx, fresh(tx, mentor), ask.id)


def taking_late(mentee: Member, ask: Ask) -> Callable[[Any], object]:
    return lambda tx: requests.take_late(tx, fresh(tx, mentee), ask.id)


def test_two_yeses_for_the_last_place_make_one_pair(two_doors: tuple[House, list[Database]], *, full: bool) -> None:
    house, doors = two_doors
    tomas = house.mentor("Tomás F", places=1)
    asks = [house.ask(house.person(name), tomas) for name in ("Noor H", "Mateo C")]
    winners = []
    for _ in range(FULL_ROUNDS if full else ROUNDS):
        outcome = at_once(house, doors, [accepting(tomas, ask) for ask in asks])
        assert [type(end) for end in outcome if end] == [MentorIsFullError], outcome
        assert house.rows(Profile, member_id=tomas.id)[0].taken == 1
        assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1
        winner = outcome.index(None)
        winners.append(winner)
        house.act(tomas, requests.undo_accept, asks[winner].id)
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0
    assert house.workspace_id == HERE


def test_a_double_click_on_accept_takes_one_place(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    tomas = house.mentor("Tomás F", places=2)
    ask = house.ask(house.person("Noor H"), tomas)
    for _ in range(LATE_ROUNDS[doors[0].engine.dialect.name]):
        outcome = at_once(house, doors, [accepting(tomas, ask)] * 2)
        assert all(end is None or isinstance(end, AskIsOverError) for end in outcome), outcome
        assert None in outcome
        assert house.rows(Profile, member_id=tomas.id)[0].taken == 1
        house.act(tomas, requests.undo_accept, ask.id)


def test_two_mentees_taking_the_last_place_late_make_one_pair_each_time(
    two_doors: tuple[House, list[Database]],
) -> None:
    house, doors = two_doors
    rounds = range(LATE_ROUNDS[doors[0].engine.dialect.name])
    mentors = [house.mentor(f"Mentor {n}", places=1) for n in rounds]
    mentees = [(house.person(f"Left {n}"), house.person(f"Right {n}")) for n in rounds]
    asks = [[house.ask(who, mentor) for who in pair] for mentor, pair in zip(mentors, mentees, strict=True)]
    house.now = house.now.replace(day=5)
    house.sweep()
    for mentor, pair, both in zip(mentors, mentees, asks, strict=True):
        for ask in both:
            assert house.act(mentor, requests.accept, ask.id).ask.state == AskState.OFFERED
        outcome = at_once(house, doors, [taking_late(who, ask) for who, ask in zip(pair, both, strict=True)])
        assert [type(end) for end in outcome if end] == [AskIsOverError], outcome
        assert house.rows(Profile, member_id=mentor.id)[0].taken == 1
    assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == len(mentors)


def test_a_late_yes_taken_and_another_yes_at_once_make_one_pair(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    for number in range(8):
        noor, topic = house.person(f"Noor {number}"), f"topic{number}"
        tomas, grace = (house.mentor(name, topic) for name in ("Tomás F", "Grace M"))
        late = house.ask(noor, tomas, grace, topic=topic)
        house.now = late.due_at or house.now
        house.sweep()
        house.act(tomas, requests.accept, late.id)
        outcome = at_once(
            house, doors, [taking_late(noor, late), accepting(grace, house.ask_of(late.search_id, grace))]
        )
        assert all(end is None or isinstance(end, AskIsOverError) for end in outcome), outcome
        assert len(house.rows(Relationship, mentee_id=noor.id, state=RelationshipState.ACTIVE)) == 1
        taken = [p.taken for who in (tomas, grace) for p in house.rows(Profile, member_id=who.id)]
        assert sum(taken) == 1


def withdrawing(mentee: Member, ask: Ask, told: list[str]) -> Callable[[Any], object]:
    return lambda tx: told.append(requests.withdraw(tx, fresh(tx, mentee), ask.search_id).search.state)


def test_a_yes_and_a_withdrawal_at_once_end_in_one_of_the_two(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=5)
    for _ in range(LATE_ROUNDS[doors[0].engine.dialect.name]):
        ask = house.ask(noor, tomas)
        told: list[str] = []
        outcome = at_once(house, doors, [accepting(tomas, ask), withdrawing(noor, ask, told)])
        assert all(end is None or isinstance(end, AskIsOverError) for end in outcome), outcome
        state, pairs = house.search_of(ask).state, house.rows(Relationship, state=RelationshipState.ACTIVE)
        assert (state, len(pairs)) in {(SearchState.MATCHED, 1), (SearchState.WITHDRAWN, 0)}
        assert house.rows(Profile, member_id=tomas.id)[0].taken == len(pairs)
        assert told == [state], "the mentee is told how it ended, not how it looked"
        if pairs:
            house.act(tomas, requests.undo_accept, ask.id)
            house.act(noor, requests.withdraw, ask.search_id)


def test_the_database_itself_refuses_a_place_too_many(either_house: House) -> None:
    tomas = either_house.mentor("Tomás F", places=1)
    with pytest.raises(Exception, match="taken_within_places"):
        either_house.do(lambda tx: setattr(tx.session.query(Profile).filter_by(member_id=tomas.id).one(), "taken", 2))


def test_the_database_itself_refuses_a_second_pair_of_two_people_whoever_asked_whom(either_house: House) -> None:
    noor, tomas = either_house.mentor("Noor H"), either_house.mentor("Tomás F")
    other = either_house.ask(tomas, noor)
    either_house.act(tomas, requests.accept, either_house.ask(noor, tomas).id)

    def pair_again(tx: Any) -> None:
        two: dict[str, Any] = {"workspace_id": HERE, "mentee_id": tomas.id, "mentor_id": noor.id, "ask_id": other.id}
        tx.session.add(Relationship(**two, topic="x", started_at=tx.now))

    with pytest.raises(Exception, match=r"relationships.workspace_id, relationships.couple|one_active_pair"):
        either_house.do(pair_again)


def test_the_database_itself_refuses_a_pair_that_is_half_stopped(either_house: House) -> None:
    noor, tomas = either_house.person("Noor H"), either_house.mentor("Tomás F")
    either_house.act(tomas, requests.accept, either_house.ask(noor, tomas).id)
    (pair,) = either_house.rows(Relationship)
    with pytest.raises(Exception, match="stopped_by_somebody"):
        either_house.do(relationships.write, pair.id, {"ended_at": either_house.now})


def test_the_database_itself_refuses_a_second_open_search_and_a_pair_with_oneself(either_house: House) -> None:
    noor, tomas = either_house.person("Noor H"), either_house.mentor("Tomás F")
    ask = either_house.ask(noor, tomas)

    def pair_with_oneself(tx: Any) -> None:
        me: dict[str, Any] = {"workspace_id": HERE, "mentee_id": noor.id, "mentor_id": noor.id, "ask_id": ask.id}
        tx.session.add(Relationship(**me, topic="x", started_at=tx.now))

    def search_twice(tx: Any) -> None:
        me: dict[str, Any] = {"workspace_id": HERE, "mentee_id": noor.id, "state": SearchState.OPEN}
        tx.session.add(Search(**me, topic="x", goal="x", begun_at=tx.now))

    with pytest.raises(Exception, match="two_people"):
        either_house.do(pair_with_oneself)
    with pytest.raises(Exception, match=r"searches.workspace_id, searches.mentee_id|one_open_search"):
        either_house.do(search_twice)


def test_nobody_is_asked_who_is_taken_out_at_that_moment(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    for number in range(ROUNDS):
        noor, topic = house.person(f"Noor {number}"), f"topic{number}"
        tomas, grace = (house.mentor(f"{name} {number}", topic) for name in ("Tomás", "Grace"))
        search_id = house.begin(noor, topic)
        sending = partial(_sending, noor, search_id, [tomas.id, grace.id])
        outcome = at_once(house, doors, [sending, partial(_taking_out, tomas)])
        assert outcome[1] is None
        waiting = [ask.mentor_id for ask in house.rows(Ask, search_id=search_id, state=AskState.WAITING)]
        if isinstance(outcome[0], MentorTakenError):
            assert waiting == [], "the mentee was told, and picks again"
        else:
            assert (outcome[0], waiting) == (None, [grace.id]), "the next name is asked at once"


def _sending(who: Member, search_id: str, names: list[str], tx: Any) -> object:
    first, *others = names
    return find.send(tx, fresh(tx, who), search_id, first, others, NOTE)


def _taking_out(who: Member, tx: Any) -> None:
    profiles.take_out(tx, fresh(tx, who))
