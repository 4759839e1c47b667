"""Milestones as the two press them, on their day and around it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import DayRefusedError, NotYoursError, PairIsOverError, TooManyMilestonesError
from bot.rules.days import spread_of
from bot.rules.policy import MILESTONES_MOST
from bot.services import milestones
from bot.slack.calls import Source
from bot.slack.replies import Replace, ShowModal, Tell, UpdateModal, Wrong
from bot.views import milestones as views
from storage.models.members import Member
from storage.models.milestones import Milestone, MilestoneState
from storage.models.outbox import Op, OutboxRow
from storage.queries import relationships
from tests.builders import MONDAY, House, texts_in
from tests.harmless import harm_in
from tests.services.pairing import Two, paired

FRIDAY = date(2027, 3, 5)
WILD = "<!channel> *<@U1>* <https://evil.example|bank>"


def mark(two: Two, title: str = "First chart", day: date = FRIDAY) -> str:
    two.house.act(two.noor, milestones.add, two.pair_id, title, day)
    return max(two.house.rows(Milestone), key=lambda row: row.id).id


def row(two: Two, milestone_id: str) -> Milestone:
    return two.house.rows(Milestone, id=milestone_id)[0]


def shown(reply: object) -> str:
    if isinstance(reply, ShowModal | UpdateModal):
        return " ".join(texts_in(reply.modal.payload()))
    assert isinstance(reply, Tell | Replace)
    return " ".join(texts_in(reply.message.payload()))


def in_pair(two: Two) -> str:
    facts = two.house.act(two.noor, milestones.own, two.pair_id)
    return " ".join(texts_in(list(views.in_pair(facts))))


def move_clock(two: Two, zone: str) -> None:
    """What a refresh of the directory does when the mentee is somewhere else."""

    def moved(tx: Any) -> None:
        member = tx.session.get(Member, two.noor.id)
        member.zone = zone
        tx.session.flush()
        milestones.recompute(tx, member)

    two.house.do(moved)


def test_a_milestone_is_set_in_ones_own_words_or_ours(house: House) -> None:
    two = paired(house)
    assert "None yet." in in_pair(two)
    two.mentee.press("milestones.add", two.pair_id)
    own = two.mentee.submit("milestones.save", two.pair_id, template=None, title="First  chart", day="2027-03-05")
    assert "First chart" in shown(own.reply)
    ours = two.mentor.submit("milestones.save", two.pair_id, template="for_real", title=None, day="2027-04-01")
    assert "Used once where it counts" in shown(ours.reply)
    assert "0 of 2 reached" in in_pair(two)
    assert row(two, house.rows(Milestone)[0].id).due_at == datetime(2027, 3, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"title": "word " * 600, "day": "2027-03-05"}, "title", "That's 2,999 characters, and 120 fit here."),
        ({"title": "", "day": "2027-03-05"}, "title", "Type a few words"),
        ({"title": "...", "day": "2027-03-05"}, "title", "Type a few words"),
        ({"title": "Mine", "template": "elsewhere", "day": None}, "day", "Pick a day"),
        ({"title": "Mine", "day": "2027-02-28"}, "day", "That day has passed. Pick one from today to Thu 1 Mar 2029."),
        ({"title": "Mine", "day": "9999-12-31"}, "day", "a long way off"),
        ({"title": "Mine", "day": "31.12."}, "day", "Pick a day"),
    ],
)
def test_what_a_field_cannot_take_is_refused_under_it(
    house: House, fields: dict[str, object], wrong: str, words: str
) -> None:
    two = paired(house)
    reply = two.mentee.submit("milestones.save", two.pair_id, **({"template": None} | fields)).reply
    assert isinstance(reply, Wrong)
    assert words in reply.errors[wrong]
    assert not house.rows(Milestone)


def test_a_refused_title_is_there_again_unless_it_could_be_meant_for_another_pair(house: House) -> None:
    two = paired(house)
    two.mentor.submit("milestones.save", two.pair_id, template=None, title="Words of mine", day="2027-02-01")
    assert "Words of mine" in shown(two.mentor.press("milestones.add", two.pair_id).reply)
    ask = house.ask(house.person("Mateo C"), two.tomas)
    two.mentor.press("requests.accept", ask.id)
    assert "Words of mine" not in shown(two.mentor.press("milestones.add", two.pair_id).reply)


def test_on_its_morning_both_are_told_without_its_title_and_one_tap_answers(house: House) -> None:
    two = paired(house)
    mark(two)
    house.forward(days=5)
    for who, partner in ((two.noor, "Tomás"), (two.tomas, "Noor")):
        [letter] = house.read_by(who, "milestones.due")
        assert letter.text == f"Today is a day you and {partner} marked. Did you get there?"
        assert letter.at == datetime(2027, 3, 5, 9, tzinfo=UTC) + spread_of(who.id)
        assert "First chart" not in " ".join(texts_in(letter.payload))
    reply = two.mentee.press("milestones.reach", house.rows(Milestone)[0].id).reply
    assert isinstance(reply, Replace)
    assert "You two did that." in reply.message.text.value
    assert "You two did that." in shown(two.mentor.press("milestones.reach", house.rows(Milestone)[0].id).reply)
    house.forward(minutes=1)
    updated = {each.slack_id for each in house.letters if each.kind == "milestones.due" and each.op is Op.UPDATE}
    assert updated == {two.noor.slack_id, two.tomas.slack_id}
    assert "1 of 1 reached" in in_pair(two)


def test_a_day_on_a_weekend_is_told_on_monday_and_says_so(house: House) -> None:
    two = paired(house)
    mark(two, day=date(2027, 3, 6))
    house.forward(days=8)
    [letter] = house.read_by(two.noor, "milestones.due")
    assert letter.text == "Sat 6 Mar 2027 was a day you and Tomás marked. Did you get there?"
    assert letter.at.date() == date(2027, 3, 8)


def test_marking_today_is_no_reason_to_ring_at_once(house: House) -> None:
    two = paired(house)
    mark(two, day=MONDAY.date())
    house.forward(days=4)
    assert not house.read_by(two.noor, "milestones.due")


def test_a_moved_day_is_told_on_the_new_one_alone(house: House) -> None:
    two = paired(house)
    milestone_id = mark(two)
    assert "Move the milestone" in shown(two.mentee.press("milestones.moving", milestone_id).reply)
    two.mentee.submit("milestones.move", f"{milestone_id} 1", day="2027-03-11")
    house.forward(days=7)
    assert not house.read_by(two.tomas, "milestones.due")
    house.forward(days=4)
    assert [each.at.date() for each in house.read_by(two.tomas, "milestones.due")] == [date(2027, 3, 11)]
    two.mentor.submit("milestones.move", f"{milestone_id} 2", day="2027-03-18")
    house.forward(days=8)
    assert len(house.read_by(two.noor, "milestones.due")) == 2


def test_who_moves_what_the_other_moved_is_shown_how_it_stands(house: House) -> None:
    two = paired(house)
    milestone_id = mark(two)
    two.mentee.submit("milestones.move", f"{milestone_id} 1", day="2027-03-11")
    reply = two.mentor.submit("milestones.move", f"{milestone_id} 1", day="2027-03-12").reply
    assert "This changed before your tap arrived." in shown(reply)
    assert row(two, milestone_id).on_day == date(2027, 3, 11)
    for number in ("x", ""):
        assert "This changed" in shown(
            two.mentor.submit("milestones.move", f"{milestone_id} {number}", day="2027-03-12").reply
        )
    same = two.mentee.submit("milestones.move", f"{milestone_id} 2", day="2027-03-11").reply
    assert "Marked for Thu 11 Mar 2027" in shown(same)
    past = two.mentee.submit("milestones.move", f"{milestone_id} 2", day="2027-02-11").reply
    assert isinstance(past, Wrong)
    assert "That day has passed" in past.errors["day"]


def test_reached_let_go_and_taken_up_again(house: House) -> None:
    two = paired(house)
    milestone_id = mark(two)
    for _ in range(2):
        assert "Let go." in shown(two.mentee.press("milestones.drop", milestone_id, source=Source.MODAL).reply)
    assert "None yet." in in_pair(two), "what was let go counts for nothing"
    late = two.mentor.press("milestones.reach", milestone_id, source=Source.MODAL).reply
    assert "This changed before your tap arrived." in shown(late)
    assert "milestones.reopen" in shown(two.mentor.press("milestones.moving", milestone_id).reply)
    for _ in range(2):
        two.mentor.press("milestones.reopen", milestone_id, source=Source.MODAL)
        assert row(two, milestone_id).state == MilestoneState.OPEN
    house.forward(days=5)
    assert len(house.read_by(two.noor, "milestones.due")) == 1
    two.mentee.press("milestones.reach", milestone_id)
    assert row(two, milestone_id).reached_at == house.now


def test_a_zone_change_the_day_before_moves_the_morning_and_not_the_day(house: House) -> None:
    two = paired(house)
    milestone_id = mark(two)
    house.forward(days=3)
    move_clock(two, "America/Los_Angeles")
    assert row(two, milestone_id).due_at == datetime(2027, 3, 5, 17, tzinfo=UTC)
    house.forward(days=1, hours=8)
    [to_noor] = house.read_by(two.noor, "milestones.due")
    assert to_noor.at == datetime(2027, 3, 5, 17, tzinfo=UTC) + spread_of(two.noor.id)
    assert to_noor.text.startswith("Today")
    assert not house.read_by(two.tomas, "milestones.due"), "17:00 in Lisbon is after work"


def test_a_zone_change_to_where_the_morning_is_over_tells_at_once(house: House) -> None:
    two = paired(house)
    mark(two)
    house.now = datetime(2027, 3, 5, 2, tzinfo=UTC)
    move_clock(two, "Asia/Tokyo")
    house.forward(minutes=1)
    assert len(house.read_by(two.noor, "milestones.due")) == 1
    move_clock(two, "Europe/Lisbon")
    house.forward(days=3)
    assert len(house.read_by(two.noor, "milestones.due")) == 1, "what was told is not told again"


@pytest.mark.parametrize("action", ["add", "all"])
def test_a_strangers_button_on_a_pair_is_refused(house: House, action: str) -> None:
    two, grace = paired(house), house.person("Grace M")
    stranger = Two(house, grace, two.tomas, two.pair_id).mentee
    assert isinstance(stranger.press(f"milestones.{action}", two.pair_id).reply, Tell)
    refused = stranger.submit("milestones.save", two.pair_id, template=None, title="Mine", day="2027-03-05").reply
    assert isinstance(refused, Wrong)
    assert not house.rows(Milestone)


@pytest.mark.parametrize("deed", [milestones.page, milestones.reach, milestones.drop, milestones.reopen])
def test_a_strangers_hand_on_a_milestone_and_a_guessed_id_are_refused(house: House, deed: Any) -> None:
    two, grace = paired(house), house.person("Grace M")
    milestone_id = mark(two)
    for who, each in ((grace, milestone_id), (two.noor, "no such milestone")):
        with pytest.raises(NotYoursError):
            house.act(who, deed, each)
    assert row(two, milestone_id).state == MilestoneState.OPEN


@pytest.mark.parametrize("deed", [milestones.reach, milestones.drop, milestones.reopen])
def test_in_a_pair_that_ended_nothing_is_changed_or_told(house: House, deed: Any) -> None:
    two = paired(house)
    milestone_id = mark(two)
    two.end()
    with pytest.raises(PairIsOverError):
        house.act(two.noor, deed, milestone_id)
    with pytest.raises(PairIsOverError):
        mark(two)
    assert "First chart" in shown(two.mentee.press("milestones.open", milestone_id).reply)
    house.forward(days=6)
    assert not house.read_by(two.noor, "milestones.due")
    assert row(two, milestone_id).due_at is None, "time does not stop at a day nobody is told of"


def test_with_a_partner_gone_nothing_is_changed(house: House) -> None:
    two = paired(house)
    milestone_id = mark(two)
    house.do(lambda tx: setattr(tx.session.get(Member, two.tomas.id), "is_gone", True))
    reply = two.mentee.press("milestones.reach", milestone_id).reply
    assert isinstance(reply, Tell)
    assert "come to an end" in reply.message.text.value


def test_an_away_pair_hears_when_it_is_back(house: House) -> None:
    two = paired(house)
    mark(two)
    house.do(lambda tx: relationships.write(tx, two.pair_id, {"away_until": MONDAY + timedelta(days=9)}))
    house.forward(days=10)
    [letter] = house.read_by(two.noor, "milestones.due")
    assert letter.at >= MONDAY + timedelta(days=9)


def test_only_so_many_stay_in_sight(house: House) -> None:
    two = paired(house)
    first = mark(two)
    for number in range(MILESTONES_MOST.value - 1):
        mark(two, f"Number {number}")
    with pytest.raises(TooManyMilestonesError):
        mark(two)
    house.act(two.noor, milestones.drop, first)
    mark(two)
    with pytest.raises(TooManyMilestonesError):
        house.act(two.noor, milestones.reopen, first)
    with pytest.raises(DayRefusedError):
        house.act(two.noor, milestones.move, first, 1, date(2020, 1, 1))


def test_a_hostile_title_is_sealed_harmless_and_in_no_message(house: House) -> None:
    two = paired(house)
    milestone_id = mark(two, f"{WILD} Quokkatitle")
    house.forward(days=5)
    opened = two.mentor.press("milestones.open", milestone_id).reply
    assert isinstance(opened, ShowModal)
    assert not harm_in(opened.modal.payload(), set())
    assert "Quokkatitle" in shown(opened)
    assert not harm_in([texts_in(each.payload) for each in house.letters], set())
    assert "Quokka" not in str([list(texts_in(each.payload)) for each in house.letters])
    assert "Quokka" not in str([each.facts for each in house.rows(OutboxRow)])
    assert b"Quokka" not in row(two, milestone_id).title
    assert "Quokka" not in repr(house.act(two.noor, milestones.page, milestone_id))


def test_the_digest_is_told_days_and_counts_and_no_titles(either_house: House) -> None:
    house = either_house
    two = paired(house)
    near, far = mark(two), mark(two, day=date(2027, 4, 30))
    for who, partner in ((two.noor, two.tomas), (two.tomas, two.noor)):
        found = house.act(who, milestones.coming, 7)
        assert found.count == 1
        assert (found.days[0].milestone_id, found.days[0].on_day, found.days[0].pair_id) == (near, FRIDAY, two.pair_id)
        assert found.days[0].partner.id == partner.id
        assert house.act(who, milestones.coming, 90).count == 2
        assert house.act(who, milestones.reached_since, house.now).count == 0
    house.now += timedelta(hours=1)
    house.act(two.noor, milestones.reach, far)
    assert house.act(two.tomas, milestones.reached_since, house.now - timedelta(days=7)).count == 1
    assert house.act(two.tomas, milestones.reached_since, house.now + timedelta(seconds=1)).count == 0
    assert house.act(house.person("Grace M"), milestones.coming, 90).count == 0
    two.end()
    assert house.act(two.noor, milestones.coming, 90).count == 0


def test_a_milestone_of_another_workspace_does_not_exist(house: House) -> None:
    two = paired(house)
    milestone_id = mark(two)
    there = house.beside("T0THERE")
    other = paired(there)
    for deed in (milestones.page, milestones.reach):
        with pytest.raises(NotYoursError):
            there.act(other.noor, deed, milestone_id)
    assert there.act(other.noor, milestones.coming, 30).count == 0
    there.forward(days=6)
    assert row(two, milestone_id).due_at is not None
