"""`mentorbot dry-run`: every message of the next days, and why, from a copy; nothing is sent, nothing changes."""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.clock import real_time
from bot.news import NEWS
from bot.outbox.parcels import Parcel
from bot.outbox.rows import Rows
from bot.rules.days import zone_named
from bot.rules.news import KINDS
from bot.settings import Settings, SettingsError
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import due_now
from bot.views.reasons import REASONS
from storage import copying
from storage.database import Database, Tx
from storage.migrations import run as migrations
from storage.models.outbox import POSTING
from storage.queries import members, outbox, workspaces
from storage.queries.asking import ask_all
from storage.vault import Vault

T = TypeVar("T")
ROUNDS = 30
LET_GO = {
    "into the digest": "became lines of a digest",
    "not wanted": "were not wanted",
    "one of several": "were told together with others",
    "expired": "came too late",
}


@dataclass(frozen=True, slots=True)
class Foretold:
    """One message that would be sent: when, on its reader's own clock, to whom, what, and why."""

    at: datetime
    local: str
    to: str
    kind: str
    urgency: str
    why: str
    first_line: str


def command(settings: Settings, options: argparse.Namespace) -> int:
    """Print what would be sent, the soonest first."""
    if not 1 <= options.days <= 366:  # noqa: PLR2004  (a year)
        raise SettingsError("Look ahead from 1 to 366 days: `mentorbot dry-run --days 14`.")
    url = _database_of(settings)
    with TemporaryDirectory(prefix="mentorbot-dry-run-") as folder:
        copied = f"sqlite:///{Path(folder) / 'copy.db'}"
        migrations.upgrade(copied)
        with copying.opened(url) as source, copying.opened(copied) as target:
            copying.copy(source, target)
            copying.take_as_sent(target)
        future = Future(Database(copied), settings.vault(), _now(copied))
        try:
            found = future.play(timedelta(days=options.days))
            _print(found, future.let_go(), as_json=options.json, days=options.days)
        finally:
            future.database.close()
    return 0


def _database_of(settings: Settings) -> str:
    """The bot's own database; where that is not there yet, the playground's in the same home."""
    for url in (settings.database, f"sqlite:///{settings.home / 'playground' / 'mentorbot.db'}"):
        if migrations.revision_of(url) == migrations.HEAD:
            return url
    raise SettingsError("There is nothing to look at yet. Start mentorbot once, then try again.")


def _now(url: str) -> datetime:
    """The real time; in a playground that was moved ahead, the time its last message was owed."""
    database = Database(url)
    try:
        last = database.read(outbox.last_owed).result()
    finally:
        database.close()
    return max(real_time(), last) if last else real_time()


class Future:
    """A copy of the house in which time is moved from one due moment to the next, and letters go nowhere."""

    def __init__(self, database: Database, vault: Vault, now: datetime) -> None:
        self.database = database
        self.now = self.begins = now
        self._vault = vault
        self._rows = Rows(NEWS, vault)
        self._places: list[str] = self._do(workspaces.all_ids)
        self.found: list[Foretold] = []

    def play(self, span: timedelta) -> list[Foretold]:
        """Everything that would be sent within this span."""
        ends = self.begins + span
        self._settle()
        while (due := self._next_due()) is not None and due <= ends:
            self.now = max(due, self.now + timedelta(milliseconds=1))
            self._settle()
        return self.found

    def let_go(self) -> Counter[str]:
        """How many messages were not sent, by reason."""
        return Counter(self._do(lambda session: outbox.reasons_since(session, self.begins)))

    def _settle(self) -> None:
        """Do everything that is due now; what Slack's limits put off comes at its own moment."""
        for _ in range(ROUNDS):
            done = sum(self._sweep(place) for place in self._places)
            if not done + sum(self._send(place) for place in self._do(lambda s: self._rows.ready(s, self.now))):
                return

    def _sweep(self, place: str) -> int:
        def run(session: Session) -> int:
            tx = self._tx(session, place)
            return sum(sweep.run(tx) for sweep in due_now(tx, TIMETABLE))

        return self._do(run)

    def _send(self, place: str) -> int:
        """Send one message nowhere."""
        turn = self._do(lambda session: self._rows.begin(session, place, self.now, []))
        if turn.parcel is not None:
            self._write_down(turn.parcel)
        return turn.parcel is not None

    def _write_down(self, parcel: Parcel) -> None:
        if parcel.op in POSTING:
            self.found.append(self._do(lambda session: self._told(session, parcel)))
        ts = f"{self.now.timestamp():.6f}"
        self._do(lambda session: self._rows.done(session, parcel, self.now, parcel.channel or "D0", parcel.ts or ts))

    def _told(self, session: Session, parcel: Parcel) -> Foretold:
        to = members.by_id(self._tx(session, parcel.workspace_id), parcel.member_id)
        zone = to.zone if to else "UTC"
        return Foretold(
            at=self.now,
            local=f"{self.now.astimezone(zone_named(zone)):%a %d %b %H:%M} in {zone}",
            to=to.name if to else "",
            kind=parcel.kind,
            urgency=str(KINDS[parcel.kind].urgency),
            why=REASONS[parcel.kind],
            first_line=str(parcel.payload.get("text", "")).partition("\n")[0],
        )

    def _next_due(self) -> datetime | None:
        def ask(session: Session) -> list[datetime | None]:
            txs = [self._tx(session, place) for place in self._places]
            moments = [m for tx in txs for m in ask_all(tx, [sweep.next_due for sweep in TIMETABLE])]
            return [*moments, self._rows.next_due(session, self.now)]

        return min((moment for moment in self._do(ask) if moment is not None), default=None)

    def _tx(self, session: Session, place: str) -> Tx:
        return Tx(session, place, self.now, self._vault)

    def _do(self, deed: Callable[[Session], T]) -> T:
        return self.database.write(deed).result()


def _print(found: list[Foretold], let_go: Counter[str], *, as_json: bool, days: int) -> None:
    if as_json:
        for each in found:
            print(json.dumps(asdict(each) | {"at": each.at.isoformat()}, ensure_ascii=False))
        return
    for each in found:
        print(f"{each.local}  {each.to}  ({each.urgency}, {each.kind}): {each.why}\n    {each.first_line}")
    print(f"{len(found)} messages in {days} days, if nobody does anything. None was sent.")
    for reason, words in LET_GO.items():
        if let_go[reason]:
            print(f"{let_go[reason]} more {words}.")
