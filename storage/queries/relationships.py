"""Who is paired with whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from storage.database import Tx
from storage.models.relationships import Relationship, RelationshipState


def by_id(tx: Tx, relationship_id: str) -> Relationship | None:
    """The relationship with this id, if it is one of this workspace."""
    return tx.session.scalar(
        select(Relationship).where(Relationship.workspace_id == tx.workspace_id, Relationship.id == relationship_id)
    )


def by_ask(tx: Tx, ask_id: str) -> Relationship | None:
    """The latest relationship that grew from this ask."""
    return tx.session.scalar(
        select(Relationship)
        .where(Relationship.workspace_id == tx.workspace_id, Relationship.ask_id == ask_id)
        .order_by(Relationship.started_at.desc(), Relationship.id.desc())
        .limit(1)
    )


def active_of(tx: Tx, member_id: str) -> list[Relationship]:
    """Every active pair a member is in, on either side, oldest first."""
    found = tx.session.scalars(
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state == RelationshipState.ACTIVE,
            or_(Relationship.mentee_id == member_id, Relationship.mentor_id == member_id),
        )
        .order_by(Relationship.started_at, Relationship.id)
    )
    return list(found)


def live_of(tx: Tx, member_id: str) -> list[Relationship]:
    """Every pair a member is in that has not ended, asleep or awake, oldest first."""
    found = tx.session.scalars(
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state.in_((RelationshipState.ACTIVE, RelationshipState.ASLEEP)),
            or_(Relationship.mentee_id == member_id, Relationship.mentor_id == member_id),
        )
        .order_by(Relationship.started_at, Relationship.id)
    )
    return list(found)


def write(tx: Tx, relationship_id: str, values: Mapping[str, Any]) -> None:
    """Write plain facts on a pair that carry no race."""
    tx.session.execute(
        update(Relationship)
        .where(Relationship.workspace_id == tx.workspace_id, Relationship.id == relationship_id)
        .values(**values)
    )


def move(tx: Tx, relationship_id: str, from_states: Sequence[RelationshipState], values: Mapping[str, Any]) -> bool:
    """Change a pair only if it still stands where the caller thinks; False if it moved meanwhile."""
    done = tx.session.execute(
        update(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.id == relationship_id,
            Relationship.state.in_(from_states),
        )
        .values(**values)
        .returning(Relationship.id)
    )
    return done.first() is not None


def all_active(tx: Tx, limit: int) -> Sequence[Relationship]:
    """Active pairs, newest first, for the organisers' list of states."""
    return tx.session.scalars(
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state == RelationshipState.ACTIVE,
        )
        .order_by(Relationship.started_at.desc(), Relationship.id)
        .limit(limit)
    ).all()


def active_count(tx: Tx) -> int:
    """How many pairs are active."""
    return (
        tx.session.scalar(
            select(func.count())
            .select_from(Relationship)
            .where(
                Relationship.workspace_id == tx.workspace_id,
                Relationship.state == RelationshipState.ACTIVE,
            )
        )
        or 0
    )


def close(tx: Tx, relationship_id: str, state: RelationshipState, ended_at: datetime) -> bool:
    """Move an active pair to an end; False if somebody was quicker."""
    done = tx.session.execute(
        update(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.id == relationship_id,
            Relationship.state == RelationshipState.ACTIVE,
        )
        .values(state=state, ended_at=ended_at)
        .returning(Relationship.id)
    )
    return done.first() is not None
