"""Insert-if-absent, in the words of both databases."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    FromClause,
    Insert,
    Select,
    Text,
    bindparam,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import KeyedColumnElement

from storage.models.base import Base

Lists: TypeAlias = Sequence[tuple[KeyedColumnElement[Any], Sequence[Any]]]


def insert_once(session: Session, model: type[Base], row: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    """Insert a row unless one with this unique key exists, without a key any one; True if it was ours."""
    return session.execute(_insert(_dialect(session).name, model, key, tells=True), row).first() is not None


def insert_all_once(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]
) -> None:
    """The same for many rows, all with the same columns: one statement, whose cost is the rows' and not the values'."""
    if rows:
        dialect = _dialect(session)
        names, question = _spread_out(dialect, model.__table__, rows)
        session.execute(_insert(dialect.name, model, key, tells=False).from_select(names, question))


def _dialect(session: Session) -> Dialect:
    return session.get_bind().dialect


def _spread_out(
    dialect: Dialect, table: FromClause, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[str], Select[*tuple[Any, ...]]]:
    """Many rows as one question: once what all of them share, and a list for each column in which they differ."""
    first = rows[0]
    apart = [name for name in first if name == "id" or any(row[name] != first[name] for row in rows)]
    shared = [name for name in first if name not in apart]
    same = [bindparam(name, first[name], table.c[name].type) for name in shared]
    lists = [(table.c[name], [row[name] for row in rows]) for name in apart]
    spread = _unnested(lists) if dialect.name == "postgresql" else _unpacked(dialect, lists)
    # Without a condition SQLite would take what follows for one of a join.
    return [*shared, *apart], select(*same, *spread).where(true())


def _unnested(lists: Lists) -> Iterable[ColumnElement[Any]]:
    values = [bindparam(column.key, some, ARRAY(column.type, dimensions=1)) for column, some in lists]
    names = [column.key for column, _ in lists]
    return func.unnest(*values).table_valued(*names, name="spread").render_derived().c


def _unpacked(dialect: Dialect, lists: Lists) -> Iterable[ColumnElement[Any]]:
    """From one text in JSON: SQLite knows no lists."""
    written = [
        map(column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is, some) for column, some in lists
    ]
    text = json.dumps(list(zip(*written, strict=True)))
    value = func.json_each(bindparam("rows", text, Text())).table_valued("value", name="spread").c.value
    return [func.json_extract(value, f"$[{place}]") for place in range(len(lists))]


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _insert(dialect: str, model: type[Base], key: tuple[str, ...], *, tells: bool) -> Insert:
    """Built once a table: to build it costs more than to carry it out. `tells` gives back the id, if one went in."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Insert = insert(model.__table__).on_conflict_do_nothing(index_elements=list(key) or None)
    return statement.returning(*model.__table__.primary_key) if tells else statement
