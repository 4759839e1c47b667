"""A house of one's own for every test here."""

from collections.abc import Iterator

import pytest

from tests.builders import House, open_house


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """An empty workspace in a SQLite file, on a Monday morning."""
    with open_house(sqlite_url) as house:
        yield house


@pytest.fixture
def either_house(database_url: str) -> Iterator[House]:
    """The same, once on SQLite and once on PostgreSQL."""
    with open_house(database_url) as house:
        yield house
