"""How much somebody wants to hear, and when."""

from sqlalchemy import select

from storage.database import Tx
from storage.models.base import new_id
from storage.models.preferences import Attention, Preferences
from storage.queries.once import insert_once


def of(tx: Tx, member_id: str) -> Preferences | None:
    """A member's own settings, if they were ever set or a digest was planned for them."""
    return tx.session.scalar(
        select(Preferences).where(Preferences.workspace_id == tx.workspace_id, Preferences.member_id == member_id)
    )


def keep(tx: Tx, member_id: str) -> Preferences:
    """A member's own settings, made with the defaults now if there are none."""
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "member_id": member_id,
        "attention": Attention.EVERYTHING,
        "digest_day": 0,
        "digest_hour": 9,
    }
    insert_once(tx.session, Preferences, row, ("workspace_id", "member_id"))
    return tx.session.scalars(
        select(Preferences)
        .where(Preferences.workspace_id == tx.workspace_id, Preferences.member_id == member_id)
        .execution_options(populate_existing=True)
    ).one()
