"""What two people agreed on, every version of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class AgreementState(StrEnum):
    """Where a version stands; a newer proposal makes an unsigned one `replaced`, a newer signed one makes it `past`."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    REPLACED = "replaced"
    PAST = "past"


class Agreement(Owned, Base):
    """One version; the goal and the boundaries are sealed. Only one version of a pair waits, and only one holds."""

    __tablename__ = "agreements"
    __table_args__ = (
        *in_workspace(),
        points_at("relationship_id", "relationships"),
        points_at("proposed_by", "members"),
        UniqueConstraint("workspace_id", "relationship_id", "version"),
        CheckConstraint("state IN ('proposed','signed','replaced','past')", name="known_state"),
        Index(
            "one_proposed_agreement",
            "workspace_id",
            "relationship_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index(
            "one_signed_agreement",
            "workspace_id",
            "relationship_id",
            unique=True,
            sqlite_where=text("state = 'signed'"),
            postgresql_where=text("state = 'signed'"),
        ),
        waits("ix_agreements_nudge", "nudge_at", "state = 'proposed' AND nudge_at IS NOT NULL"),
    )

    relationship_id: Mapped[str]
    version: Mapped[int]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    rhythm: Mapped[str]
    minutes: Mapped[int]
    method: Mapped[str]
    reply_days: Mapped[int]
    ends_on: Mapped[date]
    goal: Mapped[bytes]
    boundaries: Mapped[bytes | None] = mapped_column(default=None)
    terms: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=AgreementState.PROPOSED)
    mentee_signed_at: Mapped[datetime | None] = mapped_column(default=None)
    mentor_signed_at: Mapped[datetime | None] = mapped_column(default=None)
    nudge_at: Mapped[datetime | None] = mapped_column(default=None)
