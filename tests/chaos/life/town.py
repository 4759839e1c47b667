"""Two workspaces in one database at one moment: their people, their taps, their letters, and time for both."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.deeds import Outcome
from bot.outbox.parcels import Parcel
from bot.outbox.rows import Rows
from bot.slack.incoming import Incoming
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import Sweep
from storage.database import Tx
from storage.models.base import Base
from storage.models.inbox import InboxRow
from storage.models.members import Member
from storage.models.outbox import POSTING, Op, OutboxRow
from storage.queries.asking import ask_all
from storage.queries.erasure import forget_workspace
from tests.builders import House, Letter, hasty
from tests.chaos.life.reasons import HERE, REASONS
from tests.chaos.life.things import THINGS, Thing, things
from tests.chaos.soundness import unsound
from tests.taps import Taps

Ahead = list[tuple[datetime, Callable[[Session], int]]]
ROUNDS, TICK = 40, timedelta(minutes=50)
THERE = "T0THERE"
NAMES = (("Ada", "Ben", "Cleo", "Dan", "Eva"), ("Uma", "Vito", "Wanda"))
ZONES = ("Europe/Lisbon", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Pacific/Apia")


@dataclass(frozen=True, slots=True)
class Fingers(Taps):
    """Somebody's fingers; every delivery is remembered, so that Slack can deliver the last one once more."""

    last: list[tuple[House, Incoming]]

    def run(self, incoming: Incoming) -> Outcome:
        """Carry it out, and remember it."""
        self.last[:] = [(self.house, incoming)]
        return Taps.run(self, incoming)


@dataclass(slots=True)
class Town:
    """Both houses; `houses[0]` holds the letters of both, and every finding is an assertion that fails at once."""

    houses: tuple[House, House]
    rows: Rows
    people: dict[str, list[Member]] = field(default_factory=dict)
    last: list[tuple[House, Incoming]] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, house: House) -> "Town":
        """Settle people in both; all but the last of each teach, and the first organises."""
        town = cls((house, house.beside(THERE)), hasty(house.vault))
        for each in town.houses:
            town.settle_in(each)
        return town

    def settle_in(self, house: House) -> None:
        """Let people come who were never there before."""
        names = NAMES[self.houses.index(house)]
        self.people[house.workspace_id] = [house.person(*who) for who in zip(names, ZONES, strict=False)]
        for number in range(len(names) - 1):
            self.tap(house, number).submit("profiles.save", teaches="data analysis", room=f"open-{number % 2 + 1}")
        self.organise(house)

    def organise(self, house: House) -> None:
        """Let the first person organise."""
        chief = self.people[house.workspace_id][0].slack_id
        house.do(
            lambda tx: tx.session.execute(
                text("UPDATE workspaces SET organisers = :who WHERE id = :id"),
                {"who": f'["{chief}"]', "id": house.workspace_id},
            )
        )

    def tap(self, house: House, number: int) -> "Fingers":
        """The fingers of the person of this number."""
        return Fingers(house, self.people[house.workspace_id][number % len(self.people[house.workspace_id])], self.last)

    def of_id(self, house: House, member_id: str) -> "Fingers":
        """The fingers of the person of this id."""
        who = next(each for each in self.people[house.workspace_id] if each.id == member_id)
        return Fingers(house, who, self.last)

    def remembers(self, house: House, incoming: Incoming) -> bool:
        """Whether a delivery is known there: what was refused left nothing behind."""

        def is_known(tx: Tx) -> bool:
            mine = InboxRow.workspace_id == tx.workspace_id, InboxRow.key == tx.vault.fingerprint(incoming.key)
            return tx.session.scalar(select(InboxRow.id).where(*mine)) is not None

        return house.do(is_known)

    def in_doubt(self) -> list[Any]:
        """What is owed and due, and has not found its end."""
        question = text(
            "SELECT dedupe_key, due_at FROM outbox WHERE state NOT IN ('done','dropped') AND due_at <= :now"
        )
        now = f"{self.houses[0].now:%Y-%m-%d %H:%M:%S.%f}"
        return self.houses[0].do(lambda tx: [tuple(row) for row in tx.session.execute(question, {"now": now})])

    # -- forgetting --------------------------------------------------------------------------------------

    def forget(self, house: House) -> list[str]:
        """Forget all of one workspace, and let it begin again with others; what stayed of it, and what went next door.

        Who organises it is kept: it is Slack's own word, and whoever begins again needs it.
        """
        place, gone = house.workspace_id, self.people[house.workspace_id]
        names = (*(i for who in gone for i in (who.id, who.name)), *(thing.value for thing in self._things(house)))
        before = house.do(_rows_without, place)
        house.do(lambda tx: forget_workspace(tx.session, tx.workspace_id))
        rows = house.do(lambda tx: all_rows(tx.session))
        found = [f"a row of {place} stayed: {row}" for row in rows if row.get("workspace_id") == place]
        found += _readable(rows, names)
        found += [] if house.do(_rows_without, place) == before else ["rows of next door went along"]
        self.last.clear()
        self.settle_in(house)
        return found

    def _things(self, house: House) -> list[Thing]:
        return [thing for kind in THINGS for thing in things(house, kind)]

    # -- time --------------------------------------------------------------------------------------------

    def forward(self, **delta: float) -> None:
        """Let time pass in both; what falls due within one tick of the other is done together."""
        until, stuck = self.houses[0].now + timedelta(**delta), 0
        ahead = {place: self._ahead(place) for place in self.people}
        while (due := self._next(ahead)) is not None and due <= until:
            before = self.houses[0].now
            self._stand_at(before if due <= before else min(max(due, before + TICK), until))
            stuck = stuck + 1 if due <= before else 0
            assert stuck < ROUNDS, "something stays due for ever"
            ahead |= {place: self._ahead(place) for place in self._work(ahead)}
        self._stand_at(until)

    def _next(self, ahead: Mapping[str, Ahead]) -> datetime | None:
        waiting = self.houses[0].do(lambda tx: self.rows.next_due(tx.session, tx.now))
        moments = [due for each in ahead.values() for due, _ in each]
        return min([*moments, waiting] if waiting else moments, default=None)

    def _work(self, ahead: Mapping[str, Ahead]) -> set[str]:
        """Sweep and deliver what is due now; where anything was done, and so may have changed what comes next."""
        now = self.houses[0].now
        due = {place: [work for moment, work in each if moment <= now] for place, each in ahead.items()}
        self.houses[0].do(lambda tx: [work(tx.session) for each in due.values() for work in each])
        return {place for place, each in due.items() if each} | self.deliver()

    def _ahead(self, place: str) -> Ahead:
        """Everything ahead in one of the two, in one transaction: when, and what is done then."""
        house = next(each for each in self.houses if each.workspace_id == place)

        def ask(tx: Tx) -> Ahead:
            moments = zip(ask_all(tx, [sweep.next_due for sweep in TIMETABLE]), TIMETABLE, strict=True)
            return [(due, partial(_swept, house, sweep)) for due, sweep in moments if due is not None]

        return house.do(ask)

    def _stand_at(self, moment: datetime) -> None:
        for house in self.houses:
            house.now = moment

    def deliver(self) -> set[str]:
        """Send everything due in both, each message asked for its reason by the tables themselves; where any went."""
        places = set[str]()
        while sent := self.houses[0].do(self._send_all):
            places |= sent
        return places

    def _send_all(self, tx: Tx) -> set[str]:
        """Some of what is due, each by its intent and its end, as the courier does in two transactions."""
        ready = set(self.rows.ready(tx.session, tx.now))
        for home in self.houses:
            parcel = self._begin(tx.session, home.workspace_id, tx.now) if home.workspace_id in ready else None
            if parcel is not None:
                self._arrive(home, tx.session, parcel)
        return ready

    def _begin(self, session: Session, workspace_id: str, now: datetime) -> Parcel | None:
        parcel = self.rows.begin(session, workspace_id, now, []).parcel
        if parcel is None or parcel.op not in POSTING or parcel.kind not in REASONS:
            return parcel
        row = session.get(OutboxRow, parcel.row_id, populate_existing=True)
        assert row is not None
        facts = {"subject": row.subject_id, "to": row.member_id, "now": f"{now:%Y-%m-%d %H:%M:%S.%f}"}
        asked = f"SELECT 1 {REASONS[parcel.kind]} {HERE}"
        found = session.execute(text(asked), {key: facts[key] for key in facts if f":{key}" in asked}).first()
        assert found is not None, f"{row.dedupe_key} was sent at {now}, and there is no reason for it any more"
        return parcel

    def _arrive(self, home: House, session: Session, parcel: Parcel) -> None:
        first = self.houses[0]
        first.letters.append(Letter(parcel.kind, parcel.op, parcel.slack_id, home.now, parcel.payload))
        mine = {each.slack_id for each in self.people[home.workspace_id]}
        assert {parcel.slack_id, *parcel.people} <= mine, f"{parcel.kind} went to another workspace"
        if parcel.op in POSTING:
            self.heard[parcel.key] += 1
            self.kinds[parcel.kind] += 1
            assert self.heard[parcel.key] == 1, f"{parcel.kind} was sent twice"
        at = f"{home.now.timestamp():.0f}.{next(home.numbers):06}"
        place = (f"D{parcel.slack_id}", at) if parcel.op is Op.POST else (parcel.channel or "G1", parcel.ts or at)
        self.rows.done(session, parcel, home.now, *place)

    # -- what always holds -------------------------------------------------------------------------------

    def wrongs(self, *secrets: str) -> list[str]:
        """Everything that is half-written, knows of the other workspace, or holds one of these words readably."""

        def ask(tx: Tx) -> list[str]:
            rows = all_rows(tx.session)
            return [*unsound(tx.session, tx.now), *self._strangers(rows), *_readable(rows, secrets)]

        return self.houses[0].do(ask)

    def all_but_deliveries(self) -> list[dict[str, Any]]:
        """Every row there is, but for the note that something came in."""
        return self.houses[0].do(lambda tx: all_rows(tx.session, "inbox"))

    def _strangers(self, rows: list[dict[str, Any]]) -> list[str]:
        ids = {place: {i for who in people for i in (who.id, who.slack_id)} for place, people in self.people.items()}
        others = {place: [i for other in ids if other != place for i in ids[other]] for place in ids}
        found = []
        for row in rows:
            place, words = (
                str(row.get("workspace_id") or ""),
                " ".join(each for each in row.values() if type(each) is str),
            )
            found += [f"{each} stands in a row of {place}: {words}" for each in others.get(place, ()) if each in words]
        return found


def _readable(rows: list[dict[str, Any]], secrets: tuple[str, ...]) -> list[str]:
    return [f"{secret} stands readable in {row}" for row in rows for secret in secrets if secret in str(row.values())]


def _rows_without(tx: Tx, place: str) -> list[dict[str, Any]]:
    """Every row of anywhere else."""
    return [row for row in all_rows(tx.session) if place not in {row.get("workspace_id"), row.get("id")}]


def _swept(house: House, sweep: Sweep, session: Session) -> int:
    return sweep.run(house.tx(session))


def all_rows(session: Session, *but: str) -> list[dict[str, Any]]:
    """Every row of every table as SQLite itself keeps it; some tables left out."""
    return [
        dict(row)
        for table in Base.metadata.sorted_tables
        if table.name not in but
        for row in session.execute(text(f"SELECT * FROM {table.name}")).mappings()  # noqa: S608  (our own tables)
    ]
