"""Days two people set for themselves."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class MilestoneState(StrEnum):
    """Where a milestone stands."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class Milestone(Owned, Base):
    """One milestone, its title sealed. `due_at` is the morning of its day where the mentee lives, until it is owed."""

    __tablename__ = "milestones"
    __table_args__ = (
        *in_workspace(),
        points_at("relationship_id", "relationships"),
        points_at("set_by", "members"),
        CheckConstraint("state IN ('open','reached','dropped')", name="known_state"),
        Index("ix_milestones_pair", "workspace_id", "relationship_id", "on_day"),
        waits("ix_milestones_due", "due_at", "state = 'open' AND due_at IS NOT NULL"),
    )

    relationship_id: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    title: Mapped[bytes]
    on_day: Mapped[date]
    state: Mapped[str] = mapped_column(default=MilestoneState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    reached_at: Mapped[datetime | None] = mapped_column(default=None)
