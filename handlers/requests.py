"""What people press on a request: read, accept, decline, edit, withdraw, and undo of each."""

from bot.rules.requests import AskCard, SearchCard
from bot.services import requests
from bot.services.drafts import kept_note
from bot.slack.calls import Call, Source
from bot.slack.replies import CloseAll, OpenModal, Replace, Reply, ShowModal
from bot.slack.router import Router
from bot.views import requests as views

router = Router("requests")


@router.button(reads=True)
def read(call: Call) -> Reply:
    """Show the note to the one being asked."""
    return ShowModal(views.read(requests.note_of(call.tx, call.actor, call.value)))


@router.button()
def accept(call: Call) -> Reply:
    """Say yes."""
    return _asked(call, requests.accept(call.tx, call.actor, call.value))


@router.button()
def undo_accept(call: Call) -> Reply:
    """Take a yes back."""
    return _asked(call, requests.undo_accept(call.tx, call.actor, call.value))


@router.button()
def decline(call: Call) -> Reply:
    """Ask how to say no."""
    card = requests.own_ask(call.tx, call.actor, call.value)
    return OpenModal(views.decline(card)) if requests.can_answer(card) else _asked(call, card)


@router.form(views.NoForm)
def say_no(call: Call, form: views.NoForm) -> Reply:
    """Say no."""
    requests.decline(call.tx, call.actor, call.meta, form.reason, form.person)
    return CloseAll()


@router.button()
def undo_decline(call: Call) -> Reply:
    """Take a no back."""
    return _asked(call, requests.undo_decline(call.tx, call.actor, call.value))


@router.button()
def edit(call: Call) -> Reply:
    """Open one's own note."""
    card = requests.open_search(call.tx, call.actor, call.value)
    return OpenModal(views.rewrite(card, kept_note(call.tx, call.actor, "requests.rewrite")))


@router.form(views.RewriteForm)
def rewrite(call: Call, form: views.RewriteForm) -> Reply:
    """Keep the new words."""
    requests.rewrite(call.tx, call.actor, call.meta, form.note)
    return CloseAll()


@router.button()
def withdraw(call: Call) -> Reply:
    """End one's own search."""
    return _sent(call, requests.withdraw(call.tx, call.actor, call.value))


@router.button()
def undo_withdraw(call: Call) -> Reply:
    """Take a withdrawal back."""
    return _sent(call, requests.undo_withdraw(call.tx, call.actor, call.value))


@router.button()
def take_late(call: Call) -> Reply:
    """Take a mentor who said yes late."""
    return Replace(views.late_yes(requests.take_late(call.tx, call.actor, call.value)), title="Matched")


@router.button()
def leave_late(call: Call) -> Reply:
    """Stay with the search."""
    return Replace(views.late_yes(requests.leave_late(call.tx, call.actor, call.value)), title="Your search")


def _asked(call: Call, card: AskCard) -> Reply:
    """Show the mentor how things stand; pressed elsewhere, the message itself is brought up to date too."""
    if call.source is not Source.MESSAGE:
        requests.refresh_asked(call.tx, card)
    return Replace(views.asked(card), title="Your answer")


def _sent(call: Call, card: SearchCard) -> Reply:
    """Show the mentee how things stand; pressed elsewhere, the message itself is brought up to date too."""
    if call.source is not Source.MESSAGE:
        requests.refresh_sent(call.tx, card)
    return Replace(views.sent(card), title="Your search")
