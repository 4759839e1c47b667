"""Peers, paired by rounds."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class RoundState(StrEnum):
    """`planned` waits for its morning, `running` has its groups, `over` has been counted."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"


class Peer(Owned, Base):
    """Somebody who opted in; `misses` counts rounds in a row in which their group did not meet."""

    __tablename__ = "peers"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "member_id"),
        CheckConstraint("misses >= 0", name="misses_counted"),
        waits("ix_peers_here", "member_id", "left_at IS NULL"),
    )

    member_id: Mapped[str]
    joined_at: Mapped[datetime]
    misses: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    left_at: Mapped[datetime | None] = mapped_column(default=None)


class Round(Owned, Base):
    """One round; at most one is planned and one is running at a time."""

    __tablename__ = "rounds"
    __table_args__ = (
        *in_workspace(),
        UniqueConstraint("workspace_id", "number"),
        CheckConstraint("state IN ('planned','running','over')", name="known_state"),
        Index(
            "one_planned_round",
            "workspace_id",
            unique=True,
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        Index(
            "one_running_round",
            "workspace_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    number: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=RoundState.PLANNED)


class Group(Owned, Base):
    """Two or three peers of one round; dissolved when too few of them stay."""

    __tablename__ = "peer_groups"
    __table_args__ = (
        *in_workspace(),
        points_at("round_id", "rounds"),
        Index("ix_peer_groups_round", "workspace_id", "round_id"),
        waits("ix_peer_groups_dissolved", "round_id", "dissolved_at IS NOT NULL"),
    )

    round_id: Mapped[str]
    question: Mapped[int]
    made_at: Mapped[datetime]
    met_at: Mapped[datetime | None] = mapped_column(default=None)
    dissolved_at: Mapped[datetime | None] = mapped_column(default=None)


class Seat(Owned, Base):
    """One peer's place in a round: in a group, or out of it by their own "Not this time"; nobody sits twice."""

    __tablename__ = "seats"
    __table_args__ = (
        *in_workspace(),
        points_at("round_id", "rounds"),
        points_at("group_id", "peer_groups"),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "round_id", "member_id"),
        Index("ix_seats_member", "workspace_id", "member_id"),
        Index("ix_seats_group", "workspace_id", "group_id"),
    )

    round_id: Mapped[str]
    member_id: Mapped[str]
    group_id: Mapped[str | None] = mapped_column(default=None)
    out_at: Mapped[datetime | None] = mapped_column(default=None)
