"""The state machine of delivery, step by step: what each event makes of a row, and which events it does not take."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outbox import machine
from bot.outbox.machine import (
    ASSUMED_SENT,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    TIMING,
    Absent,
    Begin,
    Blind,
    Cancel,
    Effect,
    Event,
    Found,
    NotSent,
    Orphaned,
    Postpone,
    Refused,
    Sent,
    Standing,
    Suspected,
    Unclear,
)
from storage.models.outbox import RowState
from tests.builders import MONDAY

ME, OTHER = "me", "another"
SOON = TIMING.soon
HOUR = timedelta(hours=1)
PENDING = Standing(
    state=RowState.PENDING,
    due_at=MONDAY,
    attempts=0,
    looks=0,
    owner=None,
    lease_until=None,
    tried_at=None,
    first_tried_at=None,
    expires_at=None,
    is_post=True,
    is_once=True,
    worth=HOUR,
)
MINE = (Sent(ME), NotSent(ME), Unclear(ME), Refused(ME, "no"))
THEIRS = (Sent(OTHER), NotSent(OTHER), Unclear(OTHER), Refused(OTHER, "no"))
BEFORE = (Begin(ME), Cancel("no reason"), Postpone(MONDAY + HOUR), Suspected(MONDAY - HOUR))
AFTER = (Found("D1", "1.1"), Absent(MONDAY), Blind(MONDAY))
EVENTS: tuple[Event, ...] = (*MINE, *THEIRS, *BEFORE, *AFTER, Orphaned())


def after(row: Standing, *events: Event) -> Standing:
    for event in events:
        step = machine.step(row, event, MONDAY)
        assert step is not None, event
        row = step.row
    return row


SENDING = after(PENDING, Begin(ME))
UNKNOWN = after(SENDING, Unclear(ME))
ENDED = [after(SENDING, Sent(ME)), after(SENDING, Refused(ME, "no")), after(PENDING, Cancel("no reason"))]


def taken(row: Standing, now: object = MONDAY) -> set[Event]:
    return {event for event in EVENTS if machine.step(row, event, now) is not None}  # type: ignore[arg-type]  # moments


def test_each_state_takes_its_own_events_and_no_others() -> None:
    assert taken(PENDING) == set(BEFORE)
    assert taken(SENDING) == {*MINE, Orphaned()}
    assert taken(UNKNOWN) == set()
    assert taken(UNKNOWN, MONDAY + TIMING.settle) == set(AFTER)
    for ended in ENDED:
        assert taken(ended, MONDAY + 9 * HOUR) == set()


def test_a_lease_that_ran_out_makes_a_doubt_once_a_late_call_could_be_seen() -> None:
    assert SENDING.lease_until is not None
    assert taken(SENDING, SENDING.lease_until) == {*MINE, Orphaned()}
    assert taken(SENDING, SENDING.lease_until + TIMING.settle) == {*MINE, *AFTER, Orphaned()}


def test_no_call_begins_that_could_outlive_its_lease() -> None:
    assert SENDING.lease_until is not None
    last = SENDING.lease_until - TIMING.call - TIMING.margin
    assert machine.may_call(SENDING.lease_until, last - timedelta(microseconds=1))
    assert not machine.may_call(SENDING.lease_until, last)


def test_beginning_is_an_intent_with_an_owner_a_lease_and_a_call_to_make() -> None:
    step = machine.step(PENDING, Begin(ME), MONDAY)
    assert step is not None
    assert step.effects == (Effect.CALL,)
    begun = step.row
    assert (begun.state, begun.owner, begun.attempts) == (RowState.SENDING, ME, 1)
    assert (begun.lease_until, begun.tried_at, begun.first_tried_at) == (MONDAY + TIMING.lease, MONDAY, MONDAY)


def test_only_certainty_sends_again_at_once_and_a_post_in_doubt_waits_for_the_history() -> None:
    assert after(SENDING, NotSent(ME)).state is RowState.PENDING
    doubtful = after(SENDING, Unclear(ME))
    assert (doubtful.state, doubtful.owner, doubtful.due_at) == (RowState.UNKNOWN, None, MONDAY + TIMING.settle)
    assert after(replace(SENDING, is_post=False), Unclear(ME)).state is RowState.PENDING


def test_waits_grow_and_end() -> None:
    row, waits = PENDING, []
    for _ in range(MOST_ATTEMPTS - 1):
        row = after(row, Begin(ME), NotSent(ME))
        waits.append(row.due_at - MONDAY)
    assert waits[:3] == [SOON, SOON * 2, SOON * 4]
    assert waits[-1] == LONGEST_WAIT
    assert after(row, Begin(ME), NotSent(ME)).state is RowState.DEAD


def test_slacks_own_wait_and_what_is_not_the_rows_fault_cost_no_attempt() -> None:
    row = PENDING
    for _ in range(MOST_ATTEMPTS * 2):
        row = after(row, Begin(ME), NotSent(ME, timedelta(seconds=7), is_counted=False))
    assert (row.attempts, row.due_at) == (0, MONDAY + timedelta(seconds=7))


def test_what_keeps_failing_does_not_stay_fresh_by_it_and_what_is_put_off_does() -> None:
    assert machine.expires_at(PENDING) == MONDAY + HOUR
    assert machine.expires_at(after(SENDING, NotSent(ME, 3 * HOUR))) == MONDAY + HOUR
    assert machine.expires_at(UNKNOWN) == MONDAY + HOUR
    assert machine.expires_at(after(PENDING, Postpone(MONDAY + 3 * HOUR))) == MONDAY + 4 * HOUR


@pytest.mark.parametrize(("is_once", "state"), [(True, RowState.DROPPED), (False, RowState.PENDING)])
def test_where_nobody_can_ever_look_the_kind_decides(*, is_once: bool, state: RowState) -> None:
    step = machine.step(replace(UNKNOWN, is_once=is_once), Blind(MONDAY, is_hopeless=True), MONDAY + TIMING.settle)
    assert step is not None
    assert step.row.state is state
    assert (Effect.MARK in step.effects) is not is_once


@pytest.mark.parametrize("is_once", [True, False])
def test_a_look_that_failed_is_made_again_as_long_as_it_is_worth_it(*, is_once: bool) -> None:
    row, now, reasons = replace(UNKNOWN, is_once=is_once), MONDAY + TIMING.settle, list[object]()
    while row.state is RowState.UNKNOWN:
        step = machine.step(row, Blind(MONDAY), now)
        assert step is not None
        row, now = step.row, max(now, step.row.due_at)
        reasons.append((step.facts or {}).get("reason"))
    assert len(reasons) > 5
    assert (row.state, now >= MONDAY + HOUR) == (RowState.DROPPED, True)
    assert reasons[-1] == ASSUMED_SENT


def test_what_may_have_been_sent_in_a_forgotten_time_is_looked_for_from_then_on() -> None:
    row = after(PENDING, Suspected(MONDAY - HOUR))
    assert (row.state, row.first_tried_at, row.attempts) == (RowState.UNKNOWN, MONDAY - HOUR, 0)
    gone = after(row, Absent(MONDAY - HOUR))
    assert (gone.state, gone.due_at) == (RowState.PENDING, MONDAY)
    assert after(row, Found("D1", "1.1")).state is RowState.DONE


def test_a_look_tells_nothing_of_a_later_attempt() -> None:
    now = MONDAY + TIMING.settle
    for event in (Absent(MONDAY - HOUR), Blind(MONDAY - HOUR)):
        assert machine.step(UNKNOWN, event, now) is None
    assert machine.step(UNKNOWN, Found("D1", "1.1"), now) is not None


def test_an_end_frees_the_row_forgets_its_words_and_a_failure_is_told() -> None:
    for event, effects in ((Sent(ME, "D1", "1.1"), {Effect.FORGET}), (Refused(ME, "no"), {Effect.FORGET, Effect.TELL})):
        step = machine.step(SENDING, event, MONDAY)
        assert step is not None
        assert set(step.effects) == effects
        assert (step.row.owner, step.row.lease_until) == (None, None)
        assert step.facts is not None
        assert step.facts["done_at"] == MONDAY
