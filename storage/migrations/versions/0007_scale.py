"""Indexes of what waits, so that asking for it costs the same in any crowd."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BEFORE = {
    "ix_agreements_nudge": ("agreements", ["workspace_id", "nudge_at"]),
    "ix_asks_due": ("asks", ["state", "due_at"]),
    "ix_checkins_due": ("checkins", ["workspace_id", "state", "due_at"]),
    "ix_introductions_due": ("introductions", ["workspace_id", "due_at"]),
    "ix_meetings_ask": ("meetings", ["workspace_id", "ask_at"]),
    "ix_meetings_ask_mentor": ("meetings", ["workspace_id", "ask_mentor_at"]),
    "ix_meetings_remind": ("meetings", ["workspace_id", "remind_at"]),
    "ix_meetings_soon": ("meetings", ["workspace_id", "soon_at"]),
    "ix_milestones_due": ("milestones", ["workspace_id", "due_at"]),
    "ix_preferences_digest": ("preferences", ["workspace_id", "next_digest_at"]),
    "ix_relationships_quiet": ("relationships", ["workspace_id", "quiet_at"]),
    "ix_searches_closing": ("searches", ["state", "closes_at"]),
}
WHOLE = {
    "ix_buckets_full": ("buckets", ["workspace_id", "full_at"]),
    "ix_checkins_member": ("checkins", ["workspace_id", "member_id", "state"]),
    "ix_introductions_pair": ("introductions", ["workspace_id", "relationship_id"]),
    "ix_seats_group": ("seats", ["workspace_id", "group_id"]),
}
WAITING = {
    "ix_agreements_nudge": ("agreements", "nudge_at", sa.text("state = 'proposed' AND nudge_at IS NOT NULL")),
    "ix_asks_declined": ("asks", "decided_at", sa.text("state = 'declined' AND settled_at IS NULL")),
    "ix_asks_due": ("asks", "due_at", sa.text("state = 'waiting' AND due_at IS NOT NULL")),
    "ix_asks_remind": ("asks", "remind_at", sa.text("state = 'waiting' AND remind_at IS NOT NULL")),
    "ix_checkins_due": ("checkins", "due_at", sa.text("state = 'planned'")),
    "ix_inbox_done": ("inbox", "received_at", sa.text("done_at IS NOT NULL")),
    "ix_introductions_due": (
        "introductions",
        "due_at",
        sa.text("state IN ('asked','declined') AND due_at IS NOT NULL"),
    ),
    "ix_introductions_unmade": ("introductions", "contact_id", sa.text("state IN ('drafted','agreed')")),
    "ix_meetings_ask": ("meetings", "ask_at", sa.text("state = 'planned' AND ask_at IS NOT NULL")),
    "ix_meetings_ask_mentor": ("meetings", "ask_mentor_at", sa.text("state = 'planned' AND ask_mentor_at IS NOT NULL")),
    "ix_meetings_remind": ("meetings", "remind_at", sa.text("state = 'planned' AND remind_at IS NOT NULL")),
    "ix_meetings_soon": ("meetings", "soon_at", sa.text("state = 'planned' AND soon_at IS NOT NULL")),
    "ix_members_moved": ("members", "moved_at", sa.text("moved_at IS NOT NULL")),
    "ix_milestones_due": ("milestones", "due_at", sa.text("state = 'open' AND due_at IS NOT NULL")),
    "ix_outbox_unmade": (
        "outbox",
        "subject_id",
        sa.text("kind = 'introductions.made' AND state IN ('pending','dropped')"),
    ),
    "ix_peer_groups_dissolved": ("peer_groups", "round_id", sa.text("dissolved_at IS NOT NULL")),
    "ix_peers_here": ("peers", "member_id", sa.text("left_at IS NULL")),
    "ix_preferences_away": ("preferences", "away_until", sa.text("away_until IS NOT NULL")),
    "ix_preferences_digest": ("preferences", "next_digest_at", sa.text("next_digest_at IS NOT NULL")),
    "ix_profiles_leaving": ("profiles", "left_at", sa.text("left_settled_at IS NULL AND left_at IS NOT NULL")),
    "ix_relationships_away": (
        "relationships",
        "away_until",
        sa.text("state IN ('active','asleep') AND away_until IS NOT NULL"),
    ),
    "ix_relationships_closing": (
        "relationships",
        "closing_at",
        sa.text("state IN ('active','asleep') AND closing_at IS NOT NULL"),
    ),
    "ix_relationships_plan": ("relationships", "plan_at", sa.text("state = 'active' AND plan_at IS NOT NULL")),
    "ix_relationships_quiet": (
        "relationships",
        "quiet_at",
        sa.text("state IN ('active','asleep') AND quiet_at IS NOT NULL"),
    ),
    "ix_relationships_stop": (
        "relationships",
        "ended_at",
        sa.text("state IN ('active','asleep') AND ended_at IS NOT NULL"),
    ),
    "ix_relationships_term": (
        "relationships",
        "term_ends_at",
        sa.text("state IN ('active','asleep') AND term_ends_at IS NOT NULL"),
    ),
    "ix_searches_withdrawn": ("searches", "ended_at", sa.text("state = 'withdrawn' AND settled_at IS NULL")),
}
PEOPLE = {
    "ix_members_gone": (["workspace_id", "id"], "is_gone"),
    "ix_members_owner": (["workspace_id"], "is_primary_owner"),
}


def upgrade() -> None:
    """Go forward; no row changes."""
    for name, (table, _) in BEFORE.items():
        op.drop_index(name, table)
    for name, (table, columns) in WHOLE.items():
        op.create_index(name, table, columns)
    for name, (table, column, where) in WAITING.items():
        _partial(name, table, ["workspace_id", column], where, where)
    for name, (columns, flag) in PEOPLE.items():
        _partial(name, "members", columns, sa.text(f"{flag} = 1"), sa.text(flag))


def _partial(name: str, table: str, columns: list[str], on_sqlite: sa.TextClause, on_postgres: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=on_sqlite, postgresql_where=on_postgres)


def downgrade() -> None:
    """Go back to indexes of whole columns."""
    for name in PEOPLE:
        op.drop_index(name, "members")
    for name, (table, *_) in (WAITING | WHOLE).items():
        op.drop_index(name, table)
    for name, (table, columns) in BEFORE.items():
        op.create_index(name, table, columns)
