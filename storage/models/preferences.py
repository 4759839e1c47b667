"""How much somebody wants to hear, and when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class Attention(StrEnum):
    """How much somebody wants to hear unasked."""

    EVERYTHING = "everything"
    ONLY_ASKED = "only_asked"


class Preferences(Owned, Base):
    """One member's own settings; `next_digest_at` is their next digest's moment, and lies ahead."""

    __tablename__ = "preferences"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "member_id"),
        CheckConstraint("attention IN ('everything','only_asked')", name="known_attention"),
        CheckConstraint("digest_day >= 0 AND digest_day <= 6", name="a_weekday"),
        CheckConstraint("digest_hour >= 0 AND digest_hour <= 23", name="an_hour"),
        waits("ix_preferences_digest", "next_digest_at", "next_digest_at IS NOT NULL"),
        waits("ix_preferences_away", "away_until", "away_until IS NOT NULL"),
    )

    member_id: Mapped[str]
    attention: Mapped[str] = mapped_column(default=Attention.EVERYTHING)
    digest_day: Mapped[int] = mapped_column(default=0)
    digest_hour: Mapped[int] = mapped_column(default=9)
    away_until: Mapped[datetime | None] = mapped_column(default=None)
    next_digest_at: Mapped[datetime | None] = mapped_column(default=None)
