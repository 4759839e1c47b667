"""How fast the bot may speak: Slack's limits, kept where every process sees them."""

from datetime import datetime

from sqlalchemy import Double, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace


class Bucket(Owned, Base):
    """One allowance of one workspace: a class of calls, or one place in which messages are posted.

    `full_at` is the moment at which the whole allowance is there again (the cell rate's theoretical arrival time);
    `free_at` is the earliest moment of the next call. `failures` counts what went wrong in a row since `failing_since`.
    """

    __tablename__ = "buckets"
    __table_args__ = (
        *in_workspace(),
        UniqueConstraint("workspace_id", "name"),
        Index("ix_buckets_full", "workspace_id", "full_at"),
    )

    name: Mapped[str]
    per_second: Mapped[float] = mapped_column(Double())
    full_at: Mapped[datetime]
    free_at: Mapped[datetime]
    paused_until: Mapped[datetime | None] = mapped_column(default=None)
    slowed_at: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(default=None)
