"""Who may come in at all, and who organises."""

from bot.errors import NotForYouError, NotYoursError
from bot.rules.permissions import may, standing_of
from storage.database import Tx
from storage.models.members import Member
from storage.queries import members, workspaces


def admit(actor: Member, deed: str) -> None:
    """Let somebody try a deed, or refuse by their standing; what the deed touches is checked by its own service."""
    standing = standing_of(actor)
    if not may(standing, deed):
        raise NotForYouError(standing)


def organisers(tx: Tx) -> list[Member]:
    """The people named in the settings, else the workspace's owner, since Slack does not say who installed by token."""
    workspace = workspaces.named(tx.session, tx.workspace_id)
    named = members.by_slack_ids(tx, workspace.organisers) if workspace and workspace.organisers else []
    return [person for person in named or members.primary_owners(tx) if not person.is_gone]


def is_organiser(tx: Tx, actor: Member) -> bool:
    """Whether this person organises; being an admin of the workspace does not make one."""
    return actor.id in {person.id for person in organisers(tx)}


def person(tx: Tx, member_id: str) -> Member:
    """A member of this workspace who must exist, since a row of ours points at them."""
    found = members.by_id(tx, member_id)
    if found is None:
        raise NotYoursError
    return found
