"""What people say of themselves: one profile each, for every role they take."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class Side(StrEnum):
    """Whether a skill is offered or wanted."""

    TEACHES = "teaches"
    LEARNS = "learns"


class Profile(Owned, Base):
    """A member who joined. `taken` counts places in use, and the database keeps it within `places`."""

    __tablename__ = "profiles"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "member_id"),
        waits("ix_profiles_leaving", "left_at", "left_settled_at IS NULL AND left_at IS NOT NULL"),
        CheckConstraint("taken >= 0 AND taken <= places", name="taken_within_places"),
        CheckConstraint("left_settled_at IS NULL OR left_at IS NOT NULL", name="left_before_it_settled"),
    )

    member_id: Mapped[str]
    joined_at: Mapped[datetime]
    goal: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    places: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    is_open: Mapped[bool] = mapped_column(default=True)
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    left_settled_at: Mapped[datetime | None] = mapped_column(default=None)


class Skill(Owned, Base):
    """One thing a member teaches or wants to learn; `key` is its folded form, for finding."""

    __tablename__ = "skills"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "member_id", "side", "key"),
        Index("ix_skills_side_key", "workspace_id", "side", "key"),
    )

    member_id: Mapped[str]
    side: Mapped[str]
    name: Mapped[str]
    key: Mapped[str]
