"""Insert-if-absent, in the words of both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models.base import Base


def insert_once(session: Session, model: type[Base], row: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    """Insert a row unless one with this unique key exists, without a key any one; True if it was ours."""
    statement = _insert(session, model, key).values(**row)
    return session.execute(statement.returning(*model.__table__.primary_key)).first() is not None


def insert_all_once(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]
) -> None:
    """The same for many rows, all with the same columns."""
    if rows:
        session.execute(_insert(session, model, key), rows)


def _insert(session: Session, model: type[Base], key: tuple[str, ...]) -> Insert:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: Insert = insert(model.__table__).on_conflict_do_nothing(index_elements=list(key) or None)
    return statement
