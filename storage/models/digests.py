"""What can wait for the weekly digest."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at


class DigestLine(Owned, Base):
    """One thing that became a line instead of a message; `digest` names the digest it went into."""

    __tablename__ = "digest_lines"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "key"),
        Index("ix_digest_lines_member", "workspace_id", "member_id", "digest"),
    )

    member_id: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[str]
    key: Mapped[str]
    noted_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    digest: Mapped[str] = mapped_column(default="")
