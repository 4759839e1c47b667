"""People as Slack's directory knows them."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace


class Member(Owned, Base):
    """A person of the workspace; name and zone come from Slack and are never asked for.

    `moved_at` is when their zone was seen to change, or its rules, until everything reckoned by their clock has
    followed; `moved_from` is the zone it was reckoned in until then, None where the zone is the same.
    """

    __tablename__ = "members"
    __table_args__ = (*in_workspace(), UniqueConstraint("workspace_id", "slack_id"))

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
