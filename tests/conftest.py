"""Databases for tests, one PostgreSQL a run, and a last line that says what was skipped and why."""

import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.views.gallery import all_samples
from storage.migrations import run as migrations
from tests.builders import House, open_house, sqlite_in, upgraded
from tests.engines import sharing_what_is_compiled
from tests.postgres import Cluster, database_in, server_in

CLUSTER = pytest.StashKey[Cluster]()
WORKER_HOME = "postgres_home"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "Chromium is not installed (apt-get install chromium)"
KINDS = ("browser", "node", "postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests that break things on purpose run at their full size."""
    parser.addoption("--full", action="store_true", help="tests/chaos at full size, which takes many minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Keep a place for the cluster, in the process that outlives all others of this run."""
    if not hasattr(config, "workerinput"):
        config.stash[CLUSTER] = Cluster()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker where the run's one cluster is to be."""
    node.workerinput[WORKER_HOME] = str(node.config.stash[CLUSTER].home)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the cluster go, also after Ctrl-C."""
    if CLUSTER in config.stash:
        config.stash[CLUSTER].close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever asks for PostgreSQL, so that `-m "not postgres"` leaves it out."""
    for item in items:
        if {"postgres_url", "empty_postgres_url", "postgres_url_of_its_own"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgres)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what drives a browser where there is none."""
    if item.get_closest_marker("browser") and _chromium() is None:
        pytest.skip(NO_BROWSER)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in plain lines what was skipped and why."""
    for line in skipped_lines(terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(line)


def skipped_lines(reports: list[Any]) -> list[str]:
    """One line a reason, with how many tests it kept from running."""
    found = Counter((_kind(report), _reason(report)) for report in reports)
    lines = [
        f"skipped: {number} {kind}{'test' if number == 1 else 'tests'}, {reason}"
        for (kind, reason), number in sorted(found.items())
    ]
    return lines or ["skipped: nothing"]


def _kind(report: Any) -> str:
    return next((f"{kind} " for kind in KINDS if kind in report.keywords), "")


def _reason(report: Any) -> str:
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(words).removeprefix("Skipped: ")


def _chromium() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the full size was asked for."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; for tests marked `browser`."""
    path = _chromium()
    assert path is not None, "mark this test with pytest.mark.browser"
    return path


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> str:
    """The run's one PostgreSQL, started by the first test that asks for it."""
    config = request.config
    home = config.workerinput[WORKER_HOME] if hasattr(config, "workerinput") else config.stash[CLUSTER].home
    return server_in(Path(home))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """A database at head that this worker copies, so that migrating is paid for once."""
    with database_in(postgres_server) as url:
        migrations.upgrade(url)
        yield url


@pytest.fixture(scope="module")
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database at head, this test module's own: its tests see what earlier ones left there."""
    with database_in(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture
def postgres_url_of_its_own(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database at head, this test's own."""
    with database_in(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database with nothing in it, this test's own."""
    with database_in(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file at head, this test's own."""
    return sqlite_in(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def nothing_made_twice() -> Iterator[None]:
    """Let a new world begin in a copy of a migrated file, with one gallery for all, and compile each statement once."""
    with pytest.MonkeyPatch.context() as here, sharing_what_is_compiled():
        here.setattr("bot.commands.world.migrations", SimpleNamespace(upgrade=upgraded))
        here.setattr("bot.commands.world.all_samples", cache(all_samples))
        yield


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database at head, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


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
