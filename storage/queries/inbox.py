"""What came in already.

A key names what somebody pressed, and so what they think: only its fingerprint is kept.
"""

from datetime import datetime

from sqlalchemy import delete, select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.inbox import InboxRow
from storage.queries.once import insert_once


def take_in(tx: Tx, key: str, payload: str | None = None) -> bool:
    """Write a delivery down; False if this very one came before. `payload` is sealed, and kept until done."""
    row_id = new_id()
    sealed = tx.vault.seal(payload, _place(tx, row_id)) if payload is not None else None
    row = {
        "id": row_id,
        "workspace_id": tx.workspace_id,
        "key": tx.vault.fingerprint(key),
        "received_at": tx.now,
        "payload": sealed,
        "done_at": None if payload is not None else tx.now,
    }
    return insert_once(tx.session, InboxRow, row, ("workspace_id", "key"))


def finish(tx: Tx, key: str, result: str | None = None) -> None:
    """Mark a delivery as dealt with; its payload is forgotten, its result sealed and kept for a redelivery."""
    row_id = tx.session.scalar(
        select(InboxRow.id).where(InboxRow.workspace_id == tx.workspace_id, InboxRow.key == tx.vault.fingerprint(key))
    )
    if row_id is None:
        return
    sealed = tx.vault.seal(result, _result_place(tx, row_id)) if result is not None else None
    tx.session.execute(
        update(InboxRow)
        .where(InboxRow.workspace_id == tx.workspace_id, InboxRow.id == row_id)
        .values(done_at=tx.now, payload=None, result=sealed)
    )


def result_of(tx: Tx, key: str) -> str | None:
    """What was answered when this delivery came the first time."""
    row = tx.session.scalar(
        select(InboxRow).where(InboxRow.workspace_id == tx.workspace_id, InboxRow.key == tx.vault.fingerprint(key))
    )
    return tx.vault.open(row.result, _result_place(tx, row.id)) if row and row.result else None


def unfinished(tx: Tx) -> list[str]:
    """What was acked but never dealt with, oldest first."""
    rows = tx.session.scalars(
        select(InboxRow)
        .where(InboxRow.workspace_id == tx.workspace_id, InboxRow.done_at.is_(None))
        .order_by(InboxRow.received_at)
    )
    return [tx.vault.open(row.payload, _place(tx, row.id)) for row in rows if row.payload]


def forget_before(tx: Tx, moment: datetime) -> None:
    """Drop finished deliveries older than any redelivery can be."""
    tx.session.execute(
        delete(InboxRow).where(
            InboxRow.workspace_id == tx.workspace_id,
            InboxRow.done_at.is_not(None),
            InboxRow.received_at < moment,
        )
    )


def _place(tx: Tx, row_id: str) -> str:
    return f"inbox|payload|{tx.workspace_id}|{row_id}"


def _result_place(tx: Tx, row_id: str) -> str:
    return f"inbox|result|{tx.workspace_id}|{row_id}"
