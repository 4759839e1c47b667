"""When two people meet, and what came of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class MeetingState(StrEnum):
    """Where a meeting stands; `missed` is a "no", which only the one who said it is shown."""

    PLANNED = "planned"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Meeting(Owned, Base):
    """One meeting: a moment that stays when somebody's zone changes. `version` counts how often it was moved.

    `zone` is where it was booked; `agenda` is sealed; `remind_at` (a day before), `soon_at` (an hour before the first),
    `ask_at` (the mentee, after) and `ask_mentor_at` lie ahead and are cleared when owed.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        *in_workspace(),
        points_at("relationship_id", "relationships"),
        points_at("planned_by", "members"),
        CheckConstraint("state IN ('planned','met','missed','cancelled')", name="known_state"),
        CheckConstraint("minutes > 0", name="takes_time"),
        Index(
            "one_meeting_a_moment",
            "workspace_id",
            "relationship_id",
            "starts_at",
            unique=True,
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        Index("ix_meetings_pair", "workspace_id", "relationship_id", "starts_at"),
        waits("ix_meetings_remind", "remind_at", "state = 'planned' AND remind_at IS NOT NULL"),
        waits("ix_meetings_soon", "soon_at", "state = 'planned' AND soon_at IS NOT NULL"),
        waits("ix_meetings_ask", "ask_at", "state = 'planned' AND ask_at IS NOT NULL"),
        waits("ix_meetings_ask_mentor", "ask_mentor_at", "state = 'planned' AND ask_mentor_at IS NOT NULL"),
    )

    relationship_id: Mapped[str]
    planned_by: Mapped[str]
    planned_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    zone: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    agenda: Mapped[bytes | None] = mapped_column(default=None)
    is_first: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=MeetingState.PLANNED)
    version: Mapped[int] = mapped_column(default=1)
    remind_at: Mapped[datetime | None] = mapped_column(default=None)
    soon_at: Mapped[datetime | None] = mapped_column(default=None)
    ask_at: Mapped[datetime | None] = mapped_column(default=None)
    ask_mentor_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class Feedback(Owned, Base):
    """What one side thought of one meeting: one tap, and perhaps a word; sealed, and never the partner's to read."""

    __tablename__ = "feedback"
    __table_args__ = (
        *in_workspace(),
        points_at("meeting_id", "meetings"),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "meeting_id", "member_id"),
    )

    meeting_id: Mapped[str]
    member_id: Mapped[str]
    score: Mapped[bytes]
    given_at: Mapped[datetime]
    words: Mapped[bytes | None] = mapped_column(default=None)
