"""Rows by their ids: what this transaction has in hand already is not asked for again."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm.util import identity_key

from storage.database import Tx
from storage.models.base import Owned

Row = TypeVar("Row", bound=Owned)
FEW = 10
"""How many rows a sweep takes in one transaction where each is a deed of its own: at most some tens of milliseconds."""
MANY = 500
"""How many it takes where one statement serves them all."""


def one(tx: Tx, model: type[Row], row_id: str) -> Row | None:
    """The row with this id, if it is one of this workspace."""
    return many(tx, model, [row_id]).get(row_id)


def many(tx: Tx, model: type[Row], row_ids: Iterable[str]) -> dict[str, Row]:
    """Rows keyed by id; unknown ids are simply absent."""
    wanted = set(row_ids)
    found = {row_id: row for row_id in wanted if (row := _in_hand(tx, model, row_id)) is not None}
    if missing := wanted - found.keys():
        read = tx.session.scalars(
            select(model).where(model.workspace_id == tx.workspace_id, model.id.in_(sorted(missing)))
        )
        found.update((row.id, row) for row in read)
    return found


def _in_hand(tx: Tx, model: type[Row], row_id: str) -> Row | None:
    """A row read before in this transaction, as it was read or written then; a select would change nothing about it."""
    row: Row | None = tx.session.identity_map.get(identity_key(model, row_id))
    return row if row is not None and row.workspace_id == tx.workspace_id else None
