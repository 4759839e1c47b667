"""Forgetting: the one place that reaches every table, since nothing of a forgotten workspace may stay anywhere."""

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from storage.models.all import METADATA
from storage.models.installations import Installation
from storage.models.workspaces import Workspace

# What the workspace's own row says of what happened there, rather than of where it is and who organises it.
HAPPENED = ("listed_at", "silent_since", "silent_by", "restored_from", "restored_at")


def forget_workspace(session: Session, workspace_id: str) -> None:
    """Delete every row a workspace owns; its own row and its installation stay, so that it can begin again."""
    for table in reversed(METADATA.sorted_tables):
        if "workspace_id" in table.c and table is not Installation.__table__:
            session.execute(delete(table).where(table.c.workspace_id == workspace_id))
    session.execute(update(Workspace).where(Workspace.id == workspace_id).values(dict.fromkeys(HAPPENED)))


def forget_some(session: Session, workspace_id: str, most: int) -> int:
    """Delete some of the rows of a workspace that was left, those that others point at last; how many.

    A whole workspace at once would keep everybody else's answers waiting. Its own row goes last of all, and is asked
    each time: whoever installs the app again meanwhile keeps what is there.
    """
    is_left = select(Workspace.id).where(Workspace.id == workspace_id, Workspace.left_at.is_not(None))
    if session.scalar(is_left.with_for_update()) is None:
        return 0
    for table in reversed(METADATA.sorted_tables):
        if "workspace_id" in table.c:
            keys = tuple_(*table.primary_key.columns)
            some = select(*table.primary_key.columns).where(table.c.workspace_id == workspace_id).limit(most)
            gone = session.execute(delete(table).where(keys.in_(some)).returning(*table.primary_key.columns)).all()
            if gone:
                return len(gone)
    session.execute(delete(Workspace).where(Workspace.id == workspace_id))
    return 0
