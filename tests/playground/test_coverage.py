"""The table of what is covered says what is so."""

import ast
from pathlib import Path

import pytest

from playground import events
from playground.api.table import METHODS
from playground.coverage import FILE, table
from playground.scopes import BOT_SCOPES, EVENT_SCOPES
from tests.playground.kit import running

HERE = Path(__file__).parent


def test_the_written_table_is_the_generated_one() -> None:
    assert FILE.read_text(encoding="utf-8") == table()


def test_every_scope_a_method_or_event_asks_for_exists() -> None:
    asked = {scope for method in METHODS.values() for scope in method.scopes}
    assert asked - BOT_SCOPES == {"connections:write"}
    assert set(EVENT_SCOPES) >= events.SENT


async def test_an_event_that_is_not_in_the_table_cannot_be_sent() -> None:
    async with running() as playground:
        with pytest.raises(ValueError, match="sunrise is not among the events"):
            events.send(playground.world, "sunrise", {"type": "sunrise"})


def test_every_method_is_called_by_some_test() -> None:
    words: set[str] = set()
    for path in HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value.replace(".", "_").lower())
            elif isinstance(node, ast.Attribute):
                words.add(node.attr.lower())
    untested = sorted(name for name in METHODS if name.replace(".", "_").lower() not in words)
    assert untested == []
