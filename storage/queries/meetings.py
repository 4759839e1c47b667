"""When pairs meet."""

from sqlalchemy import func, select

from storage.database import Tx
from storage.models.meetings import Meeting, MeetingState


def next_planned(tx: Tx, pair_id: str) -> Meeting | None:
    """The next meeting a pair has booked that is still to come."""
    return tx.session.scalar(
        select(Meeting)
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.relationship_id == pair_id,
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > tx.now,
        )
        .order_by(Meeting.starts_at)
        .limit(1)
    )


def met_count(tx: Tx, pair_id: str) -> int:
    """How many meetings of a pair took place."""
    return (
        tx.session.scalar(
            select(func.count())
            .select_from(Meeting)
            .where(
                Meeting.workspace_id == tx.workspace_id,
                Meeting.relationship_id == pair_id,
                Meeting.state == MeetingState.MET,
            )
        )
        or 0
    )
