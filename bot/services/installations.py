"""Moving into a workspace: what is written down when somebody installs the app there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from storage.models.workspaces import Workspace
from storage.queries import installations, workspaces
from storage.queries.installations import Installed
from storage.vault import Vault


def move_in(
    session: Session, vault: Vault, installed: Installed, name: str, now: datetime, named: Sequence[str] = ()
) -> None:
    """Write a workspace and its installation down; coming back keeps everything that was there.

    Who installed it first organises, beside those who are named: somebody has to, and a stranger must not.
    """
    known = workspaces.named(session, installed.workspace_id)
    first = known.organisers[0] if known and known.organisers else installed.by
    workspace = Workspace(
        id=installed.workspace_id,
        name=name,
        bot_user_id=installed.bot_user,
        known_since=now,
        organisers=_once(first, named),
    )
    workspaces.remember(session, workspace)
    installations.keep(session, vault, installed, now)


def name_organisers(session: Session, named: Sequence[str]) -> None:
    """Let those who are named now organise wherever the app is installed, beside whoever installed it first."""
    for workspace_id in installations.all_ids(session):
        known = workspaces.named(session, workspace_id)
        if known is not None and known.organisers:
            known.organisers = _once(known.organisers[0], named)


def _once(first: str, others: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((first, *others)))
