"""The real program, told to stop in the middle of everything; and a second one beside it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models.outbox import OutboxRow, RowState
from tests.chaos.loops import CLEAN, Loop, loop, opened

GRACE = 30.0
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  (made up)
MESSAGES = 240
TRUE = ("help.typed",)


@contextmanager
def program(under_way: Loop, home: Path) -> Iterator[subprocess.Popen[str]]:
    """The bot as it is run, told that this Slack is Slack; in the end it is gone whatever happened."""
    ours = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": under_way.slack,
        "MENTORBOT_DATABASE_URL": under_way.url,
        "MENTORBOT_KEY": under_way.key,
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "MENTORBOT_"))}
    command = [sys.executable, "-m", "bot", "run", "--http", "--port", "0", "--home", str(home)]
    running = subprocess.Popen(  # noqa: S603  (our own program)
        command, env=clean | ours, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield running
    finally:
        running.kill()
        if running.stdout is not None and not running.stdout.closed:
            running.communicate()


def states(url: str) -> dict[str, int]:
    def count(session: Session) -> dict[str, int]:
        rows = session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all()
        return {str(state): number for state, number in rows}

    with opened(url) as database:
        return database.read(count).result(60)


def until(what: str, url: str, state: RowState, least: int, seconds: float = 40) -> None:
    ends = time.monotonic() + seconds
    while states(url).get(state, 0) < least:
        assert time.monotonic() < ends, f"{what}: {states(url)}"
        time.sleep(0.05)


def stop(running: subprocess.Popen[str]) -> float:
    """Ask politely; how many seconds it took to end well."""
    begun = time.monotonic()
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=GRACE + 10)
    assert running.returncode == 0, said
    assert "Traceback" not in said, said
    return time.monotonic() - begun


@pytest.mark.timeout(180)
def test_told_to_stop_it_finishes_what_is_on_its_way_and_leaves_the_rest_owed(
    database_url: str, tmp_path: Path
) -> None:
    with loop(database_url, MESSAGES, TRUE, slow=0.25) as under_way:
        with program(under_way, tmp_path) as running:
            until("some were sent", database_url, RowState.DONE, 8)
            assert stop(running) < GRACE
        left = states(database_url)
        assert left.get(RowState.SENDING, 0) == left.get(RowState.UNKNOWN, 0) == 0
        assert left[RowState.PENDING] > MESSAGES // 2, "there was more to do"
        assert [each for each in under_way.reckoning()["twice"] if each] == []
        with program(under_way, tmp_path) as running:
            until("the rest goes on", database_url, RowState.DONE, left[RowState.DONE] + 20)
            stop(running)
        assert under_way.reckoning()["twice"] == under_way.reckoning()["lost"] == CLEAN["twice"]


def test_told_to_stop_while_it_starts_it_stops(sqlite_url: str, tmp_path: Path) -> None:
    with loop(sqlite_url, 4, TRUE) as under_way:
        for seconds in (1.0, 1.5):
            with program(under_way, tmp_path) as running:
                time.sleep(seconds)
                running.send_signal(signal.SIGTERM)
                running.communicate(timeout=GRACE)
                assert running.returncode in {0, -signal.SIGTERM}
        assert states(sqlite_url).get(RowState.SENDING, 0) == 0


def test_on_sqlite_a_second_one_refuses_in_one_sentence_from_whichever_home(sqlite_url: str, tmp_path: Path) -> None:
    with loop(sqlite_url, 4, TRUE) as under_way, program(under_way, tmp_path / "one") as first:
        until("the first runs", sqlite_url, RowState.DONE, 1)
        with program(under_way, tmp_path / "two") as second:
            said, _ = second.communicate(timeout=30)
            assert second.returncode == 2
            assert "already running" in said
            assert "PostgreSQL" in said
            assert "Traceback" not in said
        first.kill()
        first.communicate()
        with program(under_way, tmp_path / "two") as third:
            time.sleep(2.5)
            assert third.poll() is None, "a killed one leaves no lock behind"
            stop(third)


@pytest.mark.postgres
@pytest.mark.timeout(120)
def test_on_postgres_three_start_at_once_and_share_the_work(postgres_url_of_its_own: str, tmp_path: Path) -> None:
    url = postgres_url_of_its_own
    with loop(url, 60, TRUE, slow=0.05) as under_way, program(under_way, tmp_path / "1") as one:
        with program(under_way, tmp_path / "2") as two, program(under_way, tmp_path / "3") as three:
            until("all is sent", url, RowState.DONE, 60, 60)
            for each in (one, two, three):
                stop(each)
        assert under_way.reckoning() == CLEAN
