"""Groups that fall apart on the way: not this time, leaving, being gone, and messages Slack will not take."""

from datetime import timedelta

import pytest

from bot.errors import GroupIsOverError
from bot.news import NEWS
from bot.outbox.rows import Rows
from bot.services import rounds
from bot.slack.replies import Tell
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow, RowState
from storage.models.rounds import Round, Seat
from tests.builders import House
from tests.peers import ROUND, group_of, groups, mates, own, paired, peer, peers, people_of, running, told, updated
from tests.taps import Taps


def test_those_left_alone_by_others_find_each_other_within_a_day(house: House) -> None:
    people = paired(house, 4)
    one, other = people[0], next(p for p in people[1:] if own(house, p).id != own(house, people[0]).id)
    left = [*mates(house, one, people), *mates(house, other, people)]
    for leaver in (one, other):
        said = Taps(house, leaver).press("rounds.not_this_time", own(house, leaver).id).reply
        assert isinstance(said, Tell)
        assert "you're in it" in said.message.text.value
    assert all(house.act(each, rounds.standing).is_waiting for each in left)
    assert not house.act(one, rounds.standing).is_waiting
    house.forward(hours=23)
    assert own(house, left[0]).id == own(house, left[1]).id
    assert group_of(house, one) is group_of(house, other) is None
    assert len(told(house)) == 3
    assert [text for text in updated(house) if "isn't part of the round any more" in text]
    assert not [text for text in updated(house) if one.name in text or other.name in text]


def test_one_left_alone_becomes_the_third_of_another_group(house: House) -> None:
    people = paired(house, 6)
    a = people[0]
    (left,) = mates(house, a, people)
    house.act(a, rounds.not_this_time, own(house, a).id)
    house.forward(hours=23)
    assert len(people_of(house, own(house, left))) == 3
    assert sorted(len(people_of(house, group)) for group in groups(house)) == [2, 3]
    assert set(told(house)[-1].payload) == {"text", "blocks"}
    assert left.name in told(house)[-1].text


def test_nobody_becomes_a_fourth_or_joins_those_who_met(house: House) -> None:
    people = paired(house, 4)
    a = people[0]
    (left,) = mates(house, a, people)
    other = next(p for p in people if p not in (a, left))
    house.act(other, rounds.met, own(house, other).id)
    house.act(a, rounds.not_this_time, own(house, a).id)
    house.forward(hours=23)
    assert group_of(house, left) is None
    (letter,) = house.read_by(left, "rounds.alone")
    assert "Mon 22 Mar" in letter.text
    assert a.name not in letter.text
    house.forward(days=2)
    assert len(house.read_by(left, "rounds.alone")) == 1
    house.forward(**ROUND)
    assert group_of(house, left) is not None


def test_three_go_on_as_two(house: House) -> None:
    a, b, c = paired(house, 3)
    group = own(house, a)
    for _ in range(2):
        assert isinstance(Taps(house, a).press("rounds.not_this_time", group.id).reply, Tell)
    house.forward(hours=23)
    assert people_of(house, house.current(group)) == sorted((b.id, c.id))
    assert len(told(house)) == 1
    assert a.name not in updated(house)[-1]
    with pytest.raises(GroupIsOverError):
        house.act(a, rounds.met, group.id)
    house.act(b, rounds.met, group.id)


def test_everybody_says_not_this_time(house: House) -> None:
    people = paired(house, 5)
    for one in people:
        house.act(one, rounds.not_this_time, own(house, one).id if group_of(house, one) else _old(house, one))
    house.forward(days=10)
    assert groups(house) == []
    assert not [letter for one in people for letter in house.read_by(one)]
    house.forward(days=5)
    assert len(groups(house)) == 2
    assert {peer(house, one).misses for one in people} == {0}


def _old(house: House, who: Member) -> str:
    group_id = house.rows(Seat, round_id=running(house).id, member_id=who.id)[0].group_id
    assert group_id is not None
    return group_id


def test_a_button_of_a_group_one_has_moved_on_from_is_refused_kindly(house: House) -> None:
    people = paired(house, 6)
    a = people[0]
    (left,) = mates(house, a, people)
    old = own(house, a).id
    house.act(a, rounds.not_this_time, old)
    house.forward(hours=23)
    for action in ("rounds.met", "rounds.not_this_time"):
        shown = Taps(house, left).press(action, old).reply
        assert isinstance(shown, Tell)
        assert "another group now" in shown.message.text.value


def test_after_they_met_there_is_nothing_to_pass_over(house: House) -> None:
    a, b = paired(house, 2)
    group = own(house, a)
    house.act(a, rounds.met, group.id)
    said = Taps(house, b).press("rounds.not_this_time", group.id).reply
    assert isinstance(said, Tell)
    assert "met this round already" in said.message.text.value
    house.act(b, rounds.leave)
    assert house.current(group).dissolved_at is None


def test_nobody_is_put_into_a_new_group_when_the_round_is_nearly_over(house: House) -> None:
    people = paired(house, 6)
    a = people[0]
    (left,) = mates(house, a, people)
    house.forward(days=11, hours=2)
    house.act(a, rounds.not_this_time, own(house, a).id)
    house.forward(days=1)
    assert group_of(house, left) is None
    assert len(house.read_by(left, "rounds.alone")) == 1


# -- leaving and being gone ----------------------------------------------------------------------------------------


def test_who_leaves_in_the_middle_is_like_not_this_time_and_out_for_good(house: House) -> None:
    people = paired(house, 6)
    a = people[0]
    (left,) = mates(house, a, people)
    house.act(a, rounds.leave)
    house.forward(hours=23)
    assert len(people_of(house, own(house, left))) == 3
    house.forward(**ROUND)
    assert group_of(house, a) is None


@pytest.mark.parametrize("n", [4, 3])
def test_a_peer_deactivated_between_pairing_and_sending_is_taken_out_and_nobody_is_left_alone(
    house: House, n: int
) -> None:
    people = peers(house, n)
    house.now = house.rows(Round)[0].starts_at
    house.sweep()
    row = house.owed("rounds.paired")[0]
    gone = next(one for one in people if one.id == row.member_id)
    rest = mates(house, gone, people)
    house.do(lambda tx: setattr(tx.session.get(Member, gone.id), "is_gone", True))
    house.deliver()
    assert not [letter for letter in told(house) if gone.name in letter.text]
    house.forward(hours=23)
    assert group_of(house, gone) is None
    for one in rest:
        assert len(people_of(house, own(house, one))) == n - 1
        assert [letter for letter in told(house) if one.name in letter.text]
    assert not [letter for letter in told(house) if gone.name in letter.text]


def test_a_group_whose_message_slack_will_not_take_is_made_up_anew_and_never_the_same(house: House) -> None:
    people = peers(house, 4)
    house.now = house.rows(Round)[0].starts_at
    house.sweep()
    before = {tuple(people_of(house, group)) for group in groups(house)}
    for row in house.owed("rounds.paired"):
        refuse(house, row)
    assert groups(house) == []
    house.forward(hours=23)
    after = {tuple(people_of(house, group)) for group in groups(house)}
    assert len(after) == 2
    assert not before & after
    assert len(told(house)) == 2
    assert {one.id for one in people} == {each for ids in after for each in ids}


def refuse(house: House, row: OutboxRow) -> None:
    """Slack says that somebody of the group is not to be written to."""
    rows = Rows(NEWS, house.vault)
    parcel = house.do(lambda tx: rows.prepare(tx.session, tx.workspace_id, row.id, tx.now))
    assert parcel is not None
    house.do(lambda tx: rows.dead(tx.session, parcel, tx.now, "user_disabled"))


def test_two_whose_message_slack_will_not_take_are_told_that_it_begins_again(house: House) -> None:
    a, b = peers(house, 2)
    house.now = house.rows(Round)[0].starts_at
    house.sweep()
    refuse(house, house.owed("rounds.paired")[0])
    house.forward(hours=23)
    assert told(house) == []
    assert len(house.read_by(a, "rounds.alone")) == len(house.read_by(b, "rounds.alone")) == 1


def test_a_message_still_to_come_names_only_who_is_still_in(house: House) -> None:
    a, *_ = peers(house, 3)
    house.now = house.rows(Round)[0].starts_at
    house.sweep()
    house.act(a, rounds.not_this_time, own(house, a).id)
    house.forward(hours=1)
    (letter,) = told(house)
    assert a.name not in letter.text
    assert {row.state for row in house.owed("rounds.paired") if row.op == Op.OPEN_GROUP} == {
        RowState.DROPPED,
        RowState.DONE,
    }


def test_rounds_that_overslept_begin_once_and_keep_their_monday(house: House) -> None:
    people = peers(house, 4)
    house.now += timedelta(days=60)
    house.settle()
    assert len(told(house)) == 2
    assert running(house).ends_at.weekday() == 0
    assert running(house).ends_at >= house.now + timedelta(days=7)
    assert len(people) == 4


def test_everything_holds_on_either_database(either_house: House) -> None:
    house = either_house
    people = paired(house, 5)
    house.act(people[0], rounds.not_this_time, own(house, people[0]).id)
    house.act(people[1], rounds.leave)
    house.forward(days=3)
    met = next(one for one in people[2:] if group_of(house, one))
    house.act(met, rounds.met, own(house, met).id)
    house.forward(days=30)
    assert len([group for group in groups(house) if len(people_of(house, group)) == 2]) == 2
