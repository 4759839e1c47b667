"""How much somebody wants to hear, and when."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from storage.database import Tx
from storage.models.base import new_id
from storage.models.preferences import Attention, Preferences
from storage.models.relationships import LIVE_STATES, Relationship
from storage.queries.asking import HERE, earliest
from storage.queries.known import FEW
from storage.queries.locks import held, unheld
from storage.queries.once import insert_once

_OF = select(Preferences).where(Preferences.workspace_id == HERE, Preferences.member_id == bindparam("member_id"))
_HELD = held(_OF)
_OF_ALL = select(Preferences).where(
    Preferences.workspace_id == HERE, Preferences.member_id.in_(bindparam("member_ids", expanding=True))
)


def of(tx: Tx, member_id: str) -> Preferences | None:
    """A member's own settings, if they were ever set or a digest was planned for them."""
    return tx.session.scalar(_OF, tx.given(member_id=member_id))


def of_all(tx: Tx, member_ids: Iterable[str]) -> list[Preferences]:
    """The own settings of those of these people who have any."""
    return list(tx.session.scalars(_OF_ALL, tx.given(member_ids=list(member_ids))))


def keep(tx: Tx, member_id: str) -> Preferences:
    """A member's own settings, made with the defaults now if there are none; held until this transaction ends."""
    return tx.session.scalar(_HELD, tx.given(member_id=member_id)) or _make(tx, member_id)


def _make(tx: Tx, member_id: str) -> Preferences:
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "member_id": member_id,
        "attention": Attention.EVERYTHING,
        "digest_day": 0,
        "digest_hour": 9,
    }
    insert_once(tx.session, Preferences, row, ("workspace_id", "member_id"))
    return tx.session.scalars(_HELD, tx.given(member_id=member_id)).one()


def write(tx: Tx, member_id: str, values: Mapping[str, Any]) -> None:
    """Write a member's own settings, made with the defaults first if there are none."""
    row = keep(tx, member_id)
    for name, value in values.items():
        setattr(row, name, value)


def away_ids(tx: Tx) -> set[str]:
    """Everyone who is away now."""
    found = tx.session.scalars(
        select(Preferences.member_id).where(
            Preferences.workspace_id == tx.workspace_id, Preferences.away_until > tx.now
        )
    )
    return set(found)


def is_away(tx: Tx, member_id: str) -> bool:
    """Whether a member is away now."""
    row = of(tx, member_id)
    return row is not None and row.away_until is not None and row.away_until > tx.now


def returning(tx: Tx) -> list[Preferences]:
    """Settings of people whose day to be back has come."""
    question = (
        select(Preferences)
        .where(Preferences.workspace_id == tx.workspace_id, Preferences.away_until <= tx.now)
        .order_by(Preferences.away_until, Preferences.id)
        .limit(FEW)
    )
    return list(tx.session.scalars(unheld(question)))


next_return = earliest(Preferences.away_until)
"""When the next one of those who are away is back."""


def pairs_returning(tx: Tx) -> list[Relationship]:
    """Live pairs on hold whose day has come."""
    question = (
        select(Relationship)
        .where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state.in_(LIVE_STATES),
            Relationship.away_until <= tx.now,
        )
        .order_by(Relationship.away_until, Relationship.id)
        .limit(FEW)
    )
    return list(tx.session.scalars(unheld(question)))


next_pair_return = earliest(Relationship.away_until, Relationship.state.in_(LIVE_STATES))
"""When the next live pair on hold goes on."""
