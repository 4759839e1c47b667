"""People as Slack's directory knows them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, waits

# A truth value is a number on SQLite, and its own condition on PostgreSQL.
GONE, OWNER = "is_gone", "is_primary_owner"


class Member(Owned, Base):
    """A person of the workspace; name and zone come from Slack and are never asked for.

    `moved_at` is when their zone was seen to change, or its rules, until everything reckoned by their clock has
    followed; `moved_from` is the zone it was reckoned in until then, None where the zone is the same.
    """

    __tablename__ = "members"
    __table_args__ = (
        *in_workspace(),
        UniqueConstraint("workspace_id", "slack_id"),
        waits("ix_members_moved", "moved_at", "moved_at IS NOT NULL"),
        Index("ix_members_gone", "workspace_id", "id", sqlite_where=text(f"{GONE} = 1"), postgresql_where=text(GONE)),
        Index("ix_members_owner", "workspace_id", sqlite_where=text(f"{OWNER} = 1"), postgresql_where=text(OWNER)),
    )

    slack_id: Mapped[str]
    name: Mapped[str]
    seen_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="UTC")
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    is_gone: Mapped[bool] = mapped_column(default=False)
    is_primary_owner: Mapped[bool] = mapped_column(default=False)
    chat: Mapped[str | None] = mapped_column(default=None)
    home_at: Mapped[datetime | None] = mapped_column(default=None)
    moved_at: Mapped[datetime | None] = mapped_column(default=None)
    moved_from: Mapped[str | None] = mapped_column(default=None)
