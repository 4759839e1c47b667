"""The team's workspace, and the bot's place in it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class Workspace(Base):
    """One Slack workspace; its id is Slack's own team id.

    `silent_since` is the kill switch: from then on only answers and safety are sent. After a restore, what happened
    between `restored_from` (the backup's moment) and `restored_at` is unknown, so the courier looks before it sends.
    `left_at` is when the bot was uninstalled: nothing happens there any more, and after a while all of it is forgotten.
    """

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    bot_user_id: Mapped[str]
    known_since: Mapped[datetime]
    organisers: Mapped[list[str]] = mapped_column(default_factory=list)
    listed_at: Mapped[datetime | None] = mapped_column(default=None)
    silent_since: Mapped[datetime | None] = mapped_column(default=None)
    silent_by: Mapped[str | None] = mapped_column(default=None)
    restored_from: Mapped[datetime | None] = mapped_column(default=None)
    restored_at: Mapped[datetime | None] = mapped_column(default=None)
    left_at: Mapped[datetime | None] = mapped_column(default=None)
