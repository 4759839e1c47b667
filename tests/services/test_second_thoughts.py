"""What an old button, a second click or the other one's word cannot do to a pair, a request or a meeting."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import AskIsOverError, NotYoursError, PastMomentError, TooLateToUndoError
from bot.rules.requests import Declined
from bot.services import feedback, meetings, relationships, requests
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.models.relationships import Ending, Relationship, RelationshipState
from storage.models.requests import SearchState
from tests.builders import House, texts_in
from tests.couples import now_of, paired
from tests.replies import said
from tests.taps import Taps


@pytest.fixture
def noor(house: House) -> Member:
    return house.person("Noor Haddad")


@pytest.fixture
def tomas(house: House) -> Member:
    return house.mentor("Tomás Ferreira", zone="Europe/Berlin")


@pytest.fixture
def pair(house: House, noor: Member, tomas: Member) -> Relationship:
    return paired(house, noor, tomas)


def test_two_who_both_stop_are_stopped_whoever_would_take_it_back(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    house.act(tomas, relationships.stop, pair.id, never_again=False)
    house.forward(minutes=2)
    Taps(house, noor).submit("relationships.leave", pair.id, way="stop", never=[])
    assert (now_of(house, pair).state, now_of(house, pair).ending) == (RelationshipState.ENDED, Ending.EARLY)
    with pytest.raises(TooLateToUndoError):
        house.act(tomas, relationships.undo_stop, pair.id)
    house.forward(minutes=30)
    assert [len(house.read_by(who, "relationships.ended")) for who in (noor, tomas)] == [1, 1]
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0


def test_a_note_written_anew_for_another_name_is_not_read_by_the_one_who_said_no(
    house: House, noor: Member, tomas: Member
) -> None:
    ask = house.ask(noor, tomas, house.mentor("Grace M"))
    house.forward(minutes=5)
    assert house.act(tomas, requests.note_of, ask.id).note
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    house.forward(minutes=15)
    house.act(noor, requests.rewrite, ask.search_id, "For Grace alone: I saw your talk on dashboards.")
    with pytest.raises(AskIsOverError):
        house.act(tomas, requests.note_of, ask.id)


def test_who_accepted_reads_the_note_again(house: House, noor: Member, tomas: Member) -> None:
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    assert house.act(tomas, requests.note_of, ask.id).note


def test_calling_off_after_the_end_does_not_say_who_ended_it(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    house.act(tomas, meetings.take, pair.id, house.now + timedelta(days=1))
    house.forward(minutes=1)
    booked = house.rows(Meeting)[0]
    house.act(tomas, relationships.stop, pair.id, never_again=False)
    house.forward(minutes=15)
    for who in (noor, tomas):
        words = said(Taps(house, who).press("meetings.cancel", booked.id).reply)
        assert "was called off" in words
        assert "can't make" not in words
        assert "Plan another" not in words


def test_the_yes_has_no_meeting_to_call_off_once_the_pair_has_ended(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    house.act(tomas, meetings.take, pair.id, house.now + timedelta(days=1))
    house.forward(minutes=1)
    house.act(noor, relationships.stop, pair.id, never_again=False)
    house.forward(minutes=15)
    told = [set(texts_in(letter.payload)) for letter in house.letters if letter.kind == "requests.matched"]
    assert any("meetings.cancel" in texts for texts in told)
    assert "meetings.cancel" not in told[-1]


def test_a_second_click_on_extend_says_nothing_of_the_next_term(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    ends = now_of(house, pair).term_ends_at
    assert ends is not None
    house.now = ends - timedelta(days=10)
    house.act(noor, relationships.extend, pair.id)
    house.act(tomas, relationships.extend, pair.id)
    later = now_of(house, pair).term_ends_at
    again = Taps(house, tomas).press("relationships.extend", pair.id).reply
    house.act(noor, relationships.extend, pair.id)
    assert now_of(house, pair).term_ends_at == later != ends
    assert (now_of(house, pair).mentor_wish, now_of(house, pair).mentee_wish) == ("", "")
    assert "Extend 3 months" not in said(again)


def test_a_second_click_on_we_met_is_the_same_meeting(house: House, noor: Member, pair: Relationship) -> None:
    house.act(noor, meetings.take, pair.id, house.now + timedelta(days=1))
    house.forward(days=2)
    house.act(noor, feedback.log, pair.id)
    house.forward(seconds=2)
    house.act(noor, feedback.log, pair.id)
    assert [row.state for row in house.rows(Meeting)] == [MeetingState.MET]


def test_a_late_yes_that_was_taken_is_not_the_mentors_to_undo(house: House, noor: Member, tomas: Member) -> None:
    ask = house.ask(noor, tomas, house.mentor("Grace M"))
    house.forward(days=3, hours=2)
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=1)
    house.act(noor, requests.take_late, ask.id)
    house.forward(minutes=1)
    with pytest.raises(TooLateToUndoError):
        house.act(tomas, requests.undo_accept, ask.id)
    assert house.search_of(ask).state == SearchState.MATCHED
    newest = [
        letter for letter in house.letters if letter.kind == "requests.asked" and letter.slack_id == tomas.slack_id
    ]
    assert "Undo" not in texts_in(newest[-1].payload)


def test_an_old_close_it_leaves_a_pair_that_woke_up_alone(house: House, noor: Member, pair: Relationship) -> None:
    Taps(house, noor).press("relationships.close", pair.id)
    house.forward(minutes=15)
    assert now_of(house, pair).state == RelationshipState.ACTIVE


def test_somebody_new_while_a_search_runs_still_stops(house: House, noor: Member, pair: Relationship) -> None:
    house.ask(noor, house.mentor("Grace M"))
    reply = Taps(house, noor).submit("relationships.leave", pair.id, way="new", never=["never"]).reply
    assert "You've stopped" in said(reply)
    house.forward(minutes=15)
    assert now_of(house, pair).state == RelationshipState.ENDED


def test_a_mentor_does_not_search_with_the_mentees_goal(house: House, tomas: Member, pair: Relationship) -> None:
    with pytest.raises(NotYoursError):
        house.act(tomas, relationships.rematch, pair.id)
    assert house.rows(Profile, member_id=tomas.id)[0].goal == ""


def test_a_meeting_gone_by_is_not_planned_anew_in_the_past(house: House, noor: Member, pair: Relationship) -> None:
    house.act(noor, meetings.take, pair.id, house.now + timedelta(days=1))
    house.forward(days=2)
    row = house.rows(Meeting)[0]
    here = row.starts_at.astimezone(ZoneInfo(noor.zone))
    with pytest.raises(PastMomentError):
        house.act(noor, meetings.move, row.id, row.version, here.date(), here.time(), row.minutes + 15)
