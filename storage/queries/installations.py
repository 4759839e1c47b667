"""Where the bot is installed by OAuth, and the tokens it speaks with there; a row has them sealed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from storage.models.installations import Installation
from storage.models.workspaces import Workspace
from storage.queries.once import insert_once
from storage.vault import Vault

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What lets us speak in one workspace; the last two are there where the app's tokens rotate."""

    bot: str
    refresh: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """One installation, as Slack described it."""

    workspace_id: str
    app_id: str
    bot_user: str
    by: str
    scopes: str
    tokens: Tokens


def keep(session: Session, vault: Vault, installed: Installed, now: datetime) -> None:
    """Write an installation down, in place of an earlier one; its workspace is known already."""
    here = installed.workspace_id
    facts = {
        "app_id": installed.app_id,
        "installed_by": installed.by,
        "installed_at": now,
        "scopes": installed.scopes,
        **_sealed(vault, here, installed.tokens),
    }
    if not insert_once(session, Installation, {"workspace_id": here, **facts}, ("workspace_id",)):
        session.execute(update(Installation).where(Installation.workspace_id == here).values(**facts))


def of(session: Session, vault: Vault, workspace_id: str) -> Installed | None:
    """The installation in this workspace, if there is one; raises UnreadableError where it was sealed elsewhere."""
    row = session.get(Installation, workspace_id)
    home = session.get(Workspace, workspace_id)
    if row is None or home is None:
        return None
    bot = vault.open(row.bot_token, _place(workspace_id, "bot_token"))
    refresh = vault.open(row.refresh_token, _place(workspace_id, "refresh_token")) if row.refresh_token else ""
    tokens = Tokens(bot, refresh, row.expires_at)
    return Installed(workspace_id, row.app_id, home.bot_user_id, row.installed_by, row.scopes, tokens)


def all_ids(session: Session) -> list[str]:
    """Every workspace with an installation."""
    return list(session.scalars(select(Installation.workspace_id).order_by(Installation.workspace_id)))


def may_renew(session: Session, workspace_id: str, seen: datetime, now: datetime, until: datetime) -> bool:
    """Take the sole right to ask for the next tokens for a while; False if somebody has it, or has the tokens."""
    free = or_(Installation.renewed_by.is_(None), Installation.renewed_by <= now)
    taken = session.execute(
        update(Installation)
        .where(Installation.workspace_id == workspace_id, Installation.expires_at == seen, free)
        .values(renewed_by=until)
        .returning(Installation.workspace_id)
    )
    return taken.first() is not None


def renew(session: Session, vault: Vault, workspace_id: str, tokens: Tokens) -> bool:
    """Put the next tokens in place of the last; False if the bot was uninstalled meanwhile."""
    renewed = session.execute(
        update(Installation)
        .where(Installation.workspace_id == workspace_id)
        .values(**_sealed(vault, workspace_id, tokens))
        .returning(Installation.workspace_id)
    )
    return renewed.first() is not None


def drop(session: Session, workspace_id: str, when: datetime) -> bool:
    """Forget the tokens, which are worth nothing since this moment; False if there are none, or newer ones.

    Slack tells moments in whole seconds.
    """
    dropped = session.execute(
        delete(Installation)
        .where(Installation.workspace_id == workspace_id, Installation.installed_at < when + SECOND)
        .returning(Installation.workspace_id)
    )
    return dropped.first() is not None


def _sealed(vault: Vault, workspace_id: str, tokens: Tokens) -> dict[str, object]:
    refresh = vault.seal(tokens.refresh, _place(workspace_id, "refresh_token")) if tokens.refresh else None
    return {
        "bot_token": vault.seal(tokens.bot, _place(workspace_id, "bot_token")),
        "refresh_token": refresh,
        "expires_at": tokens.expires_at,
        "renewed_by": None,
    }


def _place(workspace_id: str, column: str) -> str:
    return f"installations|{column}|{workspace_id}|{workspace_id}"
