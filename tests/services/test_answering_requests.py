"""Yes and no, each taken back, pressed twice, pressed by somebody else, or pressed on a message of yesterday."""

import pytest

from bot.errors import AskIsOverError, MentorIsFullError, NotYoursError, TooLateToUndoError, YouHaveLeftError
from bot.rules.profiles import Answers
from bot.rules.requests import Declined
from bot.services import profiles, requests
from storage.models.profiles import Profile
from storage.models.relationships import Relationship, RelationshipState
from storage.models.requests import AskState, SearchState
from tests.builders import House


def places_taken(house: House) -> list[int]:
    return sorted(profile.taken for profile in house.rows(Profile) if profile.places)


def test_yes_undo_yes_leaves_one_pair_and_one_place_taken(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=5)
    assert house.act(tomas, requests.undo_accept, ask.id).ask.state == AskState.WAITING
    assert places_taken(house) == [0]
    house.forward(minutes=5)
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=20)
    states = sorted(pair.state for pair in house.rows(Relationship))
    assert states == [RelationshipState.ACTIVE, RelationshipState.UNDONE]
    assert places_taken(house) == [1]
    assert house.search_of(ask).state == SearchState.MATCHED
    assert [letter.kind for letter in house.read_by(noor)] == [
        "requests.matched",
        "requests.reopened",
        "requests.sent",
        "requests.matched",
    ]


def test_a_yes_undone_before_the_mentee_heard_of_it_is_never_heard_of(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    house.act(tomas, requests.undo_accept, ask.id)
    house.forward(minutes=20)
    assert [letter.kind for letter in house.read_by(noor)] == ["requests.sent"]


def test_a_second_yes_undone_before_it_was_heard_is_never_heard_of_either(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=1)
    house.act(tomas, requests.undo_accept, ask.id)
    house.forward(minutes=1)
    house.act(tomas, requests.accept, ask.id)
    house.act(tomas, requests.undo_accept, ask.id)
    house.forward(minutes=20)
    assert len(house.read_by(noor, "requests.reopened")) == 1


def test_who_heard_of_the_question_first_hears_it_once_through_a_yes_and_its_undoing(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira")
    ask = house.ask(noor, tomas)
    house.forward(minutes=1)
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=1)
    house.act(tomas, requests.undo_accept, ask.id)
    house.forward(minutes=1)
    assert [letter.kind for letter in house.read_by(noor)] == [
        "requests.sent",
        "requests.matched",
        "requests.reopened",
    ]


def test_a_yes_stands_after_ten_minutes(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=10)
    with pytest.raises(TooLateToUndoError):
        house.act(tomas, requests.undo_accept, ask.id)
    assert places_taken(house) == [1]


def test_a_yes_cannot_be_undone_once_the_mentee_looks_elsewhere(house: House) -> None:
    noor, tomas, grace = house.person("Noor Haddad"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    house.ask(noor, grace)
    with pytest.raises(TooLateToUndoError):
        house.act(tomas, requests.undo_accept, ask.id)


def test_a_no_undone_and_said_again_is_told_once_ten_minutes_later(house: House) -> None:
    noor, tomas, grace = house.person("Noor Haddad"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas, grace)
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    house.forward(minutes=9)
    assert house.act(tomas, requests.undo_decline, ask.id).ask.state == AskState.WAITING
    house.forward(minutes=9)
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    house.forward(minutes=9)
    assert not house.read_by(noor, "requests.moved_on")
    assert not house.read_by(grace)
    house.forward(minutes=1)
    told = house.read_by(noor, "requests.moved_on")
    assert len(told) == 1
    assert "They have no room just now" in told[0].text
    assert "Grace M" in told[0].text
    assert len(house.read_by(grace, "requests.asked")) == 1
    house.forward(minutes=60)
    assert len(house.read_by(noor, "requests.moved_on")) == 1


def test_a_no_cannot_be_undone_once_it_was_told(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.decline, ask.id, Declined.NO_REASON, None)
    house.forward(minutes=10)
    with pytest.raises(TooLateToUndoError):
        house.act(tomas, requests.undo_decline, ask.id)


@pytest.mark.parametrize("whom", ["oneself", "the mentee", "a stranger to us", "somebody gone", "a bot", "a friend"])
def test_a_referral_is_passed_on_only_where_it_makes_sense(house: House, whom: str) -> None:
    noor, tomas, grace = house.person("Noor Haddad"), house.mentor("Tomás F"), house.mentor("Grace M")
    named = {
        "oneself": tomas.slack_id,
        "the mentee": noor.slack_id,
        "a stranger to us": "U0NOBODY",
        "somebody gone": house.person("Gone G", is_gone=True).slack_id,
        "a bot": house.person("Bot B", is_bot=True).slack_id,
        "a friend": house.person("Ingrid Berg").slack_id,
    }[whom]
    ask = house.ask(noor, tomas, grace)
    house.act(tomas, requests.decline, ask.id, Declined.OTHER_FIELD, named)
    house.forward(minutes=11)
    said = "They suggest talking to" in house.read_by(noor, "requests.moved_on")[0].text
    assert said == (whom == "a friend")


def test_a_second_click_on_accept_is_the_first_one(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F", places=2)
    ask = house.ask(noor, tomas)
    once = house.act(tomas, requests.accept, ask.id)
    twice = house.act(tomas, requests.accept, ask.id)
    assert once.ask.state == twice.ask.state == AskState.ACCEPTED
    assert places_taken(house) == [1]
    house.forward(minutes=1)
    assert len(house.read_by(noor, "requests.matched")) == 1


def test_a_second_no_is_the_first_one(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    again = house.act(tomas, requests.decline, ask.id, Declined.OTHER_FIELD, None)
    assert again.ask.reason == Declined.NO_ROOM


DEEDS_OF_THE_MENTOR = (requests.accept, requests.undo_accept, requests.undo_decline, requests.open_ask)


@pytest.mark.parametrize("deed", DEEDS_OF_THE_MENTOR)
def test_the_other_persons_button_is_refused_like_one_that_never_was(house: House, deed: object) -> None:
    noor, tomas, grace = house.person("Noor Haddad"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas, grace)
    queued = house.ask_of(ask.search_id, grace)
    before = house.count()
    for who, ask_id in ((noor, ask.id), (grace, ask.id), (grace, queued.id), (tomas, "no such ask"), (tomas, "")):
        with pytest.raises(NotYoursError):
            house.act(who, deed, ask_id)  # type: ignore[arg-type]  # each takes an actor and an id
    assert house.count() == before


def test_a_button_of_an_old_message_shows_how_things_stand(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    house.act(noor, requests.withdraw, ask.search_id)
    house.forward(minutes=15)
    assert house.act(tomas, requests.accept, ask.id).ask.state == AskState.WITHDRAWN
    with pytest.raises(AskIsOverError):
        house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    assert places_taken(house) == [0]


def test_a_full_mentor_is_told_their_own_limit(house: House) -> None:
    noor, mateo, tomas = house.person("Noor Haddad"), house.person("Mateo Cruz"), house.mentor("Tomás F", places=1)
    first, second = house.ask(noor, tomas), house.ask(mateo, tomas)
    house.act(tomas, requests.accept, first.id)
    with pytest.raises(MentorIsFullError) as told:
        house.act(tomas, requests.accept, second.id)
    assert told.value.places == 1
    assert house.current(second).state == AskState.WAITING
    assert places_taken(house) == [1]


def test_a_mentor_who_is_leaving_is_not_told_that_they_are_full(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F", places=1)
    ask = house.ask(noor, tomas)
    house.act(tomas, profiles.leave)
    with pytest.raises(YouHaveLeftError):
        house.act(tomas, requests.accept, ask.id)
    house.act(tomas, profiles.undo_leave)
    assert house.act(tomas, requests.accept, ask.id).ask.state == AskState.ACCEPTED


def test_a_paused_mentor_may_still_say_yes_to_who_asked_before(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    page = Answers("data analysis", "", "", "English", 2, is_open=False)
    house.act(tomas, profiles.save, page)
    assert house.act(tomas, requests.accept, ask.id).ask.state == AskState.ACCEPTED
