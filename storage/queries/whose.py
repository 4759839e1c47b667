"""Which of some people there is anything of at all: nobody else need be asked about one thing after another."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState
from storage.models.preferences import Preferences
from storage.models.relationships import Relationship
from storage.models.requests import Ask, AskState
from storage.queries.asking import HERE
from storage.queries.digests import LET_GO


def _has(column: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(column.class_.workspace_id == HERE, column == Member.id, *conditions)


def _whoever(*traces: ColumnElement[bool]) -> Select[str]:
    these = Member.id.in_(bindparam("these", expanding=True))
    return select(Member.id).where(Member.workspace_id == HERE, these, or_(*traces))


# A pair, ended or not, stands for all that hangs on it: meetings, agreements, check-ins, milestones.
_PAIRED = (_has(Relationship.mentee_id), _has(Relationship.mentor_id))
_ASKED = _has(Ask.mentor_id, Ask.state == AskState.WAITING)
_TIMED = _whoever(
    *_PAIRED,
    _ASKED,
    _has(OutboxRow.member_id, OutboxRow.state == RowState.PENDING),
    _has(Preferences.member_id, Preferences.away_until.is_not(None)),
)
_TOLD = _whoever(
    *_PAIRED,
    _ASKED,
    _has(DigestLine.member_id, DigestLine.digest != LET_GO),
)


def with_moments(tx: Tx, member_ids: Sequence[str]) -> frozenset[str]:
    """Those of these people for whom any moment may be reckoned by their clock, their digest left out."""
    return frozenset(tx.session.scalars(_TIMED, tx.given(these=member_ids)))


def with_news(tx: Tx, member_ids: Sequence[str]) -> frozenset[str]:
    """Those of these people whose digest may have anything in it that is about themselves."""
    return frozenset(tx.session.scalars(_TOLD, tx.given(these=member_ids)))
