"""Puts a crash loop together: messages owed in a database, a Slack that stays, lives that end, and the reckoning."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.request import urlopen

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import real_time
from bot.outbox.parcels import key_of
from storage.database import Database, Tx
from storage.models.outbox import Lane, OutboxRow, RowState, Urgency
from storage.models.workspaces import Workspace
from storage.queries import members, outbox, workspaces
from storage.vault import Vault, new_key
from tests.chaos.lives import Plan

PEOPLE, PLACES = 20, 4
KINDS = ("help.typed", "relationships.stopped")
PARTS = 500
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Loop:
    """A database with messages owed in it, and a Slack to send them to."""

    url: str
    key: str
    slack: str
    ledger: str

    def run(self, **plan: Any) -> dict[str, Any]:
        """Let the lives be lived; what their parent saw."""
        lives = self.begin(**plan)
        return self.end(lives, SECONDS + float(plan["patience"]))

    def begin(self, **plan: Any) -> subprocess.Popen[str]:
        """Let the lives begin, and go on with something else."""
        full = Plan(url=self.url, slack=self.slack, key=self.key, **plan)
        command = [sys.executable, "-m", "tests.chaos.lives", json.dumps(asdict(full))]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  (our own program)

    def end(self, lives: subprocess.Popen[str], seconds: float) -> dict[str, Any]:
        """What the parent of the lives saw, once they are over."""
        said, _ = lives.communicate(timeout=seconds)
        assert lives.returncode == 0
        report: dict[str, Any] = json.loads(said)
        return report

    def reckoning(self) -> dict[str, list[str]]:
        """Every row that was sent twice, was lost, or is stuck; three empty lists are what is wanted."""
        with urlopen(self.ledger, timeout=SECONDS) as answer:  # noqa: S310  (our own stand-in)
            accepted = Counter(json.loads(answer.read()))
        with opened(self.url) as database:
            rows = database.read(self._keyed).result(SECONDS)
        return {
            "twice": [_told(row) for key, row in rows.items() if accepted[key] > 1],
            "lost": [_told(row) for key, row in rows.items() if row.state not in STUCK and not accepted[key]],
            "stuck": [_told(row) for row in rows.values() if row.state in STUCK],
        }

    def _keyed(self, session: Session) -> dict[str, OutboxRow]:
        vault, now = Vault(self.key), real_time()
        rows = session.scalars(select(OutboxRow))
        return {key_of(Tx(session, row.workspace_id, now, vault), row): row for row in rows}


STUCK = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)
CLEAN: dict[str, list[str]] = {"twice": [], "lost": [], "stuck": []}


def _told(row: OutboxRow) -> str:
    return f"{row.dedupe_key}: {row.state} {row.reason!r}, {row.attempts} attempts, {row.looks} looks"


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database, for a moment."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def loop(url: str, messages: int, kinds: Sequence[str] = KINDS, **slack: Any) -> Iterator[Loop]:
    """Messages owed in a migrated, empty database, and a Slack that misbehaves as told."""
    with opened(url) as database:
        for place in range(PLACES):
            people = database.write(lambda s, place=place: _settle(s, place)).result(SECONDS)  # type: ignore[misc]
            for start in range(0, messages // PLACES, PARTS):
                numbers = range(start, min(start + PARTS, messages // PLACES))
                database.write(
                    lambda s, place=place, people=people, numbers=numbers: _owe(s, place, people, numbers, kinds)  # type: ignore[misc]
                ).result(SECONDS)
    with standing_in(slack) as port:
        yield Loop(url, new_key(), f"http://127.0.0.1:{port}/api/", f"http://127.0.0.1:{port}/ledger")


@contextmanager
def standing_in(options: dict[str, Any]) -> Iterator[int]:
    """A Slack in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.chaos.stand_in", json.dumps(options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  (our own program)
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _tx(session: Session, place: int) -> Tx:
    return Tx(session, f"T{place}", real_time(), Vault(new_key()))


def _settle(session: Session, place: int) -> list[str]:
    tx = _tx(session, place)
    workspaces.remember(session, Workspace(id=tx.workspace_id, name="", bot_user_id="UBOT", known_since=tx.now))
    known: dict[str, Any] = {"title": "", "zone": "UTC", "is_bot": False, "is_guest": False, "is_stranger": False}
    people = [
        members.Person(slack_id=f"U{place}{n}", name="", is_gone=False, is_primary_owner=False, **known)
        for n in range(PEOPLE)
    ]
    return [members.remember(tx, person).id for person in people]


def _owe(session: Session, place: int, people: list[str], numbers: range, kinds: Sequence[str]) -> None:
    tx = _tx(session, place)
    for number in numbers:
        news = outbox.News(
            kind=kinds[number % len(kinds)],
            urgency=Urgency.ANSWER,
            member_id=people[number % PEOPLE],
            subject_id=f"{number}",
            key=f"{place}:{number}",
            due_at=tx.now,
            lane=Lane.ANSWER,
        )
        outbox.owe(tx, news)
