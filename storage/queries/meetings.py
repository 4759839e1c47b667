"""When pairs meet."""

from sqlalchemy import select

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
