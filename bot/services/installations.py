"""Moving into a workspace: what is written down when somebody installs the app there."""

from datetime import datetime

from sqlalchemy.orm import Session

from storage.models.workspaces import Workspace
from storage.queries import installations, workspaces
from storage.queries.installations import Installed
from storage.vault import Vault


def move_in(session: Session, vault: Vault, installed: Installed, name: str, now: datetime) -> None:
    """Write a workspace and its installation down; coming back keeps everything that was there.

    Who installs it organises until others are named, since somebody has to, and a stranger must not.
    """
    known = workspaces.named(session, installed.workspace_id)
    workspace = Workspace(
        id=installed.workspace_id,
        name=name,
        bot_user_id=installed.bot_user,
        known_since=now,
        organisers=(known.organisers if known else []) or [installed.by],
    )
    workspaces.remember(session, workspace)
    installations.keep(session, vault, installed, now)
