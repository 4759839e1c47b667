"""Insert-if-absent, in the words of both databases."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models.base import Base


def insert_once(session: Session, model: type[Base], row: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    """Insert a row unless one with this unique key exists, without a key any one; True if it was ours."""
    return session.execute(_insert(_dialect(session), model, key, tells=True), row).first() is not None


def insert_all_once(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]
) -> None:
    """The same for many rows, all with the same columns."""
    if rows:
        session.execute(_insert(_dialect(session), model, key, tells=False), rows)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache
def _insert(dialect: str, model: type[Base], key: tuple[str, ...], *, tells: bool) -> Insert:
    """Built once a table: to build it costs more than to carry it out. `tells` gives back the id, if one went in."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Insert = insert(model.__table__).on_conflict_do_nothing(index_elements=list(key) or None)
    return statement.returning(*model.__table__.primary_key) if tells else statement
