"""Fixtures for the tests of any app: say `pytest_plugins = ["playground.testing"]` in your conftest.py.

They are asked for by name, so a suite that does not is neither slowed nor changed.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from playground import blocking
from playground.casts import EXAMPLE, read_cast
from playground.journal import Entry
from playground.manifest import Given
from playground.server import Playground
from playground.things import Cast

JOURNALS = pytest.StashKey[list[Callable[[], list[Entry]]]]()
LINES = 30


def _cast(given: Cast | Path | str) -> Cast:
    return given if isinstance(given, Cast) else read_cast(Path(given))


@pytest.fixture
def playground_for(request: pytest.FixtureRequest) -> Callable[..., Playground]:
    """For async tests: what it gives is entered by `async with`, and runs until that is left.

    Takes a manifest, a cast if the ready one will not do (each as a file or a value), and whatever
    `playground.Playground` takes.
    """
    seen = request.node.stash.setdefault(JOURNALS, [])

    def make(manifest: Given, cast: Cast | Path | str = EXAMPLE, **choices: Any) -> Playground:
        made = Playground(manifest, _cast(cast), **choices)
        seen.append(lambda: made.workspace.journal)
        return made

    return make


@pytest.fixture
def blocking_playground_for(request: pytest.FixtureRequest) -> Iterator[Callable[..., blocking.Playground]]:
    """For all other tests: takes the same, is started already, and is stopped when the test ends."""
    seen = request.node.stash.setdefault(JOURNALS, [])
    with ExitStack() as running:

        def start(manifest: Given, cast: Cast | Path | str = EXAMPLE, **choices: Any) -> blocking.Playground:
            made = running.enter_context(blocking.Playground(manifest, _cast(cast), **choices))
            seen.append(lambda: made.workspace.journal)
            return made

        yield start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show beside a failure what went over the wire last."""
    report = yield
    if report.failed and call.when == "call":
        for journal in item.stash.get(JOURNALS, []):
            lines = [f"{entry.at[11:23]}  {entry.title}" for entry in journal()[-LINES:]]
            report.sections.append(("the last things on the wire", "\n".join(lines)))
    return report
