"""After the yes: meetings, agreements, check-ins, milestones, and a pair's own moments."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPS = "op IN ('post','update','publish_home')"
MORE_OPS = "op IN ('post','update','publish_home','open_group','post_to')"
STATES = "state IN ('active','undone','ended')"
MORE_STATES = "state IN ('active','asleep','undone','ended')"
LIVE = sa.text("state = 'active'")
STILL_LIVE = sa.text("state IN ('active','asleep')")
TERM = timedelta(days=182)
CLOSING = timedelta(days=21)


def upgrade() -> None:
    """Go forward."""
    _widen_members()
    _widen_outbox()
    _widen_relationships()
    _give_terms()
    _make_tables()
    _make_more_tables()


def _widen_members() -> None:
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))


def _widen_outbox() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_constraint(op.f("ck_outbox_known_op"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outbox_known_op"), MORE_OPS)
        batch_op.create_index("ix_outbox_member", ["workspace_id", "member_id", "urgency", "done_at"], unique=False)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("rank", server_default=None)


def _widen_relationships() -> None:
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ending", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ended_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("promise", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("mentee_promised_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mentor_promised_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("term_ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("contact_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("contact_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("quiet_step", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("quiet_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("plan_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closing_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mentee_wish", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("mentor_wish", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("away_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("away_by", sa.Text(), nullable=True))
        batch_op.create_index("ix_relationships_quiet", ["workspace_id", "quiet_at"], unique=False)
        batch_op.drop_constraint(op.f("ck_relationships_known_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_relationships_known_state"), MORE_STATES)
        batch_op.drop_index("one_active_pair", sqlite_where=LIVE, postgresql_where=LIVE)
        batch_op.create_index(
            "one_active_pair",
            ["workspace_id", "mentee_id", "mentor_id"],
            unique=True,
            sqlite_where=STILL_LIVE,
            postgresql_where=STILL_LIVE,
        )
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.alter_column("ending", server_default=None)
        batch_op.alter_column("promise", server_default=None)
        batch_op.alter_column("quiet_step", server_default=None)
        batch_op.alter_column("mentee_wish", server_default=None)
        batch_op.alter_column("mentor_wish", server_default=None)


def _give_terms() -> None:
    """A pair from before has a term too; its silence is counted from its next sign of life."""
    pairs = sa.table(
        "relationships",
        sa.column("id", sa.Text()),
        sa.column("state", sa.Text()),
        sa.column("started_at", sa.DateTime(timezone=True)),
        sa.column("term_ends_at", sa.DateTime(timezone=True)),
        sa.column("closing_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    for pair_id, started_at in connection.execute(
        sa.select(pairs.c.id, pairs.c.started_at).where(pairs.c.state == "active")
    ).all():
        ends = _aware(started_at) + TERM
        ends = ends.replace(tzinfo=None) if connection.dialect.name == "sqlite" else ends
        connection.execute(
            sa.update(pairs).where(pairs.c.id == pair_id).values(term_ends_at=ends, closing_at=ends - CLOSING)
        )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _make_tables() -> None:
    op.create_table(
        "never_with",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_never_with_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "other_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_never_with_workspace_id_other_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_never_with_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_never_with")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_never_with_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id", "member_id", "other_id", name=op.f("uq_never_with_workspace_id_member_id_other_id")
        ),
    )
    op.create_table(
        "meetings",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("planned_by", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("agenda", sa.LargeBinary(), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("soon_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_mentor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('planned','met','missed','cancelled')", name=op.f("ck_meetings_known_state")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_meetings_takes_time")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "planned_by"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_meetings_workspace_id_planned_by"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "relationship_id"],
            ["relationships.workspace_id", "relationships.id"],
            name=op.f("fk_meetings_workspace_id_relationship_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_meetings_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_meetings_workspace_id_id")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ix_meetings_ask", ["workspace_id", "ask_at"], unique=False)
        batch_op.create_index("ix_meetings_ask_mentor", ["workspace_id", "ask_mentor_at"], unique=False)
        batch_op.create_index("ix_meetings_pair", ["workspace_id", "relationship_id", "starts_at"], unique=False)
        batch_op.create_index("ix_meetings_remind", ["workspace_id", "remind_at"], unique=False)
        batch_op.create_index("ix_meetings_soon", ["workspace_id", "soon_at"], unique=False)
        batch_op.create_index(
            "one_meeting_a_moment",
            ["workspace_id", "relationship_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )

    op.create_table(
        "feedback",
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("score", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "meeting_id"],
            ["meetings.workspace_id", "meetings.id"],
            name=op.f("fk_feedback_workspace_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_feedback_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_feedback_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_feedback_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id", "meeting_id", "member_id", name=op.f("uq_feedback_workspace_id_meeting_id_member_id")
        ),
    )


def _make_more_tables() -> None:
    op.create_table(
        "agreements",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reply_days", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("goal", sa.LargeBinary(), nullable=False),
        sa.Column("boundaries", sa.LargeBinary(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("mentee_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentor_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('proposed','signed','replaced','past')", name=op.f("ck_agreements_known_state")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "proposed_by"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_agreements_workspace_id_proposed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "relationship_id"],
            ["relationships.workspace_id", "relationships.id"],
            name=op.f("fk_agreements_workspace_id_relationship_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_agreements_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_agreements_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id",
            "relationship_id",
            "version",
            name=op.f("uq_agreements_workspace_id_relationship_id_version"),
        ),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.create_index("ix_agreements_nudge", ["workspace_id", "nudge_at"], unique=False)
        batch_op.create_index(
            "one_proposed_agreement",
            ["workspace_id", "relationship_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.create_index(
            "one_signed_agreement",
            ["workspace_id", "relationship_id"],
            unique=True,
            sqlite_where=sa.text("state = 'signed'"),
            postgresql_where=sa.text("state = 'signed'"),
        )

    op.create_table(
        "checkins",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("taps", sa.LargeBinary(), nullable=True),
        sa.Column("reflection", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('pulse','half_time','follow_up')", name=op.f("ck_checkins_known_kind")),
        sa.CheckConstraint("state IN ('planned','asked','answered','let_go')", name=op.f("ck_checkins_known_state")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_checkins_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "relationship_id"],
            ["relationships.workspace_id", "relationships.id"],
            name=op.f("fk_checkins_workspace_id_relationship_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_checkins_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_checkins_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id",
            "relationship_id",
            "member_id",
            "kind",
            "number",
            name=op.f("uq_checkins_workspace_id_relationship_id_member_id_kind_number"),
        ),
    )
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.create_index("ix_checkins_due", ["workspace_id", "state", "due_at"], unique=False)

    op.create_table(
        "milestones",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open','reached','dropped')", name=op.f("ck_milestones_known_state")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "relationship_id"],
            ["relationships.workspace_id", "relationships.id"],
            name=op.f("fk_milestones_workspace_id_relationship_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "set_by"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_milestones_workspace_id_set_by"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_milestones_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_milestones_workspace_id_id")),
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index("ix_milestones_due", ["workspace_id", "due_at"], unique=False)
        batch_op.create_index("ix_milestones_pair", ["workspace_id", "relationship_id", "on_day"], unique=False)


def downgrade() -> None:
    """Go back; a sleeping pair counts as ended, and what was owed to groups and channels is let go."""
    op.drop_table("milestones")
    op.drop_table("checkins")
    op.drop_table("agreements")
    op.drop_table("feedback")
    op.drop_table("meetings")
    op.drop_table("never_with")
    op.execute("UPDATE relationships SET state = 'ended', ended_at = started_at WHERE state = 'asleep'")
    op.execute("UPDATE outbox SET state = 'dropped' WHERE op IN ('open_group','post_to') AND state = 'pending'")
    op.execute("UPDATE outbox SET op = 'post' WHERE op IN ('open_group','post_to')")
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.drop_index("one_active_pair", sqlite_where=STILL_LIVE, postgresql_where=STILL_LIVE)
        batch_op.create_index(
            "one_active_pair",
            ["workspace_id", "mentee_id", "mentor_id"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )
        batch_op.drop_index("ix_relationships_quiet")
        batch_op.drop_constraint(op.f("ck_relationships_known_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_relationships_known_state"), STATES)
        batch_op.drop_column("away_by")
        batch_op.drop_column("away_until")
        batch_op.drop_column("follow_up_at")
        batch_op.drop_column("mentor_wish")
        batch_op.drop_column("mentee_wish")
        batch_op.drop_column("closing_at")
        batch_op.drop_column("plan_at")
        batch_op.drop_column("quiet_at")
        batch_op.drop_column("quiet_step")
        batch_op.drop_column("contact_due_at")
        batch_op.drop_column("contact_at")
        batch_op.drop_column("term_ends_at")
        batch_op.drop_column("mentor_promised_at")
        batch_op.drop_column("mentee_promised_at")
        batch_op.drop_column("promise")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("ended_by")
        batch_op.drop_column("ending")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_member")
        batch_op.drop_constraint(op.f("ck_outbox_known_op"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outbox_known_op"), OPS)
        batch_op.drop_column("rank")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("moved_at")
