"""What is owed to whom, and how far it got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from storage.database import Tx
from storage.models.base import new_id, new_ids
from storage.models.buckets import Bucket
from storage.models.outbox import IN_SILENCE, POSTING, Lane, Op, OutboxRow, RowState, Urgency
from storage.models.workspaces import Workspace
from storage.queries.once import insert_all_once, insert_once

TOUCHED = "outbox"
DEDUPE = ("workspace_id", "dedupe_key")
OWED_STATES = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell one member; `key` makes it once in the workspace's whole history."""

    kind: str
    urgency: Urgency
    member_id: str
    subject_id: str
    key: str
    due_at: datetime
    op: Op = Op.POST
    rank: int = 0
    lane: Lane = Lane.NOTICE
    wanted_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ready:
    """A lane with something due; `free_at` is None where nothing was ever taken from its allowance."""

    workspace_id: str
    lane: Lane
    free_at: datetime | None


def owe(tx: Tx, news: News) -> bool:
    """Write down what is owed, in the deed's own transaction; False if it was owed already."""
    tx.session.info[TOUCHED] = True
    return insert_once(tx.session, OutboxRow, _row(tx, news, new_id()), DEDUPE)


def owe_all(tx: Tx, all_of_it: Sequence[News]) -> None:
    """Write down much that is owed in one statement; what was owed already stays as it is."""
    if not all_of_it:
        return
    tx.session.info[TOUCHED] = True
    rows = [_row(tx, news, row_id) for news, row_id in zip(all_of_it, new_ids(len(all_of_it)), strict=True)]
    insert_all_once(tx.session, OutboxRow, rows, DEDUPE)


def is_touched(session: Session) -> bool:
    """Whether this transaction has owed anything or moved what was owed, so that the courier should look."""
    return TOUCHED in session.info


def _row(tx: Tx, news: News, row_id: str) -> dict[str, Any]:
    return {
        "id": row_id,
        "workspace_id": tx.workspace_id,
        "op": news.op,
        "kind": news.kind,
        "urgency": news.urgency,
        "member_id": news.member_id,
        "subject_id": news.subject_id,
        "facts": dict(news.facts),
        "dedupe_key": news.key,
        "due_at": news.due_at,
        "created_at": tx.now,
        "rank": news.rank,
        "lane": news.lane,
        "wanted_at": news.wanted_at,
        "state": RowState.PENDING,
        "attempts": 0,
        "looks": 0,
        "reason": "",
    }


def ready(session: Session, now: datetime, bucket_of: Mapping[Lane, str]) -> list[Ready]:
    """Every workspace and lane with something due, and from when its allowance lets it go; over all workspaces."""
    lanes = union_all(
        *(
            select(literal(str(lane)).label("lane"), literal(bucket).label("bucket"))
            for lane, bucket in bucket_of.items()
        )
    ).subquery()
    is_due = (
        select(OutboxRow.id)
        .where(
            OutboxRow.workspace_id == Workspace.id,
            OutboxRow.lane == lanes.c.lane,
            OutboxRow.state == RowState.PENDING,
            OutboxRow.due_at <= now,
        )
        .exists()
    )
    free = and_(Bucket.workspace_id == Workspace.id, Bucket.name == lanes.c.bucket)
    rows = session.execute(
        select(Workspace.id, lanes.c.lane, Bucket.free_at)
        .select_from(Workspace)
        .join(lanes, true())
        .outerjoin(Bucket, free)
        .where(is_due, _may_go(lanes.c.lane))
        .order_by(Workspace.id)
    )
    return [Ready(workspace_id, Lane(lane), free_at) for workspace_id, lane, free_at in rows]


def _may_go(lane: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return and_(Workspace.left_at.is_(None), or_(Workspace.silent_since.is_(None), lane.in_(IN_SILENCE)))


def heads(tx: Tx) -> list[OutboxRow]:
    """The first row due of each lane of a workspace."""
    tops = union_all(*(select(_top(tx, lane).c.id) for lane in Lane))
    return list(
        tx.session.scalars(select(OutboxRow).where(OutboxRow.workspace_id == tx.workspace_id, OutboxRow.id.in_(tops)))
    )


def _top(tx: Tx, lane: Lane) -> Subquery:
    return (
        select(OutboxRow.id)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.lane == lane,
            OutboxRow.state == RowState.PENDING,
            OutboxRow.due_at <= tx.now,
        )
        .order_by(OutboxRow.due_at, OutboxRow.rank, OutboxRow.created_at, OutboxRow.id)
        .limit(1)
        .subquery()
    )


def next_due(session: Session, after: datetime) -> datetime | None:
    """The next moment after this one at which a pending row falls due, over all workspaces."""
    return _earliest(session, OutboxRow.due_at > after)


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """When the row fell due that may be sent and has waited the longest, over all workspaces."""
    return _earliest(session, OutboxRow.due_at <= now)


def _earliest(session: Session, condition: ColumnElement[bool]) -> datetime | None:
    """The first of what is pending; what a silence or our leaving holds back neither wakes anybody nor is late."""
    found: datetime | None = session.scalar(
        select(func.min(OutboxRow.due_at))
        .join(Workspace, Workspace.id == OutboxRow.workspace_id)
        .where(OutboxRow.state == RowState.PENDING, condition, _may_go(OutboxRow.lane))
    )
    return found


def last_owed(session: Session) -> datetime | None:
    """When a message was last owed, over all workspaces."""
    return session.scalar(select(func.max(OutboxRow.created_at)))


def reasons_since(session: Session, moment: datetime) -> list[str]:
    """Why messages were let go since a moment, one entry each, over all workspaces."""
    found = session.scalars(
        select(OutboxRow.reason).where(
            OutboxRow.state == RowState.DROPPED, OutboxRow.done_at >= moment, OutboxRow.op.in_(POSTING)
        )
    )
    return list(found)


def begun_rows(session: Session, limit: int) -> list[OutboxRow]:
    """Rows whose sending began and whose end nobody wrote down, longest ago first, wherever we have not left."""
    found = session.scalars(
        select(OutboxRow)
        .join(Workspace, Workspace.id == OutboxRow.workspace_id)
        .where(OutboxRow.state.in_((RowState.SENDING, RowState.UNKNOWN)), Workspace.left_at.is_(None))
        .order_by(OutboxRow.tried_at)
        .limit(limit)
    )
    return list(found)


def by_id(tx: Tx, row_id: str) -> OutboxRow | None:
    """The row with this id, as it stands in the database now, if it is one of this workspace."""
    return tx.session.scalar(
        select(OutboxRow)
        .where(OutboxRow.workspace_id == tx.workspace_id, OutboxRow.id == row_id)
        .execution_options(populate_existing=True)
    )


def posted(tx: Tx, kind: str, subject_id: str, member_id: str) -> OutboxRow | None:
    """The message of this kind about this subject to this member, if it reached Slack: where an update must go."""
    return tx.session.scalar(
        select(OutboxRow)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.kind == kind,
            OutboxRow.subject_id == subject_id,
            OutboxRow.member_id == member_id,
            OutboxRow.op.in_(POSTING),
            OutboxRow.state == RowState.DONE,
        )
        .order_by(OutboxRow.done_at.desc())
        .limit(1)
    )


def is_owed_or_sent(tx: Tx, kind: str, subject_id: str, member_id: str) -> bool:
    """Whether a message of this kind about this subject is due to this member, on its way or there: not dropped."""
    return (
        tx.session.scalar(
            select(OutboxRow.id)
            .where(
                OutboxRow.workspace_id == tx.workspace_id,
                OutboxRow.kind == kind,
                OutboxRow.subject_id == subject_id,
                OutboxRow.member_id == member_id,
                OutboxRow.op.in_(POSTING),
                OutboxRow.state.in_((*OWED_STATES, RowState.DONE)),
            )
            .limit(1)
        )
        is not None
    )


def begun(tx: Tx, subject_id: str) -> set[tuple[str, str]]:
    """(kind, member) of every message about a subject whose words are frozen, on their way or there."""
    found = tx.session.execute(
        select(OutboxRow.kind, OutboxRow.member_id)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.subject_id == subject_id,
            OutboxRow.op.in_(POSTING),
            or_(
                OutboxRow.state.in_((RowState.SENDING, RowState.UNKNOWN, RowState.DONE)),
                and_(OutboxRow.state == RowState.PENDING, OutboxRow.payload.is_not(None)),
            ),
        )
        .distinct()
    )
    return {(kind, member_id) for kind, member_id in found}


def unasked_since(tx: Tx, member_id: str, since: datetime) -> list[str]:
    """The kinds of what was sent to somebody unasked since a moment, on its way or there."""
    found = tx.session.scalars(
        select(OutboxRow.kind).where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.member_id == member_id,
            OutboxRow.urgency == Urgency.UNASKED,
            OutboxRow.op.in_(POSTING),
            or_(
                and_(OutboxRow.state == RowState.DONE, OutboxRow.done_at >= since),
                OutboxRow.state.in_((RowState.SENDING, RowState.UNKNOWN)),
            ),
        )
    )
    return list(found)


def was_sent(tx: Tx, dedupe_key: str) -> bool:
    """Whether the one piece of news with this key reached Slack."""
    return (
        tx.session.scalar(
            select(OutboxRow.id).where(
                OutboxRow.workspace_id == tx.workspace_id,
                OutboxRow.dedupe_key == dedupe_key,
                OutboxRow.state == RowState.DONE,
            )
        )
        is not None
    )


def owed_for(tx: Tx, update_row: OutboxRow) -> list[OutboxRow]:
    """The messages an update may be for that are owed still, on their way or in doubt."""
    found = tx.session.scalars(
        _alike(tx, update_row).where(OutboxRow.op.in_(POSTING), OutboxRow.state.in_(OWED_STATES))
    )
    return list(found)


def is_in_hand(tx: Tx, row: OutboxRow) -> bool:
    """Whether another row that writes to the same place as this one, in the same way, is being sent."""
    sending = (OutboxRow.op == row.op, OutboxRow.state == RowState.SENDING, OutboxRow.id != row.id)
    return tx.session.scalar(_alike(tx, row).where(*sending).limit(1)) is not None


def _alike(tx: Tx, row: OutboxRow) -> Select[OutboxRow]:
    """What is of the same kind, about the same subject and for the same member."""
    return select(OutboxRow).where(
        OutboxRow.workspace_id == tx.workspace_id,
        OutboxRow.kind == row.kind,
        OutboxRow.subject_id == row.subject_id,
        OutboxRow.member_id == row.member_id,
    )


def advance(tx: Tx, row: OutboxRow, values: Mapping[str, Any]) -> bool:
    """Change a row only if it still stands as it was read, by state, owner and attempt; False if it moved."""
    tx.session.info[TOUCHED] = True
    done = tx.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.id == row.id,
            OutboxRow.state == row.state,
            OutboxRow.owner.is_not_distinct_from(row.owner),
            OutboxRow.attempts == row.attempts,
        )
        .values(**values)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def seal_payload(tx: Tx, row_id: str, payload: str) -> bytes:
    """Seal the words of the first attempt for this row alone."""
    return tx.vault.seal(payload, _place(tx, row_id))


def open_payload(tx: Tx, row: OutboxRow) -> str | None:
    """The words frozen at the first attempt, if there was one."""
    return None if row.payload is None else tx.vault.open(row.payload, _place(tx, row.id))


def drop_owed(tx: Tx, reason: str) -> None:
    """Let go of everything this workspace is owed and has not been sent, with one reason for all."""
    tx.session.execute(
        update(OutboxRow)
        .where(OutboxRow.workspace_id == tx.workspace_id, OutboxRow.state == RowState.PENDING)
        .values(state=RowState.DROPPED, reason=reason, done_at=tx.now)
    )


def counts(session: Session) -> dict[str, int]:
    """How many rows stand in each state, for `doctor` and the log."""
    found = session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
    return {state: count for state, count in found}  # noqa: C416  (rows are no pairs to the type checker)


def _place(tx: Tx, row_id: str) -> str:
    return f"outbox|payload|{tx.workspace_id}|{row_id}"
