"""Which workspaces the bot lives in."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.models.workspaces import Workspace


def remember(session: Session, workspace: Workspace) -> Workspace:
    """Write the workspace down once, and keep its name, bot user and organisers fresh afterwards."""
    known = session.get(Workspace, workspace.id)
    if known is None:
        session.add(workspace)
        session.flush()
        return workspace
    known.name, known.bot_user_id, known.organisers = (
        workspace.name,
        workspace.bot_user_id,
        workspace.organisers,
    )
    return known


def named(session: Session, workspace_id: str) -> Workspace | None:
    """The workspace with this Slack team id, if the bot was ever there."""
    return session.get(Workspace, workspace_id)


def all_ids(session: Session) -> list[str]:
    """Every workspace's id, for the sweeps, which ask in each one by one."""
    return list(session.scalars(select(Workspace.id).order_by(Workspace.id)))


def silent_count(session: Session) -> int:
    """How many workspaces are silenced."""
    return session.scalar(select(func.count()).select_from(Workspace).where(Workspace.silent_since.is_not(None))) or 0


def note_listing(session: Session, workspace_id: str, now: datetime) -> None:
    """Write down that the whole directory was read at this moment."""
    session.execute(update(Workspace).where(Workspace.id == workspace_id).values(listed_at=now))
