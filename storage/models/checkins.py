"""How it goes, asked of each side alone."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class CheckinKind(StrEnum):
    """What is asked: the short pulse, the look back at half-time, and the word three months after the end."""

    PULSE = "pulse"
    HALF_TIME = "half_time"
    FOLLOW_UP = "follow_up"


class CheckinState(StrEnum):
    """Where one check-in of one person stands; `let_go` was overtaken by an end, a pause or the next one."""

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    LET_GO = "let_go"


class Checkin(Owned, Base):
    """One check-in of one person; `taps` and `reflection` are sealed, and theirs alone."""

    __tablename__ = "checkins"
    __table_args__ = (
        *in_workspace(),
        points_at("relationship_id", "relationships"),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "relationship_id", "member_id", "kind", "number"),
        CheckConstraint("kind IN ('pulse','half_time','follow_up')", name="known_kind"),
        CheckConstraint("state IN ('planned','asked','answered','let_go')", name="known_state"),
        waits("ix_checkins_due", "due_at", "state = 'planned'"),
        Index("ix_checkins_member", "workspace_id", "member_id", "state"),
    )

    relationship_id: Mapped[str]
    member_id: Mapped[str]
    kind: Mapped[str]
    number: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=CheckinState.PLANNED)
    step: Mapped[int] = mapped_column(default=0)
    taps: Mapped[bytes | None] = mapped_column(default=None)
    reflection: Mapped[bytes | None] = mapped_column(default=None)
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
