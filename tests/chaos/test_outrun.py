"""Two deeds that cannot both be right, one begun before the other is committed: one wins, and nothing is torn."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.errors import TooLateToUndoError, TooManyMilestonesError
from bot.rules.policy import EXTEND_MONTHS, MILESTONES_MOST, UNDO
from bot.services import (
    away,
    endings,
    meetings,
    milestones,
    pairs,
    relationships,
)
from storage.database import Tx
from storage.models.members import Member
from storage.models.milestones import Milestone
from storage.models.profiles import Profile
from storage.models.relationships import Ending, NeverWith, Relationship, RelationshipState
from storage.queries import profiles as profile_queries
from storage.queries import relationships as pair_queries
from tests.builders import House, fresh
from tests.chaos.crowd import Crowd, Ends, at, by, crowd_in, unforeseen
from tests.chaos.soundness import unsound
from tests.couples import now_of, paired

JUST_IN_TIME = UNDO.value - timedelta(seconds=1)


@pytest.fixture
def two(either_house: House) -> Iterator[Crowd]:
    """The house with two doors."""
    with crowd_in(either_house, 2) as crowd:
        yield crowd


def sound(crowd: Crowd, ends: Ends) -> list[type[BaseException]]:
    """Nothing is torn, and nobody met anything but a refusal the bot has words for; which refusals, in order."""
    assert not unforeseen(ends), ends
    assert unsound(crowd.house) == []
    return [type(end) for end in ends if end is not None]


def couple(house: House) -> tuple[Member, Member, Relationship]:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=3)
    return noor, tomas, paired(house, noor, tomas)


def test_two_who_stop_at_once_end_their_pair_once_and_each_hears_it_once(two: Crowd) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    stops = [by(each, relationships.stop, pair.id, never_again=False) for each in (noor, tomas)]
    assert sound(two, two.overtaken(stops[0], stops[1])) == []
    assert now_of(house, pair).state == RelationshipState.ENDED, "each has asked to stop"
    house.forward(minutes=11)
    assert [len(house.read_by(each, "relationships.ended")) for each in (noor, tomas)] == [1, 1]
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0


@pytest.mark.parametrize("undone_first", [True, False])
def test_a_stop_is_taken_back_or_carried_out_and_never_both(two: Crowd, *, undone_first: bool) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    house.act(noor, relationships.stop, pair.id, never_again=True)
    undo = at(house.now + JUST_IN_TIME, by(noor, relationships.undo_stop, pair.id))
    settle = at(house.now + UNDO.value, endings.settle_stops)
    refused = sound(two, two.overtaken(*((undo, settle) if undone_first else (settle, undo))))
    assert refused == ([] if undone_first else [TooLateToUndoError])
    row = now_of(house, pair)
    assert (row.state, row.ended_at is None) in {(RelationshipState.ACTIVE, True), (RelationshipState.ENDED, False)}
    assert (row.state == RelationshipState.ACTIVE) == undone_first
    house.forward(minutes=11)
    assert len(house.read_by(tomas, "relationships.ended")) == (0 if undone_first else 1)
    assert len(house.rows(NeverWith)) == (0 if undone_first else 1)


def test_two_who_say_at_once_that_they_are_in_touch_wake_their_pair_once(two: Crowd) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    house.do(pair_queries.write, pair.id, {"state": RelationshipState.ASLEEP})
    house.do(profile_queries.free_place, tomas.id)
    in_touch = relationships.in_touch
    sound(two, two.overtaken(by(noor, in_touch, pair.id), by(tomas, in_touch, pair.id)))
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 1


def test_two_who_say_at_once_that_they_would_like_to_go_on_do(two: Crowd) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    ends_at = now_of(house, pair).term_ends_at
    assert ends_at is not None
    house.now = ends_at - timedelta(days=5)
    sound(two, two.overtaken(by(noor, relationships.extend, pair.id), by(tomas, relationships.extend, pair.id)))
    row = now_of(house, pair)
    assert row.term_ends_at is not None
    assert row.term_ends_at == pairs.in_months(ends_at, EXTEND_MONTHS.value), "both would like to, so they do, once"
    assert (row.mentee_wish, row.mentor_wish) == ("", "")
    assert sorted(each.member_id for each in house.owed("relationships.extended")) == sorted((noor.id, tomas.id))


def test_the_last_milestone_that_fits_is_marked_once(two: Crowd) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    for number in range(MILESTONES_MOST.value - 1):
        house.act(noor, milestones.add, pair.id, f"Number {number}", date(2027, 4, 1))
    last = ("The last", date(2027, 4, 2))
    ends = two.overtaken(by(noor, milestones.add, pair.id, *last), by(tomas, milestones.add, pair.id, *last))
    assert sound(two, ends) == [TooManyMilestonesError]
    assert len(house.rows(Milestone)) == MILESTONES_MOST.value


def test_a_meeting_booked_while_the_pair_ends_does_not_stay(two: Crowd) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    later = house.now + timedelta(days=2)
    taking = by(noor, meetings.take, pair.id, later)

    def ending(tx: Tx) -> object:
        card = pairs.card_of(tx, pair.id)
        return endings.end(tx, card, Ending.EARLY, fresh(tx, tomas))

    sound(two, two.overtaken(taking, ending))


def test_a_pause_and_its_end_at_once_leave_one_of_the_two(two: Crowd) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    house.act(noor, away.pause_pair, pair.id, date(2027, 3, 10))
    pausing = by(tomas, away.pause_pair, pair.id, date(2027, 3, 20))
    sound(two, two.overtaken(by(noor, away.resume_pair, pair.id), pausing))
    assert now_of(house, pair).away_until is not None, "Tomás has put it on hold"
