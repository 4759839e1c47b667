"""What pairs agreed on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select, update

from storage.database import Tx
from storage.models.agreements import Agreement, AgreementState
from storage.models.base import new_id
from storage.queries.asking import earliest
from storage.queries.known import FEW
from storage.queries.locks import unheld
from storage.queries.once import insert_once

Signature = Literal["mentee_signed_at", "mentor_signed_at"]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A version to be written down, with its proposer's signature on it."""

    pair_id: str
    version: int
    proposed_by: str
    signature: Signature
    rhythm: str
    minutes: int
    method: str
    reply_days: int
    ends_on: date
    goal: str = field(repr=False)
    boundaries: str = field(repr=False)
    terms: str
    nudge_at: datetime


def signed_of(tx: Tx, pair_id: str) -> Agreement | None:
    """The version that holds, if one does."""
    return _in_state(tx, pair_id, AgreementState.SIGNED)


def proposed_of(tx: Tx, pair_id: str) -> Agreement | None:
    """The version that waits for a signature, if one does."""
    return _in_state(tx, pair_id, AgreementState.PROPOSED)


def _in_state(tx: Tx, pair_id: str, state: AgreementState) -> Agreement | None:
    return tx.session.scalar(
        select(Agreement).where(
            Agreement.workspace_id == tx.workspace_id,
            Agreement.relationship_id == pair_id,
            Agreement.state == state,
        )
    )


def by_id(tx: Tx, agreement_id: str) -> Agreement | None:
    """The version with this id, if it is one of this workspace."""
    return tx.session.scalar(
        select(Agreement)
        .where(Agreement.workspace_id == tx.workspace_id, Agreement.id == agreement_id)
        .execution_options(populate_existing=True)
    )


def versions_of(tx: Tx, pair_id: str) -> list[Agreement]:
    """Every version of a pair's agreement as the database has it now, newest first."""
    found = tx.session.scalars(
        select(Agreement)
        .where(Agreement.workspace_id == tx.workspace_id, Agreement.relationship_id == pair_id)
        .order_by(Agreement.version.desc())
        .execution_options(populate_existing=True)
    )
    return list(found)


def propose(tx: Tx, proposed: Proposed) -> str | None:
    """Write a version down unless another waits already; gives its id, None where somebody was quicker."""
    row_id = new_id()
    sealed = {
        "goal": tx.vault.seal(proposed.goal, _place(tx, "goal", row_id)),
        "boundaries": tx.vault.seal(proposed.boundaries, _place(tx, "boundaries", row_id)),
    }
    row: dict[str, Any] = {
        "id": row_id,
        "workspace_id": tx.workspace_id,
        "relationship_id": proposed.pair_id,
        "proposed_at": tx.now,
        "state": AgreementState.PROPOSED,
        proposed.signature: tx.now,
    }
    plain = ("version", "proposed_by", "rhythm", "minutes", "method", "reply_days", "ends_on", "terms", "nudge_at")
    row |= sealed | {name: getattr(proposed, name) for name in plain}
    return row_id if insert_once(tx.session, Agreement, row, ()) else None


def replace(tx: Tx, agreement_id: str) -> bool:
    """Take an unsigned version out of the way; False if it was signed or replaced meanwhile."""
    return _move(tx, agreement_id, {"state": AgreementState.REPLACED, "nudge_at": None})


def sign(tx: Tx, agreement_id: str, signature: Signature) -> bool:
    """Put the second signature on a version that waits, and with it take hold of it; False if it moved meanwhile."""
    return _move(tx, agreement_id, {signature: tx.now, "nudge_at": None})


def hold(tx: Tx, row: Agreement) -> None:
    """From here on this version holds, and the one that held is past; only after `sign` has taken hold of it."""
    tx.session.execute(
        update(Agreement)
        .where(
            Agreement.workspace_id == tx.workspace_id,
            Agreement.relationship_id == row.relationship_id,
            Agreement.state == AgreementState.SIGNED,
        )
        .values(state=AgreementState.PAST)
    )
    _move(tx, row.id, {"state": AgreementState.SIGNED})


def _move(tx: Tx, agreement_id: str, values: dict[str, Any]) -> bool:
    done = tx.session.execute(
        update(Agreement)
        .where(
            Agreement.workspace_id == tx.workspace_id,
            Agreement.id == agreement_id,
            Agreement.state == AgreementState.PROPOSED,
        )
        .values(**values)
        .returning(Agreement.id)
    )
    return done.first() is not None


next_nudge = earliest(Agreement.nudge_at, Agreement.state == AgreementState.PROPOSED)
"""When the next unsigned version is to be brought up."""


def to_nudge(tx: Tx) -> list[Agreement]:
    """Unsigned versions whose moment has come."""
    question = (
        select(Agreement)
        .where(
            Agreement.workspace_id == tx.workspace_id,
            Agreement.state == AgreementState.PROPOSED,
            Agreement.nudge_at <= tx.now,
        )
        .order_by(Agreement.nudge_at, Agreement.id)
        .limit(FEW)
    )
    return list(tx.session.scalars(unheld(question)))


def set_nudge(tx: Tx, agreement_id: str, at: datetime | None) -> None:
    """Put the moment off, or clear it once it is dealt with."""
    tx.session.execute(
        update(Agreement)
        .where(Agreement.workspace_id == tx.workspace_id, Agreement.id == agreement_id)
        .values(nudge_at=at)
    )


def goal_of(tx: Tx, row: Agreement) -> str:
    """The goal as it was agreed on."""
    return tx.vault.open(row.goal, _place(tx, "goal", row.id))


def boundaries_of(tx: Tx, row: Agreement) -> str:
    """What the two would rather leave out; empty if nothing."""
    return "" if row.boundaries is None else tx.vault.open(row.boundaries, _place(tx, "boundaries", row.id))


def _place(tx: Tx, column: str, row_id: str) -> str:
    return f"agreements|{column}|{tx.workspace_id}|{row_id}"
