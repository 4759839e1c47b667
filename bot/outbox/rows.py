"""The courier's transactions: what may be sent, with which words, and what became of it. Plain and synchronous."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.outbox.entries import Entry
from bot.rules.attention import Judgement, Mood, Way, judge, week_began
from bot.rules.news import KINDS, InDoubt
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import POSTING, Op, OutboxRow, RowState
from storage.models.preferences import Attention
from storage.queries import digests, members, outbox, preferences
from storage.vault import Vault

SETTLE = timedelta(seconds=30)
LATER = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
POSTPONED_UNTIL_TOKEN = timedelta(minutes=5)
MOST_ATTEMPTS = 20
ELSEWHERE = (Op.OPEN_GROUP, Op.POST_TO)
NOT_SENT = {Way.LINE: "into the digest", Way.DROP: "not wanted"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row ready to go: its intent is committed, its words are frozen."""

    row_id: str
    workspace_id: str
    op: Op
    kind: str
    member_id: str
    slack_id: str
    chat: str | None
    payload: dict[str, Any]
    channel: str | None
    ts: str | None
    people: tuple[str, ...] = ()


class Rows:
    """Moves rows along; every move names the states it may start from, so no two movers can both win."""

    def __init__(self, news: Mapping[str, Entry], vault: Vault) -> None:
        self._news = news
        self._vault = vault

    def due(self, session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
        """(workspace, row) ids that may be looked at now, oldest first."""
        return [(row.workspace_id, row.id) for row in outbox.due(session, now, limit)]

    def next_due(self, session: Session) -> datetime | None:
        """The next moment at which a row may be sent, or a doubt be settled."""
        doubt = outbox.oldest_doubt(session)
        moments = (outbox.next_due(session), None if doubt is None else doubt + SETTLE)
        return min((moment for moment in moments if moment is not None), default=None)

    def prepare(self, session: Session, workspace_id: str, row_id: str, now: datetime) -> Parcel | None:
        """Ask again whether it is true, whom and when it reaches; freeze the words and commit the intent."""
        tx = Tx(session, workspace_id, now, self._vault)
        row = session.get(OutboxRow, row_id)
        if row is None or row.workspace_id != workspace_id or row.state != RowState.PENDING or row.due_at > now:
            return None
        to = members.by_id(tx, row.member_id)
        if to is None or (reason := self._why_not(tx, row, to)):
            self._drop(tx, row, reason if to else "no such member")
            return None
        if not self._may_go(tx, row, to):
            return None
        return self._freeze(tx, row, to)

    def _why_not(self, tx: Tx, row: OutboxRow, to: Member) -> str:
        if to.is_gone or to.is_bot:
            return "gone"
        if tx.now > row.due_at + KINDS[row.kind].worth:
            return "expired"
        if row.op == Op.UPDATE and not _target_may_come(tx, row):
            return "nothing to update"
        return "" if self._news[row.kind].still_true(tx, row, to) else "no longer true"

    def _may_go(self, tx: Tx, row: OutboxRow, to: Member) -> bool:
        """Whether this is the moment; else the row waits, becomes a line of a digest, or is let go."""
        judged = self._judge(tx, row, to)
        if judged.way is Way.SEND:
            return True
        if judged.way is Way.LATER:
            outbox.move(tx, row.id, (RowState.PENDING,), {"due_at": judged.at})
            return False
        if judged.way is Way.LINE:
            digests.note(tx, to.id, row.kind, row.subject_id, key=row.dedupe_key, facts=row.facts)
        self._drop(tx, row, NOT_SENT[judged.way])
        return False

    def _judge(self, tx: Tx, row: OutboxRow, to: Member) -> Judgement:
        if row.op == Op.UPDATE:
            is_out = outbox.posted(tx, row.kind, row.subject_id, to.id) is not None
            return Judgement(Way.SEND) if is_out else Judgement(Way.LATER, tx.now + LATER)
        if row.op == Op.PUBLISH_HOME:
            return Judgement(Way.SEND)
        return judge(row.kind, tx.now, mood_of(tx, to))

    def _freeze(self, tx: Tx, row: OutboxRow, to: Member) -> Parcel | None:
        """Commit the intent; None if another process was quicker. A post keeps its words, the rest says the newest."""
        kept = outbox.open_payload(tx, row)
        payload: dict[str, Any] = json.loads(kept) if kept else self._news[row.kind].render(tx, row, to).payload()
        values: dict[str, Any] = {"state": RowState.SENDING, "tried_at": tx.now, "attempts": row.attempts + 1}
        if not kept and row.op in POSTING:
            values["payload"] = outbox.seal_payload(tx, row.id, json.dumps(payload))
        if not outbox.move(tx, row.id, (RowState.PENDING,), values):
            return None
        target = outbox.posted(tx, row.kind, row.subject_id, to.id) if row.op == Op.UPDATE else None
        return Parcel(
            row_id=row.id,
            workspace_id=tx.workspace_id,
            op=Op(row.op),
            kind=row.kind,
            member_id=to.id,
            slack_id=to.slack_id,
            chat=to.chat,
            payload=payload,
            channel=target.channel if target else row.facts.get("channel"),
            ts=target.ts if target else None,
            people=tuple(row.facts.get("people", ())),
        )

    def _drop(self, tx: Tx, row: OutboxRow, reason: str) -> None:
        values = {"state": RowState.DROPPED, "reason": reason, "done_at": tx.now, "payload": None}
        outbox.move(tx, row.id, (RowState.PENDING,), values)

    def done(self, session: Session, parcel: Parcel, now: datetime, channel: str | None, ts: str | None) -> None:
        """It is at Slack."""
        values = {"state": RowState.DONE, "done_at": now, "channel": channel, "ts": ts, "payload": None}
        self._end(session, parcel, now, values)

    def again(self, session: Session, parcel: Parcel, now: datetime, wait: float | None) -> None:
        """It is certainly not at Slack: try later, ever more slowly, and give up in the end."""
        tx = self._tx(session, parcel, now)
        row = session.get(OutboxRow, parcel.row_id)
        attempts = row.attempts if row else 1
        if attempts >= MOST_ATTEMPTS:
            self.dead(session, parcel, now, "too many attempts")
            return
        pause = timedelta(seconds=wait) if wait is not None else min(LATER * 2 ** (attempts - 1), LONGEST_WAIT)
        values = {"state": RowState.PENDING, "due_at": now + pause}
        outbox.move(tx, parcel.row_id, (RowState.SENDING,), values)

    def in_doubt(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """Nobody knows. What can be repeated is; a post waits until Slack's history may be asked."""
        if parcel.op in POSTING:
            self._end(session, parcel, now, {"state": RowState.UNKNOWN, "tried_at": now})
        else:
            self.again(session, parcel, now, None)

    def without_blocks(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """Slack refused the blocks: the plain words still reach the person."""
        tx = self._tx(session, parcel, now)
        bare = json.dumps({"text": parcel.payload.get("text", "")})
        values = {"state": RowState.PENDING, "payload": outbox.seal_payload(tx, parcel.row_id, bare)}
        outbox.move(tx, parcel.row_id, (RowState.SENDING,), values)

    def wait_for_token(self, session: Session, parcel: Parcel, now: datetime) -> None:
        """The token is dead; nothing is lost, it goes out when a new one is set."""
        values = {"state": RowState.PENDING, "due_at": now + POSTPONED_UNTIL_TOKEN}
        self._end(session, parcel, now, values)

    def dead(self, session: Session, parcel: Parcel, now: datetime, reason: str) -> None:
        """It cannot be sent, and the reason is kept."""
        values = {"state": RowState.DEAD, "reason": reason, "done_at": now, "payload": None}
        self._end(session, parcel, now, values)
        failed, row = self._news[parcel.kind].failed, session.get(OutboxRow, parcel.row_id)
        if failed is not None and row is not None and parcel.op in POSTING:
            failed(self._tx(session, parcel, now), row, reason)

    def unworded(self, session: Session, workspace_id: str, row_id: str, now: datetime) -> None:
        """No words could be found for it: it steps aside, so that everything behind it still goes out."""
        values = {"state": RowState.DEAD, "reason": "could not be worded", "done_at": now, "payload": None}
        outbox.move(Tx(session, workspace_id, now, self._vault), row_id, (RowState.PENDING,), values)

    def keep_chat(self, session: Session, parcel: Parcel, now: datetime, channel: str) -> None:
        """Remember a direct-message channel that was just opened."""
        members.keep_chat(self._tx(session, parcel, now), parcel.member_id, channel)

    def doubts(self, session: Session, now: datetime, limit: int) -> list[tuple[str, str, str | None, bool]]:
        """(workspace, row, chat, may look) of posts in doubt for long enough that Slack's history can be believed.

        Only a direct message's history may be read: what is said in groups and channels is none of the bot's business.
        """
        rows = [row for row in outbox.in_doubt(session, limit) if row.tried_at and row.tried_at + SETTLE <= now]
        return [(row.workspace_id, row.id, self._chat_of(session, row, now), row.op not in ELSEWHERE) for row in rows]

    def _chat_of(self, session: Session, row: OutboxRow, now: datetime) -> str | None:
        member = members.by_id(Tx(session, row.workspace_id, now, self._vault), row.member_id)
        return member.chat if member else None

    def settle(
        self, session: Session, row: tuple[str, str], now: datetime, found: tuple[str, str] | None, *, could_look: bool
    ) -> None:
        """End a doubt: found is done; surely absent goes again; where nobody could look, the kind decides."""
        workspace_id, row_id = row
        tx = Tx(session, workspace_id, now, self._vault)
        stored = session.get(OutboxRow, row_id)
        if stored is None:
            return
        once = KINDS[stored.kind].in_doubt is InDoubt.PREFER_ONCE and stored.op in POSTING
        if found:
            values = {"state": RowState.DONE, "channel": found[0], "ts": found[1], "done_at": now, "payload": None}
        elif not could_look and once:
            values = {"state": RowState.DROPPED, "reason": "assumed sent", "done_at": now, "payload": None}
        elif stored.attempts >= MOST_ATTEMPTS:
            values = {"state": RowState.DEAD, "reason": "too many attempts", "done_at": now, "payload": None}
        else:
            values = {"state": RowState.PENDING, "due_at": now}
        outbox.move(tx, row_id, (RowState.SENDING, RowState.UNKNOWN), values)

    def _end(self, session: Session, parcel: Parcel, now: datetime, values: Mapping[str, Any]) -> None:
        outbox.move(self._tx(session, parcel, now), parcel.row_id, (RowState.SENDING,), values)

    def _tx(self, session: Session, parcel: Parcel, now: datetime) -> Tx:
        return Tx(session, parcel.workspace_id, now, self._vault)


def _target_may_come(tx: Tx, row: OutboxRow) -> bool:
    """Whether there is, or still can be, a message to update."""
    target = outbox.posted(tx, row.kind, row.subject_id, row.member_id)
    return target is not None or outbox.is_on_its_way(tx, row)


def mood_of(tx: Tx, to: Member) -> Mood:
    """How much somebody wants to hear now, and what they have heard unasked this week."""
    own = preferences.of(tx, to.id)
    attention = Attention(own.attention) if own is not None else Attention.EVERYTHING
    sent = outbox.unasked_since(tx, to.id, week_began(tx.now, to.zone))
    return Mood(to.zone, attention, own.away_until if own is not None else None, sent)
