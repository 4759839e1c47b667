"""Several programs start on one empty database at the same moment: none breaks, and what is written is written once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.database import Database, Tx
from storage.models.members import Member
from storage.models.workspaces import Workspace
from storage.queries import inbox, members, workspaces
from storage.vault import Vault, new_key
from tests.builders import HERE, MONDAY, SECONDS

PROGRAMS, PEOPLE, ROUNDS = 3, 60, 8
KEY = new_key()


def tx(session: Session, place: str = HERE, minutes: int = 0) -> Tx:
    return Tx(session, place, MONDAY + timedelta(minutes=minutes), Vault(KEY))


def together(deed: Callable[[Session], object], databases: list[Database]) -> list[object]:
    """Let each do it in a transaction of its own, all at one moment; what each came to."""
    gate = threading.Barrier(len(databases))

    def at_once(session: Session) -> object:
        session.connection()
        gate.wait(SECONDS)
        return deed(session)

    return [job.result(SECONDS) for job in [each.write(at_once) for each in databases]]


@contextmanager
def programs(url: str) -> Iterator[list[Database]]:
    """As many programs as there are, each with its own connections."""
    with ExitStack() as stack:
        opened = [Database(url) for _ in range(PROGRAMS)]
        for each in opened:
            stack.callback(each.close)
        yield opened


@pytest.mark.postgres
def test_a_workspace_is_remembered_by_all_who_start_at_once(postgres_url: str) -> None:
    with programs(postgres_url) as started:
        for number in range(ROUNDS):
            place = f"T{number}"

            def remember(session: Session, place: str = place) -> str:
                found = Workspace(id=place, name="Here", bot_user_id="UBOT", known_since=MONDAY, organisers=["U1"])
                return workspaces.remember(session, found).name

            assert together(remember, started) == ["Here"] * PROGRAMS
            known = started[0].read(lambda s, place=place: workspaces.named(s, place)).result(SECONDS)  # type: ignore[misc]
            assert known is not None
            assert known.organisers == ["U1"]


@pytest.mark.postgres
def test_the_directory_is_listed_by_all_who_start_at_once_and_everybody_stands_in_it_once(postgres_url: str) -> None:
    with programs(postgres_url) as started:
        place = Workspace(id=HERE, name="Here", bot_user_id="UBOT", known_since=MONDAY)
        started[0].write(lambda s: workspaces.remember(s, place)).result(SECONDS)
        for _ in range(ROUNDS):
            together(_list_everyone, started)
        count = select(func.count()).select_from(Member).where(Member.workspace_id == HERE)
        assert started[0].read(lambda s: s.scalar(count)).result(SECONDS) == PEOPLE


def _list_everyone(session: Session) -> None:
    for number in range(PEOPLE):
        person = members.Person(
            slack_id=f"U{number}",
            name=f"Person {number}",
            title="",
            zone="UTC",
            is_bot=False,
            is_guest=False,
            is_stranger=False,
            is_gone=False,
            is_primary_owner=False,
        )
        members.remember(tx(session), person)


@pytest.mark.postgres
def test_what_a_crash_left_undone_is_taken_up_by_one_of_all_who_start_at_once(postgres_url: str) -> None:
    with programs(postgres_url) as started:
        place = Workspace(id="TLEFT", name="Here", bot_user_id="UBOT", known_since=MONDAY)
        started[0].write(lambda s: workspaces.remember(s, place)).result(SECONDS)
        for number in range(ROUNDS):
            started[0].write(lambda s, n=number: inbox.take_in(tx(s, "TLEFT"), f"event:{n}", f"{n}")).result(SECONDS)  # type: ignore[misc]

        def take_up(session: Session) -> list[str]:
            now = tx(session, "TLEFT", minutes=5)
            return inbox.take_up(now, [now.now - timedelta(minutes=1)])

        taken = [each for found in together(take_up, started) for each in found]  # type: ignore[attr-defined]
        assert sorted(taken) == sorted(f"{number}" for number in range(ROUNDS))
