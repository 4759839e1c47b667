"""Back-pressure: where too much waits, one person's nudges come as one message, and no digest is added."""

from datetime import timedelta
from typing import cast

import pytest

from bot.news import NEWS
from bot.outbox import together
from bot.outbox.entries import Entry
from bot.rules import attention
from bot.rules.attention import SEND, Backlog, Judgement, Mood, Way, judge
from bot.rules.news import KINDS
from bot.rules.policy import BACKLOG_LEAST, JAM_ABOVE, JAM_AFTER, MERGE_ABOVE, MERGE_AFTER
from bot.services import owing
from bot.slack.blocks import Message
from bot.slack.text import md
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState, Urgency
from storage.models.preferences import Attention
from storage.queries import outbox
from tests.builders import MONDAY, House, texts_in
from tests.weeks import QUIET, next_of, note, worded

TOGETHER = "digests.together"
HEAVY = Backlog(MERGE_ABOVE.value + 1, MONDAY)


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Lines of one kind are worded; a subject in this set is no longer true."""
    return worded(monkeypatch)


@pytest.fixture
def heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any two nudges that wait are too many, and those of one kind stay true."""
    plain = Entry(lambda *_: True, lambda *_: Message(md("News."), ()))
    monkeypatch.setitem(cast("dict[str, Entry]", NEWS), QUIET, plain)
    monkeypatch.setattr(attention, "MERGE_ABOVE", type(MERGE_ABOVE)(1, MERGE_ABOVE.grade, MERGE_ABOVE.why))


def owe(house: House, who: Member, *subjects: str, kind: str = QUIET) -> None:
    for subject in subjects:
        _owe(house, who, kind, subject)


def _owe(house: House, who: Member, kind: str, subject: str) -> None:
    house.do(lambda tx: owing.post(tx, kind, who, subject))


def merged(house: House, who: Member) -> OutboxRow:
    """The message that came in place of all, made by the deed itself."""
    row = house.rows(OutboxRow, member_id=who.id, kind=QUIET, state=RowState.PENDING)[0]
    house.do(lambda tx: together.merge(tx, row, who))
    house.do(lambda tx: outbox.advance(tx, row, {"state": RowState.DROPPED, "reason": together.ONE_OF_SEVERAL}))
    (found,) = house.rows(OutboxRow, kind=TOGETHER, member_id=who.id)
    return found


@pytest.mark.parametrize(
    ("backlog", "beside", "way"),
    [
        (HEAVY, 2, Way.MERGE),
        (Backlog(BACKLOG_LEAST.value, MONDAY - MERGE_AFTER.value - timedelta(seconds=1)), 2, Way.MERGE),
        (Backlog(BACKLOG_LEAST.value - 1, MONDAY - timedelta(days=1)), 2, Way.SEND),
        (HEAVY, 1, Way.SEND),
        (Backlog(MERGE_ABOVE.value, MONDAY), 9, Way.SEND),
        (Backlog(), 9, Way.SEND),
    ],
)
def test_nudges_are_merged_only_where_many_wait_and_there_are_several(backlog: Backlog, beside: int, way: Way) -> None:
    mood = Mood("Europe/Lisbon", Attention.EVERYTHING, None, [], together=beside, backlog=backlog)
    assert judge(QUIET, MONDAY, mood) == Judgement(way)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_promises_answers_and_what_carries_lines_are_never_merged(kind: str) -> None:
    mood = Mood("Europe/Lisbon", Attention.EVERYTHING, None, [], together=5, backlog=HEAVY)
    may_merge = KINDS[kind].urgency is Urgency.UNASKED and not KINDS[kind].carries
    assert judge(kind, MONDAY, mood) == (Judgement(Way.MERGE) if may_merge else SEND)


def test_merging_lets_all_go_and_owes_one_with_a_line_each(either_house: House, over: set[str]) -> None:
    house, noor = either_house, either_house.person("Noor H")
    owe(house, noor, "a", "b", "c")
    owe(house, house.person("Tomás F"), "d")
    row = merged(house, noor)
    lines = {line.subject_id: line.digest for line in house.rows(DigestLine)}
    assert lines == dict.fromkeys("abc", row.subject_id), "nobody else's"
    others = house.rows(OutboxRow, member_id=noor.id, state=RowState.DROPPED)
    assert {each.reason for each in others} == {together.ONE_OF_SEVERAL}
    assert not over


def test_the_courier_sends_one_message_that_counts_once(house: House, over: set[str], heavy: None) -> None:  # noqa: ARG001  (it is in force)
    noor = house.person("Noor H")
    owe(house, noor, "a", "b", "c")
    house.deliver()
    (letter,) = house.read_by(noor)
    assert letter.kind == TOGETHER
    assert letter.text == "You have three things. Line about a, and two more."
    said = " ".join(texts_in(letter.payload["blocks"]))
    assert [said.count(f"Line about {subject}.") for subject in "abc"] == [1, 1, 1]
    assert "What's next" in said
    owe(house, noor, "d", "e")
    over.add("d")
    house.forward(minutes=1)
    assert [each.text for each in house.read_by(noor, TOGETHER)][1:] == ["You have one thing. Line about e."]
    owe(house, noor, "f")
    house.forward(minutes=1)
    assert len(house.read_by(noor)) == 2, "both places of the week are taken"


def test_what_is_no_longer_true_when_it_comes_is_left_out_and_nothing_at_all_is_not_sent(
    house: House, over: set[str]
) -> None:
    noor = house.person("Noor H")
    owe(house, noor, "a", "b")
    merged(house, noor)
    over.update("ab")
    house.deliver()
    assert house.read_by(noor, TOGETHER) == []


def test_lines_of_one_that_never_came_wait_for_the_digest(house: House, over: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    house.settle()
    owe(house, tomas, "a", "b")
    row = merged(house, tomas)
    house.do(lambda tx: outbox.advance(tx, row, {"state": RowState.DEAD, "reason": "refused"}))
    due = next_of(house, tomas)
    assert due is not None
    house.forward(days=8)
    (letter,) = house.read_by(tomas, "digests.weekly")
    said = " ".join(texts_in(letter.payload["blocks"]))
    assert [said.count(f"Line about {subject}.") for subject in "ab"] == [1, 1]
    assert not over


@pytest.mark.parametrize("passes", [timedelta(minutes=20), timedelta(hours=3)])
def test_no_digest_is_added_to_a_jam_and_none_is_lost_by_it(
    house: House, over: set[str], monkeypatch: pytest.MonkeyPatch, passes: timedelta
) -> None:
    tomas = house.mentor("Tomás F")
    note(house, tomas, "a")
    house.settle()
    due = next_of(house, tomas)
    assert due is not None
    jam = {"until": due - timedelta(minutes=due.minute) + passes}
    monkeypatch.setattr(
        together, "backlog", lambda tx: Backlog(JAM_ABOVE.value + 1) if tx.now < jam["until"] else Backlog()
    )
    house.forward(days=8)
    came = [letter.at for letter in house.read_by(tomas, "digests.weekly")]
    if passes < timedelta(hours=1):
        assert [each.date() for each in came] == [due.date()], "later within its own hour"
    else:
        assert came == []
        assert next_of(house, tomas) == due + timedelta(days=7)
        house.forward(days=7)
        assert len(house.read_by(tomas, "digests.weekly")) == 1, "its line waited"
    assert not over


def test_a_jam_is_many_waiting_or_one_waiting_long() -> None:
    assert not Backlog(JAM_ABOVE.value, MONDAY - JAM_AFTER.value).is_jammed(MONDAY)
    assert Backlog(JAM_ABOVE.value + 1, MONDAY).is_jammed(MONDAY)
    assert Backlog(BACKLOG_LEAST.value, MONDAY - JAM_AFTER.value - timedelta(seconds=1)).is_jammed(MONDAY)
    assert not Backlog(BACKLOG_LEAST.value - 1, MONDAY - timedelta(days=1)).is_jammed(MONDAY), "a machine was asleep"


def test_the_backlog_counts_what_is_due_here_and_no_further_than_it_must(either_house: House) -> None:
    house = either_house
    noor = house.person("Noor H")
    assert house.do(together.backlog) == Backlog()
    owe(house, noor, "a", "b")
    house.do(lambda tx: owing.post(tx, "requests.matched", noor, "c"))
    house.do(lambda tx: owing.post(tx, "digests.weekly", noor, "d"))
    assert house.do(together.nudges) == Backlog(2, house.now)
    assert house.do(together.backlog) == Backlog(3, house.now)
