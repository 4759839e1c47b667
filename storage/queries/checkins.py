"""Check-ins: planned, asked, answered, let go."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.queries import known
from storage.queries.asking import earliest
from storage.queries.locks import unheld
from storage.queries.once import insert_once

KEY = ("workspace_id", "relationship_id", "member_id", "kind", "number")
UNANSWERED = (CheckinState.PLANNED, CheckinState.ASKED)


def by_id(tx: Tx, checkin_id: str) -> Checkin | None:
    """The check-in with this id, if it is one of this workspace."""
    return known.one(tx, Checkin, checkin_id)


def of_side(tx: Tx, pair_id: str, member_id: str) -> list[Checkin]:
    """Every check-in of one side of a pair, by its day."""
    return _found(tx, Checkin.relationship_id == pair_id, Checkin.member_id == member_id)


def waiting_on(tx: Tx, member_id: str) -> list[Checkin]:
    """What one person was asked and has not answered, over all their pairs."""
    return _found(tx, Checkin.member_id == member_id, Checkin.state == CheckinState.ASKED)


def planned_of(tx: Tx, member_id: str) -> list[Checkin]:
    """What one person is still to be asked, over all their pairs."""
    return _found(tx, Checkin.member_id == member_id, Checkin.state == CheckinState.PLANNED, Checkin.due_at > tx.now)


def unanswered_of(tx: Tx, pair_id: str) -> list[Checkin]:
    """What both sides of a pair have not answered, planned or asked."""
    return _found(tx, Checkin.relationship_id == pair_id, Checkin.state.in_(UNANSWERED))


def due(tx: Tx) -> list[Checkin]:
    """Check-ins whose day has come; at the same moment half-time comes after a pulse."""
    question = _question(tx, Checkin.state == CheckinState.PLANNED, Checkin.due_at <= tx.now).limit(known.MANY)
    return list(tx.session.scalars(unheld(question)))


def asked_of(tx: Tx, pair_ids: Iterable[str]) -> list[Checkin]:
    """What either side of these pairs was asked and has not answered."""
    return _found(tx, Checkin.relationship_id.in_(list(pair_ids)), Checkin.state == CheckinState.ASKED)


def _found(tx: Tx, *conditions: ColumnElement[bool]) -> list[Checkin]:
    return list(tx.session.scalars(_question(tx, *conditions)))


def _question(tx: Tx, *conditions: ColumnElement[bool]) -> Select[Checkin]:
    return (
        select(Checkin)
        .where(Checkin.workspace_id == tx.workspace_id, *conditions)
        .order_by(Checkin.due_at, Checkin.kind.desc(), Checkin.id)
    )


def ask_all(tx: Tx, checkin_ids: Sequence[str]) -> frozenset[str]:
    """Mark planned check-ins as asked; those that still were."""
    done = tx.session.scalars(
        update(Checkin)
        .where(
            Checkin.workspace_id == tx.workspace_id,
            Checkin.id.in_(checkin_ids),
            Checkin.state == CheckinState.PLANNED,
        )
        .values(state=CheckinState.ASKED, asked_at=tx.now)
        .returning(Checkin.id)
        .execution_options(synchronize_session=False)
    )
    return frozenset(done)


next_due = earliest(Checkin.due_at, Checkin.state == CheckinState.PLANNED)
"""When the next planned check-in falls due."""


def plan(tx: Tx, pair_id: str, member_id: str, kind: CheckinKind, number: int, due_at: datetime) -> None:
    """Plan a check-in once; one planned or let go and never asked is moved to this day instead."""
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "relationship_id": pair_id,
        "member_id": member_id,
        "kind": kind,
        "number": number,
        "due_at": due_at,
        "state": CheckinState.PLANNED,
        "step": 0,
    }
    if not insert_once(tx.session, Checkin, row, KEY):
        _plan_anew(tx, row)


def _plan_anew(tx: Tx, row: Mapping[str, Any]) -> None:
    tx.session.execute(
        update(Checkin)
        .where(
            Checkin.workspace_id == tx.workspace_id,
            Checkin.relationship_id == row["relationship_id"],
            Checkin.member_id == row["member_id"],
            Checkin.kind == row["kind"],
            Checkin.number == row["number"],
            Checkin.state.in_((CheckinState.PLANNED, CheckinState.LET_GO)),
            Checkin.asked_at.is_(None),
        )
        .values(due_at=row["due_at"], state=CheckinState.PLANNED)
    )


def move(tx: Tx, row: Checkin, from_states: Sequence[CheckinState], **values: Any) -> bool:
    """Change a check-in that still stands where the caller thinks; False if it moved meanwhile."""
    return _change(tx, row, Checkin.state.in_(from_states), values)


def keep_tap(tx: Tx, row: Checkin, step: int, answers: Mapping[Any, str], **values: Any) -> bool:
    """Seal the answers and go on from this step, once; False if the step was answered already, or nothing is asked."""
    sealed = tx.vault.seal(json.dumps(dict(answers)), _place(tx, "taps", row.id))
    is_here = (Checkin.state == CheckinState.ASKED) & (Checkin.step == step)
    return _change(tx, row, is_here, {"step": step + 1, "taps": sealed} | values)


def _change(tx: Tx, row: Checkin, condition: ColumnElement[bool], values: Mapping[str, Any]) -> bool:
    done = tx.session.execute(
        update(Checkin)
        .where(Checkin.workspace_id == tx.workspace_id, Checkin.id == row.id, condition)
        .values(**values)
        .returning(Checkin.id)
        .execution_options(synchronize_session=False)
    )
    changed = done.first() is not None
    tx.session.refresh(row)
    return changed


def answers_of(tx: Tx, row: Checkin) -> dict[str, str]:
    """What was answered so far, by question."""
    if row.taps is None:
        return {}
    answers: dict[str, str] = json.loads(tx.vault.open(row.taps, _place(tx, "taps", row.id)))
    return answers


def write_reflection(tx: Tx, row: Checkin, words: str) -> None:
    """Seal a reflection and keep it with its check-in; no words take it away."""
    sealed = tx.vault.seal(words, _place(tx, "reflection", row.id)) if words else None
    tx.session.execute(
        update(Checkin).where(Checkin.workspace_id == tx.workspace_id, Checkin.id == row.id).values(reflection=sealed)
    )
    tx.session.refresh(row)


def reflection_of(tx: Tx, row: Checkin) -> str:
    """What was written; empty if nothing."""
    return "" if row.reflection is None else tx.vault.open(row.reflection, _place(tx, "reflection", row.id))


def counts(tx: Tx) -> list[tuple[str, int, int, int]]:
    """(kind, people asked, check-ins asked, check-ins answered), no word and no name with them."""
    found = tx.session.execute(
        select(
            Checkin.kind,
            func.count(Checkin.member_id.distinct()),
            func.count(Checkin.asked_at),
            func.count(Checkin.answered_at),
        )
        .where(Checkin.workspace_id == tx.workspace_id, Checkin.asked_at.is_not(None))
        .group_by(Checkin.kind)
        .order_by(Checkin.kind)
    )
    return [(kind, people, asked, answered) for kind, people, asked, answered in found]


def _place(tx: Tx, column: str, checkin_id: str) -> str:
    return f"checkins|{column}|{tx.workspace_id}|{checkin_id}"
