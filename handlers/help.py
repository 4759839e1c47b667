"""`/mentor help`, something that isn't right, and the answer to a typed word."""

from bot.services import help as help_
from bot.services.access import organisers
from bot.slack.calls import Call
from bot.slack.replies import Nothing, OpenModal, Reply, Tell
from bot.slack.router import Router
from bot.views import help as views

router = Router("help")


@router.command("help", reads=True)
def show(call: Call) -> Reply:
    """Everything one can do."""
    return Tell(views.ways(organisers(call.tx)), title="Help")


@router.button(reads=True)
def ways(call: Call) -> Reply:
    """The same from a button."""
    return Tell(views.ways(organisers(call.tx)), title="Help")


@router.button(reads=True)
def worry(call: Call) -> Reply:
    """Who to talk to."""
    others = [person for person in organisers(call.tx) if person.id != call.actor.id]
    return OpenModal(views.worry(others))


@router.event("message")
def typed(call: Call) -> Reply:
    """Answer a word typed to the bot, once; edits, echoes and other places are left alone."""
    is_words = call.event.get("channel_type") == "im" and call.event.get("subtype") in {None, "file_share"}
    if is_words and not call.event.get("bot_id"):
        help_.answer_typed(call.tx, call.actor, str(call.event.get("ts", "")))
    return Nothing()
