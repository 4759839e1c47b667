"""Leaving, staying after all, and being gone from the workspace: what ends, and who is told what."""

from datetime import timedelta

import pytest

from bot.errors import TooLateToUndoError
from bot.services import find, members, profiles, requests
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.models.relationships import Relationship, RelationshipState
from storage.models.requests import Ask, AskState, SearchState
from storage.queries import profiles as queries
from tests.builders import House


def paired(house: House) -> tuple[Member, Member]:
    """Noor and Tomás, who said yes an hour ago."""
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira")
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    house.forward(hours=1)
    return noor, tomas


def deactivate(house: House, member: Member) -> None:
    """Slack tells that somebody's account was closed."""
    user = {"id": member.slack_id, "name": member.name, "deleted": True, "team_id": house.workspace_id}
    house.do(members.refresh, user)


def test_leaving_is_known_to_nobody_for_ten_minutes(house: House) -> None:
    noor, tomas = paired(house)
    house.act(noor, profiles.leave)
    house.forward(minutes=9)
    assert not house.read_by(tomas, "relationships.ended")
    house.act(noor, profiles.undo_leave)
    house.forward(hours=1)
    assert not house.read_by(tomas, "relationships.ended")
    assert [pair.state for pair in house.rows(Relationship)] == [RelationshipState.ACTIVE]


@pytest.mark.parametrize("leaver", ["the mentee", "the mentor"])
def test_the_partner_of_somebody_who_left_is_told_kindly_and_never_why(house: House, leaver: str) -> None:
    noor, tomas = paired(house)
    goes, stays = (noor, tomas) if leaver == "the mentee" else (tomas, noor)
    house.act(goes, profiles.leave)
    house.forward(minutes=10)
    told = house.read_by(stays, "relationships.ended")
    assert len(told) == 1
    assert "has come to an end" in told[0].text
    assert "left" not in told[0].text
    assert [pair.state for pair in house.rows(Relationship)] == [RelationshipState.ENDED]
    assert [p.taken for p in house.rows(Profile, member_id=tomas.id)] == [0]


def test_a_leave_stands_after_ten_minutes(house: House) -> None:
    noor, _ = paired(house)
    house.act(noor, profiles.leave)
    house.forward(minutes=10)
    with pytest.raises(TooLateToUndoError):
        house.act(noor, profiles.undo_leave)


def test_leaving_twice_is_leaving_once(house: House) -> None:
    noor, _ = paired(house)
    house.act(noor, profiles.leave)
    house.forward(minutes=5)
    house.act(noor, profiles.leave)
    house.forward(minutes=5)
    assert len(house.read_by(noor, "profiles.left")) == 1
    assert house.rows(Profile, member_id=noor.id)[0].left_settled_at is not None


def test_nobody_can_find_or_ask_somebody_who_is_leaving(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F")
    house.act(tomas, profiles.leave)
    found = house.act(noor, find.search, "data analysis", "A goal")
    assert not found.fitting
    assert not found.others


def test_a_mentor_who_left_is_passed_over_and_the_next_name_asked(house: House) -> None:
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas, grace)
    house.forward(minutes=1)
    house.act(tomas, profiles.leave)
    house.forward(minutes=11)
    assert "isn't taking requests any more" in house.read_by(noor, "requests.moved_on")[0].text
    assert len(house.read_by(grace, "requests.asked")) == 1
    assert house.current(ask).state == AskState.PASSED


def test_a_mentee_who_left_ends_their_search_and_the_mentor_reads_so(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    house.forward(minutes=1)
    house.act(noor, profiles.leave)
    house.forward(minutes=11)
    last = [letter for letter in house.letters if letter.slack_id == tomas.slack_id][-1]
    assert "no longer looking" in last.text
    assert house.search_of(ask).state == SearchState.WITHDRAWN


def test_finding_again_is_staying(house: House) -> None:
    noor, tomas = paired(house)
    house.act(noor, profiles.leave)
    house.begin(noor, "public speaking")
    house.forward(hours=1)
    assert not house.read_by(tomas, "relationships.ended")


def test_a_deactivated_mentor_is_taken_out_at_once_and_both_kinds_of_mentee_are_told(house: House) -> None:
    noor, tomas = paired(house)
    mateo, grace = house.person("Mateo C"), house.mentor("Grace M")
    ask = house.ask(mateo, tomas, grace)
    house.forward(minutes=1)
    deactivate(house, tomas)
    house.forward(minutes=1)
    assert len(house.read_by(noor, "relationships.ended")) == 1
    assert "isn't taking requests any more" in house.read_by(mateo, "requests.moved_on")[0].text
    assert house.ask_of(ask.search_id, grace).state == AskState.WAITING
    deactivate(house, tomas)
    house.forward(days=1)
    assert len(house.read_by(noor, "relationships.ended")) == 1


def test_a_deactivated_mentee_leaves_no_question_open_and_reads_nothing(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    house.forward(minutes=1)
    before = len(house.read_by(noor))
    deactivate(house, noor)
    house.forward(days=10)
    assert house.current(ask).state == AskState.WITHDRAWN
    assert len(house.read_by(noor)) == before
    assert not house.read_by(tomas, "requests.reminded")


def test_somebody_gone_by_any_way_is_found_by_the_sweep(house: House) -> None:
    noor, tomas = paired(house)
    house.do(lambda tx: setattr(tx.session.get(Member, tomas.id), "is_gone", True))
    house.forward(minutes=1)
    assert len(house.read_by(noor, "relationships.ended")) == 1


def test_somebody_who_comes_back_can_join_again(house: House) -> None:
    noor, _ = paired(house)
    house.act(noor, profiles.leave)
    house.forward(minutes=11)
    assert house.do(queries.joined_count) == 1
    house.now += timedelta(days=3)
    house.begin(noor)
    mine = house.rows(Profile, member_id=noor.id)[0]
    assert house.do(queries.joined_count) == 2
    assert mine.joined_at == house.now
    assert mine.left_settled_at is None


def test_the_leave_form_says_what_ends(house: House) -> None:
    noor, tomas = paired(house)
    house.ask(noor, house.mentor("Grace M"), topic="Python")
    mateo = house.person("Mateo C")
    house.ask(mateo, tomas)
    assert house.act(noor, profiles.leave_page).is_searching
    page = house.act(tomas, profiles.leave_page)
    assert [partner.name for partner in page.partners] == ["Noor Haddad"]
    assert page.waiting == 1
    assert len(house.rows(Ask)) == 3
