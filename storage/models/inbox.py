"""What came in, each once."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, waits

WAITING = text("done_at IS NULL")


class InboxRow(Owned, Base):
    """One delivery from Slack; `result` is what a submission answered, for a redelivery. Both blobs are sealed.

    `attempts` counts how often an event that was acknowledged, and whose work failed, was taken up again.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        *in_workspace(),
        UniqueConstraint("workspace_id", "key"),
        Index("ix_inbox_waiting", "received_at", sqlite_where=WAITING, postgresql_where=WAITING),
        waits("ix_inbox_done", "received_at", "done_at IS NOT NULL"),
    )

    key: Mapped[str]
    received_at: Mapped[datetime]
    payload: Mapped[bytes | None] = mapped_column(default=None)
    result: Mapped[bytes | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
