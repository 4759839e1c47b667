"""When each side is asked how it goes, through a term, an absence, a sleep and an end."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotYoursError
from bot.news import NEWS
from bot.rules.checkins import follow_up_at
from bot.rules.days import spread_of
from bot.services import checkins, pairs
from bot.views import checkins as views
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.digests import DigestLine
from storage.models.outbox import Op, OutboxRow
from storage.models.relationships import RelationshipState
from storage.queries import known, preferences, relationships
from tests.builders import House, fresh
from tests.checking_in import Pair, checkin, live, paired
from tests.taps import Taps

PULSE, HALF_TIME, FOLLOW_UP = CheckinKind.PULSE, CheckinKind.HALF_TIME, CheckinKind.FOLLOW_UP
ASKED, LET_GO, PLANNED = CheckinState.ASKED, CheckinState.LET_GO, CheckinState.PLANNED


def replan(house: House, pair: Pair, **values: object) -> None:
    house.do(lambda tx: relationships.write(tx, pair.id, values) if values else None)
    house.do(lambda tx: checkins.replan(tx, pairs.card_of(tx, pair.id)))


def end(house: House, pair: Pair, state: RelationshipState = RelationshipState.ENDED) -> None:
    house.do(relationships.write, pair.id, {"state": state, "ended_at": house.now})
    house.do(lambda tx: checkins.let_go(tx, pairs.card_of(tx, pair.id)))


def states(house: House, pair: Pair) -> list[tuple[str, int, str]]:
    rows = sorted(house.rows(Checkin, member_id=pair.noor.id), key=lambda row: row.due_at)
    return [(row.kind, row.number, row.state) for row in rows]


def test_a_term_is_planned_once_for_both_sides(either_house: House) -> None:
    pair = paired(either_house)
    for _ in range(2):
        either_house.do(lambda tx: checkins.plan(tx, pairs.card_of(tx, pair.id)))
    assert states(either_house, pair) == [(PULSE, 1, PLANNED), (HALF_TIME, 1, PLANNED), (PULSE, 3, PLANNED)]
    assert len(either_house.rows(Checkin)) == 6


def test_each_side_is_asked_alone_in_their_own_morning(house: House) -> None:
    pair = paired(house, zone="Asia/Tokyo")
    live(house, pair, 31)
    noor, tomas = (house.read_by(who, "checkins.pulse") for who in (pair.noor, pair.tomas))
    assert ["with Tomás" in letter.text for letter in noor] == [True]
    assert [letter.at for letter in noor] == [datetime(2027, 3, 31, 8, tzinfo=UTC) + spread_of(pair.noor.id)]
    assert [letter.at for letter in tomas] == [datetime(2027, 3, 31, 0, tzinfo=UTC) + spread_of(pair.tomas.id)]


def test_a_whole_term_asks_three_times(house: House) -> None:
    pair = paired(house)
    live(house, pair, 184)
    asked = [letter.kind for letter in house.read_by(pair.noor, "checkins")]
    assert asked == ["checkins.pulse", "checkins.half_time", "checkins.pulse"]


def test_the_next_one_lets_an_unanswered_one_go_and_says_so(house: House) -> None:
    pair = paired(house)
    live(house, pair, 95)
    assert checkin(house, pair.noor, PULSE).state == LET_GO
    assert checkin(house, pair.noor, HALF_TIME).state == ASKED
    said = [letter.text for letter in house.letters if letter.slack_id == pair.noor.slack_id and letter.op is Op.UPDATE]
    assert any("A newer check-in took this one's place" in text for text in said)


def test_of_two_due_at_once_after_a_long_silence_of_ours_only_the_latest_is_asked(either_house: House) -> None:
    pair = paired(either_house)
    either_house.now += timedelta(days=100)
    assert either_house.do(checkins.ask_due) == 4
    assert states(either_house, pair)[:2] == [(PULSE, 1, LET_GO), (HALF_TIME, 1, ASKED)]
    assert either_house.do(checkins.ask_due) == 0


def test_it_is_the_latest_also_where_they_are_met_one_by_one(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MANY", 1)
    pair = paired(either_house)
    either_house.now += timedelta(days=100)
    assert [either_house.do(checkins.ask_due) for _ in range(5)] == [1, 1, 1, 1, 0]
    assert states(either_house, pair)[:2] == [(PULSE, 1, LET_GO), (HALF_TIME, 1, ASKED)]
    owed = sorted(row.kind for row in either_house.rows(OutboxRow) if row.kind.startswith("checkins"))
    assert owed == ["checkins.half_time"] * 2


@pytest.mark.parametrize("state", [RelationshipState.ASLEEP, RelationshipState.ENDED, RelationshipState.UNDONE])
def test_a_pair_that_sleeps_or_has_ended_is_not_asked(house: House, state: RelationshipState) -> None:
    pair = paired(house)
    is_over = state != RelationshipState.ASLEEP
    house.do(relationships.write, pair.id, {"state": state, "ended_at": house.now if is_over else None})
    house.now += timedelta(days=31)
    assert house.do(checkins.ask_due) == 2
    assert states(house, pair)[0] == (PULSE, 1, LET_GO)
    house.deliver()
    assert not house.read_by(pair.noor, "checkins")


@pytest.mark.parametrize("who", ["noor", "tomas"])
def test_nobody_is_asked_about_somebody_gone_nor_asked_when_gone(house: House, who: str) -> None:
    pair = paired(house)
    house.now += timedelta(days=31)
    gone = getattr(pair, who)
    house.do(lambda tx: setattr(fresh(tx, gone), "is_gone", True))
    house.do(checkins.ask_due)
    house.deliver()
    assert not [letter for letter in house.letters if letter.kind.startswith("checkins")]
    assert states(house, pair)[0] == (PULSE, 1, LET_GO)


def test_a_pair_that_is_away_is_asked_when_it_is_back(house: House) -> None:
    pair = paired(house)
    house.now += timedelta(days=20)
    back = house.now + timedelta(days=22)
    replan(house, pair, away_until=back)
    assert checkin(house, pair.noor, PULSE).due_at == back
    live(house, pair, 21)
    assert not house.read_by(pair.noor, "checkins")
    live(house, pair, 2)
    assert len(house.read_by(pair.noor, "checkins.pulse")) == 1


def test_an_absence_that_nobody_planned_for_puts_the_day_off_too(house: House) -> None:
    pair = paired(house)
    live(house, pair, 29)
    house.do(lambda tx: preferences.keep(tx, pair.noor.id))
    back = house.now + timedelta(days=9)
    house.do(lambda tx: setattr(preferences.of(tx, pair.noor.id), "away_until", back))
    live(house, pair, 5)
    assert (checkin(house, pair.noor, PULSE).state, checkin(house, pair.noor, PULSE).due_at) == (PLANNED, back)
    assert checkin(house, pair.tomas, PULSE).state == ASKED, "only the one who is away waits"
    replan(house, pair)
    assert checkin(house, pair.noor, PULSE).due_at == back, "planning anew does not lose what was put off"
    live(house, pair, 6)
    assert len(house.read_by(pair.noor, "checkins.pulse")) == 1


def test_a_pulse_put_off_too_near_to_half_time_is_let_go(house: House) -> None:
    pair = paired(house)
    house.do(relationships.write, pair.id, {"away_until": house.now + timedelta(days=80)})
    house.now += timedelta(days=31)
    house.do(checkins.ask_due)
    assert states(house, pair)[:2] == [(PULSE, 1, LET_GO), (HALF_TIME, 1, PLANNED)]


def test_a_longer_term_moves_half_time_and_adds_a_pulse(either_house: House) -> None:
    pair = paired(either_house)
    either_house.now += timedelta(days=60)
    ends = pairs.in_months(either_house.now, 10)
    replan(either_house, pair, term_ends_at=ends)
    found = [(kind, number) for kind, number, state in states(either_house, pair) if state == PLANNED]
    assert found == [(PULSE, 2), (PULSE, 3), (HALF_TIME, 1), (PULSE, 4), (PULSE, 5), (PULSE, 6)]


def test_an_extension_does_not_ask_half_time_again(house: House) -> None:
    pair = paired(house)
    live(house, pair, 160)
    replan(house, pair, term_ends_at=house.now + timedelta(days=120))
    live(house, pair, 100)
    assert len(house.read_by(pair.noor, "checkins.half_time")) == 1
    assert [n for kind, n, state in states(house, pair) if kind == PULSE and state != PLANNED] == [1, 3, 4]


def test_an_end_lets_everything_go_and_a_beginning_again_brings_back_what_lies_ahead(either_house: House) -> None:
    house, pair = either_house, paired(either_house)
    house.now += timedelta(days=31)
    house.do(checkins.ask_due)
    end(house, pair)
    assert {state for _, _, state in states(house, pair)} == {LET_GO}
    replan(house, pair, state=RelationshipState.ACTIVE, ended_at=None)
    assert states(house, pair) == [(PULSE, 1, LET_GO), (HALF_TIME, 1, PLANNED), (PULSE, 3, PLANNED)]
    end(house, pair)
    replan(house, pair)
    house.do(lambda tx: checkins.plan(tx, pairs.card_of(tx, pair.id)))
    assert {state for _, _, state in states(house, pair)} == {LET_GO}, "nothing is planned for a pair that ended"


def test_a_pulse_owed_when_the_pair_ends_is_never_sent(house: House) -> None:
    pair = paired(house)
    house.now += timedelta(days=33)
    house.do(checkins.ask_due)
    end(house, pair)
    house.deliver()
    assert not house.read_by(pair.noor, "checkins")


def test_the_message_of_a_pair_that_ended_asks_no_more(house: House) -> None:
    pair = paired(house)
    live(house, pair, 31)
    end(house, pair)
    house.settle()
    last = [letter for letter in house.letters if letter.kind == "checkins.pulse"][-1]
    assert "has come to its end" in last.text
    assert len(last.payload["blocks"]) == 1


def test_three_months_after_the_end_both_are_asked_once_more(house: House) -> None:
    pair = paired(house)
    live(house, pair, 10)
    for _ in range(2):
        house.do(lambda tx: checkins.plan_follow_up(tx, pairs.card_of(tx, pair.id), follow_up_at(tx.now)))
        end(house, pair)
    house.forward(days=91)
    assert not house.read_by(pair.noor, "checkins")
    house.forward(days=4)
    for who in (pair.noor, pair.tomas):
        assert len(house.read_by(who, "checkins.follow_up")) == 1
    assert len(house.act(pair.noor, checkins.waiting_for)) == 1


def test_a_follow_up_of_a_pair_that_lives_again_is_let_go(house: House) -> None:
    pair = paired(house)
    house.do(lambda tx: checkins.plan_follow_up(tx, pairs.card_of(tx, pair.id), tx.now))
    house.do(checkins.ask_due)
    assert checkin(house, pair.noor, FOLLOW_UP).state == LET_GO


def test_organisers_see_numbers_and_none_of_fewer_than_five_people(either_house: House) -> None:
    house = either_house
    pairs_ = [paired(house, name=f"Mentor {n}") for n in range(2)]
    house.now += timedelta(days=31)
    house.do(checkins.ask_due)
    assert house.do(checkins.counts) == []
    pairs_.append(paired(house, name="Mentor 3"))
    house.now += timedelta(days=33)
    house.do(checkins.ask_due)
    answering(house, pairs_[2])
    found = [(each.kind, each.asked, each.answered) for each in house.do(checkins.counts)]
    assert found == [(PULSE, 6, 1)]


def answering(house: House, pair: Pair) -> None:
    taps, row = Taps(house, pair.noor), checkin(house, pair.noor, PULSE)
    for step in range(3):
        taps.press("checkins.first", f"{row.id} {step}")


def test_another_workspace_is_another_world(either_house: House) -> None:
    pair = paired(either_house)
    there = either_house.beside("T0THERE")
    other = paired(there)
    either_house.now = there.now = either_house.now + timedelta(days=31)
    there.do(checkins.ask_due)
    assert checkin(either_house, pair.noor, PULSE).state == PLANNED
    with pytest.raises(NotYoursError):
        there.act(other.noor, checkins.own, checkin(either_house, pair.noor, PULSE).id)


def line_of(house: House, pair: Pair) -> str | None:
    """How the first pulse reads in Noor's digest."""
    row = checkin(house, pair.noor, PULSE)
    note = DigestLine(
        workspace_id=house.workspace_id,
        member_id=pair.noor.id,
        kind="checkins.pulse",
        subject_id=row.id,
        key="k",
        noted_at=house.now,
    )
    words, noor = NEWS["checkins.pulse"].line, pair.noor
    assert words is not None
    said = house.do(lambda tx: words(tx, note, noor))
    return None if said is None else said.value


def test_a_line_of_a_digest_says_where_it_is_answered_and_goes_when_it_was(house: House) -> None:
    pair = paired(house)
    house.now += timedelta(days=31)
    house.do(checkins.ask_due)
    said = line_of(house, pair)
    assert said == "A check-in about you and Tomás waits on the Home tab: a minute, seen by you alone."
    answering(house, pair)
    assert line_of(house, pair) is None


def test_a_pair_with_nothing_asked_shows_nothing_of_check_ins(house: House) -> None:
    pair = paired(house)
    seen = house.do(lambda tx: views.in_pair(checkins.of_pair(tx, pairs.card_of(tx, pair.id), pair.noor)))
    assert seen == ()
    house.now += timedelta(days=31)
    house.do(checkins.ask_due)
    seen = house.do(lambda tx: views.in_pair(checkins.of_pair(tx, pairs.card_of(tx, pair.id), pair.noor)))
    assert [block["accessory"]["action_id"] for block in seen] == ["checkins.open"]
    answering(house, pair)
    seen = house.do(lambda tx: views.in_pair(checkins.of_pair(tx, pairs.card_of(tx, pair.id), pair.noor)))
    assert [block["accessory"]["action_id"] for block in seen] == ["checkins.said"]


def test_a_follow_up_waits_for_one_who_is_away(house: House) -> None:
    pair = paired(house)
    house.do(lambda tx: setattr(preferences.keep(tx, pair.noor.id), "away_until", house.now + timedelta(days=14)))
    house.do(lambda tx: checkins.plan_follow_up(tx, pairs.card_of(tx, pair.id), tx.now))
    end(house, pair)
    house.do(checkins.ask_due)
    assert checkin(house, pair.noor, FOLLOW_UP).due_at == house.now + timedelta(days=14)
    assert checkin(house, pair.tomas, FOLLOW_UP).state == ASKED


def test_half_time_that_an_absence_puts_off_to_the_end_is_let_go(house: House) -> None:
    pair = paired(house)
    house.now += timedelta(days=93)
    house.do(relationships.write, pair.id, {"away_until": house.now + timedelta(days=75)})
    house.do(checkins.ask_due)
    assert checkin(house, pair.noor, HALF_TIME).state == LET_GO
