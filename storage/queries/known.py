"""Rows by their ids: what this transaction has in hand already is not asked for again."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import ARRAY, ColumnElement, Text, any_, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute
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
            select(model).where(model.workspace_id == tx.workspace_id, among(tx, model.id, sorted(missing)))
        )
        found.update((row.id, row) for row in read)
    return found


def among(tx: Tx, column: InstrumentedAttribute[str], ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether this is one of these ids; on PostgreSQL one list of them, so that for any number the sentence is one."""
    if tx.session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), ARRAY(Text)))
    return column.in_(ids)


def _in_hand(tx: Tx, model: type[Row], row_id: str) -> Row | None:
    """A row read before in this transaction, as it was read or written then; a select would change nothing about it."""
    row: Row | None = tx.session.identity_map.get(identity_key(model, row_id))
    return row if row is not None and row.workspace_id == tx.workspace_id else None
