"""A house of one's own for every test here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import House, open_house, sqlite_in


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty workspace in a migrated SQLite file, on a Monday morning."""
    with open_house(sqlite_in(tmp_path)) as house:
        yield house
