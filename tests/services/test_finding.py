"""Who is found, who can be asked, and what is kept for another day."""

from collections.abc import Callable

import pytest

from bot.errors import AlreadySearchingError, MentorTakenError, NotYoursError, SearchIsOverError
from bot.rules.profiles import Answers
from bot.services import find, profiles, requests
from storage.models.members import Member
from storage.models.requests import Search, SearchState
from tests.builders import GOAL, NOTE, TOPIC, House


def names(house: House, who: Member, topic: str = TOPIC) -> list[str]:
    found = house.act(who, find.search, topic, GOAL)
    return [name.member.name for name in (*found.fitting, *found.others)]


def test_one_is_never_found_by_oneself_nor_asked(house: House) -> None:
    tomas = house.mentor("Tomás F")
    assert "Tomás F" not in names(house, tomas)
    draft = house.rows(Search)[0]
    with pytest.raises(NotYoursError):
        house.act(tomas, find.note_page, draft.id, tomas.id)


def test_a_full_mentor_is_shown_as_full_and_cannot_be_asked(house: House) -> None:
    noor, mateo, tomas = house.person("Noor H"), house.person("Mateo C"), house.mentor("Tomás F", places=1)
    house.act(tomas, requests.accept, house.ask(mateo, tomas).id)
    found = house.act(noor, find.search, TOPIC, GOAL)
    assert [(n.member.name, n.suggestion.is_full) for n in found.fitting] == [("Tomás F", True)]
    assert not found.askable
    with pytest.raises(MentorTakenError) as told:
        house.act(noor, find.note_page, found.search.id, tomas.id)
    assert told.value.name == "Tomás F"


def rest(house: House, tomas: Member) -> None:
    house.act(tomas, profiles.save, Answers(TOPIC, "", "", "", 2, is_open=False))


def leave(house: House, tomas: Member) -> None:
    house.act(tomas, profiles.leave)


def go(house: House, tomas: Member) -> None:
    house.do(lambda tx: setattr(tx.session.get(Member, tomas.id), "is_gone", True))


def forget(house: House, tomas: Member) -> None:
    house.act(tomas, profiles.save, Answers("", "", "", "", 2, is_open=True))


@pytest.mark.parametrize("does", [rest, leave, go, forget])
def test_a_mentor_who_went_between_the_names_and_the_note_is_said_to_be_taken(
    house: House, does: Callable[[House, Member], None]
) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    search_id = house.begin(noor)
    does(house, tomas)
    for act in (find.note_page, lambda tx, who, s, m: find.send(tx, who, s, m, [], NOTE)):
        with pytest.raises(MentorTakenError):
            house.act(noor, act, search_id, tomas.id)


@pytest.mark.parametrize("claimed", ["nobody", "", "a member who never joined"])
def test_an_id_that_is_no_mentors_is_refused(house: House, claimed: str) -> None:
    noor, never = house.person("Noor H"), house.person("Never Joined")
    search_id = house.begin(noor)
    with pytest.raises(NotYoursError):
        house.act(noor, find.note_page, search_id, never.id if claimed.startswith("a member") else claimed)


def test_somebody_elses_draft_is_refused(house: House) -> None:
    noor, mateo, tomas = house.person("Noor H"), house.person("Mateo C"), house.mentor("Tomás F")
    search_id = house.begin(noor)
    with pytest.raises(NotYoursError):
        house.act(mateo, find.send, search_id, tomas.id, [], NOTE)


def test_one_search_at_a_time(house: House) -> None:
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    house.ask(noor, tomas)
    with pytest.raises(AlreadySearchingError):
        house.begin(noor)
    sent = house.rows(Search)[0]
    with pytest.raises(AlreadySearchingError):
        house.act(noor, find.send, sent.id, grace.id, [], NOTE)


def test_a_partner_is_not_suggested_again(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=3)
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    assert names(house, noor) == []


def test_a_mentor_one_mentors_is_not_suggested_either(house: House) -> None:
    noor, tomas = house.mentor("Noor H"), house.mentor("Tomás F")
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    assert "Noor H" not in names(house, tomas)


def test_only_names_that_were_shown_can_be_ticked_and_in_that_order(house: House) -> None:
    noor = house.person("Noor H")
    tomas, grace, amara = house.mentor("Tomás F"), house.mentor("Grace M"), house.mentor("Amara O")
    outsider = house.person("Outsider")
    search_id = house.begin(noor)
    others = [name.member.id for name in house.act(noor, find.note_page, search_id, tomas.id).others]
    claimed = [*reversed(others), outsider.id, tomas.id, "nobody"]
    card = house.act(noor, find.send, search_id, tomas.id, claimed, NOTE)
    assert [ask.ask.mentor_id for ask in card.asks] == [tomas.id, *others]
    assert set(others) == {grace.id, amara.id}


def test_what_was_begun_is_kept_and_can_be_forgotten(house: House) -> None:
    noor = house.person("Noor H")
    house.begin(noor, "drawing", "Draw every day")
    again = house.act(noor, find.start)
    assert (again.topic, again.goal, again.has_joined) == ("drawing", "Draw every day", True)
    assert house.act(noor, find.start, "typed words").topic == "typed words"
    house.act(noor, find.forget_begun)
    assert house.act(noor, find.start).topic == ""
    assert [search.state for search in house.rows(Search)] == [SearchState.WITHDRAWN]


def test_when_every_name_went_away_nothing_is_sent(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=1)
    search_id = house.begin(noor)
    page = house.act(noor, find.note_page, search_id, tomas.id)
    go(house, tomas)
    with pytest.raises(SearchIsOverError):
        house.act(noor, requests.send, page.search, [tomas.id], NOTE)
    assert house.rows(Search)[0].state == SearchState.DRAFT


def test_a_name_that_was_shown_can_be_asked_though_better_ones_came_since(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", teaches="analysis")
    search_id = house.begin(noor)
    for number in range(6):
        house.mentor(f"Better {number}")
    assert "Tomás F" not in names(house, noor)
    assert house.act(noor, find.note_page, search_id, tomas.id).first.member.id == tomas.id
