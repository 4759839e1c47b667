"""What belongs to no workspace: facts of the installation, and the signatures of requests seen a moment ago."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class Mark(Base):
    """One fact of this installation, such as the version of the time zones that moments were reckoned with."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Signature(Base):
    """A signed request that was let in; the same one again is a replay. Only a digest is kept."""

    __tablename__ = "signatures"
    __table_args__ = (Index("ix_signatures_seen", "seen_at"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
