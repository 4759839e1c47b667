"""Slack's user object, read into the few facts we keep."""

from collections.abc import Mapping
from typing import Any

from bot.slack.text import one_line
from storage.queries.members import Person

NAME_MAX = 80


def read_person(user: Mapping[str, Any], workspace_id: str) -> Person:
    """What Slack's directory says of somebody; keys may be missing, as they often are."""
    profile: Mapping[str, Any] = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name") or ""
    return Person(
        slack_id=str(user["id"]),
        name=one_line(str(name))[:NAME_MAX] or "Someone",
        title=one_line(str(profile.get("title") or ""))[:NAME_MAX],
        zone=str(user.get("tz") or "UTC"),
        is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")) or user.get("team_id", workspace_id) != workspace_id,
        is_gone=bool(user.get("deleted")),
        is_primary_owner=bool(user.get("is_primary_owner")),
    )
