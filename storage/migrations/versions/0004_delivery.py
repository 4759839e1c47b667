"""Delivery by lanes and leases, the kill switch, restores, and what belongs to no workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWED = sa.text("state IN ('pending','sending','unknown')")
PENDING = sa.text("state = 'pending'")
BEGUN = sa.text("state IN ('sending','unknown')")
LANES = "lane IN ('answer','notice','update','home','nudge','digest')"
IN_LINE = ["workspace_id", "lane", "due_at", "rank", "created_at"]
IN_WORKSPACES = ("silent_since", "restored_from", "restored_at")


def upgrade() -> None:
    """Go forward; what was being sent when the old program stopped is in doubt, as it was."""
    _make_tables()
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        for name in IN_WORKSPACES:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("silent_by", sa.Text(), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lane", sa.Text(), nullable=False, server_default="notice"))
        batch_op.add_column(sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("owner", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE outbox SET lane = 'nudge' WHERE urgency = 'unasked'")
    op.execute("UPDATE outbox SET lane = 'digest' WHERE kind = 'digests.weekly'")
    op.execute("UPDATE outbox SET lane = 'answer' WHERE urgency = 'answer'")
    op.execute("UPDATE outbox SET lane = 'update' WHERE op = 'update'")
    op.execute("UPDATE outbox SET lane = 'home' WHERE op = 'publish_home'")
    op.execute("UPDATE outbox SET first_tried_at = tried_at")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("lane", server_default=None)
        batch_op.alter_column("looks", server_default=None)
        batch_op.create_check_constraint(op.f("ck_outbox_known_lane"), LANES)
        batch_op.drop_index("ix_outbox_owed", sqlite_where=OWED, postgresql_where=OWED)
        batch_op.create_index("ix_outbox_owed", ["due_at"], sqlite_where=PENDING, postgresql_where=PENDING)
        batch_op.create_index("ix_outbox_lane", IN_LINE, sqlite_where=PENDING, postgresql_where=PENDING)
        batch_op.create_index("ix_outbox_begun", ["tried_at"], sqlite_where=BEGUN, postgresql_where=BEGUN)

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.alter_column("attempts", server_default=None)


def _make_tables() -> None:
    op.create_table(
        "buckets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("per_second", sa.Double(), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slowed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_buckets_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buckets")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_buckets_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_buckets_workspace_id_name")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "signatures",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_signatures")),
    )
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.create_index("ix_signatures_seen", ["seen_at"], unique=False)


def downgrade() -> None:
    """Go back; a row under way keeps its state, and the old program settles it by its own rule."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_begun", sqlite_where=BEGUN, postgresql_where=BEGUN)
        batch_op.drop_index("ix_outbox_lane", sqlite_where=PENDING, postgresql_where=PENDING)
        batch_op.drop_index("ix_outbox_owed", sqlite_where=PENDING, postgresql_where=PENDING)
        batch_op.create_index("ix_outbox_owed", ["due_at"], sqlite_where=OWED, postgresql_where=OWED)
        batch_op.drop_constraint(op.f("ck_outbox_known_lane"), type_="check")
        for name in ("looks", "lease_until", "owner", "expires_at", "first_tried_at", "lane"):
            batch_op.drop_column(name)
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_column("attempts")
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        for name in ("silent_by", *IN_WORKSPACES):
            batch_op.drop_column(name)
    op.drop_table("signatures")
    op.drop_table("marks")
    op.drop_table("buckets")
