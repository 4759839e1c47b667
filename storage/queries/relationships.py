"""Who is paired with whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from storage.database import Tx
from storage.models.base import new_id
from storage.models.relationships import LIVE_STATES, NeverWith, Relationship, RelationshipState
from storage.queries import known
from storage.queries.asking import earliest
from storage.queries.known import FEW
from storage.queries.locks import held, unheld
from storage.queries.once import insert_once

IS_LIVE = Relationship.state.in_(LIVE_STATES)
IS_AWAKE = Relationship.state == RelationshipState.ACTIVE
GOES_ON = Relationship.ended_at.is_(None)


def by_id(tx: Tx, relationship_id: str) -> Relationship | None:
    """The relationship with this id, if it is one of this workspace."""
    return known.one(tx, Relationship, relationship_id)


def by_ids(tx: Tx, relationship_ids: Iterable[str]) -> dict[str, Relationship]:
    """Relationships keyed by id; unknown ids are simply absent."""
    return known.many(tx, Relationship, relationship_ids)


def hold(tx: Tx, relationship_id: str) -> Relationship | None:
    """The same as it stands now; nobody else changes anything of this pair until this transaction ends."""
    return tx.session.scalar(
        held(
            select(Relationship).where(Relationship.workspace_id == tx.workspace_id, Relationship.id == relationship_id)
        )
    )


def by_ask(tx: Tx, ask_id: str) -> Relationship | None:
    """The latest relationship that grew from this ask."""
    return tx.session.scalar(
        select(Relationship)
        .where(Relationship.workspace_id == tx.workspace_id, Relationship.ask_id == ask_id)
        .order_by(Relationship.started_at.desc(), Relationship.id.desc())
        .limit(1)
    )


def live_of(tx: Tx, member_id: str) -> list[Relationship]:
    """Every pair a member is in that has not ended, asleep or awake, oldest first."""
    found = tx.session.scalars(
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state.in_(LIVE_STATES),
            or_(Relationship.mentee_id == member_id, Relationship.mentor_id == member_id),
        )
        .order_by(Relationship.started_at, Relationship.id)
    )
    return list(found)


def write(tx: Tx, relationship_id: str, values: Mapping[str, Any]) -> None:
    """Write facts on a pair the caller holds."""
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


def all_live(tx: Tx, limit: int) -> Sequence[Relationship]:
    """Pairs that have not ended, newest first, for the organisers' list of states."""
    return tx.session.scalars(
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state.in_(LIVE_STATES),
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


def quiet_due(tx: Tx) -> list[Relationship]:
    """Live pairs whose next step of silence has come, longest first; one being stopped is left alone."""
    return _due(tx, Relationship.quiet_at, IS_LIVE)


def with_quiet_ahead(tx: Tx) -> list[Relationship]:
    """Live pairs that a step of silence waits for; held until this transaction ends."""
    question = (
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state.in_(LIVE_STATES),
            Relationship.quiet_at.is_not(None),
        )
        .order_by(Relationship.id)
    )
    return list(tx.session.scalars(held(question)))


def plan_due(tx: Tx) -> list[Relationship]:
    """Pairs to be asked whether a first meeting is planned."""
    return _due(tx, Relationship.plan_at, IS_AWAKE)


def closing_due(tx: Tx) -> list[Relationship]:
    """Pairs to be asked how they would like to go on."""
    return _due(tx, Relationship.closing_at, IS_LIVE)


def term_due(tx: Tx) -> list[Relationship]:
    """Live pairs whose term is over."""
    return _due(tx, Relationship.term_ends_at, IS_LIVE)


def _due(tx: Tx, column: InstrumentedAttribute[datetime | None], stands: ColumnElement[bool]) -> list[Relationship]:
    question = (
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            stands,
            GOES_ON,
            column <= tx.now,
        )
        .order_by(column, Relationship.id)
        .limit(FEW)
    )
    return list(tx.session.scalars(unheld(question)))


next_quiet = earliest(Relationship.quiet_at, GOES_ON, IS_LIVE)
"""When the next step of any pair's silence comes."""
next_plan = earliest(Relationship.plan_at, GOES_ON, IS_AWAKE)
"""When the next pair is asked whether a first meeting is planned."""
next_closing = earliest(Relationship.closing_at, GOES_ON, IS_LIVE)
"""When the next pair is asked how to go on."""
next_term = earliest(Relationship.term_ends_at, GOES_ON, IS_LIVE)
"""When the next term ends."""
next_stop = earliest(Relationship.ended_at, IS_LIVE)
"""When the earliest stop not yet carried out was asked for."""


def stopping(tx: Tx, asked_before: datetime) -> list[Relationship]:
    """Pairs somebody asked to stop, past the time for taking it back."""
    question = (
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state.in_(LIVE_STATES),
            Relationship.ended_at <= asked_before,
        )
        .order_by(Relationship.ended_at, Relationship.id)
        .limit(FEW)
    )
    return list(tx.session.scalars(unheld(question)))


def ended_count(tx: Tx, endings: Sequence[str], since: datetime) -> int:
    """How many pairs ended in one of these ways since a moment."""
    return (
        tx.session.scalar(
            select(func.count())
            .select_from(Relationship)
            .where(
                Relationship.workspace_id == tx.workspace_id,
                Relationship.state == RelationshipState.ENDED,
                Relationship.ending.in_(endings),
                Relationship.ended_at >= since,
            )
        )
        or 0
    )


def never_with(tx: Tx, member_id: str) -> set[str]:
    """Ids of everyone who is not to be paired with a member, whichever of the two said so."""
    rows = tx.session.execute(
        select(NeverWith.member_id, NeverWith.other_id).where(
            NeverWith.workspace_id == tx.workspace_id,
            or_(NeverWith.member_id == member_id, NeverWith.other_id == member_id),
        )
    )
    return {other if one == member_id else one for one, other in rows}


def note_never(tx: Tx, member_id: str, other_id: str) -> None:
    """Keep that a member would rather not be paired with another again."""
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "member_id": member_id,
        "other_id": other_id,
        "noted_at": tx.now,
    }
    insert_once(tx.session, NeverWith, row, ("workspace_id", "member_id", "other_id"))


def forget_never(tx: Tx, member_id: str, other_id: str) -> None:
    """Let go of it again."""
    tx.session.execute(
        delete(NeverWith).where(
            NeverWith.workspace_id == tx.workspace_id,
            NeverWith.member_id == member_id,
            NeverWith.other_id == other_id,
        )
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
