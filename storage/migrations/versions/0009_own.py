"""Indexes of whose a row is, so that what one person opens costs the same in any crowd."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OWN = {
    "ix_introductions_mentee": ("introductions", ["workspace_id", "mentee_id", "state"]),
    "ix_introductions_mentor": ("introductions", ["workspace_id", "mentor_id", "state"]),
    "ix_never_with_other": ("never_with", ["workspace_id", "other_id"]),
    "ix_relationships_mentee": ("relationships", ["workspace_id", "mentee_id", "state"]),
    "ix_searches_mentee": ("searches", ["workspace_id", "mentee_id", "state"]),
}


def upgrade() -> None:
    """Go forward; no row changes."""
    for name, (table, columns) in OWN.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Go back; no row changes."""
    for name, (table, _) in OWN.items():
        op.drop_index(name, table)
