"""When pairs meet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage.database import Tx
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.models.relationships import LIVE_STATES, Relationship
from storage.queries import known
from storage.queries.asking import HERE, NOW, Question, earliest
from storage.queries.members import Reader


class Waits(StrEnum):
    """The columns of a meeting that wait for their moment."""

    REMIND = "remind_at"
    SOON = "soon_at"
    ASK = "ask_at"
    ASK_MENTOR = "ask_mentor_at"


COLUMNS: Mapping[Waits, InstrumentedAttribute[datetime | None]] = {
    Waits.REMIND: Meeting.remind_at,
    Waits.SOON: Meeting.soon_at,
    Waits.ASK: Meeting.ask_at,
    Waits.ASK_MENTOR: Meeting.ask_mentor_at,
}
NO_MOMENTS: Mapping[str, None] = dict.fromkeys(map(str, Waits))


def by_id(tx: Tx, meeting_id: str) -> Meeting | None:
    """The meeting with this id, if it is one of this workspace."""
    return known.one(tx, Meeting, meeting_id)


def next_planned(tx: Tx, pair_id: str) -> Meeting | None:
    """The next meeting a pair has booked that is still to come."""
    return tx.session.scalar(
        select(Meeting)
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.relationship_id == pair_id,
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > tx.now,
        )
        .order_by(Meeting.starts_at)
        .limit(1)
    )


def met_count(tx: Tx, pair_id: str) -> int:
    """How many meetings of a pair took place."""
    return (
        tx.session.scalar(
            select(func.count())
            .select_from(Meeting)
            .where(
                Meeting.workspace_id == tx.workspace_id,
                Meeting.relationship_id == pair_id,
                Meeting.state == MeetingState.MET,
            )
        )
        or 0
    )


def planned_at(tx: Tx, pair_id: str, starts_at: datetime) -> Meeting | None:
    """The meeting a pair has booked for this very moment."""
    return tx.session.scalar(
        select(Meeting).where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.relationship_id == pair_id,
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at == starts_at,
        )
    )


def unanswered(tx: Tx, pair_id: str, reader_id: str, since: datetime) -> Meeting | None:
    """The latest meeting gone by that nobody confirmed and that this reader has said nothing of.

    A no of both leaves `answered_by` empty, so it is nobody's to be asked about any more.
    """
    return tx.session.scalar(
        select(Meeting)
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.relationship_id == pair_id,
            or_(
                Meeting.state == MeetingState.PLANNED,
                and_(Meeting.state == MeetingState.MISSED, Meeting.answered_by != reader_id),
            ),
            Meeting.starts_at <= tx.now,
            Meeting.starts_at >= since,
        )
        .order_by(Meeting.starts_at.desc())
        .limit(1)
    )


def met_since(tx: Tx, pair_id: str, since: datetime, answered: datetime | None = None) -> Meeting | None:
    """The latest meeting of a pair that took place since a moment, or whose yes was said since `answered`."""
    lately = Meeting.starts_at >= since
    return tx.session.scalar(
        select(Meeting)
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.relationship_id == pair_id,
            Meeting.state == MeetingState.MET,
            lately if answered is None else or_(lately, Meeting.answered_at >= answered),
        )
        .order_by(Meeting.starts_at.desc())
        .limit(1)
    )


def has_any(tx: Tx, pair_id: str) -> bool:
    """Whether a pair has met, or has booked to."""
    found = tx.session.scalar(
        select(Meeting.id)
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.relationship_id == pair_id,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.MET)),
        )
        .limit(1)
    )
    return found is not None


def busy(tx: Tx, member_ids: Sequence[str]) -> frozenset[datetime]:
    """The starts of every meeting still to come that any of these people has booked, with whomever they are a pair."""
    pair = Relationship
    found = tx.session.scalars(
        select(Meeting.starts_at)
        .join(pair, and_(pair.workspace_id == Meeting.workspace_id, pair.id == Meeting.relationship_id))
        .where(
            Meeting.workspace_id == tx.workspace_id,
            pair.workspace_id == tx.workspace_id,
            pair.state.in_(LIVE_STATES),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > tx.now,
            or_(pair.mentee_id.in_(member_ids), pair.mentor_id.in_(member_ids)),
        )
    )
    return frozenset(found)


def add(tx: Tx, meeting: Meeting) -> Meeting:
    """Write a meeting down."""
    tx.session.add(meeting)
    tx.session.flush()
    return meeting


def change(tx: Tx, row: Meeting, values: Mapping[str, Any]) -> bool:
    """Change a meeting only if nobody moved, confirmed or cancelled it since; the row then says how it stands."""
    done = tx.session.execute(
        update(Meeting)
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.id == row.id,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.MISSED)),
            Meeting.version == row.version,
        )
        .values(**values)
        .returning(Meeting.id)
        .execution_options(synchronize_session=False)
    )
    changed = done.first() is not None
    tx.session.refresh(row)
    return changed


def answer(tx: Tx, row: Meeting, from_states: Collection[MeetingState], values: Mapping[str, Any]) -> bool:
    """Write down an answer only once; False if somebody was quicker, and the row then says how it stands."""
    done = tx.session.execute(
        update(Meeting)
        .where(Meeting.workspace_id == tx.workspace_id, Meeting.id == row.id, Meeting.state.in_(from_states))
        .values(**values, **NO_MOMENTS)
        .returning(Meeting.id)
        .execution_options(synchronize_session=False)
    )
    changed = done.first() is not None
    tx.session.refresh(row)
    return changed


def cancel_planned(tx: Tx, pair_id: str, by: str | None, *, before: datetime | None = None) -> list[Meeting]:
    """Cancel every meeting of a pair still to come, or those before a moment; which they were."""
    ahead = [
        Meeting.workspace_id == tx.workspace_id,
        Meeting.relationship_id == pair_id,
        Meeting.state == MeetingState.PLANNED,
        Meeting.starts_at > tx.now,
        *([] if before is None else [Meeting.starts_at < before]),
    ]
    done = tx.session.execute(
        update(Meeting)
        .where(*ahead)
        .values(state=MeetingState.CANCELLED, answered_by=by, answered_at=tx.now, **NO_MOMENTS)
        .returning(Meeting.id)
        .execution_options(synchronize_session=False)
    )
    ids = list(done.scalars())
    return list(
        tx.session.scalars(
            select(Meeting)
            .where(Meeting.workspace_id == tx.workspace_id, Meeting.id.in_(ids))
            .order_by(Meeting.starts_at)
            .execution_options(populate_existing=True)
        )
    )


def stop_asking(tx: Tx, pair_id: str) -> None:
    """Let go of every question still to come about meetings gone by."""
    tx.session.execute(
        update(Meeting)
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.relationship_id == pair_id,
            Meeting.state == MeetingState.PLANNED,
        )
        .values(**NO_MOMENTS)
    )


next_moment: Mapping[Waits, Question] = {
    waits: earliest(column, Meeting.state == MeetingState.PLANNED) for waits, column in COLUMNS.items()
}
"""The earliest moment in each of the columns that wait."""


@dataclass(frozen=True, slots=True)
class DueMeeting:
    """A booked meeting whose moment has come: what its two people are told of it hangs on no more."""

    id: str
    version: int
    starts_at: datetime
    pair_state: str
    mentee: Reader
    mentor: Reader

    @property
    def people(self) -> tuple[Reader, Reader]:
        """Mentee, then mentor."""
        return self.mentee, self.mentor


def take_due(tx: Tx, waits: Waits) -> list[DueMeeting]:
    """Booked meetings whose moment in this column has come, the earliest first; it is cleared, so they come once."""
    found = [
        DueMeeting(
            row.id,
            row.version,
            row.starts_at,
            row.pair_state,
            mentee=Reader(row.mentee_id, row.mentee_zone),
            mentor=Reader(row.mentor_id, row.mentor_zone),
        )
        for row in tx.session.execute(_due(waits), tx.given(now=tx.now))
    ]
    tx.session.execute(
        update(Meeting)
        .where(Meeting.workspace_id == tx.workspace_id, known.among(tx, Meeting.id, [each.id for each in found]))
        .values({COLUMNS[waits]: None})
        .execution_options(synchronize_session=False)
    )
    return sorted(found, key=lambda each: (each.starts_at, each.id))


@cache
def _due(waits: Waits) -> Select[*tuple[Any, ...]]:
    """Those of the earliest moments, held; which of several at one moment is left to the index, unsorted."""
    column = COLUMNS[waits]
    due = (
        select(Meeting.id, Meeting.version, Meeting.starts_at, Meeting.relationship_id)
        .where(Meeting.workspace_id == HERE, Meeting.state == MeetingState.PLANNED, column <= NOW)
        .order_by(column)
        .limit(known.MANY)
        .with_for_update(skip_locked=True)
        .subquery()
        .c
    )
    pair, mentee, mentor = Relationship, aliased(Member), aliased(Member)
    return (
        select(due.id, due.version, due.starts_at, pair.state.label("pair_state"))
        .add_columns(mentee.id.label("mentee_id"), mentee.zone.label("mentee_zone"))
        .add_columns(mentor.id.label("mentor_id"), mentor.zone.label("mentor_zone"))
        .join(pair, and_(pair.workspace_id == HERE, pair.id == due.relationship_id))
        .join(mentee, and_(mentee.workspace_id == HERE, mentee.id == pair.mentee_id))
        .join(mentor, and_(mentor.workspace_id == HERE, mentor.id == pair.mentor_id))
    )


def waiting_of(tx: Tx, member_id: str) -> list[Meeting]:
    """Booked meetings of somebody's that are still to remind of, or to ask their mentor about."""
    pair = Relationship
    found = tx.session.scalars(
        select(Meeting)
        .join(pair, and_(pair.workspace_id == Meeting.workspace_id, pair.id == Meeting.relationship_id))
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Meeting.state == MeetingState.PLANNED,
            or_(Meeting.remind_at.is_not(None), Meeting.ask_mentor_at.is_not(None)),
            or_(pair.mentee_id == member_id, pair.mentor_id == member_id),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(found)


def write_agenda(tx: Tx, row: Meeting, words: str) -> bool:
    """Seal an agenda in place of the one that was read; False if it was written anew meanwhile."""
    unchanged = Meeting.agenda.is_(None) if row.agenda is None else Meeting.agenda == row.agenda
    done = tx.session.execute(
        update(Meeting)
        .where(Meeting.workspace_id == tx.workspace_id, Meeting.id == row.id, unchanged)
        .values(agenda=tx.vault.seal(words, _place(tx, row.id)) if words else None)
        .returning(Meeting.id)
        .execution_options(synchronize_session=False)
    )
    changed = done.first() is not None
    tx.session.refresh(row)
    return changed


def agenda_of(tx: Tx, row: Meeting) -> str:
    """What the two have put on the agenda; empty if nothing yet."""
    return "" if row.agenda is None else tx.vault.open(row.agenda, _place(tx, row.id))


def _place(tx: Tx, meeting_id: str) -> str:
    return f"meetings|agenda|{tx.workspace_id}|{meeting_id}"
