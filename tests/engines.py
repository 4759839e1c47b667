"""Engines of one kind remember together what they have compiled.

Nearly every test opens a database of its own, and to compile each statement anew was a fifth of what such a test takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, create_engine

from storage import database


@contextmanager
def sharing_what_is_compiled() -> Iterator[None]:
    """Let every engine of the storage's use the dialect, and what was compiled for it, of the first one that connected.

    SQLAlchemy keeps what it compiled by the dialect itself and not by its kind; one that never connected does not know
    yet what its server can do.
    """
    made: dict[str, list[Engine]] = {}

    def create(url: str, **manners: Any) -> Engine:
        engine = create_engine(url, **manners)
        alike = made.setdefault(engine.dialect.name, [])
        first = next((each for each in alike if each.dialect.server_version_info is not None), None)
        if first is None:
            alike.append(engine)
        else:
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache  # noqa: SLF001  (no public way)
        return engine

    with patch.object(database, "create_engine", create):
        yield
