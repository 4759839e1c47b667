"""How one row is delivered: (row, event, now) gives what the row becomes and what follows. Pure, to be simulated.

    pending ──begin──▶ sending ──sent──▶ done
       ▲                  │ not sent, released ──▶ pending
       │                  │ refused ──▶ dead
       │                  └ unclear, or its lease ran out ──▶ in doubt
       └── surely absent ──── in doubt ──found──▶ done

The intent is committed before Slack is called, so only a row that is `sending` or `unknown` can be in doubt; no event
of another owner moves a row that is being sent; no call begins so late that it could outlive its lease; and what became
of a row in doubt is looked for only after Slack's history has had time to show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from storage.models.outbox import RowState

LONGEST_WAIT = timedelta(minutes=15)
MOST_ATTEMPTS = 20
ASSUMED_SENT = "assumed sent"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take; `call` is the HTTP time-out, `settle` how long Slack's history may lag behind.

    `soon` is the first wait after a failure, `look_again` after a history that could not be read; both then double.
    """

    lease: timedelta = timedelta(seconds=120)
    call: timedelta = timedelta(seconds=10)
    margin: timedelta = timedelta(seconds=5)
    settle: timedelta = timedelta(seconds=30)
    soon: timedelta = timedelta(seconds=5)
    look_again: timedelta = timedelta(seconds=30)


TIMING = Timing()


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a row matters to its delivery.

    `is_post` is for what would be there twice if it were done twice; `is_once` for kinds that are better lost than
    doubled when nobody can look; `worth` is how long after it fell due it is still worth sending.
    """

    state: RowState
    due_at: datetime
    attempts: int
    looks: int
    owner: str | None
    lease_until: datetime | None
    tried_at: datetime | None
    first_tried_at: datetime | None
    expires_at: datetime | None
    is_post: bool
    is_once: bool
    worth: timedelta


@dataclass(frozen=True, slots=True)
class Begin:
    """A process takes the row in hand and is about to call Slack."""

    owner: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Slack said yes; where the message stands, if it is one."""

    owner: str
    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is certainly not at Slack. `wait` is Slack's own; `is_counted` is False where the row is not to blame."""

    owner: str
    wait: timedelta | None = None
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody can say whether Slack did it: the answer was lost, or made no sense."""

    owner: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack will never take it."""

    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Orphaned:
    """The process that was sending it is known to be gone, although its lease still runs."""


@dataclass(frozen=True, slots=True)
class Suspected:
    """It may have been sent in a time nobody remembers, since `since`: look before the first attempt."""

    since: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """It stands in Slack's history."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Absent:
    """It does not stand in Slack's history, which has had time to show the attempt that was made at `tried_at`.

    A look is about one attempt: whoever looked, slept, and wakes up to a later attempt knows nothing of that one.
    """

    tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class Blind:
    """The history could not be read this time; `wait` is Slack's own. `is_hopeless` where it never can be."""

    tried_at: datetime | None
    wait: timedelta | None = None
    is_hopeless: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """There is no reason to send it any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postpone:
    """This is not the moment; nothing is wrong with it."""

    until: datetime


Event = Begin | Sent | NotSent | Unclear | Refused | Orphaned | Suspected | Found | Absent | Blind | Cancel | Postpone


class Effect(StrEnum):
    """What the shell does after the change is committed."""

    CALL = "call Slack"
    FORGET = "forget its words"
    MARK = "say that it may be there twice"
    TELL = "tell its feature that it failed"


@dataclass(frozen=True, slots=True)
class Step:
    """What the row becomes; `facts` are written beside it, and `effects` follow."""

    row: Standing
    effects: tuple[Effect, ...] = ()
    facts: Mapping[str, Any] | None = None


def step(row: Standing, event: Event, now: datetime, timing: Timing = TIMING) -> Step | None:
    """Move a row along; None where the event does not apply: an end that comes twice or late changes nothing."""
    if isinstance(event, Begin | Cancel | Postpone | Suspected):
        return _from_pending(row, event, now, timing) if row.state is RowState.PENDING else None
    if isinstance(event, Sent | NotSent | Unclear | Refused):
        return _from_sending(row, event, now, timing) if is_owned(row, event.owner) else None
    if isinstance(event, Orphaned):
        return _in_doubt(row, now, timing) if row.state is RowState.SENDING else None
    return _from_doubt(row, event, now, timing) if may_settle(row, now, timing) and _is_about(row, event) else None


def is_owned(row: Standing, owner: str) -> bool:
    """The fence: only the owner of a row that is being sent may say what became of it."""
    return row.state is RowState.SENDING and row.owner == owner


def _is_about(row: Standing, event: Found | Absent | Blind) -> bool:
    """Whether a look was for the attempt that is in doubt now; what was found is there, whatever came after."""
    return isinstance(event, Found) or event.tried_at == row.tried_at


def may_call(lease_until: datetime, now: datetime, timing: Timing = TIMING) -> bool:
    """The deadline: whether a call begun now is over, one way or the other, before its lease is."""
    return now + timing.call + timing.margin < lease_until


def settles_at(row: Standing, timing: Timing = TIMING) -> datetime | None:
    """From when on a doubt may be settled; None if there is none."""
    if row.state is RowState.SENDING and row.lease_until is not None:
        return row.lease_until + timing.settle
    return row.due_at if row.state is RowState.UNKNOWN else None


def may_settle(row: Standing, now: datetime, timing: Timing = TIMING) -> bool:
    """Whether it is in doubt, and for so long that Slack's history can be believed."""
    at = settles_at(row, timing)
    return at is not None and at <= now


def expires_at(row: Standing) -> datetime:
    """The moment after which it is not worth sending; what keeps failing does not stay fresh by it."""
    return row.expires_at or row.due_at + row.worth


def changes(before: Standing, after: Standing) -> dict[str, Any]:
    """The columns that differ."""
    names = (each.name for each in fields(Standing))
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}


def _from_pending(row: Standing, event: Begin | Cancel | Postpone | Suspected, now: datetime, timing: Timing) -> Step:
    match event:
        case Begin(owner):
            begun = replace(
                row,
                state=RowState.SENDING,
                attempts=row.attempts + 1,
                owner=owner,
                lease_until=now + timing.lease,
                tried_at=now,
                first_tried_at=row.first_tried_at or now,
            )
            return Step(begun, (Effect.CALL,))
        case Suspected(since):
            return _waiting(replace(row, first_tried_at=since, tried_at=since), now)
        case Postpone(until):
            return Step(replace(row, due_at=until, expires_at=None))
        case Cancel(reason):
            return _over(row, RowState.DROPPED, now, reason=reason)


def _from_sending(row: Standing, event: Sent | NotSent | Unclear | Refused, now: datetime, timing: Timing) -> Step:
    match event:
        case Sent(_, channel, ts):
            return _over(row, RowState.DONE, now, channel=channel, ts=ts)
        case NotSent(_, wait, is_counted):
            return _again(row, now, wait, timing, is_counted=is_counted)
        case Unclear():
            return _in_doubt(row, now, timing)
        case Refused(_, reason):
            return _over(row, RowState.DEAD, now, reason=reason)


def _from_doubt(row: Standing, event: Found | Absent | Blind, now: datetime, timing: Timing) -> Step:
    match event:
        case Found(channel, ts):
            return _over(row, RowState.DONE, now, channel=channel, ts=ts)
        case Absent():
            return _again(row, now, timedelta(0), timing)
        case Blind(is_hopeless=True):
            return _given_up(row, now, timing)
        case Blind():
            return _unseen(row, now, event.wait, timing)


def _unseen(row: Standing, now: datetime, wait: timedelta | None, timing: Timing) -> Step:
    """Nobody could look: again a little later, for as long as it is worth it."""
    if now >= expires_at(row):
        return _over(row, RowState.DROPPED, now, reason=ASSUMED_SENT)
    pause = wait if wait is not None else min(timing.look_again * 2 ** min(row.looks, 9), LONGEST_WAIT)
    return _waiting(replace(row, looks=row.looks + 1), now + pause)


def _given_up(row: Standing, now: datetime, timing: Timing) -> Step:
    """Nobody ever can look, so the kind decides: once at most, or rather twice than never."""
    if row.is_once:
        return _over(row, RowState.DROPPED, now, reason=ASSUMED_SENT)
    return replace(_again(row, now, timedelta(0), timing), effects=(Effect.MARK,))


def _in_doubt(row: Standing, now: datetime, timing: Timing) -> Step:
    """What can be repeated is; a post waits until Slack's history may be asked."""
    return _waiting(row, now + timing.settle) if row.is_post else _again(row, now, None, timing)


def _waiting(row: Standing, until: datetime) -> Step:
    """In doubt until then at least; what it was worth is not measured anew."""
    return Step(_freed(replace(row, state=RowState.UNKNOWN, due_at=until, expires_at=expires_at(row))))


def _again(row: Standing, now: datetime, wait: timedelta | None, timing: Timing, *, is_counted: bool = True) -> Step:
    """Later, ever more slowly, and in the end not at all."""
    if is_counted and row.attempts >= MOST_ATTEMPTS:
        return _over(row, RowState.DEAD, now, reason="too many attempts")
    pause = wait if wait is not None else min(timing.soon * 2 ** max(0, row.attempts - 1), LONGEST_WAIT)
    attempts = row.attempts if is_counted else max(0, row.attempts - 1)
    back = replace(row, state=RowState.PENDING, due_at=now + pause, attempts=attempts, expires_at=expires_at(row))
    return Step(_freed(back))


def _over(row: Standing, state: RowState, now: datetime, **facts: str | None) -> Step:
    effects = (Effect.FORGET, Effect.TELL) if state is RowState.DEAD else (Effect.FORGET,)
    return Step(_freed(replace(row, state=state)), effects, facts | {"done_at": now})


def _freed(row: Standing) -> Standing:
    return replace(row, owner=None, lease_until=None)
