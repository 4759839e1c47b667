"""Check-ins: planned, asked, answered, let go."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from storage.database import Tx
from storage.models.base import new_id
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.members import Member
from storage.models.preferences import Preferences
from storage.models.relationships import Relationship
from storage.queries import known
from storage.queries.asking import HERE, NOW, earliest
from storage.queries.locks import unheld
from storage.queries.members import Reader
from storage.queries.once import insert_once

KEY = ("workspace_id", "relationship_id", "member_id", "kind", "number")
UNANSWERED = (CheckinState.PLANNED, CheckinState.ASKED)


@dataclass(frozen=True, slots=True)
class DueCheckin:
    """A check-in whose day has come, as far as it takes to decide on it; `back_at` is the end of an absence ahead.

    It `has_rivals` where the same side was asked another before, or has to be now, and has not answered.
    """

    id: str
    kind: str
    pair_id: str
    reader: Reader
    pair_state: str
    is_anyone_gone: bool
    back_at: datetime | None
    has_rivals: bool

    @property
    def side(self) -> tuple[str, str]:
        """Whose it is: one person's of one pair."""
        return self.pair_id, self.reader.id


def by_id(tx: Tx, checkin_id: str) -> Checkin | None:
    """The check-in with this id, if it is one of this workspace."""
    return known.one(tx, Checkin, checkin_id)


def of_side(tx: Tx, pair_id: str, member_id: str) -> list[Checkin]:
    """Every check-in of one side of a pair, by its day."""
    return _found(tx, Checkin.relationship_id == pair_id, Checkin.member_id == member_id)


def waiting_on(tx: Tx, member_id: str) -> list[Checkin]:
    """What one person was asked and has not answered, over all their pairs."""
    return _found(tx, Checkin.member_id == member_id, Checkin.state == CheckinState.ASKED)


def planned_of(tx: Tx, member_id: str) -> list[Checkin]:
    """What one person is still to be asked, over all their pairs."""
    return _found(tx, Checkin.member_id == member_id, Checkin.state == CheckinState.PLANNED, Checkin.due_at > tx.now)


def unanswered_of(tx: Tx, pair_id: str) -> list[Checkin]:
    """What both sides of a pair have not answered, planned or asked."""
    return _found(tx, Checkin.relationship_id == pair_id, Checkin.state.in_(UNANSWERED))


def due(tx: Tx) -> list[DueCheckin]:
    """Check-ins whose day has come, the earliest first, held from now on.

    Which of several that fall due at one moment come first is left to the index, which need not be sorted for it.
    """
    return [
        DueCheckin(
            row.id,
            row.kind,
            row.pair_id,
            Reader(row.member_id, row.zone, row.home_at),
            row.pair_state,
            is_anyone_gone=row.is_gone or row.is_partner_gone,
            back_at=_latest_ahead(tx.now, row.pair_away_until, row.own_away_until),
            has_rivals=row.has_rivals,
        )
        for row in tx.session.execute(_due(known.MANY), tx.given(now=tx.now))
    ]


def _latest_ahead(now: datetime, *moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None and moment > now), default=None)


@cache
def _due(most: int) -> Select[*tuple[Any, ...]]:
    """So many of them, each with its pair, its two people and its reader's own settings."""
    first = (
        select(Checkin.id, Checkin.kind, Checkin.relationship_id, Checkin.member_id, Checkin.due_at)
        .where(Checkin.workspace_id == HERE, Checkin.state == CheckinState.PLANNED, Checkin.due_at <= NOW)
        .order_by(Checkin.due_at)
        .limit(most)
    )
    due, pair, own = unheld(first).subquery().c, Relationship, Preferences
    reader, partner, rival = aliased(Member), aliased(Member), aliased(Checkin)
    partner_id = case((pair.mentee_id == due.member_id, pair.mentor_id), else_=pair.mentee_id)
    is_rival = and_(
        rival.workspace_id == HERE,
        rival.relationship_id == due.relationship_id,
        rival.member_id == due.member_id,
        rival.id != due.id,
    )
    return (
        select(due.id, due.kind, pair.id.label("pair_id"), reader.id.label("member_id"), reader.zone, reader.home_at)
        .add_columns(pair.state.label("pair_state"), reader.is_gone, partner.is_gone.label("is_partner_gone"))
        .add_columns(pair.away_until.label("pair_away_until"), own.away_until.label("own_away_until"))
        .add_columns(exists().where(is_rival, _is_unanswered(rival)).label("has_rivals"))
        .join(pair, and_(pair.workspace_id == HERE, pair.id == due.relationship_id))
        .join(reader, and_(reader.workspace_id == HERE, reader.id == due.member_id))
        .join(partner, and_(partner.workspace_id == HERE, partner.id == partner_id))
        .outerjoin(own, and_(own.workspace_id == HERE, own.member_id == due.member_id))
        .order_by(due.due_at, due.kind.desc(), due.id)
    )


def _is_unanswered(row: type[Checkin]) -> ColumnElement[bool]:
    """Asked, or due now."""
    return or_(row.state == CheckinState.ASKED, and_(row.state == CheckinState.PLANNED, row.due_at <= NOW))


def unanswered_now(tx: Tx, pair_ids: Iterable[str]) -> list[Checkin]:
    """What either side of these pairs was asked, or has to be, and has not answered; half-time comes after a pulse."""
    return _found(tx, known.among(tx, Checkin.relationship_id, list(pair_ids)), _is_unanswered(Checkin))


def _found(tx: Tx, *conditions: ColumnElement[bool]) -> list[Checkin]:
    return list(tx.session.scalars(_question(tx, *conditions), tx.given(now=tx.now)))


def _question(tx: Tx, *conditions: ColumnElement[bool]) -> Select[Checkin]:
    return (
        select(Checkin)
        .where(Checkin.workspace_id == tx.workspace_id, *conditions)
        .order_by(Checkin.due_at, Checkin.kind.desc(), Checkin.id)
    )


def let_go(tx: Tx, checkin_ids: Sequence[str]) -> list[Checkin]:
    """Let go of what has not been answered; those that it was still time for, as they stand now."""
    done = tx.session.scalars(
        update(Checkin)
        .where(
            Checkin.workspace_id == tx.workspace_id,
            known.among(tx, Checkin.id, checkin_ids),
            Checkin.state.in_(UNANSWERED),
        )
        .values(state=CheckinState.LET_GO)
        .returning(Checkin)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(done, key=lambda row: (row.due_at, row.id))


def ask_all(tx: Tx, checkin_ids: Sequence[str]) -> frozenset[str]:
    """Mark planned check-ins as asked; those that still were."""
    done = tx.session.scalars(
        update(Checkin)
        .where(
            Checkin.workspace_id == tx.workspace_id,
            known.among(tx, Checkin.id, checkin_ids),
            Checkin.state == CheckinState.PLANNED,
        )
        .values(state=CheckinState.ASKED, asked_at=tx.now)
        .returning(Checkin.id)
        .execution_options(synchronize_session=False)
    )
    return frozenset(done)


next_due = earliest(Checkin.due_at, Checkin.state == CheckinState.PLANNED)
"""When the next planned check-in falls due."""


def plan(tx: Tx, pair_id: str, member_id: str, kind: CheckinKind, number: int, due_at: datetime) -> None:
    """Plan a check-in once; one planned or let go and never asked is moved to this day instead."""
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "relationship_id": pair_id,
        "member_id": member_id,
        "kind": kind,
        "number": number,
        "due_at": due_at,
        "state": CheckinState.PLANNED,
        "step": 0,
    }
    if not insert_once(tx.session, Checkin, row, KEY):
        _plan_anew(tx, row)


def _plan_anew(tx: Tx, row: Mapping[str, Any]) -> None:
    tx.session.execute(
        update(Checkin)
        .where(
            Checkin.workspace_id == tx.workspace_id,
            Checkin.relationship_id == row["relationship_id"],
            Checkin.member_id == row["member_id"],
            Checkin.kind == row["kind"],
            Checkin.number == row["number"],
            Checkin.state.in_((CheckinState.PLANNED, CheckinState.LET_GO)),
            Checkin.asked_at.is_(None),
        )
        .values(due_at=row["due_at"], state=CheckinState.PLANNED)
    )


def move(tx: Tx, row: Checkin, from_states: Sequence[CheckinState], **values: Any) -> bool:
    """Change a check-in that still stands where the caller thinks; False if it moved meanwhile."""
    return _change(tx, row, Checkin.state.in_(from_states), values)


def keep_tap(tx: Tx, row: Checkin, step: int, answers: Mapping[Any, str], **values: Any) -> bool:
    """Seal the answers and go on from this step, once; False if the step was answered already, or nothing is asked."""
    sealed = tx.vault.seal(json.dumps(dict(answers)), _place(tx, "taps", row.id))
    is_here = (Checkin.state == CheckinState.ASKED) & (Checkin.step == step)
    return _change(tx, row, is_here, {"step": step + 1, "taps": sealed} | values)


def _change(tx: Tx, row: Checkin, condition: ColumnElement[bool], values: Mapping[str, Any]) -> bool:
    done = tx.session.execute(
        update(Checkin)
        .where(Checkin.workspace_id == tx.workspace_id, Checkin.id == row.id, condition)
        .values(**values)
        .returning(Checkin.id)
        .execution_options(synchronize_session=False)
    )
    changed = done.first() is not None
    tx.session.refresh(row)
    return changed


def answers_of(tx: Tx, row: Checkin) -> dict[str, str]:
    """What was answered so far, by question."""
    if row.taps is None:
        return {}
    answers: dict[str, str] = json.loads(tx.vault.open(row.taps, _place(tx, "taps", row.id)))
    return answers


def write_reflection(tx: Tx, row: Checkin, words: str) -> None:
    """Seal a reflection and keep it with its check-in; no words take it away."""
    sealed = tx.vault.seal(words, _place(tx, "reflection", row.id)) if words else None
    tx.session.execute(
        update(Checkin).where(Checkin.workspace_id == tx.workspace_id, Checkin.id == row.id).values(reflection=sealed)
    )
    tx.session.refresh(row)


def reflection_of(tx: Tx, row: Checkin) -> str:
    """What was written; empty if nothing."""
    return "" if row.reflection is None else tx.vault.open(row.reflection, _place(tx, "reflection", row.id))


def counts(tx: Tx) -> list[tuple[str, int, int, int]]:
    """(kind, people asked, check-ins asked, check-ins answered), no word and no name with them."""
    found = tx.session.execute(
        select(
            Checkin.kind,
            func.count(Checkin.member_id.distinct()),
            func.count(Checkin.asked_at),
            func.count(Checkin.answered_at),
        )
        .where(Checkin.workspace_id == tx.workspace_id, Checkin.asked_at.is_not(None))
        .group_by(Checkin.kind)
        .order_by(Checkin.kind)
    )
    return [(kind, people, asked, answered) for kind, people, asked, answered in found]


def _place(tx: Tx, column: str, checkin_id: str) -> str:
    return f"checkins|{column}|{tx.workspace_id}|{checkin_id}"
