"""A real house for a test: a migrated database, people in it, a clock the test moves, and letters instead of Slack."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from bot.news import NEWS
from bot.outbox.entries import Entry
from bot.outbox.lanes import Lanes
from bot.outbox.machine import TIMING, Timing
from bot.outbox.pace import ALLOWANCES, Allowance
from bot.outbox.parcels import Parcel
from bot.outbox.rows import Rows
from bot.rules.profiles import Answers
from bot.services import find, profiles
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import due_now
from storage.database import Database, Tx
from storage.migrations import run as migrations
from storage.models.all import METADATA
from storage.models.base import Base
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow
from storage.models.requests import Ask, Search
from storage.models.workspaces import Workspace
from storage.queries import members, requests, workspaces
from storage.queries.asking import ask_all
from storage.vault import Vault, new_key

T = TypeVar("T")
P = ParamSpec("P")
Row = TypeVar("Row", bound=Base)

MONDAY = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
HERE = "T0HERE"
TOPIC = "data analysis"
GOAL = "Move from support into a data role"
NOTE = "I'd like to learn data analysis. Would you have half an hour for a first chat?"
SECONDS = 60.0
ROUNDS = 30


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """What the courier would have sent: to whom, when, and the very arguments of Slack's method."""

    kind: str
    op: Op
    slack_id: str
    at: datetime
    payload: dict[str, Any]

    def __repr__(self) -> str:
        return f"<{self.op} {self.kind} to {self.slack_id}: {self.text!r}>"

    @property
    def text(self) -> str:
        """The words of a notification; empty for a Home."""
        return str(self.payload.get("text", ""))


@dataclass(slots=True, repr=False)
class House:
    """One workspace in one database at one moment."""

    database: Database
    vault: Vault
    now: datetime = MONDAY
    workspace_id: str = HERE
    letters: list[Letter] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __repr__(self) -> str:
        return f"<House {self.workspace_id} at {self.now:%a %d %b %H:%M}>"

    def tx(self, session: Session) -> Tx:
        """A transaction in this workspace, now."""
        return Tx(session, self.workspace_id, self.now, self.vault)

    def do(self, deed: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something in a transaction, committed when this returns."""
        return self.database.write(lambda session: deed(self.tx(session), *args, **kwargs)).result(SECONDS)

    def act(self, who: Member, deed: Callable[Concatenate[Tx, Member, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Let somebody do something, read afresh first, as the shell does."""
        return self.do(lambda tx: deed(tx, fresh(tx, who), *args, **kwargs))

    def rows(self, model: type[Row], **where: object) -> list[Row]:
        """Every row of a table in this workspace, by id."""
        key = "id" if model is Workspace else "workspace_id"
        mine = {key: self.workspace_id} if hasattr(model, key) else {}
        query = select(model).filter_by(**mine, **where)
        return sorted(self.do(lambda tx: list(tx.session.scalars(query))), key=lambda row: str(getattr(row, "id", "")))

    def count(self) -> dict[str, int]:
        """How many rows each table holds."""
        return {mapper.class_.__tablename__: len(self.rows(mapper.class_)) for mapper in Base.registry.mappers}

    def person(self, name: str, zone: str = "Europe/Lisbon", **facts: Any) -> Member:
        """Somebody of the workspace."""
        known: dict[str, Any] = {
            "slack_id": f"U{self.workspace_id[1:]}{next(self.numbers)}",
            "name": name,
            "title": "",
            "zone": zone,
            "is_bot": False,
            "is_guest": False,
            "is_stranger": False,
            "is_gone": False,
            "is_primary_owner": False,
        }
        return self.do(members.remember, members.Person(**(known | facts)))

    def mentor(self, name: str, teaches: str = TOPIC, places: int = 2, zone: str = "Europe/Lisbon") -> Member:
        """Somebody who joined and can be asked."""
        member = self.person(name, zone)
        self.act(member, profiles.save, Answers(teaches, "", "", "English", places, is_open=True))
        return member

    def begin(self, mentee: Member, topic: str = TOPIC, goal: str = GOAL) -> str:
        """Answer the two questions; gives the begun search's id."""
        return self.act(mentee, find.search, topic, goal).search.id

    def ask(self, mentee: Member, mentor: Member, *others: Member, topic: str = TOPIC, note: str = NOTE) -> Ask:
        """From the two questions to a sent note; gives the first name's ask."""
        search_id = self.begin(mentee, topic)
        self.act(mentee, find.send, search_id, mentor.id, [other.id for other in others], note)
        return self.ask_of(search_id, mentor)

    def ask_of(self, search_id: str, mentor: Member) -> Ask:
        """How a name of a search stands now."""
        return next(a for a in self.do(requests.asks_of, search_id) if a.mentor_id == mentor.id)

    def current(self, row: Row) -> Row:
        """The same row as it stands now."""
        return self.rows(type(row), id=getattr(row, "id", ""))[0]

    def search_of(self, ask: Ask) -> Search:
        """The search of an ask, as it stands now."""
        return self.rows(Search, id=ask.search_id)[0]

    def owed(self, kind: str = "") -> list[OutboxRow]:
        """Rows of the outbox, by the order they were owed in; of one kind, if one is named."""
        found = self.rows(OutboxRow, **({"kind": kind} if kind else {}))
        return sorted(found, key=lambda row: (row.created_at, row.id))

    def sweep(self) -> int:
        """Run the whole timetable now, in turns of one batch a sweep; how much it did."""
        count = 0
        while done := sum(self.do(sweep.run) for sweep in self.do(due_now, TIMETABLE)):
            count += done
        return count

    def deliver(self) -> int:
        """Send everything due now, by the courier's own rows; how many letters went."""
        rows, sent = hasty(self.vault), 0
        while ready := self.do(lambda tx: rows.ready(tx.session, tx.now)):
            for workspace_id in ready:
                sent += self._deliver(rows, workspace_id)
        return sent

    def _deliver(self, rows: Rows, workspace_id: str) -> bool:
        parcel = self.do(lambda tx: rows.begin(tx.session, workspace_id, tx.now, [])).parcel
        if parcel is None:
            return False
        self.letters.append(Letter(parcel.kind, parcel.op, parcel.slack_id, self.now, parcel.payload))
        channel, ts = self._place(parcel)
        self.do(lambda tx: rows.done(tx.session, parcel, tx.now, channel, ts))
        return True

    def _place(self, parcel: Parcel) -> tuple[str | None, str | None]:
        if parcel.op is Op.POST:
            return f"D{parcel.slack_id}", f"{int(self.now.timestamp())}.{next(self.numbers):06}"
        return parcel.channel, parcel.ts

    def next_due(self) -> datetime | None:
        """The next moment at which anything happens unasked."""
        moments = self.do(ask_all, [sweep.next_due for sweep in TIMETABLE])
        moments.append(self.do(lambda tx: hasty(self.vault).next_due(tx.session, tx.now)))
        return min((moment for moment in moments if moment is not None), default=None)

    def settle(self) -> None:
        """Sweep and deliver until nothing is due at this moment any more."""
        for _ in range(ROUNDS):
            if not self.sweep() + self.deliver() and not self._is_due():
                return
        message = "something stays due for ever"
        raise AssertionError(message)

    def _is_due(self) -> bool:
        due = self.next_due()
        return due is not None and due <= self.now

    def forward(self, **delta: float) -> None:
        """Let time pass, with everything that falls due on the way."""
        until = self.now + timedelta(**delta)
        self.settle()
        while (due := self.next_due()) is not None and due <= until:
            self.now = due
            self.settle()
        self.now = until

    def read_by(self, who: Member, kind: str = "") -> list[Letter]:
        """The messages that reached somebody, updates and Homes left out; of one kind, if one is named."""
        return [
            letter
            for letter in self.letters
            if letter.slack_id == who.slack_id and letter.op is Op.POST and letter.kind.startswith(kind)
        ]

    def beside(self, workspace_id: str) -> "House":
        """Another workspace in the same database, at the same moment."""
        house = replace(self, workspace_id=workspace_id, letters=[], numbers=count(1))
        settle_in(house)
        return house


def hasty(vault: Vault, news: Mapping[str, Entry] = NEWS, timing: Timing = TIMING) -> Rows:
    """The courier's rows without Slack's limits, for tests of what is said rather than how fast."""
    at_once = Allowance(1e6, 1e6, 1_000_000)
    return Rows(news, vault, timing=timing, lanes=Lanes(dict.fromkeys(ALLOWANCES, at_once), lambda _: at_once))


def fresh(tx: Tx, who: Member) -> Member:
    """A member as they stand in this transaction."""
    found = members.by_id(tx, who.id)
    assert found is not None
    return found


def settle_in(house: House) -> None:
    """Make the workspace known, so that people can live in it."""
    place = Workspace(id=house.workspace_id, name="Here", bot_user_id="UBOT", known_since=house.now)
    house.do(lambda tx: workspaces.remember(tx.session, place))


@contextmanager
def open_house(url: str) -> Iterator[House]:
    """A house in an empty database at head; what a PostgreSQL test left behind is swept out first."""
    database = Database(url)
    try:
        if not database.is_sqlite:
            database.write(_empty).result(SECONDS)
        house = House(database, Vault(new_key()))
        settle_in(house)
        yield house
    finally:
        database.close()


def _empty(session: Session) -> None:
    for table in reversed(METADATA.sorted_tables):
        session.execute(table.delete())


def sqlite_in(folder: Path) -> str:
    """The URL of a migrated SQLite file of its own in a folder; migrated once, then copied."""
    path = folder / "mentorbot.db"
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


def upgraded(url: str) -> bool:
    """What `upgrade` does, but that a SQLite file which is not there yet is a copy of the migrated one."""
    path = make_url(url).database
    if url.startswith("sqlite") and path and not Path(path).exists():
        Path(path).write_bytes(_migrated())
    return migrations.upgrade(url)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blank.db"
        migrations.upgrade(f"sqlite:///{path}")
        return path.read_bytes()


def texts_in(value: Any) -> Iterator[str]:
    """Every string anywhere in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(key)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)
