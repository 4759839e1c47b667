"""What Slack gave us to speak in a workspace: an installation, its tokens sealed."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class Installation(Base):
    """The bot in one workspace, by OAuth; gone with its tokens once it is uninstalled.

    `expires_at` and `refresh_token` are there where the app's tokens rotate. `renewed_by` is until when one process
    alone may ask for the next pair, since a refresh token is good for one use.
    """

    __tablename__ = "installations"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),)

    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    app_id: Mapped[str]
    installed_by: Mapped[str]
    installed_at: Mapped[datetime]
    scopes: Mapped[str]
    bot_token: Mapped[bytes] = mapped_column(LargeBinary)
    refresh_token: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    renewed_by: Mapped[datetime | None] = mapped_column(default=None)
