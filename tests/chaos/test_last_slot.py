"""Eight at once for the last of anything: one wins, the others hear it kindly, and nobody is counted twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from bot.errors import (
    AskIsOverError,
    ContactRefusedError,
    MentorIsFullError,
    MentorTakenError,
    PlacesInUseError,
    TooManyMilestonesError,
)
from bot.rules.policy import CONTACT_ASKS_A_MONTH, MILESTONES_MOST
from bot.rules.profiles import Answers
from bot.services import introductions, milestones, pairing, profiles, relationships, requests
from storage.models.introductions import Introduction, IntroductionState
from storage.models.milestones import Milestone
from storage.models.profiles import Profile
from storage.models.relationships import Relationship, RelationshipState
from storage.models.rounds import Round, RoundState, Seat
from storage.queries import profiles as profile_queries
from storage.queries import relationships as pair_queries
from tests.builders import TOPIC, House
from tests.chaos.rivals import Ends, Rivals, by, rivals_in
from tests.chaos.soundness import wrongs_in
from tests.couples import paired
from tests.introduced import WHY, WISH, Three, three
from tests.peers import peers

CLIENTS = 8


@pytest.fixture
def eight(either_house: House) -> Iterator[Rivals]:
    """The house with eight doors."""
    with rivals_in(either_house, CLIENTS) as rivals:
        yield rivals


def all_but(winners: int, ends: Ends, refusal: type[Exception]) -> None:
    """So many got it, and everybody else was refused in the bot's own words."""
    assert sorted(type(end).__name__ for end in ends if end) == [refusal.__name__] * (CLIENTS - winners), ends


@pytest.mark.timeout(300)
def test_eight_yeses_for_the_last_place_make_one_pair(eight: Rivals, *, full: bool) -> None:
    house = eight.house
    tomas = house.mentor("Tomás F", places=1)
    asks = [house.ask(house.person(f"Person {number}"), tomas) for number in range(CLIENTS)]
    deeds = [by(tomas, requests.accept, ask.id) for ask in asks]
    winners = set()
    for _ in range(200 if full else 25):
        outcome = eight.at_once(*deeds)
        assert sorted(type(end).__name__ for end in outcome if end) == ["MentorIsFullError"] * (CLIENTS - 1), outcome
        assert house.rows(Profile, member_id=tomas.id)[0].taken == 1
        assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1
        winners.add(outcome.index(None))
        house.act(tomas, requests.undo_accept, asks[outcome.index(None)].id)
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0
    assert winners


@pytest.mark.timeout(300)
def test_a_button_pressed_eight_times_at_once_does_it_once(eight: Rivals, *, full: bool) -> None:
    house = eight.house
    tomas = house.mentor("Tomás F", places=5)
    ask = house.ask(house.person("Noor H"), tomas)
    for _ in range(50 if full else 10):
        outcome = eight.at_once(*[by(tomas, requests.accept, ask.id)] * CLIENTS)
        assert all(end is None or isinstance(end, AskIsOverError) for end in outcome), outcome
        assert house.rows(Profile, member_id=tomas.id)[0].taken == 1
        assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1
        house.act(tomas, requests.undo_accept, ask.id)


@pytest.mark.timeout(300)
def test_fewer_places_and_a_yes_at_once_end_in_one_of_the_two_and_in_words(eight: Rivals, *, full: bool) -> None:
    house = eight.house
    tomas = house.mentor("Tomás F", places=1)
    ask = house.ask(house.person("Noor H"), tomas)
    none = Answers(TOPIC, "", "", "English", 0, is_open=True)
    one = Answers(TOPIC, "", "", "English", 1, is_open=True)
    for _ in range(60 if full else 15):
        yes, fewer = eight.at_once(by(tomas, requests.accept, ask.id), by(tomas, profiles.save, none))
        assert yes is None or isinstance(yes, MentorIsFullError), yes
        assert fewer is None or isinstance(fewer, PlacesInUseError), fewer
        assert (yes is None) != (fewer is None), "one of the two came first"
        profile = house.rows(Profile, member_id=tomas.id)[0]
        assert profile.taken <= profile.places
        if yes is None:
            house.act(tomas, requests.undo_accept, ask.id)
        house.act(tomas, profiles.save, one)


def test_eight_sleeping_pairs_that_wake_for_the_last_place_take_it_once(eight: Rivals) -> None:
    house = eight.house
    tomas, mentees = house.mentor("Tomás F", places=CLIENTS), [house.person(f"Person {n}") for n in range(CLIENTS)]
    pairs = [paired(house, who, tomas) for who in mentees]
    for pair in pairs:
        house.do(pair_queries.write, pair.id, {"state": RelationshipState.ASLEEP})
        house.do(profile_queries.free_place, tomas.id)
    house.act(tomas, profiles.save, Answers(TOPIC, "", "", "English", 1, is_open=True))
    waking = [by(who, relationships.in_touch, pair.id) for who, pair in zip(mentees, pairs, strict=True)]
    all_but(1, eight.at_once(*waking), MentorTakenError)
    assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1
    assert wrongs_in(house) == []


def test_eight_who_take_a_late_yes_for_the_last_place_are_one_pair(eight: Rivals) -> None:
    house = eight.house
    tomas, mentees = house.mentor("Tomás F", places=1), [house.person(f"Person {n}") for n in range(CLIENTS)]
    asks = [house.ask(who, tomas) for who in mentees]
    house.forward(days=7)
    for ask in asks:
        house.act(tomas, requests.accept, ask.id)
    taking = [by(who, requests.take_late, ask.id) for who, ask in zip(mentees, asks, strict=True)]
    all_but(1, eight.at_once(*taking), AskIsOverError)
    assert wrongs_in(house) == []


def test_eight_last_milestones_are_one(eight: Rivals) -> None:
    house = eight.house
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    pair, day = paired(house, noor, tomas), date(2027, 4, 1)
    for number in range(MILESTONES_MOST.value - 1):
        house.act(noor, milestones.add, pair.id, f"Number {number}", day)
    adding = [by((noor, tomas)[n % 2], milestones.add, pair.id, f"The last {n}", day) for n in range(CLIENTS)]
    all_but(1, eight.at_once(*adding), TooManyMilestonesError)
    assert len(house.rows(Milestone)) == MILESTONES_MOST.value


def test_eight_who_ask_one_person_are_as_many_as_that_person_is_asked_in_a_month(eight: Rivals) -> None:
    house = eight.house
    couples, contact = [three(house) for _ in range(CLIENTS)], house.person("Grace M")
    askers = [Three(house, each.mentor, each.mentee, contact, each.pair) for each in couples]
    agreeing = [by(each.mentee, introductions.agree, each.draft(), WHY, WISH) for each in askers]
    all_but(CONTACT_ASKS_A_MONTH.value, eight.at_once(*agreeing), ContactRefusedError)
    asked = house.rows(Introduction, contact_id=contact.id, state=IntroductionState.ASKED)
    assert len(asked) == CONTACT_ASKS_A_MONTH.value
    assert wrongs_in(house) == []


def test_eight_who_begin_a_round_seat_everybody_once(eight: Rivals) -> None:
    house = eight.house
    people = peers(house, 5)
    house.now = house.rows(Round, state=RoundState.PLANNED)[0].starts_at
    assert eight.at_once(*[pairing.begin] * CLIENTS) == [None] * CLIENTS
    assert Counter(seat.member_id for seat in house.rows(Seat)) == Counter(one.id for one in people)
    assert wrongs_in(house) == []
