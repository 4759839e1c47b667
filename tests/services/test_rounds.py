"""Rounds lived through: joining, being paired, meeting, and what a silence comes to."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from bot.errors import NotYoursError
from bot.news import NEWS
from bot.rules.days import spread_of
from bot.rules.rounds import pair_of
from bot.services import profiles, rounds
from bot.slack.calls import Source
from bot.slack.replies import OpenModal, Replace, ShowModal, Tell
from bot.sweeps.rounds import SWEEPS
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.relationships import NeverWith
from storage.models.rounds import Group, Peer, Round, RoundState
from storage.queries import preferences
from tests.builders import HERE, House, texts_in
from tests.peers import (
    FIRST_ROUND,
    ROUND,
    group_of,
    groups,
    own,
    paired,
    peer,
    peers,
    people_of,
    running,
    told,
    updated,
)
from tests.taps import Taps


def test_nobody_is_in_until_they_join_and_the_first_plans_the_first_round(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    shown = noor.type("peers").reply
    assert isinstance(shown, ShowModal)
    assert "Join" in set(texts_in(shown.modal.payload()))
    assert (house.rows(Peer), house.rows(Round)) == ([], [])
    joined = noor.press("rounds.join", source=Source.MODAL).reply
    assert isinstance(joined, ShowModal)
    assert any("next round Mon 8 Mar" in text for text in texts_in(joined.modal.payload()))
    (planned,) = house.rows(Round)
    assert planned.starts_at.isoformat() == "2027-03-08T09:00:00+00:00"
    noor.press("rounds.join")
    assert len(house.rows(Peer)) == len(house.rows(Round)) == 1


def test_the_first_organisers_morning_counts(house: House) -> None:
    house.person("Ingrid B", "Asia/Tokyo", is_primary_owner=True)
    peers(house, 1)
    assert house.rows(Round)[0].starts_at.isoformat() == "2027-03-08T00:00:00+00:00"


def test_joining_the_peers_is_joining_the_programme_so_leaving_works(house: House) -> None:
    a, *_ = peers(house, 3)
    house.act(a, profiles.leave)
    house.forward(minutes=11)
    assert peer(house, a).left_at is not None
    house.forward(**FIRST_ROUND)
    assert group_of(house, a) is None
    house.mentor(a.name)
    assert peer(house, a).left_at is not None, "coming back to mentor is not coming back to the rounds"


def test_who_leaves_the_rounds_sees_the_way_back_and_comes_back_anew(house: House) -> None:
    noor = Taps(house, peers(house, 1)[0])
    left = noor.press("rounds.leave").reply
    assert isinstance(left, ShowModal)
    assert "Join" in set(texts_in(left.modal.payload()))
    noor.press("rounds.leave")
    noor.press("rounds.join")
    assert peer(house, noor.who).left_at is None


# -- a round --------------------------------------------------------------------------------------------------


def test_two_are_told_in_one_message_of_their_own(house: House) -> None:
    people = paired(house, 2)
    (letter,) = told(house)
    assert {one.name for one in people} <= {name for name in ("Peer A", "Peer B") if name in letter.text}
    assert "I can't read this chat" in letter.text
    assert any("To start:" in text for text in texts_in(letter.payload))
    (row,) = house.owed("rounds.paired")
    assert set(row.facts["people"]) == {one.slack_id for one in people}
    assert house.rows(Round, state=RoundState.PLANNED)[0].starts_at - running(house).starts_at == timedelta(days=14)


def test_a_round_of_one_tells_nobody_and_shows_it_in_settings(house: House) -> None:
    (noor,) = paired(house, 1)
    assert told(house) == house.read_by(noor) == []
    shown = Taps(house, noor).type("peers").reply
    assert isinstance(shown, ShowModal)
    assert any("next round Mon 22 Mar" in text for text in texts_in(shown.modal.payload()))
    house.forward(**ROUND)
    assert house.read_by(noor) == []


def test_rounds_sleep_when_everybody_has_left_and_wake_when_somebody_joins(house: House) -> None:
    (noor,) = paired(house, 1)
    house.act(noor, rounds.leave)
    house.forward(days=30)
    assert [sweep.name for sweep in SWEEPS if house.do(sweep.next_due) is not None] == []
    house.act(noor, rounds.join)
    house.act(house.person("Grace M"), rounds.join)
    house.forward(days=8)
    assert len(told(house)) == 1
    assert running(house).number == 3


def test_the_only_two_who_may_not_meet_are_not_paired(house: House) -> None:
    a, b = peers(house, 2)
    house.do(
        lambda tx: tx.session.add(
            NeverWith(workspace_id=tx.workspace_id, member_id=b.id, other_id=a.id, noted_at=tx.now)
        )
    )
    house.forward(days=40)
    assert told(house) == []
    assert house.rows(Group) == []


def test_who_is_away_paused_or_a_guest_by_now_is_not_paired(house: House) -> None:
    away, guest, *rest = peers(house, 5)
    house.do(lambda tx: setattr(preferences.keep(tx, away.id), "away_until", tx.now + timedelta(days=9)))
    house.do(lambda tx: setattr(tx.session.get(Member, guest.id), "is_guest", True))
    house.forward(**FIRST_ROUND)
    (group,) = groups(house)
    assert people_of(house, group) == sorted(one.id for one in rest)


def test_a_late_joiner_waits_for_the_next_round(house: House) -> None:
    paired(house, 4)
    late = house.person("Late L")
    page = house.act(late, rounds.join)
    assert page.group is None
    house.forward(days=1)
    assert group_of(house, late) is None
    house.forward(**ROUND)
    assert group_of(house, late) is not None


def test_six_rounds_of_thirteen_with_a_leaver_and_a_late_joiner_repeat_nobody_and_leave_nobody_alone(
    house: House,
) -> None:
    people = peers(house, 13)
    house.forward(**FIRST_ROUND)
    met: Counter[tuple[str, str]] = Counter()
    for number in range(6):
        house.forward(days=2)
        if number == 2:
            house.act(people.pop(), rounds.leave)
            house.forward(days=1)
        if number == 3:
            people.append(house.person("Late L"))
            house.act(people[-1], rounds.join)
        sitting = [people_of(house, group) for group in groups(house)]
        assert {len(ids) for ids in sitting} <= {2, 3}
        seated = [each for ids in sitting for each in ids]
        assert len(seated) == len(set(seated))
        assert set(seated) == {one.id for one in people} - ({people[-1].id} if number == 3 else set())
        met.update(pair_of(a, b) for ids in sitting for a, b in combinations(ids, 2))
        for group in groups(house):
            house.act(next(one for one in people if one.id in people_of(house, group)), rounds.met, group.id)
        house.now = running(house).ends_at
        house.settle()
    assert max(met.values()) == 1


def test_nobody_has_the_same_question_twice_in_a_row(house: House) -> None:
    people = paired(house, 6)
    before = {one.id: own(house, one).question for one in people}
    for _ in range(5):
        house.forward(**ROUND)
        for one in people:
            house.act(one, rounds.come_back)
        now = {one.id: own(house, one).question for one in people}
        assert all(before[each] != now[each] for each in now)
        before = now


# -- we met ---------------------------------------------------------------------------------------------------


def test_one_yes_counts_for_all_and_twice_is_once(house: House) -> None:
    a, b, c = paired(house, 3)
    group = own(house, a)
    first = Taps(house, b).press("rounds.met", group.id).reply
    assert isinstance(first, Replace)
    assert "you've met" in first.message.text.value
    met_at = house.current(group).met_at
    house.forward(minutes=5)
    assert Taps(house, c).press("rounds.met", group.id).reply == first
    assert house.current(group).met_at == met_at
    assert len([text for text in updated(house) if "you've met" in text]) == 1
    house.forward(days=12)
    assert [house.read_by(one, "rounds.ask_met") for one in (a, b, c)] == [[], [], []]


def test_a_stranger_who_presses_is_refused_and_nothing_changes(house: House) -> None:
    a, *_ = paired(house, 2)
    stranger = Taps(house, house.person("Somebody Else"))
    group = own(house, a)
    for action in ("rounds.met", "rounds.say_met", "rounds.not_this_time"):
        assert isinstance(stranger.press(action, group.id).reply, Tell)
        assert isinstance(stranger.press(action, group.id, source=Source.HOME).reply, OpenModal)
        assert isinstance(stranger.press(action, "no such group").reply, Tell)
    assert house.current(group).met_at is None
    with pytest.raises(NotYoursError):
        house.act(stranger.who, rounds.met, group.id)


def test_two_days_before_the_end_each_is_asked_and_a_yes_there_counts(house: House) -> None:
    a, b = paired(house, 2)
    house.forward(days=12)
    (asked,) = house.read_by(a, "rounds.ask_met")
    assert asked.at == datetime(2027, 3, 19, 16, 45, tzinfo=UTC) - spread_of(a.id)
    assert len(house.read_by(b, "rounds.ask_met")) == 1
    said = Taps(house, a).press("rounds.say_met", own(house, a).id).reply
    assert isinstance(said, Replace)
    assert "Noted" in said.message.text.value
    house.forward(minutes=5)
    assert "you've met" in updated(house)[-1]


def test_what_does_not_fit_the_week_becomes_a_line_only_while_it_is_true(house: House) -> None:
    a, b = paired(house, 2)
    group = own(house, a)
    asked = DigestLine(
        workspace_id=HERE, member_id=a.id, kind="rounds.ask_met", subject_id=group.id, key="k", noted_at=house.now
    )
    paused = DigestLine(
        workspace_id=HERE, member_id=a.id, kind="rounds.paused", subject_id="p", key="l", noted_at=house.now
    )
    assert "If you and Peer met" in line_of(house, a, asked)
    assert line_of(house, a, paused) == ""
    house.act(b, rounds.met, group.id)
    assert line_of(house, a, asked) == ""
    for _ in range(5):
        house.forward(**ROUND)
    assert "brings you back" in line_of(house, a, paused)


def line_of(house: House, to: Member, line: DigestLine) -> str:
    """What a digest would say of it now; empty once it is no longer true."""
    words = NEWS[line.kind].line
    assert words is not None
    return str(house.do(words, line, to) or "")


def test_a_yes_pressed_on_home_shows_how_one_stands(house: House) -> None:
    a, _ = paired(house, 2)
    shown = Taps(house, a).press("rounds.met", own(house, a).id, source=Source.HOME).reply
    assert isinstance(shown, ShowModal)
    assert any("You've met" in text for text in texts_in(shown.modal.payload()))


def test_a_silent_round_is_a_miss_only_if_the_next_is_silent_too_and_three_misses_pause(house: House) -> None:
    a, b = paired(house, 2)
    for silent in (1, 2, 3):
        house.forward(**ROUND)
        assert peer(house, a).misses == silent
        assert peer(house, a).paused_at is None
    house.forward(**ROUND)
    assert peer(house, a).paused_at is not None, "the fourth silence makes the third a miss"
    (letter,) = house.read_by(a, "rounds.paused")
    assert "I've paused your rounds" in letter.text
    house.forward(days=40)
    assert len(house.read_by(a, "rounds.paused")) == len(house.read_by(b, "rounds.paused")) == 1
    for one in (a, b):
        Taps(house, one).press("rounds.come_back")
        assert peer(house, one).misses == 0
    house.forward(**ROUND)
    assert group_of(house, a) is not None


def test_a_yes_forgets_the_silence_before_it(house: House) -> None:
    a, b = paired(house, 2)
    for _ in range(3):
        house.forward(**ROUND)
    house.act(b, rounds.met, own(house, b).id)
    house.forward(**ROUND)
    house.forward(**ROUND)
    assert peer(house, a).misses == 1
    assert peer(house, a).paused_at is None


def test_a_late_yes_counts_and_passing_over_a_round_that_is_over_does_not(house: House) -> None:
    a, b = paired(house, 2)
    group = own(house, a)
    house.forward(**ROUND)
    assert peer(house, a).misses == 1
    assert isinstance(Taps(house, b).press("rounds.not_this_time", group.id).reply, Tell)
    house.act(a, rounds.met, group.id)
    assert (peer(house, a).misses, peer(house, b).misses) == (0, 0)
