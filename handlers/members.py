"""People coming, changing and going, as Slack tells it."""

from bot.services import members
from bot.slack.calls import Call
from bot.slack.replies import Nothing, Reply
from bot.slack.router import Router

router = Router("members")


@router.event("team_join")
def join(call: Call) -> Reply:
    """Know a new person before they do anything."""
    members.refresh(call.tx, call.event.get("user"))
    return Nothing()


@router.event("user_change")
def change(call: Call) -> Reply:
    """Keep names and zones fresh, and take out who is gone."""
    members.refresh(call.tx, call.event.get("user"))
    return Nothing()
