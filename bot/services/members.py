"""Keeping what we know of people fresh, and what follows when somebody is gone."""

from collections.abc import Mapping
from typing import Any

from bot.services import digests, milestones, profiles
from bot.slack.people import read_person
from storage.database import Tx
from storage.queries import members


def follow_moves(tx: Tx) -> int:
    """Let everything due on somebody's own mornings follow them to another zone; how many people moved."""
    moved = members.moved(tx)
    for member in moved:
        milestones.recompute(tx, member)
        digests.replan(tx, member)
        members.note_followed(tx, member.id)
    return len(moved)


def refresh(tx: Tx, user: Mapping[str, Any] | None) -> None:
    """Write down what Slack says of a person now; somebody gone is taken out of everything at once."""
    if not user or "id" not in user:
        return
    member = members.remember(tx, read_person(user, tx.workspace_id))
    if member.is_gone:
        profiles.settle_gone(tx)
