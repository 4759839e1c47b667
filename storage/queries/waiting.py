"""What of the outbox waits its turn: one person's, everybody's, and what a silence holds back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Tx
from storage.models.outbox import IN_SILENCE, POSTING, Lane, Op, OutboxRow, RowState


def backlog(tx: Tx, lanes: Collection[Lane], most: int) -> tuple[int, datetime | None]:
    """How many rows of these lanes are due and not sent, counted no further than this, and when the oldest fell due."""
    waiting = (
        select(OutboxRow.due_at)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.lane.in_(lanes),
            OutboxRow.state == RowState.PENDING,
            OutboxRow.due_at <= tx.now,
        )
        .order_by(OutboxRow.due_at)
        .limit(most)
        .subquery()
    )
    count, oldest = tx.session.execute(select(func.count(), func.min(waiting.c.due_at)).select_from(waiting)).one()
    return count, oldest


def nudges_due(tx: Tx, member_id: str) -> list[OutboxRow]:
    """Unasked messages to one person, digests left out, that are due now and were never tried; most urgent first."""
    found = tx.session.scalars(
        select(OutboxRow)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.member_id == member_id,
            OutboxRow.lane == Lane.NUDGE,
            OutboxRow.op == Op.POST,
            OutboxRow.state == RowState.PENDING,
            OutboxRow.due_at <= tx.now,
            OutboxRow.first_tried_at.is_(None),
        )
        .order_by(OutboxRow.rank, OutboxRow.due_at, OutboxRow.id)
    )
    return list(found)


def held_back(tx: Tx) -> list[OutboxRow]:
    """What fell due and may not go in a silence, the longest due first."""
    found = tx.session.scalars(
        select(OutboxRow)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.state == RowState.PENDING,
            OutboxRow.due_at <= tx.now,
            OutboxRow.lane.not_in(IN_SILENCE),
        )
        .order_by(OutboxRow.due_at, OutboxRow.id)
    )
    return list(found)


def unsent_of(tx: Tx, member_id: str) -> list[OutboxRow]:
    """Messages owed to somebody that nobody has tried to send yet."""
    found = tx.session.scalars(
        select(OutboxRow)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.member_id == member_id,
            OutboxRow.op.in_(POSTING),
            OutboxRow.state == RowState.PENDING,
            OutboxRow.attempts == 0,
            OutboxRow.first_tried_at.is_(None),
        )
        .order_by(OutboxRow.created_at, OutboxRow.id)
        .execution_options(populate_existing=True)
    )
    return list(found)
