"""Searches and the names they ask."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.database import Tx
from storage.models.requests import Ask, AskState, Search, SearchState
from storage.queries.asking import HERE, earliest
from storage.queries.known import FEW
from storage.queries.locks import held

_OF = select(Search).where(Search.workspace_id == HERE, Search.mentee_id == bindparam("mentee_id"))
_OPEN = _OF.where(Search.state == SearchState.OPEN)
_DRAFT = _OF.where(Search.state == SearchState.DRAFT).order_by(Search.begun_at.desc()).limit(1)


def search(tx: Tx, search_id: str) -> Search | None:
    """The search with this id, if it is one of this workspace."""
    return tx.session.scalar(select(Search).where(Search.workspace_id == tx.workspace_id, Search.id == search_id))


def hold(tx: Tx, search_id: str) -> Search | None:
    """The search and its names as they stand now; nobody else changes them until this transaction ends."""
    mine = (Ask.workspace_id == tx.workspace_id, Ask.search_id == search_id)
    row = tx.session.scalar(held(select(Search).where(Search.workspace_id == tx.workspace_id, Search.id == search_id)))
    tx.session.scalars(select(Ask).where(*mine).execution_options(populate_existing=True)).all()
    return row


def ask(tx: Tx, ask_id: str) -> Ask | None:
    """The ask with this id, if it is one of this workspace."""
    return tx.session.scalar(select(Ask).where(Ask.workspace_id == tx.workspace_id, Ask.id == ask_id))


def open_search_of(tx: Tx, mentee_id: str) -> Search | None:
    """The one search a mentee has running."""
    return tx.session.scalar(_OPEN, tx.given(mentee_id=mentee_id))


def latest_search_of(tx: Tx, mentee_id: str) -> Search | None:
    """The mentee's most recent search that got as far as asking, ended or not."""
    return tx.session.scalar(
        select(Search)
        .where(
            Search.workspace_id == tx.workspace_id,
            Search.mentee_id == mentee_id,
            Search.state != SearchState.DRAFT,
        )
        .order_by(Search.begun_at.desc(), Search.id.desc())
        .limit(1)
    )


def draft_search_of(tx: Tx, mentee_id: str) -> Search | None:
    """The search a mentee began and has not sent."""
    return tx.session.scalar(_DRAFT, tx.given(mentee_id=mentee_id))


def asks_of(tx: Tx, search_id: str) -> list[Ask]:
    """The names of one search, in the order they are asked."""
    found = tx.session.scalars(
        select(Ask).where(Ask.workspace_id == tx.workspace_id, Ask.search_id == search_id).order_by(Ask.position)
    )
    return list(found)


def waiting_on(tx: Tx, mentor_id: str) -> list[Ask]:
    """What waits for this mentor's answer, longest wait first."""
    found = tx.session.scalars(
        select(Ask)
        .where(Ask.workspace_id == tx.workspace_id, Ask.mentor_id == mentor_id, Ask.state == AskState.WAITING)
        .order_by(Ask.asked_at, Ask.id)
    )
    return list(found)


def all_waiting(tx: Tx, limit: int | None = None) -> list[Ask]:
    """Every ask waiting for an answer, longest wait first."""
    found = tx.session.scalars(
        select(Ask)
        .where(Ask.workspace_id == tx.workspace_id, Ask.state == AskState.WAITING)
        .order_by(Ask.asked_at, Ask.id)
        .limit(limit)
    )
    return list(found)


def open_searches(tx: Tx) -> list[Search]:
    """Every search that is running."""
    found = tx.session.scalars(
        select(Search)
        .where(Search.workspace_id == tx.workspace_id, Search.state == SearchState.OPEN)
        .order_by(Search.id)
    )
    return list(found)


def named_in_open_searches(tx: Tx, mentor_id: str) -> list[Ask]:
    """Asks of open searches that name this mentor and are not decided: waiting or still queued."""
    found = tx.session.scalars(
        select(Ask).where(
            Ask.workspace_id == tx.workspace_id,
            Ask.mentor_id == mentor_id,
            Ask.state.in_((AskState.QUEUED, AskState.WAITING)),
        )
    )
    return list(found)


def move_ask(tx: Tx, row: Ask, to: AskState, **values: Any) -> bool:
    """Move an ask on from where it stands; False if somebody was quicker, and the row then says how it stands."""
    done = tx.session.execute(
        update(Ask)
        .where(Ask.workspace_id == tx.workspace_id, Ask.id == row.id, Ask.state == row.state)
        .values(state=to, **values)
        .returning(Ask.id)
    )
    return done.first() is not None or _was_late(tx, row)


def move_search(tx: Tx, row: Search, to: SearchState, **values: Any) -> bool:
    """Move a search on from where it stands; False if somebody was quicker, and the row then says how it stands."""
    done = tx.session.execute(
        update(Search)
        .where(Search.workspace_id == tx.workspace_id, Search.id == row.id, Search.state == row.state)
        .values(state=to, **values)
        .returning(Search.id)
    )
    return done.first() is not None or _was_late(tx, row)


def _was_late(tx: Tx, row: Ask | Search) -> bool:
    tx.session.refresh(row)
    return False


def set_on_search(tx: Tx, search_id: str, values: Mapping[str, Any]) -> None:
    """Write facts on a search the caller holds."""
    tx.session.execute(
        update(Search).where(Search.workspace_id == tx.workspace_id, Search.id == search_id).values(**values)
    )


def set_on_ask(tx: Tx, ask_id: str, values: Mapping[str, Any]) -> None:
    """Write facts on a name of a search the caller holds."""
    tx.session.execute(update(Ask).where(Ask.workspace_id == tx.workspace_id, Ask.id == ask_id).values(**values))


def write_note(tx: Tx, search_id: str, note: str) -> None:
    """Seal the note for this search and keep it there."""
    set_on_search(tx, search_id, {"note": tx.vault.seal(note, _place(tx, search_id))})


def note_of(tx: Tx, row: Search) -> str:
    """What the mentee wrote; empty if nothing yet."""
    return "" if row.note is None else tx.vault.open(row.note, _place(tx, row.id))


def lapsing(tx: Tx) -> list[Ask]:
    """Asks whose time is up."""
    return _asks(tx, Ask.due_at, Ask.state == AskState.WAITING)


def to_remind(tx: Tx) -> list[Ask]:
    """Asks whose reminder is due; the reminder's moment is cleared when it is owed."""
    return _asks(tx, Ask.remind_at, Ask.state == AskState.WAITING)


def to_settle(tx: Tx, decided_before: datetime) -> list[Ask]:
    """Declines past their undo window whose consequences are still to come."""
    return _asks(tx, Ask.decided_at, Ask.state == AskState.DECLINED, Ask.settled_at.is_(None), until=decided_before)


def _asks(tx: Tx, column: Any, *conditions: Any, until: datetime | None = None) -> list[Ask]:
    found = tx.session.scalars(
        select(Ask)
        .where(Ask.workspace_id == tx.workspace_id, column <= (until or tx.now), *conditions)
        .order_by(column, Ask.asked_at, Ask.id)
        .limit(FEW)
    )
    return list(found)


def withdrawals_to_settle(tx: Tx, ended_before: datetime) -> list[Search]:
    """Withdrawn searches past their undo window whose mentor has not been told."""
    found = tx.session.scalars(
        select(Search)
        .where(
            Search.workspace_id == tx.workspace_id,
            Search.state == SearchState.WITHDRAWN,
            Search.settled_at.is_(None),
            Search.ended_at <= ended_before,
        )
        .order_by(Search.ended_at)
        .limit(FEW)
    )
    return list(found)


next_lapse = earliest(Ask.due_at, Ask.state == AskState.WAITING)
"""When the next ask runs out."""
next_reminder = earliest(Ask.remind_at, Ask.state == AskState.WAITING)
"""When the next ask is to be reminded."""
next_decline = earliest(Ask.decided_at, Ask.state == AskState.DECLINED, Ask.settled_at.is_(None))
"""When the earliest decline still without consequences was given."""
next_withdrawal = earliest(Search.ended_at, Search.state == SearchState.WITHDRAWN, Search.settled_at.is_(None))
"""When the earliest withdrawal the mentor does not know of was made."""


def open_count(tx: Tx) -> int:
    """How many people are searching."""
    return (
        tx.session.scalar(
            select(func.count())
            .select_from(Search)
            .where(Search.workspace_id == tx.workspace_id, Search.state == SearchState.OPEN)
        )
        or 0
    )


def _place(tx: Tx, search_id: str) -> str:
    return f"searches|note|{tx.workspace_id}|{search_id}"
