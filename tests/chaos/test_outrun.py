"""Two deeds that cannot both be right, one begun before the other is committed: one wins, and nothing is torn."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.errors import (
    AlreadySearchingError,
    AskIsOverError,
    NotYoursError,
    TooLateToUndoError,
    TooManyMilestonesError,
)
from bot.rules.policy import EXTEND_MONTHS, MILESTONES_MOST, UNDO
from bot.rules.requests import Declined
from bot.services import (
    away,
    checkins,
    endings,
    find,
    meetings,
    milestones,
    pairs,
    profiles,
    relationships,
    requests,
    searches,
)
from bot.sweeps import TIMETABLE
from storage.database import Tx
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.members import Member
from storage.models.milestones import Milestone
from storage.models.profiles import Profile
from storage.models.relationships import Ending, NeverWith, Relationship, RelationshipState
from storage.models.requests import Ask, AskState, Search, SearchState
from storage.queries import erasure
from storage.queries import profiles as profile_queries
from storage.queries import relationships as pair_queries
from tests.builders import GOAL, NOTE, TOPIC, House, fresh
from tests.chaos.rivals import Ends, Rivals, at, by, rivals_in, unforeseen
from tests.chaos.soundness import wrongs_in
from tests.couples import now_of, paired

JUST_IN_TIME = UNDO.value - timedelta(seconds=1)


@pytest.fixture
def two(either_house: House) -> Iterator[Rivals]:
    """The house with two doors."""
    with rivals_in(either_house, 2) as rivals:
        yield rivals


def sound(rivals: Rivals, ends: Ends) -> list[type[BaseException]]:
    """Nothing is torn, and nobody met anything but a refusal the bot has words for; which refusals, in order."""
    assert not unforeseen(ends), ends
    assert wrongs_in(rivals.house) == []
    return [type(end) for end in ends if end is not None]


def couple(house: House) -> tuple[Member, Member, Relationship]:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=3)
    return noor, tomas, paired(house, noor, tomas)


def sweep(tx: Tx) -> None:
    """Everything the bot does unasked, once, as one process does it."""
    for each in TIMETABLE:
        each.run(tx)


def test_two_who_stop_at_once_end_their_pair_once_and_each_hears_it_once(two: Rivals) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    stops = [by(each, relationships.stop, pair.id, never_again=False) for each in (noor, tomas)]
    assert sound(two, two.overtaken(stops[0], stops[1])) == []
    assert now_of(house, pair).state == RelationshipState.ENDED, "each has asked to stop"
    house.forward(minutes=11)
    assert [len(house.read_by(each, "relationships.ended")) for each in (noor, tomas)] == [1, 1]
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0


@pytest.mark.parametrize("undone_first", [True, False])
def test_a_stop_is_taken_back_or_carried_out_and_never_both(two: Rivals, *, undone_first: bool) -> None:
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


def test_two_who_say_at_once_that_they_are_in_touch_wake_their_pair_once(two: Rivals) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    house.do(pair_queries.write, pair.id, {"state": RelationshipState.ASLEEP})
    house.do(profile_queries.free_place, tomas.id)
    in_touch = relationships.in_touch
    sound(two, two.overtaken(by(noor, in_touch, pair.id), by(tomas, in_touch, pair.id)))
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 1


def test_two_processes_that_ask_at_once_how_it_goes_ask_once_and_leave_it_open(two: Rivals) -> None:
    house = two.house
    noor, _tomas, pair = couple(house)
    house.do(lambda tx: checkins.plan(tx, pairs.card_of(tx, pair.id)))
    moment = house.rows(Checkin, member_id=noor.id, kind=CheckinKind.PULSE)[0].due_at
    asking = at(moment, checkins.ask_due)
    assert sound(two, two.overtaken(asking, asking)) == []
    assert house.rows(Checkin, member_id=noor.id, kind=CheckinKind.PULSE)[0].state == CheckinState.ASKED
    house.now = moment
    house.forward(hours=5)
    assert len(house.read_by(noor, "checkins.pulse")) == 1


def test_two_who_say_at_once_that_they_would_like_to_go_on_do(two: Rivals) -> None:
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


@pytest.mark.parametrize("undone_first", [True, False])
def test_a_no_is_taken_back_or_carried_out_and_never_both(two: Rivals, *, undone_first: bool) -> None:
    house = two.house
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas, grace)
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    undo = at(house.now + JUST_IN_TIME, by(tomas, requests.undo_decline, ask.id))
    settle = at(house.now + UNDO.value, searches.settle_declines)
    sound(two, two.overtaken(*((undo, settle) if undone_first else (settle, undo))))
    assert (house.current(ask).state == AskState.WAITING) == undone_first


@pytest.mark.parametrize("undone_first", [True, False])
def test_a_withdrawal_is_taken_back_or_carried_out_and_never_both(two: Rivals, *, undone_first: bool) -> None:
    house = two.house
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    house.act(noor, requests.withdraw, ask.search_id)
    undo = at(house.now + JUST_IN_TIME, by(noor, requests.undo_withdraw, ask.search_id))
    settle = at(house.now + UNDO.value, searches.settle_withdrawals)
    sound(two, two.overtaken(*((undo, settle) if undone_first else (settle, undo))))
    assert (house.search_of(ask).state == SearchState.OPEN) == undone_first
    assert (house.current(ask).state == AskState.WAITING) == undone_first


@pytest.mark.parametrize("undone_first", [True, False])
def test_a_leave_is_taken_back_or_carried_out_and_never_both(two: Rivals, *, undone_first: bool) -> None:
    house = two.house
    _, tomas, pair = couple(house)
    house.act(tomas, profiles.leave)
    undo = at(house.now + JUST_IN_TIME, by(tomas, profiles.undo_leave))
    settle = at(house.now + UNDO.value, profiles.settle_leaves)
    sound(two, two.overtaken(*((undo, settle) if undone_first else (settle, undo))))
    assert (house.rows(Profile, member_id=tomas.id)[0].left_at is None) == undone_first
    assert (now_of(house, pair).state == RelationshipState.ACTIVE) == undone_first


def test_a_note_sent_twice_at_once_to_different_names_goes_to_one(two: Rivals) -> None:
    house = two.house
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    begun = house.begin(noor)
    sending = [by(noor, find.send, begun, each.id, [], NOTE) for each in (tomas, grace)]
    assert sound(two, two.overtaken(sending[0], sending[1])) == [AlreadySearchingError]
    assert [ask.mentor_id for ask in house.rows(Ask)] == [tomas.id]
    assert len(house.owed("requests.sent")) == 1


def test_a_note_sent_twice_at_once_to_one_name_is_one_request(two: Rivals) -> None:
    house = two.house
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    sending = by(noor, find.send, house.begin(noor), tomas.id, [], NOTE)
    assert sound(two, two.at_once(sending, sending)) == [AlreadySearchingError]
    assert len(house.rows(Ask)) == len(house.owed("requests.sent")) == len(house.owed("requests.asked")) == 1


def test_two_answers_to_the_two_questions_at_once_begin_one_search(two: Rivals) -> None:
    house = two.house
    noor = house.person("Noor H")
    assert sound(two, two.overtaken(*[by(noor, find.search, TOPIC, GOAL) for _ in range(2)])) == []
    assert len(house.rows(Search)) == 1


def test_of_two_searches_sent_at_once_one_is_sent(two: Rivals) -> None:
    house = two.house
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")

    def another(tx: Tx) -> str:
        row = Search(workspace_id=tx.workspace_id, mentee_id=noor.id, topic=TOPIC, goal=GOAL, begun_at=tx.now)
        tx.session.add(row)
        return row.id

    one, other = house.begin(noor), house.do(another)
    sending = [by(noor, find.send, *each, [], NOTE) for each in ((one, tomas.id), (other, grace.id))]
    assert sound(two, two.overtaken(sending[0], sending[1])) == [AlreadySearchingError]
    assert [row.id for row in house.rows(Search, state=SearchState.OPEN)] == [one]


def test_two_who_ask_each_other_and_both_say_yes_are_one_pair(two: Rivals) -> None:
    house = two.house
    noor, tomas = house.mentor("Noor H"), house.mentor("Tomás F")
    one, other = house.ask(noor, tomas), house.ask(tomas, noor)
    ends = two.overtaken(by(tomas, requests.accept, one.id), by(noor, requests.accept, other.id))
    assert sound(two, ends) == [AskIsOverError]
    assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1
    assert sum(row.taken for row in house.rows(Profile)) == 1


def test_a_yes_taken_late_and_a_yes_now_of_the_same_mentor_are_one_pair(two: Rivals) -> None:
    house = two.house
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=3)
    late = house.ask(noor, tomas)
    house.forward(days=7)
    house.act(tomas, requests.accept, late.id)
    assert house.current(late).state == AskState.OFFERED
    now = house.ask(noor, tomas)
    ends = two.overtaken(by(noor, requests.take_late, late.id), by(tomas, requests.accept, now.id))
    assert sound(two, ends) == [AskIsOverError]
    assert len(house.rows(Relationship, state=RelationshipState.ACTIVE)) == 1


def test_a_yes_taken_back_while_the_mentee_asks_anew_leaves_one_open_search(two: Rivals) -> None:
    house = two.house
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    begun = house.begin(noor)
    sending = by(noor, find.send, begun, grace.id, [], NOTE)
    sound(two, two.overtaken(sending, by(tomas, requests.undo_accept, ask.id)))
    sound(two, two.overtaken(by(tomas, requests.undo_accept, ask.id), sending))


@pytest.mark.parametrize("stopped_first", [True, False])
def test_a_yes_taken_back_while_the_mentee_stops_leaves_nothing_to_stop(two: Rivals, *, stopped_first: bool) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    stop, undo = by(noor, relationships.stop, pair.id, never_again=False), by(tomas, requests.undo_accept, pair.ask_id)
    refused = sound(two, two.overtaken(*((stop, undo) if stopped_first else (undo, stop))))
    assert refused == ([] if stopped_first else [NotYoursError])
    house.forward(minutes=15)
    assert now_of(house, pair).state == RelationshipState.UNDONE
    assert house.read_by(noor, "relationships.stopped") == []


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_a_withdrawal_while_the_time_runs_out_asks_nobody_else(two: Rivals, *, withdrawn_first: bool) -> None:
    house = two.house
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas, grace)
    assert ask.due_at is not None
    house.now = ask.due_at
    withdraw = by(noor, requests.withdraw, ask.search_id)
    deeds = (withdraw, searches.lapse_due) if withdrawn_first else (searches.lapse_due, withdraw)
    sound(two, two.overtaken(*deeds))
    if withdrawn_first:
        assert house.ask_of(ask.search_id, grace).state == AskState.QUEUED


def test_the_last_milestone_that_fits_is_marked_once(two: Rivals) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    for number in range(MILESTONES_MOST.value - 1):
        house.act(noor, milestones.add, pair.id, f"Number {number}", date(2027, 4, 1))
    last = ("The last", date(2027, 4, 2))
    ends = two.overtaken(by(noor, milestones.add, pair.id, *last), by(tomas, milestones.add, pair.id, *last))
    assert sound(two, ends) == [TooManyMilestonesError]
    assert len(house.rows(Milestone)) == MILESTONES_MOST.value


def test_a_meeting_booked_while_the_pair_ends_does_not_stay(two: Rivals) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    later = house.now + timedelta(days=2)
    taking = by(noor, meetings.take, pair.id, later)

    def ending(tx: Tx) -> object:
        card = pairs.card_of(tx, pair.id)
        return endings.end(tx, card, Ending.EARLY, fresh(tx, tomas))

    sound(two, two.overtaken(taking, ending))


def test_a_workspace_is_forgotten_while_a_yes_is_said(two: Rivals) -> None:
    house = two.house
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)

    def forget(tx: Tx) -> None:
        erasure.forget_workspace(tx.session, tx.workspace_id)

    ends = two.overtaken(forget, by(tomas, requests.accept, ask.id))
    assert house.rows(Relationship) == []
    assert ends[0] is None


def test_a_pause_and_its_end_at_once_leave_one_of_the_two(two: Rivals) -> None:
    house = two.house
    noor, tomas, pair = couple(house)
    house.act(noor, away.pause_pair, pair.id, date(2027, 3, 10))
    pausing = by(tomas, away.pause_pair, pair.id, date(2027, 3, 20))
    sound(two, two.overtaken(by(noor, away.resume_pair, pair.id), pausing))
    assert now_of(house, pair).away_until is not None, "Tomás has put it on hold"


def test_two_processes_that_sweep_at_once_tell_everything_once(two: Rivals) -> None:
    house = two.house
    noor, tomas, _ = couple(house)
    leaving = house.mentor("Grace M")
    house.ask(noor, leaving)
    house.act(leaving, profiles.leave)
    house.now += timedelta(days=70)
    assert sound(two, two.overtaken(sweep, sweep)) == []
    house.forward(minutes=15)
    for who in (noor, tomas, leaving):
        read = [(letter.kind, letter.text) for letter in house.read_by(who)]
        assert len(read) == len(set(read)), read
