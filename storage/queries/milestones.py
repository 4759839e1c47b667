"""Days pairs have marked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.milestones import Milestone, MilestoneState
from storage.models.relationships import LIVE_STATES, Relationship
from storage.queries.asking import earliest
from storage.queries.known import FEW
from storage.queries.locks import unheld


def by_id(tx: Tx, milestone_id: str) -> Milestone | None:
    """The milestone with this id, if it is one of this workspace, as the database has it now."""
    return tx.session.scalar(
        select(Milestone)
        .where(Milestone.workspace_id == tx.workspace_id, Milestone.id == milestone_id)
        .execution_options(populate_existing=True)
    )


def add(tx: Tx, pair_id: str, set_by: str, title: str, on_day: date, due_at: datetime | None) -> str:
    """Write a milestone down with its title sealed; gives its id."""
    row_id = new_id()
    row = Milestone(
        id=row_id,
        workspace_id=tx.workspace_id,
        relationship_id=pair_id,
        set_by=set_by,
        set_at=tx.now,
        title=tx.vault.seal(title, _place(tx, row_id)),
        on_day=on_day,
        due_at=due_at,
    )
    tx.session.add(row)
    tx.session.flush()
    return row_id


def of_pair(tx: Tx, pair_id: str) -> list[Milestone]:
    """A pair's milestones that were not let go, by their day."""
    found = tx.session.scalars(
        select(Milestone)
        .where(
            Milestone.workspace_id == tx.workspace_id,
            Milestone.relationship_id == pair_id,
            Milestone.state != MilestoneState.DROPPED,
        )
        .order_by(Milestone.on_day, Milestone.set_at, Milestone.id)
        .execution_options(populate_existing=True)
    )
    return list(found)


def title_of(tx: Tx, row: Milestone) -> str:
    """What the two called it."""
    return tx.vault.open(row.title, _place(tx, row.id))


def move(
    tx: Tx, milestone_id: str, version: int, from_states: Sequence[MilestoneState], values: Mapping[str, Any]
) -> bool:
    """Change a milestone only if it stands as the caller saw it; False if it moved meanwhile."""
    done = tx.session.execute(
        update(Milestone)
        .where(
            Milestone.workspace_id == tx.workspace_id,
            Milestone.id == milestone_id,
            Milestone.version == version,
            Milestone.state.in_(from_states),
        )
        .values(**values)
        .returning(Milestone.id)
    )
    return done.first() is not None


def set_due(tx: Tx, milestone_id: str, due_at: datetime | None) -> None:
    """Put the moment elsewhere, or clear it once it is dealt with."""
    tx.session.execute(
        update(Milestone)
        .where(Milestone.workspace_id == tx.workspace_id, Milestone.id == milestone_id)
        .values(due_at=due_at)
    )


next_due = earliest(Milestone.due_at, Milestone.state == MilestoneState.OPEN)
"""When the next marked day comes."""


def due(tx: Tx) -> list[Milestone]:
    """Open milestones whose morning has come."""
    question = (
        select(Milestone)
        .where(
            Milestone.workspace_id == tx.workspace_id,
            Milestone.state == MilestoneState.OPEN,
            Milestone.due_at <= tx.now,
        )
        .order_by(Milestone.due_at, Milestone.id)
        .limit(FEW)
    )
    return list(tx.session.scalars(unheld(question)))


def ahead_of_mentee(tx: Tx, member_id: str) -> list[Milestone]:
    """Open milestones still to be told of, in live pairs where this member is the mentee."""
    return _in_live_pairs(
        tx, Relationship.mentee_id == member_id, Milestone.state == MilestoneState.OPEN, Milestone.due_at.is_not(None)
    )


def open_between(tx: Tx, member_id: str, first: date, last: date) -> list[Milestone]:
    """Open milestones of somebody's live pairs whose day is in this stretch, both ends in it."""
    days = (Milestone.on_day >= first, Milestone.on_day <= last)
    return _in_live_pairs(tx, _is_in(member_id), Milestone.state == MilestoneState.OPEN, *days)


def reached_since(tx: Tx, member_id: str, since: datetime) -> list[Milestone]:
    """Milestones of somebody's live pairs that were reached since a moment."""
    reached = (Milestone.state == MilestoneState.REACHED, Milestone.reached_at >= since)
    return _in_live_pairs(tx, _is_in(member_id), *reached)


def _is_in(member_id: str) -> ColumnElement[bool]:
    return or_(Relationship.mentee_id == member_id, Relationship.mentor_id == member_id)


def _in_live_pairs(tx: Tx, whose: ColumnElement[bool], *conditions: ColumnElement[bool]) -> list[Milestone]:
    found = tx.session.scalars(
        select(Milestone)
        .join(
            Relationship,
            (Relationship.workspace_id == Milestone.workspace_id) & (Relationship.id == Milestone.relationship_id),
        )
        .where(Milestone.workspace_id == tx.workspace_id, Relationship.state.in_(LIVE_STATES), whose, *conditions)
        .order_by(Milestone.on_day, Milestone.id)
    )
    return list(found)


def _place(tx: Tx, row_id: str) -> str:
    return f"milestones|title|{tx.workspace_id}|{row_id}"
