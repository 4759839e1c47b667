"""What the bot owes people: facts, never words."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Owned, in_workspace, points_at, waits


class Op(StrEnum):
    """How a row is carried out at Slack: `open_group` opens a group message first, `post_to` goes to a channel."""

    POST = "post"
    UPDATE = "update"
    PUBLISH_HOME = "publish_home"
    OPEN_GROUP = "open_group"
    POST_TO = "post_to"


POSTING = (Op.POST, Op.OPEN_GROUP, Op.POST_TO)


class Urgency(StrEnum):
    """The class every kind of message names; the budget of attention counts only `unasked`."""

    ANSWER = "answer"
    PROMISED = "promised"
    SAFETY = "safety"
    UNASKED = "unasked"


class Lane(StrEnum):
    """Which queue a row stands in; each has its own order, and its own share of Slack's limits.

    In a silenced workspace only answers, updates of what is there and Homes go.
    """

    ANSWER = "answer"
    NOTICE = "notice"
    UPDATE = "update"
    HOME = "home"
    NUDGE = "nudge"
    DIGEST = "digest"


IN_SILENCE = (Lane.ANSWER, Lane.UPDATE, Lane.HOME)


class RowState(StrEnum):
    """Where a row stands. `sending` is the committed intent: only such a row can be in doubt."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"
    DROPPED = "dropped"
    DEAD = "dead"


PENDING = text("state = 'pending'")
IN_LINE = ("workspace_id", "lane", "due_at", "rank", "created_at")
BEGUN = text("state IN ('sending','unknown')")


class OutboxRow(Owned, Base):
    """One piece of news for one member; the unique key makes it once, however often a deed is repeated.

    While it is being sent, `owner` names the one process that may write down what became of it, and after
    `lease_until` nobody may start a call for it any more: then it is in doubt. `first_tried_at` is where a search of
    Slack's history begins, `looks` counts the searches that could not be made. `due_at` is the next moment to do
    something about it; what keeps failing expires all the same, at `expires_at`. `wanted_at` is the moment from which
    it was wanted: `due_at` is the first after it in its reader's own hours, and is reckoned anew when their clock is
    another; None where it comes at a moment of its own, or at any hour.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        *in_workspace(),
        points_at("member_id", "members"),
        UniqueConstraint("workspace_id", "dedupe_key"),
        CheckConstraint("op IN ('post','update','publish_home','open_group','post_to')", name="known_op"),
        CheckConstraint("state IN ('pending','sending','unknown','done','dropped','dead')", name="known_state"),
        CheckConstraint("lane IN ('answer','notice','update','home','nudge','digest')", name="known_lane"),
        Index("ix_outbox_owed", "due_at", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_outbox_lane", *IN_LINE, sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_outbox_begun", "tried_at", sqlite_where=BEGUN, postgresql_where=BEGUN),
        Index("ix_outbox_subject", "workspace_id", "subject_id"),
        waits("ix_outbox_unmade", "subject_id", "kind = 'introductions.made' AND state IN ('pending','dropped')"),
        Index("ix_outbox_member", "workspace_id", "member_id", "urgency", "done_at"),
    )

    op: Mapped[str]
    kind: Mapped[str]
    urgency: Mapped[str]
    member_id: Mapped[str]
    subject_id: Mapped[str]
    dedupe_key: Mapped[str]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    rank: Mapped[int] = mapped_column(default=0)
    lane: Mapped[str] = mapped_column(default=Lane.NOTICE)
    wanted_at: Mapped[datetime | None] = mapped_column(default=None)
    facts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    state: Mapped[str] = mapped_column(default=RowState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    first_tried_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    owner: Mapped[str | None] = mapped_column(default=None)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    looks: Mapped[int] = mapped_column(default=0)
    payload: Mapped[bytes | None] = mapped_column(default=None)
    channel: Mapped[str | None] = mapped_column(default=None)
    ts: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None] = mapped_column(default=None)
