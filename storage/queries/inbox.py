"""What came in already.

A key names what somebody pressed, and so what they think: only its fingerprint is kept.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.database import Tx
from storage.models.base import new_id
from storage.models.inbox import InboxRow
from storage.queries.asking import HERE, Question, earliest
from storage.queries.once import insert_once
from storage.vault import UnreadableError

BATCH = 50
UNREADABLE = "{}"
_THIS = select(InboxRow).where(InboxRow.workspace_id == HERE, InboxRow.key == bindparam("print"))
_DONE = (
    update(InboxRow)
    .where(InboxRow.workspace_id == HERE, InboxRow.key == bindparam("print"))
    .values(done_at=bindparam("now"), payload=None)
    .execution_options(synchronize_session=False)
)
_ANSWERED = (
    update(InboxRow)
    .where(InboxRow.workspace_id == HERE, InboxRow.id == bindparam("row_id"))
    .values(result=bindparam("sealed"))
    .execution_options(synchronize_session=False)
)


def take_in(tx: Tx, key: str, payload: str | None = None) -> str | None:
    """Write a delivery down; its id, None if this very one came before. `payload` is sealed, and kept until done."""
    row_id = new_id()
    sealed = tx.vault.seal(payload, _place(tx, row_id)) if payload is not None else None
    row = {
        "id": row_id,
        "workspace_id": tx.workspace_id,
        "key": tx.vault.fingerprint(key),
        "received_at": tx.now,
        "payload": sealed,
        "done_at": None if payload is not None else tx.now,
        "attempts": 0,
    }
    return row_id if insert_once(tx.session, InboxRow, row, ("workspace_id", "key")) else None


def finish(tx: Tx, key: str) -> None:
    """Mark a delivery whose payload was kept as dealt with; the payload is forgotten."""
    tx.session.execute(_DONE, tx.given(print=tx.vault.fingerprint(key), now=tx.now))


def keep_result(tx: Tx, row_id: str, result: str) -> None:
    """Seal what was answered, for when this delivery comes again."""
    sealed = tx.vault.seal(result, _result_place(tx, row_id))
    tx.session.execute(_ANSWERED, tx.given(row_id=row_id, sealed=sealed))


def result_of(tx: Tx, key: str) -> str | None:
    """What was answered when this delivery came the first time."""
    row = tx.session.scalar(_THIS, tx.given(print=tx.vault.fingerprint(key)))
    return tx.vault.open(row.result, _result_place(tx, row.id)) if row and row.result else None


def is_open(tx: Tx, key: str) -> bool:
    """Whether a delivery that was written down still waits for its work; locked until this transaction ends."""
    row = tx.session.scalar(_THIS.with_for_update(), tx.given(print=tx.vault.fingerprint(key)))
    return row is None or row.done_at is None


def take_up(tx: Tx, before: Sequence[datetime]) -> list[str]:
    """Take in hand what was acknowledged and never dealt with, longest ago first; nobody else gets it too.

    What was tried so many times is due if it came, or was last tried, before the moment at that place.
    """
    tried = (and_(InboxRow.attempts == number, InboxRow.received_at <= at) for number, at in enumerate(before))
    rows = _unfinished(tx, or_(*tried))
    for row in rows:
        _write(tx, row, {"attempts": row.attempts + 1, "received_at": tx.now})
    return _opened(tx, rows)


def set_aside(tx: Tx, tries: int, before: datetime) -> list[str]:
    """Give up what failed so often, the last time before a moment; what it was, since now its words are forgotten."""
    rows = _unfinished(tx, InboxRow.attempts >= tries, InboxRow.received_at <= before)
    for row in rows:
        _write(tx, row, {"done_at": tx.now, "payload": None})
    return _opened(tx, rows)


def _unfinished(tx: Tx, *conditions: ColumnElement[bool]) -> Sequence[InboxRow]:
    return tx.session.scalars(
        select(InboxRow)
        .where(InboxRow.workspace_id == tx.workspace_id, InboxRow.done_at.is_(None), *conditions)
        .order_by(InboxRow.received_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()


def _opened(tx: Tx, rows: Sequence[InboxRow]) -> list[str]:
    return [_open(tx, row, row.payload) for row in rows if row.payload is not None]


def _open(tx: Tx, row: InboxRow, payload: bytes) -> str:
    """What came; nothing of it where it was sealed with another key, which is no reason to try none of the others."""
    try:
        return tx.vault.open(payload, _place(tx, row.id))
    except UnreadableError:
        return UNREADABLE


def _write(tx: Tx, row: InboxRow, values: Mapping[str, Any]) -> None:
    tx.session.execute(
        update(InboxRow)
        .where(InboxRow.workspace_id == tx.workspace_id, InboxRow.id == row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def waiting(session: Session) -> int:
    """How many deliveries were acknowledged and still wait for their work, over all workspaces."""
    return session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.done_at.is_(None))) or 0


def next_forgotten(kept: timedelta) -> Question:
    """When the oldest delivery that was dealt with need not be remembered any more."""
    return earliest(InboxRow.received_at, InboxRow.done_at.is_not(None)).later(kept)


def forget_before(tx: Tx, moment: datetime, limit: int = 1000) -> int:
    """Drop finished deliveries older than any redelivery can be; how many."""
    oldest = (
        select(InboxRow.id)
        .where(
            InboxRow.workspace_id == tx.workspace_id,
            InboxRow.done_at.is_not(None),
            InboxRow.received_at < moment,
        )
        .order_by(InboxRow.received_at)
        .limit(limit)
    )
    gone = tx.session.scalars(
        delete(InboxRow)
        .where(InboxRow.workspace_id == tx.workspace_id, InboxRow.id.in_(oldest))
        .returning(InboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _place(tx: Tx, row_id: str) -> str:
    return f"inbox|payload|{tx.workspace_id}|{row_id}"


def _result_place(tx: Tx, row_id: str) -> str:
    return f"inbox|result|{tx.workspace_id}|{row_id}"
