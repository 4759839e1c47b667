"""The courier's transactions: what may be sent, with which words, and what became of it. Plain and synchronous."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.outbox import machine
from bot.outbox.entries import Entry
from bot.outbox.lanes import BUCKET_OF, Lanes, in_place
from bot.outbox.machine import TIMING, Effect, Timing
from bot.outbox.pace import ALLOWANCES, in_order
from bot.outbox.parcels import (
    LATER,
    Parcel,
    Parcels,
    bare,
    forgotten_since,
    key_of,
    said_again,
    sealed,
    standing_of,
)
from storage.database import Tx
from storage.models.outbox import IN_SILENCE, POSTING, Lane, Op, OutboxRow, RowState
from storage.queries import members, outbox, workspaces
from storage.vault import Vault

POSTPONED_UNTIL_TOKEN = timedelta(minutes=5)
MOVES = 50
Columns = Mapping[str, Any]
NONE: Columns = {}
DOUBTS = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """What one look at a workspace gave: a parcel, or nothing; `is_over` when nothing more may go now."""

    parcel: Parcel | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A post nobody can vouch for: where it would stand, under which key, and since when."""

    workspace_id: str
    row_id: str
    member_slack_id: str
    chat: str | None
    key: str
    since: datetime
    tried_at: datetime | None
    is_post: bool
    may_look: bool


class Rows:
    """Moves rows along by the machine's steps; each write names what it saw, so no two movers can both win."""

    def __init__(
        self,
        news: Mapping[str, Entry],
        vault: Vault,
        *,
        owner: str = "",
        timing: Timing = TIMING,
        lanes: Lanes | None = None,
    ) -> None:
        self.owner = owner or uuid.uuid4().hex
        self.timing = timing
        self._vault = vault
        self._parcels = Parcels(news)
        self._lanes = lanes or Lanes(ALLOWANCES, in_place)

    def ready(self, session: Session, now: datetime) -> list[str]:
        """The workspaces in which something is due that their allowances let go."""
        found = outbox.ready(session, now, BUCKET_OF)
        free = (each.workspace_id for each in found if each.free_at is None or each.free_at <= now)
        return list(dict.fromkeys(free))

    def next_due(self, session: Session, now: datetime) -> datetime | None:
        """The next moment at which a row may be sent, or a doubt be settled."""
        waiting = [max(now, each.free_at or now) for each in outbox.ready(session, now, BUCKET_OF)]
        doubts = [self._settles_at(row) for row in outbox.begun_rows(session, DOUBTS)]
        return min((each for each in [*waiting, *doubts, outbox.next_due(session, now)] if each), default=None)

    def _settles_at(self, row: OutboxRow) -> datetime | None:
        return machine.settles_at(standing_of(row), self.timing)

    def begin(self, session: Session, workspace_id: str, now: datetime, asked: list[str]) -> Turn:
        """Take the most urgent row of a workspace in hand; what is let go or put off on the way costs no allowance.

        `asked` holds the row whose feature is being asked, so that one that cannot be worded can be set aside.
        """
        asked.clear()
        tx = Tx(session, workspace_id, now, self._vault)
        shut = set(Lane) - set(IN_SILENCE) if workspaces.is_silenced(tx) else set()
        for _ in range(MOVES):
            row = self._first(tx, shut)
            if row is None:
                return Turn(is_over=True)
            with _asking(asked, row):
                goes = self._goes_now(tx, row)
            if goes and self._has_room(tx, row, shut):
                with _asking(asked, row):
                    parcel = self._freeze(tx, row)
                if parcel is not None:
                    return Turn(parcel)
        return Turn()

    def _has_room(self, tx: Tx, row: OutboxRow, shut: set[Lane]) -> bool:
        """Take what one message costs of the allowances; without room its lane is shut, or it waits for its place."""
        room = self._lanes.take(tx, row)
        if room.is_shut:
            shut.add(Lane(row.lane))
        elif room.place_free_at:
            self._apply(tx, row, machine.Postpone(room.place_free_at))
        return room.is_free

    def _first(self, tx: Tx, shut: set[Lane]) -> OutboxRow | None:
        heads = [row for row in outbox.heads(tx) if row.lane not in shut]
        return next(iter(in_order(heads, tx.now)), None)

    def prepare(self, session: Session, workspace_id: str, row_id: str, now: datetime) -> Parcel | None:
        """Take one row in hand whatever the pace, for whoever knows that it is its turn."""
        tx = Tx(session, workspace_id, now, self._vault)
        row = outbox.by_id(tx, row_id)
        if row is None or row.state != RowState.PENDING or row.due_at > now or not self._goes_now(tx, row):
            return None
        return self._freeze(tx, row)

    def _goes_now(self, tx: Tx, row: OutboxRow) -> bool:
        """Ask again whether it is true, whom and when it reaches; else it moves on by this very transaction."""
        since = forgotten_since(tx, row)
        event: machine.Event | None = machine.Suspected(since) if since else None
        event = event or self._parcels.event_for(tx, row, members.by_id(tx, row.member_id))
        if event is not None:
            self._apply(tx, row, event)
        return event is None

    def _freeze(self, tx: Tx, row: OutboxRow) -> Parcel | None:
        """Commit the intent; None if another process was quicker.

        What shows the newest waits for its like in another process's hands, whose older words could arrive last. This
        is asked under the lock of the allowance, so of two who begin at once the second sees the first.
        """
        if row.op not in POSTING and outbox.is_in_hand(tx, row):
            self._apply(tx, row, machine.Postpone(tx.now + LATER))
            return None
        to = members.by_id(tx, row.member_id)
        if to is None:
            return None
        payload, kept = self._parcels.words(tx, row, to)
        step = self._apply(tx, row, machine.Begin(self.owner), kept)
        if step is None or step.row.lease_until is None:
            return None
        target = outbox.posted(tx, row.kind, row.subject_id, to.id) if row.op == Op.UPDATE else None
        return Parcel(
            row_id=row.id,
            workspace_id=tx.workspace_id,
            op=Op(row.op),
            lane=Lane(row.lane),
            kind=row.kind,
            member_id=to.id,
            slack_id=to.slack_id,
            chat=to.chat,
            payload=payload,
            channel=target.channel if target else row.facts.get("channel"),
            ts=target.ts if target else None,
            key=key_of(tx, row),
            lease_until=step.row.lease_until,
            people=tuple(row.facts.get("people", ())),
        )

    def done(self, session: Session, parcel: Parcel, now: datetime, channel: str | None, ts: str | None) -> None:
        """It is at Slack."""
        tx = self._tx(session, parcel, now)
        self._apply_by_id(tx, parcel.row_id, machine.Sent(self.owner, channel, ts))
        self._lanes.succeed(tx, parcel.lane)

    def again(self, session: Session, parcel: Parcel, now: datetime, wait: float | None) -> None:
        """It is certainly not at Slack: try later."""
        pause = None if wait is None else timedelta(seconds=wait)
        self._apply_by_id(self._tx(session, parcel, now), parcel.row_id, machine.NotSent(self.owner, pause))

    def too_fast(self, session: Session, parcel: Parcel, now: datetime, wait: float) -> None:
        """Slack took nothing and wants a pause: the whole lane keeps to it, and the row is not to blame."""
        tx, pause = self._tx(session, parcel, now), timedelta(seconds=wait)
        self._apply_by_id(tx, parcel.row_id, machine.NotSent(self.owner, pause, is_counted=False))
        self._lanes.slow_down(tx, parcel.lane, pause)

    def unreached(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """No connection ever stood: it is not at Slack, and that is not the row's fault."""
        tx = self._tx(session, parcel, now)
        self._apply_by_id(tx, parcel.row_id, machine.NotSent(self.owner, self.timing.soon, is_counted=False))
        self._lanes.fail(tx, parcel.lane)

    def release(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """No call was begun, since its lease is nearly over or the process is stopping: anybody may take it."""
        event = machine.NotSent(self.owner, timedelta(0), is_counted=False)
        self._apply_by_id(self._tx(session, parcel, now), parcel.row_id, event)

    def in_doubt(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """Nobody knows what Slack did."""
        tx = self._tx(session, parcel, now)
        self._apply_by_id(tx, parcel.row_id, machine.Unclear(self.owner))
        self._lanes.fail(tx, parcel.lane)

    def without_blocks(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """Slack refused the blocks: the plain words still reach the person."""
        tx = self._tx(session, parcel, now)
        plain = sealed(tx, parcel.row_id, bare(parcel.payload))
        self._apply_by_id(tx, parcel.row_id, machine.NotSent(self.owner, timedelta(0)), plain)

    def wait_for_token(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """The token is dead; nothing is lost, it goes out when a new one is set."""
        tx = self._tx(session, parcel, now)
        self._apply_by_id(tx, parcel.row_id, machine.NotSent(self.owner, POSTPONED_UNTIL_TOKEN, is_counted=False))
        self._lanes.hold(tx, parcel.lane, POSTPONED_UNTIL_TOKEN)

    def dead(self, session: Session, parcel: Parcel, now: datetime, reason: str) -> None:
        """It cannot be sent, and the reason is kept."""
        self._apply_by_id(self._tx(session, parcel, now), parcel.row_id, machine.Refused(self.owner, reason))

    def unworded(self, session: Session, workspace_id: str, row_id: str, now: datetime) -> None:
        """No words could be found for it: it steps aside, so that everything behind it still goes out."""
        tx = Tx(session, workspace_id, now, self._vault)
        row = outbox.by_id(tx, row_id)
        values = {"state": RowState.DEAD, "reason": "could not be worded", "done_at": now, "payload": None}
        if row is not None and row.state == RowState.PENDING:
            outbox.advance(tx, row, values)

    def keep_chat(self, session: Session, workspace_id: str, slack_id: str, channel: str, now: datetime) -> None:
        """Remember a direct-message channel that was just opened."""
        tx = Tx(session, workspace_id, now, self._vault)
        member = members.by_slack_id(tx, slack_id)
        if member is not None:
            members.keep_chat(tx, member.id, channel)

    def disown(self, session: Session, now: datetime) -> int:
        """Put in doubt what another owner was sending, where no other process can be alive; how many rows."""
        count = 0
        for row in outbox.begun_rows(session, DOUBTS):
            if row.state == RowState.SENDING and row.owner != self.owner:
                count += (
                    self._apply(Tx(session, row.workspace_id, now, self._vault), row, machine.Orphaned()) is not None
                )
        return count

    def doubts(self, session: Session, now: datetime) -> list[Doubt]:
        """Posts in doubt for so long that Slack's history can be believed.

        Only a direct message's history may be read: what is said in groups and channels is none of the bot's business.
        """
        rows = outbox.begun_rows(session, DOUBTS)
        return [
            self._doubt(session, row, now) for row in rows if machine.may_settle(standing_of(row), now, self.timing)
        ]

    def _doubt(self, session: Session, row: OutboxRow, now: datetime) -> Doubt:
        tx = Tx(session, row.workspace_id, now, self._vault)
        to = members.by_id(tx, row.member_id)
        return Doubt(
            workspace_id=row.workspace_id,
            row_id=row.id,
            member_slack_id=to.slack_id if to else "",
            chat=to.chat if to else None,
            key=key_of(tx, row),
            since=row.first_tried_at or row.created_at,
            tried_at=row.tried_at,
            is_post=row.op in POSTING,
            may_look=row.op == Op.POST and to is not None,
        )

    def settle(
        self, session: Session, doubt: Doubt, now: datetime, event: machine.Found | machine.Absent | machine.Blind
    ) -> None:
        """End a doubt, or put it off: found is done, absent goes again; where nobody can look, the kind decides."""
        self._apply_by_id(Tx(session, doubt.workspace_id, now, self._vault), doubt.row_id, event)

    def _apply_by_id(self, tx: Tx, row_id: str, event: machine.Event, more: Columns = NONE) -> None:
        row = outbox.by_id(tx, row_id)
        if row is not None:
            self._apply(tx, row, event, more)

    def _apply(self, tx: Tx, row: OutboxRow, event: machine.Event, more: Columns = NONE) -> machine.Step | None:
        """Take the machine's step if the row still stands as it was read; None if it does not apply, or another won."""
        before = standing_of(row)
        step = machine.step(before, event, tx.now, self.timing)
        if step is None:
            return None
        values = machine.changes(before, step.row) | dict(step.facts or {}) | dict(more) | _by(step.effects, tx, row)
        if not outbox.advance(tx, row, values):
            return None
        if Effect.TELL in step.effects:
            self._parcels.failed(tx, row, str(values["reason"]))
        return step

    def _tx(self, session: Session, parcel: Parcel, now: datetime) -> Tx:
        return Tx(session, parcel.workspace_id, now, self._vault)


@contextmanager
def _asking(asked: list[str], row: OutboxRow) -> Iterator[None]:
    """Leave the row's id behind where its feature fails to answer."""
    asked.append(row.id)
    yield
    asked.clear()


def _by(effects: Sequence[Effect], tx: Tx, row: OutboxRow) -> dict[str, Any]:
    if Effect.FORGET in effects:
        return {"payload": None}
    return said_again(tx, row) if Effect.MARK in effects else {}
