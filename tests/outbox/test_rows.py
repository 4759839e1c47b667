"""The courier's rows on a real database: once, still true, in own hours, with the words of the first attempt."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.outbox.machine import LONGEST_WAIT, MOST_ATTEMPTS, TIMING, Absent, Blind, Found
from bot.outbox.parcels import Parcel
from bot.outbox.rows import POSTPONED_UNTIL_TOKEN
from bot.rules.days import spread_of
from bot.rules.news import KINDS
from bot.services import help as help_
from bot.services import home, owing, profiles, requests
from bot.views.resent import SENT_AGAIN
from storage.database import Database
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState
from storage.models.workspaces import Workspace
from storage.queries import workspaces
from tests.builders import SECONDS, House, texts_in
from tests.outbox.by_hand import (
    LOOK_AGAIN,
    SETTLE,
    SOON,
    again,
    asked,
    done,
    doubt,
    doubts,
    next_due,
    now_of,
    prepare,
    prepared,
    rows_of,
    settle,
    typed,
)


def test_the_same_news_is_owed_once_in_all_history(either_house: House) -> None:
    noor = either_house.person("Noor H")
    for _ in range(3):
        either_house.act(noor, help_.answer_typed, "1.1")
    either_house.forward(minutes=1)
    either_house.act(noor, help_.answer_typed, "1.1")
    either_house.act(noor, help_.answer_typed, "2.2")
    either_house.forward(minutes=1)
    assert len(either_house.owed("help.typed")) == len(either_house.read_by(noor, "help.typed")) == 2


def test_what_is_true_no_more_is_dropped_with_its_reason(either_house: House) -> None:
    noor, _, ask, row = asked(either_house)
    either_house.act(noor, requests.withdraw, ask.search_id)
    assert prepare(either_house, row) is None
    dropped = now_of(either_house, row)
    assert (dropped.state, dropped.reason, dropped.payload) == (RowState.DROPPED, "no longer true", None)


def test_somebody_gone_and_news_too_old_are_dropped(house: House) -> None:
    _, tomas, _, row = asked(house)
    old = typed(house)
    house.do(lambda tx: setattr(tx.session.get(Member, tomas.id), "is_gone", True))
    assert prepare(house, row) is None
    assert now_of(house, row).reason == "gone"
    house.now += KINDS["help.typed"].worth + timedelta(seconds=1)
    assert prepare(house, old) is None
    assert now_of(house, old).reason == "expired"


def test_a_row_that_is_not_due_of_another_workspace_or_unknown_is_left_alone(house: House) -> None:
    _, _, _, row = asked(house)
    rows = rows_of(house)
    early = row.due_at - timedelta(seconds=1)
    assert house.do(lambda tx: rows.prepare(tx.session, "T0THERE", row.id, tx.now)) is None
    assert house.do(lambda tx: rows.prepare(tx.session, tx.workspace_id, "none", tx.now)) is None
    assert house.do(lambda tx: rows.prepare(tx.session, tx.workspace_id, row.id, early)) is None
    assert now_of(house, row).state == RowState.PENDING


def test_a_promise_that_falls_outside_own_hours_waits_for_the_morning(house: House) -> None:
    _, tomas, _, row = asked(house)
    house.do(lambda tx: setattr(tx.session.get(Member, tomas.id), "zone", "Asia/Tokyo"))
    assert prepare(house, row) is None
    later = now_of(house, row)
    morning = house.now.replace(day=2, hour=0) + spread_of(tomas.id)
    assert (later.state, later.due_at) == (RowState.PENDING, morning)


def test_an_answer_waits_for_no_morning(house: House) -> None:
    house.now = house.now.replace(day=6, hour=23)
    assert prepared(house, typed(house)).kind == "help.typed"


def test_the_words_of_the_first_attempt_are_kept_sealed_and_sent_again(either_house: House) -> None:
    house = either_house
    noor, tomas, _, row = asked(house)
    first = prepared(house, row)
    sealed = now_of(house, row).payload
    assert sealed is not None
    assert b"Noor" not in sealed
    again(house, first)
    house.do(lambda tx: setattr(tx.session.get(Member, noor.id), "name", "Renamed Meanwhile"))
    house.now += timedelta(minutes=1)
    assert prepared(house, row).payload == first.payload
    assert tomas.slack_id == first.slack_id
    done(house, first)
    assert now_of(house, row).payload is None


def test_a_row_being_sent_is_not_prepared_twice(house: House) -> None:
    _, _, _, row = asked(house)
    assert prepare(house, row) is not None
    assert prepare(house, row) is None


def test_two_processes_never_both_send_a_row(either_house: House) -> None:
    house = either_house
    doors = [Database(house.database.url) for _ in range(2)]
    try:
        for number in range(15):
            house.act(house.person(f"Person {number}"), help_.answer_typed, "1.1")
            row = house.owed("help.typed")[-1]
            attempt = _preparing(house, row)
            parcels = [future.result(SECONDS) for future in [door.write(attempt) for door in doors]]
            assert len([parcel for parcel in parcels if parcel]) == 1, number
    finally:
        for door in doors:
            door.close()


def _preparing(house: House, row: OutboxRow) -> Callable[[Any], Parcel | None]:
    return lambda session: rows_of(house).prepare(session, house.workspace_id, row.id, house.now)


def test_each_failed_attempt_waits_longer_up_to_a_quarter_of_an_hour(house: House) -> None:
    row = typed(house)
    waits = []
    for _ in range(MOST_ATTEMPTS - 1):
        again(house, prepared(house, row))
        waits.append(now_of(house, row).due_at - house.now)
        house.now = now_of(house, row).due_at
    assert waits[:4] == [SOON, SOON * 2, SOON * 4, SOON * 8]
    assert max(waits) == waits[-1] == LONGEST_WAIT
    again(house, prepared(house, row))
    ended = now_of(house, row)
    assert (ended.state, ended.reason, ended.payload) == (RowState.DEAD, "too many attempts", None)


def test_slacks_own_wait_is_kept_to(house: House) -> None:
    row = typed(house)
    again(house, prepared(house, row), 47.0)
    assert now_of(house, row).due_at == house.now + timedelta(seconds=47)


def test_a_post_in_doubt_is_never_blindly_sent_again(house: House) -> None:
    row = typed(house)
    doubt(house, prepared(house, row))
    assert now_of(house, row).state == RowState.UNKNOWN
    assert prepare(house, row) is None
    assert doubts(house) == []
    assert next_due(house) == house.now + SETTLE
    house.now += SETTLE
    assert [(each.row_id, each.may_look, each.is_post) for each in doubts(house)] == [(row.id, True, True)]


def test_an_intent_whose_end_nobody_wrote_down_is_a_doubt_too(house: House) -> None:
    row = typed(house)
    prepared(house, row)
    house.now += TIMING.lease
    assert doubts(house) == [], "a call begun just in time may still be seen late"
    house.now += SETTLE
    assert [each.row_id for each in doubts(house)] == [row.id]


def test_what_a_dead_process_was_sending_is_a_doubt_as_soon_as_another_takes_over(house: House) -> None:
    row, mine = typed(house), asked(house)[3]
    prepared(house, row)
    other = rows_of(house, "the next process")
    house.do(lambda tx: other.prepare(tx.session, tx.workspace_id, mine.id, tx.now))
    assert house.do(lambda tx: other.disown(tx.session, tx.now)) == 1
    house.now += SETTLE
    assert [each.row_id for each in doubts(house)] == [row.id]
    assert now_of(house, mine).state == RowState.SENDING


def test_a_doubt_waits_while_the_bot_has_left_and_is_settled_when_it_is_back(house: House) -> None:
    row = typed(house)
    doubt(house, prepared(house, row))
    house.now += SETTLE
    house.do(lambda tx: workspaces.leave(tx.session, tx.workspace_id, tx.now))
    assert doubts(house) == []
    assert next_due(house) is None, "nothing of it wakes the courier again and again"
    house.do(lambda tx: tx.session.execute(update(Workspace).values(left_at=None)))
    assert [each.row_id for each in doubts(house)] == [row.id]


def test_only_the_owner_says_what_became_of_a_row(house: House) -> None:
    row = typed(house)
    parcel = prepared(house, row)
    other = rows_of(house, "another process")
    house.do(lambda tx: other.done(tx.session, parcel, tx.now, "D1", "9.9"))
    house.do(lambda tx: other.again(tx.session, parcel, tx.now, None))
    assert now_of(house, row).state == RowState.SENDING
    done(house, parcel)
    assert now_of(house, row).ts == "1.1"


@pytest.mark.parametrize(
    ("kind", "event", "state"),
    [
        ("help.typed", Found("D1", "9.9"), RowState.DONE),
        ("help.typed", Absent(None), RowState.PENDING),
        ("help.typed", Blind(None), RowState.UNKNOWN),
        ("help.typed", Blind(None, is_hopeless=True), RowState.DROPPED),
        ("requests.asked", Found("D1", "9.9"), RowState.DONE),
        ("requests.asked", Absent(None), RowState.PENDING),
        ("requests.asked", Blind(None), RowState.UNKNOWN),
        ("requests.asked", Blind(None, is_hopeless=True), RowState.PENDING),
    ],
)
def test_a_doubt_ends_as_its_kind_says(house: House, kind: str, event: Found | Absent | Blind, state: RowState) -> None:
    row = typed(house) if kind == "help.typed" else asked(house)[3]
    doubt(house, prepared(house, row))
    house.now += SETTLE
    settle(house, event)
    ended = now_of(house, row)
    assert ended.state == state
    if isinstance(event, Found):
        assert (ended.channel, ended.ts, ended.payload) == ("D1", "9.9", None)
    if state == RowState.DROPPED:
        assert ended.reason == "assumed sent"
    if state == RowState.UNKNOWN:
        assert (ended.looks, ended.due_at) == (1, house.now + LOOK_AGAIN)


def test_what_is_sent_again_because_nobody_can_look_says_so(house: House) -> None:
    row = asked(house)[3]
    first = prepared(house, row)
    doubt(house, first)
    house.now += SETTLE
    settle(house, Blind(None, is_hopeless=True))
    second = prepared(house, row)
    assert first.payload["blocks"] == second.payload["blocks"][:-1]
    assert SENT_AGAIN in texts_in(second.payload)


def test_a_doubt_nobody_could_clear_up_while_it_was_worth_it_is_let_go(house: House) -> None:
    row = typed(house)
    doubt(house, prepared(house, row))
    for _ in range(200):
        house.now = next_due(house) or house.now
        if not doubts(house):
            break
        settle(house, Blind(None))
    ended = now_of(house, row)
    assert (ended.state, ended.reason) == (RowState.DROPPED, "assumed sent")
    assert ended.looks > len("abcde")


def test_a_doubt_that_never_ends_is_given_up_in_the_end(house: House) -> None:
    row = asked(house)[3]
    for _ in range(MOST_ATTEMPTS):
        doubt(house, prepared(house, row))
        house.now += SETTLE
        settle(house, Absent(None))
    assert (now_of(house, row).state, now_of(house, row).reason) == (RowState.DEAD, "too many attempts")


def test_what_can_be_repeated_is_repeated_ever_more_slowly(house: House) -> None:
    noor = house.person("Noor H")
    house.act(noor, home.opened)
    house.act(noor, owing.home)
    row = house.owed("home")[0]
    for wait in (SOON, SOON * 2):
        doubt(house, prepared(house, row))
        assert now_of(house, row).due_at == house.now + wait
        house.now += wait


def test_blocks_slack_refuses_become_plain_words(house: House) -> None:
    row = typed(house)
    parcel = prepared(house, row)
    house.do(lambda tx: rows_of(house).without_blocks(tx.session, parcel, tx.now))
    assert prepared(house, row).payload == {"text": parcel.payload["text"]}


def test_a_dead_token_loses_nothing(house: House) -> None:
    row = typed(house)
    parcel = prepared(house, row)
    house.do(lambda tx: rows_of(house).wait_for_token(tx.session, parcel, tx.now))
    assert now_of(house, row).due_at == house.now + POSTPONED_UNTIL_TOKEN
    house.now += POSTPONED_UNTIL_TOKEN
    assert prepared(house, row).payload == parcel.payload


def test_what_cannot_be_sent_says_why_and_forgets_its_words(house: House) -> None:
    row = typed(house)
    parcel = prepared(house, row)
    house.do(lambda tx: rows_of(house).dead(tx.session, parcel, tx.now, "messages_tab_disabled"))
    ended = now_of(house, row)
    assert (ended.state, ended.reason, ended.payload) == (RowState.DEAD, "messages_tab_disabled", None)


def test_an_end_that_comes_twice_or_late_changes_nothing(house: House) -> None:
    row = typed(house)
    parcel = prepared(house, row)
    done(house, parcel, "1.1")
    done(house, parcel, "2.2")
    again(house, parcel)
    doubt(house, parcel)
    assert doubts(house) == []
    assert (now_of(house, row).state, now_of(house, row).ts) == (RowState.DONE, "1.1")


def test_a_leave_taken_back_before_it_was_told_is_not_told(house: House) -> None:
    tomas = house.mentor("Tomás F")
    house.act(tomas, profiles.leave)
    house.act(tomas, profiles.undo_leave)
    house.forward(minutes=20)
    assert not house.read_by(tomas, "profiles.left")
