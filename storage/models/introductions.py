"""A mentor introduces a mentee to somebody new."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class IntroductionState(StrEnum):
    """Where an introduction stands; `declined` and `lapsed` look the same to everybody but the contact."""

    DRAFTED = "drafted"
    ASKED = "asked"
    AGREED = "agreed"
    MADE = "made"
    DECLINED = "declined"
    LAPSED = "lapsed"
    DROPPED = "dropped"


class Introduction(Owned, Base):
    """One introduction; `why` and `wish` are sealed until all three have said yes. `place` is a channel, or empty.

    `due_at` is the moment its silence ends: day 7 after the contact was asked, the same for a no and for no answer.
    """

    __tablename__ = "introductions"
    __table_args__ = (
        *in_workspace(),
        points_at("relationship_id", "relationships"),
        points_at("mentor_id", "members"),
        points_at("mentee_id", "members"),
        points_at("contact_id", "members"),
        CheckConstraint(
            "state IN ('drafted','asked','agreed','made','declined','lapsed','dropped')", name="known_state"
        ),
        CheckConstraint("contact_id <> mentor_id AND contact_id <> mentee_id", name="somebody_new"),
        Index(
            "one_live_introduction",
            "workspace_id",
            "mentee_id",
            "contact_id",
            unique=True,
            sqlite_where=text("state IN ('drafted','asked','agreed')"),
            postgresql_where=text("state IN ('drafted','asked','agreed')"),
        ),
        waits("ix_introductions_due", "due_at", "state IN ('asked','declined') AND due_at IS NOT NULL"),
        waits("ix_introductions_unmade", "contact_id", "state IN ('drafted','agreed')"),
        Index("ix_introductions_pair", "workspace_id", "relationship_id"),
        Index("ix_introductions_mentor", "workspace_id", "mentor_id", "state"),
        Index("ix_introductions_mentee", "workspace_id", "mentee_id", "state"),
        Index("ix_introductions_contact", "workspace_id", "contact_id", "asked_at"),
    )

    relationship_id: Mapped[str]
    mentor_id: Mapped[str]
    mentee_id: Mapped[str]
    contact_id: Mapped[str]
    why: Mapped[bytes]
    wish: Mapped[bytes]
    drafted_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=20)
    place: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=IntroductionState.DRAFTED)
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)


class NoIntroductions(Owned, Base):
    """Somebody said "Don't ask me again"."""

    __tablename__ = "no_introductions"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "member_id"),
    )

    member_id: Mapped[str]
    since: Mapped[datetime]
