"""Introductions, and who wants no more of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Select, and_, delete, exists, func, or_, select, union_all, update
from sqlalchemy.orm import aliased

from storage.database import Tx
from storage.models.base import new_id
from storage.models.introductions import Introduction, IntroductionState, NoIntroductions
from storage.models.members import Member
from storage.models.outbox import POSTING, OutboxRow, RowState
from storage.queries.asking import HERE, NOW, Question, earliest
from storage.queries.known import FEW
from storage.queries.once import insert_once

Here: TypeAlias = str | BindParameter[str]
ASSUMED = "assumed sent"  # the courier's own word for a doubt nobody could settle
DRAFTED, ASKED, AGREED, MADE, DECLINED, LAPSED, DROPPED = IntroductionState
ON_ITS_WAY = or_(
    Introduction.state.in_((DRAFTED, ASKED, AGREED)),
    and_(Introduction.state == DECLINED, Introduction.due_at.is_not(None)),
)


@dataclass(frozen=True, slots=True)
class NewIntroduction:
    """What a mentor drafts."""

    pair_id: str
    mentor_id: str
    mentee_id: str
    contact_id: str
    why: str
    wish: str
    minutes: int
    place: str


def add(tx: Tx, new: NewIntroduction) -> str:
    """Write a draft down with its words sealed; gives its id."""
    row_id = new_id()
    sealed = _sealed(tx, row_id, new.why, new.wish)
    row = Introduction(
        id=row_id,
        workspace_id=tx.workspace_id,
        relationship_id=new.pair_id,
        mentor_id=new.mentor_id,
        mentee_id=new.mentee_id,
        contact_id=new.contact_id,
        drafted_at=tx.now,
        minutes=new.minutes,
        place=new.place,
        why=sealed["why"],
        wish=sealed["wish"],
    )
    tx.session.add(row)
    tx.session.flush()
    return row_id


def by_id(tx: Tx, introduction_id: str) -> Introduction | None:
    """The introduction with this id, if it is one of this workspace, as the database has it now."""
    return tx.session.scalar(
        select(Introduction)
        .where(Introduction.workspace_id == tx.workspace_id, Introduction.id == introduction_id)
        .execution_options(populate_existing=True)
    )


def words_of(tx: Tx, row: Introduction) -> tuple[str, str]:
    """(why these two, the one ask)."""
    return tx.vault.open(row.why, _place(tx, "why", row.id)), tx.vault.open(row.wish, _place(tx, "wish", row.id))


def hold(tx: Tx, contact_id: str) -> None:
    """Let nobody else ask this person until this transaction ends; SQLite has one writer anyway."""
    tx.session.execute(
        select(Member.id)
        .where(Member.workspace_id == tx.workspace_id, Member.id == contact_id)
        .with_for_update(key_share=True)
    )


def asks_since(tx: Tx, contact_id: str, since: datetime) -> int:
    """How often somebody was asked since a moment, by everyone together."""
    found = tx.session.scalar(
        select(func.count())
        .select_from(Introduction)
        .where(
            Introduction.workspace_id == tx.workspace_id,
            Introduction.contact_id == contact_id,
            Introduction.asked_at > since,
        )
    )
    return found or 0


def on_its_way(tx: Tx, mentee_id: str, contact_id: str) -> Introduction | None:
    """The introduction of these two that nobody can say has come to an end."""
    return tx.session.scalar(
        select(Introduction)
        .where(
            Introduction.workspace_id == tx.workspace_id,
            Introduction.mentee_id == mentee_id,
            Introduction.contact_id == contact_id,
            ON_ITS_WAY,
        )
        .limit(1)
    )


def move(tx: Tx, introduction_id: str, from_states: Iterable[IntroductionState], values: Mapping[str, Any]) -> bool:
    """Change an introduction only if it still stands where the caller thinks."""
    return _write(tx, introduction_id, values, Introduction.state.in_(list(from_states)))


def answer(tx: Tx, introduction_id: str, from_states: Iterable[IntroductionState], values: Mapping[str, Any]) -> bool:
    """The same, only while day 7 is still to come."""
    in_time = (Introduction.state.in_(list(from_states)), Introduction.due_at > tx.now)
    return _write(tx, introduction_id, values, *in_time)


def agree(tx: Tx, introduction_id: str, words: tuple[str, str], due_at: datetime) -> bool:
    """Ask with these words, if it is still a draft."""
    values = {"state": ASKED, "asked_at": tx.now, "due_at": due_at} | _sealed(tx, introduction_id, *words)
    return move(tx, introduction_id, (DRAFTED,), values)


def _write(tx: Tx, introduction_id: str, values: Mapping[str, Any], *conditions: ColumnElement[bool]) -> bool:
    done = tx.session.execute(
        update(Introduction)
        .where(Introduction.workspace_id == tx.workspace_id, Introduction.id == introduction_id, *conditions)
        .values(**values)
        .returning(Introduction.id)
    )
    return done.first() is not None


next_due = earliest(Introduction.due_at, Introduction.state.in_((ASKED, DECLINED)))
"""When the next silence ends."""


def due(tx: Tx) -> list[Introduction]:
    """Asks whose day 7 has come, answered by a no or not at all."""
    return _found(
        tx, Introduction.state.in_((ASKED, DECLINED)), Introduction.due_at <= tx.now, order=Introduction.due_at
    )


def unanswered(tx: Tx) -> list[Introduction]:
    """Asks whose day 7 is still to come, answered by a no or not at all."""
    return _found(
        tx, Introduction.state.in_((ASKED, DECLINED)), Introduction.due_at.is_not(None), order=Introduction.due_at
    )


def of_pair(tx: Tx, pair_id: str) -> list[Introduction]:
    """A pair's introductions on their way or made, newest first."""
    is_shown = or_(ON_ITS_WAY, Introduction.state == MADE)
    return _found(tx, Introduction.relationship_id == pair_id, is_shown, order=Introduction.drafted_at.desc())


def unfinished_of(tx: Tx, member_id: str) -> list[Introduction]:
    """Whatever somebody is one of the three of, on its way or made."""
    columns = (Introduction.mentor_id, Introduction.mentee_id, Introduction.contact_id)
    is_in = or_(*(column == member_id for column in columns))
    return _found(tx, is_in, or_(ON_ITS_WAY, Introduction.state == MADE), order=Introduction.drafted_at)


def drafts_for(tx: Tx, mentee_id: str) -> list[Introduction]:
    """Drafts that wait for this mentee's word."""
    return _found(tx, Introduction.mentee_id == mentee_id, Introduction.state == DRAFTED, order=Introduction.drafted_at)


def asks_of(tx: Tx, contact_id: str) -> list[Introduction]:
    """Asks that wait for this contact's word."""
    is_open = (Introduction.state == ASKED, Introduction.due_at > tx.now)
    return _found(tx, Introduction.contact_id == contact_id, *is_open, order=Introduction.due_at)


def _found(tx: Tx, *conditions: ColumnElement[bool], order: Any, limit: int = 200) -> list[Introduction]:
    found = tx.session.scalars(
        select(Introduction)
        .where(Introduction.workspace_id == tx.workspace_id, *conditions)
        .order_by(order, Introduction.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return list(found)


def is_closed(tx: Tx, member_id: str) -> bool:
    """Whether somebody said "Don't ask me again"."""
    found = tx.session.scalar(
        select(NoIntroductions.id).where(
            NoIntroductions.workspace_id == tx.workspace_id, NoIntroductions.member_id == member_id
        )
    )
    return found is not None


def close(tx: Tx, member_id: str) -> None:
    """Keep that somebody wants no more of them."""
    row = {"id": new_id(), "workspace_id": tx.workspace_id, "member_id": member_id, "since": tx.now}
    insert_once(tx.session, NoIntroductions, row, ("workspace_id", "member_id"))


def reopen(tx: Tx, member_id: str) -> None:
    """They may be asked again."""
    tx.session.execute(
        delete(NoIntroductions).where(
            NoIntroductions.workspace_id == tx.workspace_id, NoIntroductions.member_id == member_id
        )
    )


def herald(tx: Tx, introduction_id: str) -> OutboxRow | None:
    """The newest row by which the three are, or are to be, introduced."""
    return tx.session.scalar(
        select(OutboxRow)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.kind == "introductions.made",
            OutboxRow.subject_id == introduction_id,
            OutboxRow.op.in_(POSTING),
        )
        .order_by(OutboxRow.created_at.desc(), OutboxRow.id.desc())
        .limit(1)
    )


def strays(tx: Tx, limit: int = FEW) -> list[Introduction]:
    """Introductions that can come to nothing now, since their contact is gone: not agreed to, or not made yet."""
    found = tx.session.scalars(
        select(Introduction)
        .where(
            Introduction.workspace_id == tx.workspace_id,
            Introduction.id.in_(union_all(_unmade(tx.workspace_id), _unannounced(tx.workspace_id))),
        )
        .order_by(Introduction.drafted_at, Introduction.id)
        .limit(limit)
    )
    return list(found)


def _unmade(here: Here) -> Select[str]:
    """Those not made yet whose contact is gone."""
    return (
        select(Introduction.id)
        .join(Member, and_(Member.workspace_id == Introduction.workspace_id, Member.id == Introduction.contact_id))
        .where(Introduction.workspace_id == here, Introduction.state.in_((DRAFTED, AGREED)), Member.is_gone)
    )


def _unannounced(here: Here) -> Select[str]:
    """Those whose contact is gone, and whose three have not been introduced: found by the few rows that wait unsent."""
    sent = aliased(OutboxRow)
    unsent = OutboxRow
    return (
        select(Introduction.id)
        .join(unsent, and_(unsent.workspace_id == Introduction.workspace_id, unsent.subject_id == Introduction.id))
        .join(Member, and_(Member.workspace_id == Introduction.workspace_id, Member.id == Introduction.contact_id))
        .where(
            Introduction.workspace_id == here,
            unsent.kind == "introductions.made",
            unsent.state.in_((RowState.PENDING, RowState.DROPPED)),
            unsent.reason != ASSUMED,
            Introduction.state == MADE,
            Member.is_gone,
            ~exists().where(
                sent.workspace_id == here,
                sent.kind == "introductions.made",
                sent.subject_id == Introduction.id,
                or_(
                    sent.state.in_((RowState.SENDING, RowState.UNKNOWN, RowState.DONE)),
                    and_(sent.state == RowState.PENDING, sent.payload.is_not(None)),
                    sent.reason == ASSUMED,
                ),
            ),
        )
    )


next_stray = Question(select(NOW).where(or_(_unmade(HERE).exists(), _unannounced(HERE).exists())))
"""Now, while there are any."""


def is_unsent(tx: Tx, introduction_id: str) -> bool:
    """Whether the message that introduces them has not begun its way, or was let go of."""
    row = herald(tx, introduction_id)
    if row is None or row.payload is not None:
        return False
    return row.state == RowState.PENDING or (row.state == RowState.DROPPED and row.reason != ASSUMED)


def _sealed(tx: Tx, row_id: str, why: str, wish: str) -> dict[str, bytes]:
    return {
        "why": tx.vault.seal(why, _place(tx, "why", row_id)),
        "wish": tx.vault.seal(wish, _place(tx, "wish", row_id)),
    }


def _place(tx: Tx, column: str, row_id: str) -> str:
    return f"introductions|{column}|{tx.workspace_id}|{row_id}"
