"""A search for a mentor, and the names it asks one at a time."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class SearchState(StrEnum):
    """Where a search stands. Only `open` holds the mentee's one place for searching."""

    DRAFT = "draft"
    OPEN = "open"
    MATCHED = "matched"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"


class AskState(StrEnum):
    """Where one name stands: queued, then waiting, then one of the ends; `offered` is a yes that came late."""

    QUEUED = "queued"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    OFFERED = "offered"


class Search(Owned, Base):
    """One mentee looking for one mentor; the note is sealed, since it is for one reader at a time."""

    __tablename__ = "searches"
    __table_args__ = (
        *in_workspace(),
        points_at("mentee_id", "members"),
        CheckConstraint("state IN ('draft','open','matched','withdrawn','unanswered')", name="known_state"),
        Index(
            "one_open_search",
            "workspace_id",
            "mentee_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_searches_mentee", "workspace_id", "mentee_id", "state"),
        waits("ix_searches_withdrawn", "ended_at", "state = 'withdrawn' AND settled_at IS NULL"),
    )

    mentee_id: Mapped[str]
    topic: Mapped[str]
    goal: Mapped[str]
    begun_at: Mapped[datetime]
    note: Mapped[bytes | None] = mapped_column(default=None)
    state: Mapped[str] = mapped_column(default=SearchState.DRAFT)
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    closes_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)


class Ask(Owned, Base):
    """One name of a search; at most one of a search waits at a time, and the database sees to it."""

    __tablename__ = "asks"
    __table_args__ = (
        *in_workspace(),
        points_at("search_id", "searches"),
        points_at("mentor_id", "members"),
        UniqueConstraint("workspace_id", "search_id", "mentor_id"),
        CheckConstraint(
            "state IN ('queued','waiting','accepted','declined','lapsed','withdrawn','passed','offered')",
            name="known_state",
        ),
        Index(
            "one_waiting_ask",
            "workspace_id",
            "search_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        waits("ix_asks_due", "due_at", "state = 'waiting' AND due_at IS NOT NULL"),
        waits("ix_asks_remind", "remind_at", "state = 'waiting' AND remind_at IS NOT NULL"),
        waits("ix_asks_declined", "decided_at", "state = 'declined' AND settled_at IS NULL"),
        Index("ix_asks_mentor", "workspace_id", "mentor_id", "state"),
    )

    search_id: Mapped[str]
    mentor_id: Mapped[str]
    position: Mapped[int]
    state: Mapped[str] = mapped_column(default=AskState.QUEUED)
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    remind_at: Mapped[datetime | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    referred_id: Mapped[str | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
