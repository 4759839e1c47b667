"""Keeping what we know of people fresh, and what follows when somebody is gone."""

from collections.abc import Mapping
from typing import Any

from bot.services import profiles
from bot.slack.people import read_person
from storage.database import Tx
from storage.queries import members


def refresh(tx: Tx, user: Mapping[str, Any] | None) -> None:
    """Write down what Slack says of a person now; somebody gone is taken out of everything at once."""
    if not user or "id" not in user:
        return
    member = members.remember(tx, read_person(user, tx.workspace_id))
    if member.is_gone:
        profiles.settle_gone(tx)
