"""How a pair ends: privately and kindly, with ten minutes to think; or at its term, as both would like."""

from datetime import timedelta

import pytest

from bot.errors import TooLateToUndoError
from bot.services import find, home, relationships
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.models.relationships import Ending, NeverWith, Relationship, RelationshipState, Wish
from storage.models.requests import Search
from storage.queries import relationships as queries
from tests.builders import House, texts_in
from tests.couples import now_of, paired
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


def leave(house: House, who: Member, pair: Relationship, way: str = "stop", *, never: bool = True) -> None:
    """The private page, sent."""
    Taps(house, who).press("relationships.not_working", pair.id)
    Taps(house, who).submit("relationships.leave", pair.id, way=way, never=["never"] if never else [])


def test_a_stop_is_known_to_nobody_for_ten_minutes(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    leave(house, noor, pair)
    house.forward(minutes=9)
    assert house.read_by(noor, "relationships.stopped")
    assert not house.read_by(tomas, "relationships.ended")
    assert now_of(house, pair).state == RelationshipState.ACTIVE
    house.forward(minutes=2)
    assert now_of(house, pair).state == RelationshipState.ENDED
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0
    words = house.read_by(tomas, "relationships.ended")[0].text
    assert "come to an end" in words
    assert "Your place is free again" in words
    assert not house.read_by(noor, "relationships.ended"), "who asked has their own message"


def test_an_undone_stop_leaves_no_trace(house: House, noor: Member, tomas: Member, pair: Relationship) -> None:
    leave(house, tomas, pair)
    Taps(house, tomas).press("relationships.undo_stop", pair.id)
    house.forward(minutes=30)
    assert now_of(house, pair).state == RelationshipState.ACTIVE
    assert not house.read_by(noor, "relationships.ended")
    assert house.rows(NeverWith) == []


def test_a_stop_cannot_be_taken_back_after_ten_minutes(house: House, noor: Member, pair: Relationship) -> None:
    leave(house, noor, pair)
    house.now += timedelta(minutes=10)
    with pytest.raises(TooLateToUndoError):
        house.act(noor, relationships.undo_stop, pair.id)


def test_only_the_one_who_stopped_can_take_it_back_or_sees_it(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    leave(house, noor, pair)
    with pytest.raises(TooLateToUndoError):
        house.act(tomas, relationships.undo_stop, pair.id)
    assert not house.act(tomas, relationships.page, pair.id).is_stopping
    assert house.act(noor, relationships.page, pair.id).is_stopping


def test_both_stopping_at_once_ends_it_once(house: House, noor: Member, tomas: Member, pair: Relationship) -> None:
    leave(house, noor, pair)
    leave(house, tomas, pair)
    house.forward(minutes=15)
    assert now_of(house, pair).ending == Ending.EARLY
    assert house.rows(Profile, member_id=tomas.id)[0].taken == 0
    assert {row.member_id for row in house.rows(NeverWith)} == {noor.id, tomas.id}


def test_they_are_not_paired_again_unless_the_tick_is_taken_off(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    leave(house, noor, pair)
    house.forward(minutes=11)
    found = house.act(noor, find.search, "data analysis", "Move into a data role")
    assert tomas.id not in {name.member.id for name in (*found.fitting, *found.others)}
    mateo = house.person("Mateo Cruz")
    other = paired(house, mateo, tomas)
    leave(house, mateo, other, never=False)
    house.forward(minutes=11)
    again = house.act(mateo, find.search, "data analysis", "Move into a data role")
    assert tomas.id in {name.member.id for name in again.fitting}


def test_a_new_partner_is_one_step_away(house: House, noor: Member, pair: Relationship) -> None:
    grace = house.mentor("Grace Mwangi")
    leave(house, noor, pair, way="new")
    search = house.rows(Search, state="draft")[0]
    assert (search.topic, search.mentee_id) == (pair.topic, noor.id)
    results = house.act(noor, find.results, search)
    assert [name.member.id for name in results.fitting] == [grace.id]


def test_organisers_see_ended_early_and_never_who_or_why(house: House, noor: Member, pair: Relationship) -> None:
    leave(house, noor, pair)
    house.forward(minutes=11)
    seen = house.do(home.overview)
    assert (seen.ended_early, seen.active_pairs, seen.pairs) == (1, 0, ())
    assert "Noor" not in str(seen)


def test_neither_side_reads_who_asked_for_the_end(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    leave(house, noor, pair)
    house.forward(minutes=11)
    told = [text for letter in house.letters if letter.slack_id == tomas.slack_id for text in texts_in(letter.payload)]
    assert not [text for text in told if "stopped" in text or "isn't working" in text.lower()]


def test_three_weeks_before_the_term_ends_both_are_asked_how_to_go_on(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    keep_in_touch(house, noor, pair, until=166)
    for who in (noor, tomas):
        assert "How would you like to go on" in house.read_by(who, "relationships.closing")[0].text


def keep_in_touch(house: House, who: Member, pair: Relationship, until: int) -> None:
    """A word every week or so, which is what most pairs do."""
    while house.now < pair.started_at + timedelta(days=until):
        house.act(who, relationships.in_touch, pair.id)
        house.forward(days=9)


def test_two_who_both_want_to_go_on_do(house: House, noor: Member, tomas: Member, pair: Relationship) -> None:
    before = house.now + timedelta(days=10)
    house.do(queries.write, pair.id, {"term_ends_at": before})
    Taps(house, noor).press("relationships.extend", pair.id)
    house.forward(minutes=1)
    assert not house.read_by(tomas, "relationships.extended"), "a wish that is not shared is told to nobody"
    Taps(house, tomas).press("relationships.extend", pair.id)
    house.forward(minutes=1)
    after = now_of(house, pair).term_ends_at
    assert after is not None
    assert timedelta(days=89) < after - before < timedelta(days=93)
    assert house.read_by(noor, "relationships.extended")
    assert house.read_by(tomas, "relationships.extended")


def test_at_its_term_a_pair_finishes_and_both_read_what_they_did(
    house: House, noor: Member, tomas: Member, pair: Relationship
) -> None:
    keep_in_touch(house, noor, pair, until=186)
    row = now_of(house, pair)
    assert (row.state, row.ending) == (RelationshipState.ENDED, Ending.FINISHED)
    for who in (noor, tomas):
        assert "ends today" in house.read_by(who, "relationships.ended")[0].text


def test_staying_in_touch_is_said_only_where_both_chose_it(house: House, noor: Member, tomas: Member) -> None:
    shared, alone = paired(house, noor, tomas), paired(house, house.person("Mateo Cruz"), tomas)
    for each in (shared, alone):
        house.do(queries.write, each.id, {"term_ends_at": house.now + timedelta(days=10)})
    house.act(noor, relationships.wish, shared.id, Wish.STAY)
    house.act(tomas, relationships.wish, shared.id, Wish.STAY)
    house.act(tomas, relationships.wish, alone.id, Wish.STAY)
    for each in (shared, alone):
        house.do(queries.write, each.id, {"term_ends_at": house.now})
    house.settle()
    said = [letter.text for letter in house.read_by(tomas, "relationships.ended")]
    assert sum("stay in touch" in text for text in said) == 1
