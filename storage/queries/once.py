"""Insert-if-absent, in the words of both databases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models.base import Base


def insert_once(session: Session, model: type[Base], row: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    """Insert a row unless one with this unique key exists, without a key any one; True if it was ours."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model.__table__).values(**row).on_conflict_do_nothing(index_elements=list(key) or None)
    return session.execute(statement.returning(*model.__table__.primary_key)).first() is not None
