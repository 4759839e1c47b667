"""What moments are reckoned from: when a message was wanted, and the zone somebody's own moments were reckoned in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; what was owed before keeps the moment it has, and is put off to own hours when it is sent."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_from", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back; moments stay where they are."""
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("moved_from")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("wanted_at")
