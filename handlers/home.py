"""App Home, and bare `/mentor`."""

from bot.services import home
from bot.slack.calls import Call
from bot.slack.replies import Nothing, Reply, ShowHome, Tell
from bot.slack.router import Router
from bot.views import home as views

router = Router("home")


@router.event("app_home_opened")
def show(call: Call) -> Reply:
    """Show somebody their Home when they open it."""
    if call.event.get("tab") != "home":
        return Nothing()
    home.opened(call.tx, call.actor)
    return ShowHome(views.home(home.page(call.tx, call.actor)))


@router.command("", reads=True)
def what_is_next(call: Call) -> Reply:
    """Bare `/mentor`: what waits, and the way back to what was begun."""
    return Tell(views.next_steps(home.page(call.tx, call.actor)))


@router.button(reads=True)
def next_steps(call: Call) -> Reply:
    """The same from a button."""
    return Tell(views.next_steps(home.page(call.tx, call.actor)))
