"""Peers by rounds, introductions, and what can wait for a digest."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _make_peers()
    _make_the_rest()


def _make_the_rest() -> None:
    op.create_table(
        "preferences",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("digest_day", sa.Integer(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("away_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("attention IN ('everything','only_asked')", name=op.f("ck_preferences_known_attention")),
        sa.CheckConstraint("digest_day >= 0 AND digest_day <= 6", name=op.f("ck_preferences_a_weekday")),
        sa.CheckConstraint("digest_hour >= 0 AND digest_hour <= 23", name=op.f("ck_preferences_an_hour")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_preferences_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_preferences_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_preferences_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "member_id", name=op.f("uq_preferences_workspace_id_member_id")),
    )
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.create_index("ix_preferences_digest", ["workspace_id", "next_digest_at"], unique=False)

    op.create_table(
        "digest_lines",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_digest_lines_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_digest_lines_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_lines")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_digest_lines_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_digest_lines_workspace_id_key")),
    )
    with op.batch_alter_table("digest_lines", schema=None) as batch_op:
        batch_op.create_index("ix_digest_lines_member", ["workspace_id", "member_id", "digest"], unique=False)

    op.create_table(
        "introductions",
        sa.Column("relationship_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.Text(), nullable=False),
        sa.Column("mentee_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('drafted','asked','agreed','made','declined','lapsed','dropped')",
            name=op.f("ck_introductions_known_state"),
        ),
        sa.CheckConstraint(
            "contact_id <> mentor_id AND contact_id <> mentee_id", name=op.f("ck_introductions_somebody_new")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_introductions_workspace_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "mentee_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_introductions_workspace_id_mentee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "mentor_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_introductions_workspace_id_mentor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "relationship_id"],
            ["relationships.workspace_id", "relationships.id"],
            name=op.f("fk_introductions_workspace_id_relationship_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_introductions_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_introductions_workspace_id_id")),
    )
    with op.batch_alter_table("introductions", schema=None) as batch_op:
        batch_op.create_index("ix_introductions_contact", ["workspace_id", "contact_id", "asked_at"], unique=False)
        batch_op.create_index("ix_introductions_due", ["workspace_id", "due_at"], unique=False)
        batch_op.create_index(
            "one_live_introduction",
            ["workspace_id", "mentee_id", "contact_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('drafted','asked','agreed')"),
            postgresql_where=sa.text("state IN ('drafted','asked','agreed')"),
        )

    op.create_table(
        "no_introductions",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_no_introductions_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_no_introductions_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_introductions")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_no_introductions_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "member_id", name=op.f("uq_no_introductions_workspace_id_member_id")),
    )


def _make_peers() -> None:
    op.create_table(
        "rounds",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('planned','running','over')", name=op.f("ck_rounds_known_state")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_rounds_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_rounds_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_rounds_workspace_id_number")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(
            "one_planned_round",
            ["workspace_id"],
            unique=True,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index(
            "one_running_round",
            ["workspace_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "peers",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.CheckConstraint("misses >= 0", name=op.f("ck_peers_misses_counted")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_peers_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_peers_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peers")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_peers_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "member_id", name=op.f("uq_peers_workspace_id_member_id")),
    )
    op.create_table(
        "peer_groups",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dissolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "round_id"],
            ["rounds.workspace_id", "rounds.id"],
            name=op.f("fk_peer_groups_workspace_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_peer_groups_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_groups")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_peer_groups_workspace_id_id")),
    )
    with op.batch_alter_table("peer_groups", schema=None) as batch_op:
        batch_op.create_index("ix_peer_groups_round", ["workspace_id", "round_id"], unique=False)

    op.create_table(
        "seats",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "group_id"],
            ["peer_groups.workspace_id", "peer_groups.id"],
            name=op.f("fk_seats_workspace_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            name=op.f("fk_seats_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "round_id"],
            ["rounds.workspace_id", "rounds.id"],
            name=op.f("fk_seats_workspace_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_seats_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_seats_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id", "round_id", "member_id", name=op.f("uq_seats_workspace_id_round_id_member_id")
        ),
    )
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.create_index("ix_seats_member", ["workspace_id", "member_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("no_introductions")
    op.drop_table("introductions")
    op.drop_table("digest_lines")
    op.drop_table("preferences")
    op.drop_table("seats")
    op.drop_table("peer_groups")
    op.drop_table("peers")
    op.drop_table("rounds")
