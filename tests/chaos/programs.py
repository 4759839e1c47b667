"""The real program in a process of its own, against a Slack that stands in, and how to look into it from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models.outbox import OutboxRow, RowState
from storage.vault import new_key
from tests.chaos.loops import PLACES, Loop, opened

GRACE = 30.0
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  (made up)


@contextmanager
def program(
    under_way: Loop, home: Path, *, before: Sequence[str] = (), port: int = 0, **more: str
) -> Iterator[subprocess.Popen[str]]:
    """The bot as it is run, told that this Slack is Slack; in the end it is gone whatever happened."""
    ours = {
        "SLACK_BOT_TOKEN": ",".join(f"xoxb-T{place}" for place in (*range(PLACES), "NEW")),
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": under_way.slack,
        "MENTORBOT_DATABASE_URL": under_way.url,
        "MENTORBOT_KEY": under_way.key,
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "MENTORBOT_"))}
    command = [*before, sys.executable, "-m", "bot", "run", "--http", "--port", str(port), "--home", str(home)]
    running = subprocess.Popen(  # noqa: S603  (our own program)
        command, env=clean | ours | more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield running
    finally:
        running.kill()
        if running.stdout is not None and not running.stdout.closed:
            running.communicate()


@contextmanager
def silent_slack(url: str) -> Iterator[Loop]:
    """A Slack that takes every call and answers none."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(50)
        yield Loop(url, new_key(), f"http://127.0.0.1:{mute.getsockname()[1]}/api/", "")


def only_child(outer: subprocess.Popen[str]) -> int:
    """The process id of what a wrapper started."""
    [child] = Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text(encoding="utf-8").split()
    return int(child)


def states(url: str) -> dict[str, int]:
    """How many messages stand in which state."""

    def count(session: Session) -> dict[str, int]:
        rows = session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all()
        return {str(state): number for state, number in rows}

    with opened(url) as database:
        return database.read(count).result(60)


def until(what: str, url: str, state: RowState, least: int, seconds: float = 40) -> None:
    """Wait until so many messages stand there."""
    ends = time.monotonic() + seconds
    while states(url).get(state, 0) < least:
        assert time.monotonic() < ends, f"{what}: {states(url)}"
        time.sleep(0.05)


def stop(running: subprocess.Popen[str]) -> float:
    """Ask politely; how many seconds it took to end well."""
    seconds, said = told_to_stop(running)
    assert "Traceback" not in said, said
    return seconds


def told_to_stop(running: subprocess.Popen[str]) -> tuple[float, str]:
    """The same where it may have had something to complain of: how long it took, and all it said."""
    begun = time.monotonic()
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=GRACE + 10)
    assert running.returncode == 0, said
    return time.monotonic() - begun, said


def health(port: int) -> dict[str, Any] | None:
    """What it says of itself, if it answers by now; well or not."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except HTTPError as problem:
        return dict(json.load(problem))
    except (URLError, OSError):
        return None


def until_well(running: subprocess.Popen[str], port: int, seconds: float = 90) -> dict[str, Any]:
    """Wait until it runs and says that it is well."""
    ends = time.monotonic() + seconds
    while not ((found := health(port)) and found["is_well"]):
        assert running.poll() is None, "it has ended"
        assert time.monotonic() < ends, f"it is not well: {found}"
        time.sleep(0.1)
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
