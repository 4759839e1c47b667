"""Several real programs on one database: on SQLite the second is told so, on PostgreSQL they share the work."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.migrations import run as migrations
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState
from tests.chaos.loops import CLEAN, loop, opened
from tests.chaos.programs import free_port, program, silent_slack, stop, until, until_well

TRUE = ("help.typed",)
OLDER = "0003"
PEOPLE = 40
FIRST: dict[str, Any] = {"SLACK_BOT_TOKEN": "xoxb-T0,xoxb-T1"}
SECOND: dict[str, Any] = {"SLACK_BOT_TOKEN": "xoxb-T2 xoxb-T3"}


def test_on_sqlite_a_second_one_refuses_in_one_sentence_from_whichever_home(sqlite_url: str, tmp_path: Path) -> None:
    with loop(sqlite_url, 4, TRUE) as under_way, program(under_way, tmp_path / "one") as first:
        until("the first runs", sqlite_url, RowState.DONE, 1)
        (tmp_path / "elsewhere").symlink_to(tmp_path)
        detour = sqlite_url.replace(str(tmp_path), str(tmp_path / "elsewhere"))
        assert detour != sqlite_url
        for url in (sqlite_url, detour):
            with program(under_way, tmp_path / "two", MENTORBOT_DATABASE_URL=url) as second:
                said, _ = second.communicate(timeout=60)
                assert second.returncode == 2
                assert "already running" in said
                assert "PostgreSQL" in said
                assert "Traceback" not in said
        first.kill()
        first.communicate()
        with program(under_way, tmp_path / "two", MENTORBOT_HEALTH_PORT=str(port := free_port())) as third:
            assert until_well(third, port), "a killed one leaves no lock behind"
            stop(third)


def test_a_newer_one_does_not_migrate_the_file_under_one_that_runs(tmp_path: Path) -> None:
    file = tmp_path / "older.db"
    url = f"sqlite:///{file}"
    migrations.upgrade(url, OLDER)
    with Path(f"{file}.lock").open("w") as lock, silent_slack(url) as under_way:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with program(under_way, tmp_path) as newer:
            said, _ = newer.communicate(timeout=60)
        assert (newer.returncode, "already running" in said) == (2, True)
        assert migrations.revision_of(url) == OLDER


def test_a_folder_nobody_may_write_to_is_said_in_one_sentence(tmp_path: Path) -> None:
    with silent_slack(f"sqlite:///{tmp_path}/nowhere/x.db") as under_way, program(under_way, tmp_path) as lost:
        said, _ = lost.communicate(timeout=60)
    assert lost.returncode == 2
    assert "can't be written to" in said
    assert "Traceback" not in said


def test_a_port_for_health_that_is_taken_is_said_in_one_sentence(sqlite_url: str, tmp_path: Path) -> None:
    with loop(sqlite_url, 4, TRUE) as under_way:
        taken = under_way.slack.split(":")[2].split("/")[0]
        with program(under_way, tmp_path, MENTORBOT_HEALTH_PORT=taken) as running:
            said, _ = running.communicate(timeout=60)
        assert running.returncode == 2
        assert "MENTORBOT_HEALTH_PORT" in said
        assert "Traceback" not in said


@pytest.mark.postgres
@pytest.mark.timeout(120)
def test_on_postgres_three_start_at_once_and_share_the_work(postgres_url_of_its_own: str, tmp_path: Path) -> None:
    url = postgres_url_of_its_own
    with (
        loop(url, 60, TRUE, slow=0.05, people=PEOPLE, place="TNEW") as under_way,
        program(under_way, tmp_path / "1") as one,
    ):
        with program(under_way, tmp_path / "2") as two, program(under_way, tmp_path / "3") as three:
            until("all is sent", url, RowState.DONE, 60, 60)
            for each in (one, two, three):
                stop(each)
        assert under_way.reckoning() == CLEAN
    with opened(url) as database:
        assert database.read(_known_in("TNEW")).result(60) == PEOPLE


@pytest.mark.postgres
@pytest.mark.timeout(120)
def test_two_that_speak_in_other_workspaces_send_each_their_own(postgres_url_of_its_own: str, tmp_path: Path) -> None:
    url = postgres_url_of_its_own
    with loop(url, 40, TRUE) as under_way, program(under_way, tmp_path / "1", **FIRST) as one:
        until("one has sent its own", url, RowState.DONE, 20)
        with opened(url) as database:
            assert database.read(_untouched).result(60) == {("T2", 10), ("T3", 10)}
        with program(under_way, tmp_path / "2", **SECOND) as two:
            until("all is sent", url, RowState.DONE, 40)
            for each in (one, two):
                stop(each)
        assert under_way.reckoning() == CLEAN


def _untouched(session: Session) -> set[tuple[str, int]]:
    rows = select(OutboxRow.workspace_id, func.count()).where(OutboxRow.tried_at.is_(None), OutboxRow.attempts == 0)
    return {(place, count) for place, count in session.execute(rows.group_by(OutboxRow.workspace_id))}


def _known_in(place: str) -> Callable[[Session], int | None]:
    count = select(func.count()).select_from(Member).where(Member.workspace_id == place)
    return lambda session: session.scalar(count)
