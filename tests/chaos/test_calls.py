"""The real program, called over HTTP: told to stop while a call is open, and called by somebody who hangs up."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.models.inbox import InboxRow
from storage.models.marks import Signature
from storage.models.requests import Search
from tests.chaos.calling import Call, count, hang_up, held, submission, until_under_way
from tests.chaos.loops import Loop, loop
from tests.chaos.programs import GRACE, free_port, program, stop, told_to_stop, until_well

PARAMS = ["sqlite_url", pytest.param("postgres_url_of_its_own", marks=pytest.mark.postgres)]
THINKS, LONG = 1.5, 4.0
BODY = submission()


@pytest.fixture(params=PARAMS, ids=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database of the test's own."""
    found: str = request.getfixturevalue(request.param)
    return found


@contextmanager
def listening(url: str, home: Path, thinks: float = THINKS) -> Iterator[tuple[subprocess.Popen[str], int, Loop]]:
    """The program, and the port it is called at; Slack takes its time to say who somebody is."""
    port, health = free_port(), free_port()
    more = {"MENTORBOT_HEALTH_PORT": str(health)}
    with loop(url, 0, thinks=thinks) as under_way, program(under_way, home, port=port, **more) as running:
        until_well(running, health)
        yield running, port, under_way


def shown(call: Call) -> str:
    """What the person sees in place of the form they sent."""
    return json.dumps(json.loads(call.answer)["view"]["blocks"])


@pytest.mark.timeout(180)
def test_told_to_stop_while_a_call_is_open_it_finishes_the_deed_and_answers(url: str, tmp_path: Path) -> None:
    with listening(url, tmp_path) as (running, port, slack):
        call = Call(port, BODY)
        until_under_way(slack)
        assert count(url, InboxRow) == 0, "the deed is still to come"
        assert stop(running) < GRACE
        assert call.over().status == 200
        assert "nobody" in shown(call).lower()
    assert (count(url, Search), count(url, InboxRow)) == (1, 1)


@pytest.mark.timeout(180)
def test_told_to_stop_while_the_deed_cannot_be_done_it_says_so_and_writes_nothing_of_it(
    url: str, tmp_path: Path
) -> None:
    with listening(url, tmp_path, LONG) as (running, port, slack):
        call = Call(port, BODY)
        until_under_way(slack)
        with held(url, "searches"):
            seconds, said = told_to_stop(running)
        assert seconds < GRACE
        assert "The database did not answer" in said
    assert call.over().status == 200
    assert "try again in a minute" in json.loads(call.answer)["errors"]["topic"], "what was typed stays in the form"
    assert (count(url, Search), count(url, InboxRow)) == (0, 0)
    with listening(url, tmp_path) as (running, port, _):
        assert Call(port, BODY, 1).over().status == 200
        stop(running)
    assert (count(url, Search), count(url, InboxRow)) == (1, 1)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seconds", [0.3, 3.0], ids=["in the middle", "before it is read"])
def test_an_answer_that_nobody_heard_is_given_again_to_the_same_form_sent_once_more(
    url: str, tmp_path: Path, seconds: float
) -> None:
    with listening(url, tmp_path) as (running, port, _):
        hang_up(port, BODY, after=seconds)
        again = [Call(port, BODY, number).over() for number in (1, 2)]
        at_once = [Call(port, BODY, number) for number in range(3, 8)]
        answers = {call.over().answer for call in (*again, *at_once)}
        assert {call.status for call in (*again, *at_once)} == {200}
        assert len(answers) == 1, "the same answer to each"
        assert "nobody" in shown(again[0]).lower()
        stop(running)
    assert (count(url, Search), count(url, InboxRow)) == (1, 1)


def test_a_call_that_breaks_off_half_way_leaves_no_trace(sqlite_url: str, tmp_path: Path) -> None:
    with listening(sqlite_url, tmp_path) as (running, port, _):
        hang_up(port, BODY, after=0.2, sent=len(BODY) // 2)
        time.sleep(0.5)
        assert count(sqlite_url, Signature) == 0
        assert Call(port, BODY).over().status == 200
        stop(running)
    assert (count(sqlite_url, Signature), count(sqlite_url, Search)) == (1, 1)
