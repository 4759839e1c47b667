"""Which workspaces the bot lives in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from storage.database import Tx
from storage.models.workspaces import Workspace
from storage.queries.once import insert_once

_ALL_IDS = select(Workspace.id).where(Workspace.left_at.is_(None)).order_by(Workspace.id)
# Put together once: it is asked at every look.
_HOMES = select(Workspace.id, Workspace.left_at).order_by(Workspace.id)


def remember(session: Session, workspace: Workspace) -> Workspace:
    """Write the workspace down once, and keep its name, bot user and organisers fresh; one that was left is back."""
    row = {column.key: getattr(workspace, column.key) for column in Workspace.__table__.columns}
    insert_once(session, Workspace, row, ("id",))
    known = session.get_one(Workspace, workspace.id)
    known.name, known.bot_user_id, known.organisers = (
        workspace.name,
        workspace.bot_user_id,
        workspace.organisers,
    )
    known.left_at = None
    return known


def named(session: Session, workspace_id: str) -> Workspace | None:
    """The workspace with this Slack team id, if the bot was ever there."""
    return session.get(Workspace, workspace_id)


def all_ids(session: Session) -> list[str]:
    """The id of every workspace the bot lives in, for the sweeps, which ask in each one by one."""
    return list(session.scalars(_ALL_IDS))


def unlisted(session: Session) -> list[str]:
    """Workspaces whose directory was never read to its end."""
    never = select(Workspace.id).where(Workspace.left_at.is_(None), Workspace.listed_at.is_(None))
    return list(session.scalars(never.order_by(Workspace.id)))


def leave(session: Session, workspace_id: str, now: datetime) -> bool:
    """Write down that the bot was uninstalled; False if it had left already."""
    done = session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id, Workspace.left_at.is_(None))
        .values(left_at=now)
        .returning(Workspace.id)
    )
    return done.first() is not None


def homes(session: Session) -> dict[str, datetime | None]:
    """Every workspace of which anything is kept, and when the bot left it, if it did."""
    return {row.id: row.left_at for row in session.execute(_HOMES)}


def first_left(session: Session) -> datetime | None:
    """When the bot left the workspace that it left the longest ago, of those that are not forgotten."""
    return session.scalar(select(func.min(Workspace.left_at)))


def is_silenced(tx: Tx) -> bool:
    """Whether somebody silenced this workspace."""
    found = tx.session.scalar(select(Workspace.silent_since).where(Workspace.id == tx.workspace_id))
    return found is not None


def silence(tx: Tx, by: str | None) -> bool:
    """Silence this workspace; False if it is silent already. `by` is a member's id, None from the command line."""
    return _set_silence(tx, Workspace.silent_since.is_(None), {"silent_since": tx.now, "silent_by": by})


def end_silence(tx: Tx) -> datetime | None:
    """Let the bot speak again here; since when it was silent, None if it may speak already."""
    since = tx.session.scalar(select(Workspace.silent_since).where(Workspace.id == tx.workspace_id).with_for_update())
    _set_silence(tx, Workspace.silent_since.is_not(None), {"silent_since": None, "silent_by": None})
    return since


def _set_silence(tx: Tx, still: ColumnElement[bool], values: Mapping[str, Any]) -> bool:
    done = tx.session.execute(
        update(Workspace)
        .where(Workspace.id == tx.workspace_id, still)
        .values(**values)
        .returning(Workspace.id)
        .execution_options(synchronize_session="fetch")
    )
    return done.first() is not None


def silent_count(session: Session) -> int:
    """How many workspaces are silenced."""
    return session.scalar(select(func.count()).select_from(Workspace).where(Workspace.silent_since.is_not(None))) or 0


def note_listing(session: Session, workspace_id: str, now: datetime) -> None:
    """Write down that the whole directory was read at this moment."""
    session.execute(update(Workspace).where(Workspace.id == workspace_id).values(listed_at=now))
