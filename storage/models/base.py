"""What every table shares: client-made ids, a workspace, and times that are always aware UTC."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

import uuid6
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out on both databases; SQLite alone would hand back naive times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time rather than guess its zone."""
        if value is None:
            return None
        return _in_utc(value).replace(tzinfo=None) if dialect.name == "sqlite" else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Give every time back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite write the text in one go: a row has a dozen of them, and a sweep writes thousands of rows."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """On SQLite read it in one go as well."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _to_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _in_utc(value: datetime) -> datetime:
    """Refuse a naive time rather than guess its zone."""
    if value.tzinfo is None:
        message = "a stored time must be aware"
        raise ValueError(message)
    return value.astimezone(UTC)


def new_id() -> str:
    """Make a UUIDv7 as text; its order is real time, so never sort by it: the world's clock may differ."""
    return str(uuid6.uuid7())


def new_ids(count: int) -> list[str]:
    """Make many: a new one and those right after it; to make each by itself takes as long as to write its row."""
    first = uuid6.uuid7().int
    numbers = (f"{number:032x}" for number in range(first, first + count))
    return [f"{each[:8]}-{each[8:12]}-{each[12:16]}-{each[16:20]}-{each[20:]}" for each in numbers]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row is an ordinary dataclass: no relationships, no lazy loading."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
    }


class Owned(MappedAsDataclass, kw_only=True):
    """A row that belongs to a workspace, and can be pointed at only from inside it."""

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
    workspace_id: Mapped[str]


def in_workspace() -> tuple[UniqueConstraint, ForeignKeyConstraint]:
    """The two constraints of every owned table: a composite key to point at, and a workspace that exists."""
    return (
        UniqueConstraint("workspace_id", "id"),
        ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
    )


def points_at(column: str, table: str) -> ForeignKeyConstraint:
    """A reference that cannot cross workspaces, since the workspace is part of the key."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"])


def waits(name: str, column: str, where: str) -> Index:
    """An index of the rows that wait in this column, and of no others: to ask for the next costs the same in any crowd.

    A question finds it where it says the same as `where`.
    """
    return Index(name, "workspace_id", column, sqlite_where=text(where), postgresql_where=text(where))
