"""What a due row comes to at the moment of sending: frozen words for somebody, or a reason to wait or let it go."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.outbox import machine, together
from bot.outbox.entries import Entry
from bot.rules.attention import Judgement, Mood, Way, judge, week_began
from bot.rules.days import spread_of
from bot.rules.news import KINDS, InDoubt
from bot.views.resent import marked
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import POSTING, Lane, Op, OutboxRow, RowState
from storage.models.preferences import Attention
from storage.queries import digests, outbox, preferences, workspaces

LATER = timedelta(seconds=5)
REMEMBERED = timedelta(days=14)
SENT_AGAIN = "sent again"
NOT_SENT = {Way.LINE: "into the digest", Way.DROP: "not wanted", Way.MERGE: together.ONE_OF_SEVERAL}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row ready to go: its intent is committed, its words are frozen, and no call may begin after its lease."""

    row_id: str
    workspace_id: str
    op: Op
    lane: Lane
    kind: str
    member_id: str
    slack_id: str
    chat: str | None
    payload: dict[str, Any]
    channel: str | None
    ts: str | None
    key: str
    lease_until: datetime
    people: tuple[str, ...] = ()


def standing_of(row: OutboxRow) -> machine.Standing:
    """What of a row matters to its delivery; a kind that no version knows any more is worth nothing."""
    rule = KINDS.get(row.kind)
    return machine.Standing(
        state=RowState(row.state),
        due_at=row.due_at,
        attempts=row.attempts,
        looks=row.looks,
        owner=row.owner,
        lease_until=row.lease_until,
        tried_at=row.tried_at,
        first_tried_at=row.first_tried_at,
        expires_at=row.expires_at,
        is_post=row.op in POSTING,
        is_once=rule is None or rule.in_doubt is InDoubt.PREFER_ONCE,
        worth=rule.worth if rule else timedelta(0),
    )


def key_of(tx: Tx, row: OutboxRow) -> str:
    """The row's name at Slack: the same for the same news even after a restore, and telling nothing."""
    return tx.vault.fingerprint(f"{tx.workspace_id}|{row.dedupe_key}")


class Parcels:
    """Asks each kind of news whether it is still true, and for its words."""

    def __init__(self, news: Mapping[str, Entry]) -> None:
        self._news = news

    def event_for(self, tx: Tx, row: OutboxRow, to: Member | None) -> machine.Event | None:
        """Why it does not go now: cancelled, or postponed; None if it goes."""
        if to is None:
            return machine.Cancel("no such member")
        if reason := self._why_not(tx, row, to):
            return machine.Cancel(reason)
        judged = _judged(tx, row, to)
        if judged.way is Way.SEND:
            return None
        if judged.way is Way.LATER and judged.at is not None:
            return machine.Postpone(judged.at)
        if judged.way is Way.MERGE:
            together.merge(tx, row, to)
        if judged.way is Way.LINE:
            digests.note(tx, to.id, row.kind, row.subject_id, key=row.dedupe_key, facts=row.facts)
        return machine.Cancel(NOT_SENT[judged.way])

    def _why_not(self, tx: Tx, row: OutboxRow, to: Member) -> str:
        if to.is_gone or to.is_bot:
            return "gone"
        if tx.now > machine.expires_at(standing_of(row)):
            return "expired"
        if row.op == Op.UPDATE and not _target_may_come(tx, row):
            return "nothing to update"
        return "" if self._news[row.kind].still_true(tx, row, to) else "no longer true"

    def words(self, tx: Tx, row: OutboxRow, to: Member) -> tuple[dict[str, Any], dict[str, Any]]:
        """(payload, columns to write): a post keeps the words of its first attempt, the rest says the newest.

        What is kept of the rest says that Slack refused its blocks.
        """
        kept = outbox.open_payload(tx, row)
        if kept and row.op in POSTING:
            words: dict[str, Any] = json.loads(kept)
            return words, {}
        payload = self._news[row.kind].render(tx, row, to).payload()
        if kept:
            return bare(payload), {}
        payload = marked(payload) if row.reason == SENT_AGAIN else payload
        return payload, sealed(tx, row.id, payload) if row.op in POSTING else {}

    def failed(self, tx: Tx, row: OutboxRow, reason: str) -> None:
        """Tell its feature that Slack will not take it."""
        entry = self._news.get(row.kind)
        if entry is not None and entry.failed is not None and row.op in POSTING:
            entry.failed(tx, row, reason)


def bare(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The plain words alone."""
    return {"text": payload.get("text", "")}


def sealed(tx: Tx, row_id: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that keep these words for a row."""
    return {"payload": outbox.seal_payload(tx, row_id, json.dumps(payload))}


def said_again(tx: Tx, row: OutboxRow) -> dict[str, Any]:
    """The columns that keep its words with a line that says why they may be there twice, or what it takes to add it.

    What is from before a restore has no words yet.
    """
    kept = outbox.open_payload(tx, row)
    return sealed(tx, row.id, marked(json.loads(kept))) if kept else {"reason": SENT_AGAIN}


def _judged(tx: Tx, row: OutboxRow, to: Member) -> Judgement:
    if row.op == Op.UPDATE:
        is_out = outbox.posted(tx, row.kind, row.subject_id, to.id) is not None
        return Judgement(Way.SEND) if is_out else Judgement(Way.LATER, tx.now + LATER)
    if row.op == Op.PUBLISH_HOME:
        return Judgement(Way.SEND)
    mood = mood_of(tx, to)
    return judge(row.kind, tx.now, mood if row.lane != Lane.NUDGE else _in_line(tx, to, mood))


def _in_line(tx: Tx, to: Member, mood: Mood) -> Mood:
    """The same, with what waits beside it: theirs, and everybody's."""
    return replace(mood, together=len(together.due_together(tx, to)), backlog=together.nudges(tx))


def _target_may_come(tx: Tx, row: OutboxRow) -> bool:
    """Whether there is, or still can be, a message to update."""
    if outbox.posted(tx, row.kind, row.subject_id, row.member_id) is not None:
        return True
    return any(not _is_unbegun(tx, target) for target in outbox.owed_for(tx, row))


def _is_unbegun(tx: Tx, row: OutboxRow) -> bool:
    """Whether it is surely not at Slack, and its words not frozen: it will carry the newest itself."""
    return row.state == RowState.PENDING and row.payload is None and forgotten_since(tx, row) is None


def forgotten_since(tx: Tx, row: OutboxRow) -> datetime | None:
    """The backup's moment, for a message that may have been sent between that and the restore; nobody remembers."""
    if row.op != Op.POST or row.first_tried_at is not None:
        return None
    place = workspaces.named(tx.session, tx.workspace_id)
    if place is None or place.restored_at is None or tx.now > place.restored_at + REMEMBERED:
        return None
    return place.restored_from


def mood_of(tx: Tx, to: Member) -> Mood:
    """How much somebody wants to hear now, and what they have heard unasked this week."""
    own = preferences.of(tx, to.id)
    attention = Attention(own.attention) if own is not None else Attention.EVERYTHING
    sent = outbox.unasked_since(tx, to.id, week_began(tx.now, to.zone))
    return Mood(to.zone, attention, own.away_until if own is not None else None, sent, spread_of(to.id))
