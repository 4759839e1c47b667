"""A pair goes quiet: a line, a question, a state, sleep, and in the end a kind close; one tap wakes it at any time."""

from datetime import timedelta

import pytest

from bot.errors import MentorTakenError, NotYoursError, PairIsOverError
from bot.services import home, relationships, requests
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.models.relationships import Ending, Relationship, RelationshipState
from tests.builders import House
from tests.couples import now_of, paired
from tests.taps import Taps


@pytest.fixture
def noor(house: House) -> Member:
    return house.person("Noor Haddad")


@pytest.fixture
def tomas(house: House) -> Member:
    return house.mentor("Tomás Ferreira", zone="Europe/Berlin")


def taken(house: House, mentor: Member) -> int:
    return house.rows(Profile, member_id=mentor.id)[0].taken


def kinds(house: House, who: Member) -> list[str]:
    return [letter.kind for letter in house.read_by(who, "relationships")]


def test_silence_is_counted_from_the_day_contact_was_due(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    house.forward(days=14 + 6)
    assert not [line for line in house.rows(DigestLine) if line.kind == "relationships.quiet"]
    house.forward(days=2)
    lines = [line for line in house.rows(DigestLine) if line.kind == "relationships.quiet"]
    assert {line.member_id for line in lines} == {noor.id, tomas.id}
    assert kinds(house, noor) == ["relationships.plan_first"]
    house.forward(days=7)
    assert kinds(house, noor) == ["relationships.plan_first", "relationships.quiet"]
    assert kinds(house, tomas) == ["relationships.quiet"]
    assert now_of(house, pair).state == RelationshipState.ACTIVE


def test_organisers_see_quiet_after_three_weeks_and_never_a_word_more(
    house: House, noor: Member, tomas: Member
) -> None:
    paired(house, noor, tomas)
    house.forward(days=14 + 22)
    seen = house.do(home.overview).pairs[0]
    assert seen.standing == "quiet"


def test_a_pair_asleep_gives_its_place_back_and_is_told_so(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    assert taken(house, tomas) == 1
    house.forward(days=14 + 29)
    assert now_of(house, pair).state == RelationshipState.ASLEEP
    assert taken(house, tomas) == 0
    assert "rest" in house.read_by(noor, "relationships.asleep")[0].text
    assert house.do(home.overview).pairs[0].standing == "asleep"


def test_we_are_in_touch_counts_as_contact_and_begins_again(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    house.forward(days=14 + 15)
    Taps(house, noor).press("relationships.in_touch", pair.id)
    house.forward(days=20)
    assert kinds(house, tomas).count("relationships.quiet") == 1, "nothing new for two weeks and a week more"
    assert now_of(house, pair).state == RelationshipState.ACTIVE
    house.forward(days=9)
    assert kinds(house, tomas).count("relationships.quiet") == 2, "and a second silence is asked about once"


def test_one_tap_wakes_a_sleeping_pair_and_takes_its_place_again(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    house.forward(days=50)
    house.act(noor, relationships.in_touch, pair.id)
    assert now_of(house, pair).state == RelationshipState.ACTIVE
    assert taken(house, tomas) == 1
    house.act(noor, relationships.in_touch, pair.id)
    assert taken(house, tomas) == 1, "twice is once"


def test_a_sleeping_pair_cannot_wake_where_its_place_is_taken(house: House, noor: Member) -> None:
    amara = house.mentor("Amara Okafor", places=1)
    pair = paired(house, noor, amara)
    house.forward(days=50)
    paired(house, house.person("Mateo Cruz"), amara)
    with pytest.raises(MentorTakenError):
        house.act(noor, relationships.in_touch, pair.id)
    assert now_of(house, pair).state == RelationshipState.ASLEEP


def test_after_three_months_asleep_closing_is_offered_and_a_week_later_done(
    house: House, noor: Member, tomas: Member
) -> None:
    pair = paired(house, noor, tomas)
    house.forward(days=42 + 91)
    assert house.read_by(tomas, "relationships.close_offer")
    assert now_of(house, pair).state == RelationshipState.ASLEEP
    house.forward(days=8)
    row = now_of(house, pair)
    assert (row.state, row.ending) == (RelationshipState.ENDED, Ending.QUIET)
    assert "rested" in house.read_by(noor, "relationships.ended")[0].text
    assert taken(house, tomas) == 0


def test_keeping_it_lets_it_sleep_on(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    house.forward(days=42 + 91)
    Taps(house, tomas).press("relationships.keep", pair.id)
    house.forward(days=20)
    assert now_of(house, pair).state == RelationshipState.ASLEEP


def test_nobody_elses_silence_can_be_broken(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    stranger = house.person("Mateo Cruz")
    for deed in (relationships.in_touch, relationships.keep, relationships.page, relationships.way_out):
        with pytest.raises(NotYoursError):
            house.act(stranger, deed, pair.id)


def test_an_old_button_after_the_end_says_so(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    house.act(tomas, relationships.stop, pair.id, never_again=False)
    house.forward(minutes=11)
    with pytest.raises(PairIsOverError):
        house.act(noor, relationships.in_touch, pair.id)


def test_a_partner_who_is_gone_between_two_clicks_is_said_kindly(house: House, noor: Member, tomas: Member) -> None:
    pair = paired(house, noor, tomas)
    house.person(tomas.name, slack_id=tomas.slack_id, is_gone=True)
    with pytest.raises(PairIsOverError):
        house.act(noor, relationships.in_touch, pair.id)


def test_a_mentee_is_asked_on_the_third_day_and_only_where_nothing_is_planned(
    house: House, noor: Member, tomas: Member
) -> None:
    paired(house, noor, tomas)
    house.forward(days=4)
    assert kinds(house, noor) == ["relationships.plan_first"]
    assert kinds(house, tomas) == []
    mateo = house.person("Mateo Cruz")
    other = paired(house, mateo, tomas)
    house.act(mateo, relationships.in_touch, other.id)
    house.forward(days=4)
    assert kinds(house, mateo) == []


def test_an_undone_yes_is_never_asked_anything(house: House, noor: Member, tomas: Member) -> None:
    ask = house.ask(noor, tomas)
    house.act(tomas, requests.accept, ask.id)
    house.act(tomas, requests.undo_accept, ask.id)
    house.forward(days=3)
    assert house.rows(Relationship)[0].state == RelationshipState.UNDONE
    assert kinds(house, noor) == []
    house.forward(days=timedelta(days=60).days)
    assert "relationships.quiet" not in kinds(house, noor)
