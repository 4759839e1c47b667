"""The kill switch, on an organiser's Home."""

from bot.services import home, silence
from bot.slack.calls import Call
from bot.slack.replies import Reply, ShowHome
from bot.slack.router import Router
from bot.views import home as views

router = Router("silence")


@router.button()
def begin(call: Call) -> Reply:
    """Silence the bot in the whole workspace."""
    silence.begin(call.tx, call.actor)
    return ShowHome(views.home(home.page(call.tx, call.actor)))


@router.button()
def end(call: Call) -> Reply:
    """Let it speak again."""
    silence.end(call.tx, call.actor)
    return ShowHome(views.home(home.page(call.tx, call.actor)))
