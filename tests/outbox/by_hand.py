"""The courier's rows moved by hand, one transaction each, as one process or another."""

from dataclasses import replace
from datetime import datetime

from bot.news import NEWS
from bot.outbox.machine import TIMING, Absent, Blind, Found
from bot.outbox.parcels import Parcel
from bot.outbox.rows import Doubt, Rows
from bot.services import help as help_
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.models.requests import Ask
from storage.models.workspaces import Workspace
from tests.builders import House

ME = "this process"
SETTLE, SOON, LOOK_AGAIN = TIMING.settle, TIMING.soon, TIMING.look_again


def rows_of(house: House, owner: str = ME) -> Rows:
    return Rows(NEWS, house.vault, owner=owner)


def prepare(house: House, row: OutboxRow) -> Parcel | None:
    return house.do(lambda tx: rows_of(house).prepare(tx.session, tx.workspace_id, row.id, tx.now))


def prepared(house: House, row: OutboxRow) -> Parcel:
    parcel = prepare(house, row)
    assert parcel is not None
    return parcel


def done(house: House, parcel: Parcel, ts: str = "1.1") -> None:
    house.do(lambda tx: rows_of(house).done(tx.session, parcel, tx.now, "D1", ts))


def again(house: House, parcel: Parcel, wait: float | None = None) -> None:
    house.do(lambda tx: rows_of(house).again(tx.session, parcel, tx.now, wait))


def doubt(house: House, parcel: Parcel) -> None:
    house.do(lambda tx: rows_of(house).in_doubt(tx.session, parcel, tx.now))


def settle(house: House, event: Found | Absent | Blind) -> None:
    (found,) = doubts(house)
    event = event if isinstance(event, Found) else replace(event, tried_at=found.tried_at)
    house.do(lambda tx: rows_of(house).settle(tx.session, found, tx.now, event))


def doubts(house: House) -> list[Doubt]:
    return house.do(lambda tx: rows_of(house).doubts(tx.session, tx.now))


def next_due(house: House) -> datetime | None:
    return house.do(lambda tx: rows_of(house).next_due(tx.session, tx.now))


def now_of(house: House, row: OutboxRow) -> OutboxRow:
    return house.current(row)


def asked(house: House) -> tuple[Member, Member, Ask, OutboxRow]:
    """Noor has asked Tomás, and nothing has been sent yet."""
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    return noor, tomas, ask, house.owed("requests.asked")[0]


def typed(house: House) -> OutboxRow:
    """Somebody typed a word, and an answer is owed."""
    noor = house.person("Noor H")
    house.act(noor, help_.answer_typed, "1.1")
    return house.owed("help.typed")[0]


def restored(tx: Tx, since: datetime) -> None:
    """Say that the workspace came from a backup of that moment."""
    place = tx.session.get(Workspace, tx.workspace_id)
    assert place is not None
    place.restored_from, place.restored_at = since, tx.now
