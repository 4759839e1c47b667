"""The database as the referee: one live pair of two people and one from a yes, and a hold for each side."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HOLDS = ("mentee_hold_until", "mentor_hold_until")
LIVE = sa.text("state IN ('active','asleep')")
NOT_UNDONE = sa.text("state <> 'undone'")
ENDED_AT = sa.text("state <> 'ended' OR ended_at IS NOT NULL")
STOPPED_BY = sa.text("state NOT IN ('active','asleep') OR (ended_at IS NULL) = (ended_by IS NULL)")
CHECKS = {"ended_at_a_moment": ENDED_AT, "stopped_by_somebody": STOPPED_BY}
LEFT = sa.text("left_settled_at IS NULL OR left_at IS NOT NULL")
MOMENTS = ("remind_at", "soon_at", "ask_at", "ask_mentor_at")
HANGING: dict[str, tuple[tuple[str, ...], dict[str, str | None]]] = {
    "meetings": (("planned",), {"state": "cancelled"} | dict.fromkeys(MOMENTS)),
    "checkins": (("planned", "asked"), {"state": "let_go"}),
    "milestones": (("open",), {"due_at": None}),
    "agreements": (("proposed",), {"nudge_at": None}),
    "introductions": (("drafted", "asked", "agreed", "declined"), {"state": "dropped", "due_at": None}),
}
POSTS = ("post", "open_group", "post_to")


def upgrade() -> None:
    """Go forward; of two live pairs of the same two the one awake stays, else the earlier. What was torn is mended."""
    _mend()
    with op.batch_alter_table("profiles", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_profiles_left_before_it_settled"), LEFT)
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("couple", sa.Text(), nullable=True))
        for name in HOLDS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    _name_couples()
    _let_go()
    _give_holds()
    _let_the_database_judge()


def _mend() -> None:
    op.execute("UPDATE profiles SET left_settled_at = NULL WHERE left_at IS NULL")
    op.execute("UPDATE relationships SET ended_at = started_at WHERE state = 'ended' AND ended_at IS NULL")
    op.execute(
        "UPDATE relationships SET ended_at = NULL, ended_by = NULL, ending = '' "
        "WHERE state IN ('active','asleep') AND (ended_at IS NULL OR ended_by IS NULL)"
    )


def _name_couples() -> None:
    op.execute(
        "UPDATE relationships SET couple = CASE WHEN mentee_id < mentor_id "
        "THEN mentee_id || ' ' || mentor_id ELSE mentor_id || ' ' || mentee_id END"
    )
    op.execute(
        "UPDATE relationships SET state = 'undone' WHERE state IN ('active','asleep') AND EXISTS ("
        "SELECT 1 FROM relationships AS earlier WHERE earlier.workspace_id = relationships.workspace_id "
        "AND earlier.couple = relationships.couple AND earlier.state IN ('active','asleep') "
        "AND (earlier.state < relationships.state OR earlier.state = relationships.state "
        "AND earlier.id < relationships.id))"
    )
    held = sa.text(
        "SELECT count(*) FROM relationships WHERE relationships.workspace_id = profiles.workspace_id "
        "AND relationships.mentor_id = profiles.member_id AND relationships.state = 'active'"
    )
    op.execute(f"UPDATE profiles SET taken = ({held}) WHERE taken > ({held})")  # noqa: S608  (our own words)


def _let_go() -> None:
    """What hangs on a pair that was undone waits for nothing any more; what was met, said and signed stays."""
    pairs = _rows_of("relationships", "id", "state")
    undone = sa.select(pairs.c.id).where(pairs.c.state == "undone")
    subjects = [undone]
    for name, (states, values) in HANGING.items():
        rows = _rows_of(name, "id", "relationship_id", "state", *(values.keys() - {"state"}))
        hangs = rows.c.relationship_id.in_(undone)
        op.execute(rows.update().where(hangs, rows.c.state.in_(states)).values(values))
        subjects.append(sa.select(rows.c.id).where(hangs))
    _owe_nothing_about(sa.union_all(*subjects))


def _owe_nothing_about(subjects: sa.CompoundSelect[tuple[str]]) -> None:
    """Drop what nobody has begun to send, as of when it was owed; an update of what was sent says how it stands."""
    owed = _rows_of("outbox", "subject_id", "state", "op", "reason", "payload", "created_at", "done_at")
    dropped = {"state": "dropped", "reason": "no longer true", "payload": None, "done_at": owed.c.created_at}
    is_owed = sa.and_(owed.c.state == "pending", owed.c.op.in_(POSTS))
    op.execute(owed.update().where(is_owed, owed.c.subject_id.in_(subjects)).values(dropped))


def _rows_of(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns))


def _give_holds() -> None:
    """A hold that is nobody's leave is the own of whoever made it."""
    leave = sa.text(
        "SELECT 1 FROM preferences WHERE preferences.workspace_id = relationships.workspace_id "
        "AND preferences.member_id = relationships.away_by AND preferences.away_until = relationships.away_until"
    )
    for side in ("mentee", "mentor"):
        op.execute(
            f"UPDATE relationships SET {side}_hold_until = away_until "  # noqa: S608  (our own words)
            f"WHERE away_by = {side}_id AND NOT EXISTS ({leave})"
        )


def _let_the_database_judge() -> None:
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.alter_column("couple", existing_type=sa.Text(), nullable=False)
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_relationships_{name}"), condition)
        batch_op.drop_index("one_active_pair", sqlite_where=LIVE, postgresql_where=LIVE)
        _unique(batch_op, "one_active_pair", ["workspace_id", "couple"], LIVE)
        _unique(batch_op, "one_pair_an_ask", ["workspace_id", "ask_id"], NOT_UNDONE)


def downgrade() -> None:
    """Go back; of two holds the longer one stays, as it always did."""
    with op.batch_alter_table("relationships", schema=None) as batch_op:
        batch_op.drop_index("one_pair_an_ask", sqlite_where=NOT_UNDONE, postgresql_where=NOT_UNDONE)
        batch_op.drop_index("one_active_pair", sqlite_where=LIVE, postgresql_where=LIVE)
        _unique(batch_op, "one_active_pair", ["workspace_id", "mentee_id", "mentor_id"], LIVE)
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_relationships_{name}"), type_="check")
        for name in ("couple", *HOLDS):
            batch_op.drop_column(name)
    with op.batch_alter_table("profiles", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_profiles_left_before_it_settled"), type_="check")


def _unique(batch_op: BatchOperations, name: str, columns: list[str], where: sa.TextClause) -> None:
    batch_op.create_index(name, columns, unique=True, sqlite_where=where, postgresql_where=where)
