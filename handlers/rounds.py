"""Peers: `/mentor peers`, joining and leaving, we met, not this time."""

from bot.services import rounds
from bot.slack.calls import Call, Source
from bot.slack.replies import Replace, Reply, ShowModal, Tell
from bot.slack.router import Router
from bot.views import rounds as views

router = Router("rounds")


@router.command("peers", reads=True)
def peers(call: Call) -> Reply:
    """Say what the rounds are, and how one stands."""
    return ShowModal(views.peers(rounds.standing(call.tx, call.actor)))


@router.button(reads=True)
def show(call: Call) -> Reply:
    """The same from a button."""
    return ShowModal(views.peers(rounds.standing(call.tx, call.actor)))


@router.button()
def join(call: Call) -> Reply:
    """Opt in."""
    return ShowModal(views.peers(rounds.join(call.tx, call.actor)))


@router.button()
def leave(call: Call) -> Reply:
    """Leave the rounds."""
    return ShowModal(views.peers(rounds.leave(call.tx, call.actor)))


@router.button()
def come_back(call: Call) -> Reply:
    """End one's pause."""
    return ShowModal(views.peers(rounds.come_back(call.tx, call.actor)))


@router.button()
def met(call: Call) -> Reply:
    """Say in the group's own message that it met."""
    card = rounds.met(call.tx, call.actor, call.value)
    if call.source is Source.MESSAGE:
        return Replace(views.paired(card), title="Your round")
    return ShowModal(views.peers(rounds.standing(call.tx, call.actor)))


@router.button()
def say_met(call: Call) -> Reply:
    """Say so in one's own message."""
    return Replace(views.ask_met(rounds.met(call.tx, call.actor, call.value), call.actor), title="Your round")


@router.button()
def not_this_time(call: Call) -> Reply:
    """Pass over this round; only the one who pressed is told so."""
    page = rounds.not_this_time(call.tx, call.actor, call.value)
    return Tell(views.passed_over(page), title="Your round")
