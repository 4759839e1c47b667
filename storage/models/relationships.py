"""Two people who said yes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at


class RelationshipState(StrEnum):
    """`undone` is an acceptance taken back within the undo window; it leaves no mark on either side."""

    ACTIVE = "active"
    UNDONE = "undone"
    ENDED = "ended"


class Relationship(Owned, Base):
    """A pair; two people cannot be the same active pair twice, nor one person both sides."""

    __tablename__ = "relationships"
    __table_args__ = (
        *in_workspace(),
        points_at("mentee_id", "members"),
        points_at("mentor_id", "members"),
        points_at("ask_id", "asks"),
        CheckConstraint("mentee_id <> mentor_id", name="two_people"),
        CheckConstraint("state IN ('active','undone','ended')", name="known_state"),
        Index(
            "one_active_pair",
            "workspace_id",
            "mentee_id",
            "mentor_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_relationships_mentor", "workspace_id", "mentor_id", "state"),
    )

    mentee_id: Mapped[str]
    mentor_id: Mapped[str]
    ask_id: Mapped[str]
    topic: Mapped[str]
    started_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=RelationshipState.ACTIVE)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
