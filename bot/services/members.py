"""Keeping what we know of people fresh, and what follows when somebody is gone, or their clock is another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.services import agreements, away, checkins, digests, milestones, owing, pairing, profiles, reminders, searches
from bot.services.access import organisers
from bot.slack.people import read_person
from storage.database import Tx
from storage.models.members import Member
from storage.queries import marks, members, whose

ZONE_RULES = "tzdata"


def follow_moves(tx: Tx) -> int:
    """Let everything reckoned by somebody's clock follow it, to another zone or to new rules; how many people.

    When the rules change it is everybody's turn, and most have nothing that waits but their digest.
    """
    moved = members.moved(tx)
    waiting = whose.with_moments(tx, [member.id for member in moved])
    organiser_ids = {member.id for member in organisers(tx)}
    for member in moved:
        was = member.moved_from or member.zone
        if member.id in waiting | organiser_ids:
            _follow(tx, member, was)
        if was != member.zone:
            owing.home(tx, member)
    digests.follow(tx, moved)
    members.note_followed(tx, moved)
    return len(moved)


def _follow(tx: Tx, member: Member, was: str) -> None:
    """What is stored is a moment; each feature knows the wall time it stands for. A booked meeting keeps its moment."""
    away.follow(tx, member, was)
    agreements.follow(tx, member, was)
    checkins.follow(tx, member, was)
    milestones.recompute(tx, member)
    reminders.follow(tx, member)
    searches.follow(tx, member)
    pairing.follow(tx, member, was)
    owing.follow(tx, member)


def follow_rules(session: Session, now: datetime, version: str) -> bool:
    """Let everybody's moments be reckoned anew where the world's zones are of another edition than last time."""
    if marks.value_of(session, ZONE_RULES) == version:
        return False
    members.all_move(session, now)
    marks.keep(session, ZONE_RULES, version)
    return True


def refresh(tx: Tx, user: Mapping[str, Any] | None) -> None:
    """Write down what Slack says of a person now; somebody gone is taken out of everything at once."""
    if not user or "id" not in user:
        return
    member = members.remember(tx, read_person(user, tx.workspace_id))
    if member.is_gone:
        profiles.settle_gone(tx)
