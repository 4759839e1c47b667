"""Two people who said yes, and those who would rather not meet again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits

LIVE = "state IN ('active','asleep')"


class RelationshipState(StrEnum):
    """`asleep` gave its place back; `undone` is an acceptance taken back in time, and leaves no mark on either side."""

    ACTIVE = "active"
    ASLEEP = "asleep"
    UNDONE = "undone"
    ENDED = "ended"


LIVE_STATES = (RelationshipState.ACTIVE, RelationshipState.ASLEEP)


class Ending(StrEnum):
    """How a pair came to its end; who asked for it, and why, is nobody's to read. `quiet` slept until it was closed."""

    FINISHED = "finished"
    EARLY = "early"
    LEFT = "left"
    QUIET = "quiet"


class Wish(StrEnum):
    """What one side would like when the term comes to its end."""

    EXTEND = "extend"
    FINISH = "finish"
    STAY = "stay"


def _both_ids(row: DefaultExecutionContext) -> str:
    """The two ids in one order, so that the two are one couple whoever of them asked."""
    values = row.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
    return " ".join(sorted((values["mentee_id"], values["mentor_id"])))


class Relationship(Owned, Base):
    """A pair; two people cannot be the same live pair twice, whoever asked whom, nor one person both sides.

    Columns that end in `_at` and lie ahead are what the sweeps wait for; each is cleared when its moment is dealt with.
    Each side has a hold of its own; `away_until` and `away_by` are the longest of both holds and both people's leaves.
    """

    __tablename__ = "relationships"
    __table_args__ = (
        *in_workspace(),
        points_at("mentee_id", "members"),
        points_at("mentor_id", "members"),
        points_at("ask_id", "asks"),
        CheckConstraint("mentee_id <> mentor_id", name="two_people"),
        CheckConstraint("state IN ('active','asleep','undone','ended')", name="known_state"),
        CheckConstraint("state <> 'ended' OR ended_at IS NOT NULL", name="ended_at_a_moment"),
        CheckConstraint(
            "state NOT IN ('active','asleep') OR (ended_at IS NULL) = (ended_by IS NULL)", name="stopped_by_somebody"
        ),
        Index(
            "one_active_pair",
            "workspace_id",
            "couple",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index(
            "one_pair_an_ask",
            "workspace_id",
            "ask_id",
            unique=True,
            sqlite_where=text("state <> 'undone'"),
            postgresql_where=text("state <> 'undone'"),
        ),
        Index("ix_relationships_mentee", "workspace_id", "mentee_id", "state"),
        Index("ix_relationships_mentor", "workspace_id", "mentor_id", "state"),
        waits("ix_relationships_quiet", "quiet_at", f"{LIVE} AND quiet_at IS NOT NULL"),
        waits("ix_relationships_plan", "plan_at", "state = 'active' AND plan_at IS NOT NULL"),
        waits("ix_relationships_closing", "closing_at", f"{LIVE} AND closing_at IS NOT NULL"),
        waits("ix_relationships_term", "term_ends_at", f"{LIVE} AND term_ends_at IS NOT NULL"),
        waits("ix_relationships_stop", "ended_at", f"{LIVE} AND ended_at IS NOT NULL"),
        waits("ix_relationships_away", "away_until", f"{LIVE} AND away_until IS NOT NULL"),
    )

    mentee_id: Mapped[str]
    mentor_id: Mapped[str]
    ask_id: Mapped[str]
    couple: Mapped[str] = mapped_column(init=False, repr=False, insert_default=_both_ids)
    topic: Mapped[str]
    started_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=RelationshipState.ACTIVE)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ending: Mapped[str] = mapped_column(default="")
    ended_by: Mapped[str | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    promise: Mapped[str] = mapped_column(default="")
    mentee_promised_at: Mapped[datetime | None] = mapped_column(default=None)
    mentor_promised_at: Mapped[datetime | None] = mapped_column(default=None)
    term_ends_at: Mapped[datetime | None] = mapped_column(default=None)
    contact_at: Mapped[datetime | None] = mapped_column(default=None)
    contact_due_at: Mapped[datetime | None] = mapped_column(default=None)
    quiet_step: Mapped[int] = mapped_column(default=0)
    quiet_at: Mapped[datetime | None] = mapped_column(default=None)
    plan_at: Mapped[datetime | None] = mapped_column(default=None)
    closing_at: Mapped[datetime | None] = mapped_column(default=None)
    mentee_wish: Mapped[str] = mapped_column(default="")
    mentor_wish: Mapped[str] = mapped_column(default="")
    follow_up_at: Mapped[datetime | None] = mapped_column(default=None)
    away_until: Mapped[datetime | None] = mapped_column(default=None)
    away_by: Mapped[str | None] = mapped_column(default=None)
    mentee_hold_until: Mapped[datetime | None] = mapped_column(default=None)
    mentor_hold_until: Mapped[datetime | None] = mapped_column(default=None)


class NeverWith(Owned, Base):
    """One member would rather not be paired with another; only they know, and it holds both ways."""

    __tablename__ = "never_with"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        points_at("other_id", "members"),
        UniqueConstraint("workspace_id", "member_id", "other_id"),
        Index("ix_never_with_other", "workspace_id", "other_id"),
    )

    member_id: Mapped[str]
    other_id: Mapped[str]
    noted_at: Mapped[datetime]
