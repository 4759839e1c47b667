"""Words somebody typed and has not sent yet."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.models.base import Base, Owned, in_workspace, points_at


class Draft(Owned, Base):
    """One form of one member, sealed; kept until it is sent or thrown away."""

    __tablename__ = "drafts"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "member_id", "form"),
    )

    member_id: Mapped[str]
    form: Mapped[str]
    words: Mapped[bytes]
    saved_at: Mapped[datetime]
