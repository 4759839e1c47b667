"""The real program, told to stop in the middle of everything, or before it has begun."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from bot.commands.stopping import AN_ECHO, Stop
from storage.models.outbox import RowState
from tests.chaos.loops import CLEAN, loop
from tests.chaos.programs import GRACE, only_child, program, silent_slack, states, stop, until

MESSAGES = 240
TRUE = ("help.typed",)


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


PID_ONE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")


@pytest.mark.parametrize("seconds", [0.3, 1.0, 2.0, 4.0])
def test_told_to_stop_while_it_starts_it_stops_at_once(sqlite_url: str, tmp_path: Path, seconds: float) -> None:
    with silent_slack(sqlite_url) as under_way, program(under_way, tmp_path) as running:
        time.sleep(seconds)
        assert running.poll() is None, "a Slack that does not answer keeps it starting"
        assert stop(running) < GRACE / 3


def test_the_first_process_of_a_container_hears_it_too_while_it_starts(sqlite_url: str, tmp_path: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run([*PID_ONE, "true"], check=False).returncode:  # noqa: S603  (our own words)
        pytest.skip("a container of one's own takes the right to make one")
    with silent_slack(sqlite_url) as under_way, program(under_way, tmp_path, before=PID_ONE) as outer:
        time.sleep(3)
        begun = time.monotonic()
        os.kill(only_child(outer), signal.SIGTERM)
        outer.communicate(timeout=GRACE)
        assert (outer.returncode, time.monotonic() - begun < GRACE / 3) == (0, True)


def test_asked_a_second_time_it_hurries_and_the_next_start_clears_up(sqlite_url: str, tmp_path: Path) -> None:
    with loop(sqlite_url, 12, TRUE, slow=9.0) as under_way:
        with program(under_way, tmp_path) as running:
            until("some are on their way", sqlite_url, RowState.SENDING, 1)
            running.send_signal(signal.SIGTERM)
            time.sleep(AN_ECHO + 0.5)
            assert running.poll() is None, "it waits for what is on its way"
            stop(running)
        assert states(sqlite_url).get(RowState.DONE, 0) == 0
        assert [each for each in under_way.reckoning()["twice"] if each] == []


async def test_what_a_wrapper_passes_on_within_a_second_is_an_echo_and_what_comes_later_is_not() -> None:
    at = [0.0]
    told = Stop(lambda: at[0])
    told.hear()
    at[0] = AN_ECHO - 0.1
    told.hear()
    assert (told.asked.is_set(), told.hurried.is_set()) == (True, False)
    at[0] = AN_ECHO + 0.1
    told.hear()
    assert told.hurried.is_set()
