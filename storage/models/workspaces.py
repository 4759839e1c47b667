"""The team's workspace, and the bot's place in it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class Workspace(Base):
    """One Slack workspace; its id is Slack's own team id."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    bot_user_id: Mapped[str]
    known_since: Mapped[datetime]
    organisers: Mapped[list[str]] = mapped_column(default_factory=list)
    listed_at: Mapped[datetime | None] = mapped_column(default=None)
