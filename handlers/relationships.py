"""A pair: look at it, say one is in touch, go on or finish, stop, and take a stop back."""

from bot.rules.relationships import ClosingPage, WayOut
from bot.services import away, find, relationships
from bot.slack.calls import Call
from bot.slack.replies import Replace, Reply, ShowModal, UpdateModal
from bot.slack.router import Router
from bot.views import find as find_views
from bot.views import preferences as preference_views
from bot.views import relationships as views

router = Router("relationships")


@router.button(reads=True)
def show(call: Call) -> Reply:
    """Open a pair's own page."""
    return ShowModal(views.pair(relationships.page(call.tx, call.actor, call.value)))


@router.button()
def in_touch(call: Call) -> Reply:
    """Say that the two are in touch."""
    return Replace(views.touched(relationships.in_touch(call.tx, call.actor, call.value), call.actor), title="In touch")


@router.button()
def keep(call: Call) -> Reply:
    """Let a sleeping pair sleep on."""
    return Replace(views.kept(relationships.keep(call.tx, call.actor, call.value), call.actor), title="Kept")


@router.button(reads=True)
def not_working(call: Call) -> Reply:
    """Say privately that it isn't working, and see what there is."""
    return ShowModal(views.way_out(relationships.way_out(call.tx, call.actor, call.value)))


@router.form(views.WayOutForm)
def leave(call: Call, form: views.WayOutForm) -> Reply:
    """Take one of the ways out; nothing follows for ten minutes, and a pause asks until when."""
    if form.way is WayOut.PAUSE:
        return UpdateModal(preference_views.pause(away.own_pair(call.tx, call.actor, call.meta), {}))
    card = relationships.stop(call.tx, call.actor, call.meta, never_again=form.never_again)
    if form.way is WayOut.NEW and find.running(call.tx, call.actor) is None:
        return UpdateModal(find_views.results(relationships.rematch(call.tx, call.actor, card.id)))
    return UpdateModal(views.stopping(relationships.page(call.tx, call.actor, card.id)))


@router.button()
def close(call: Call) -> Reply:
    """Close a sleeping pair; ten minutes to take it back."""
    card = relationships.close(call.tx, call.actor, call.value)
    return Replace(views.stopped(relationships.page(call.tx, call.actor, card.id)), title="Closed")


@router.button()
def undo_stop(call: Call) -> Reply:
    """Take a stop back."""
    relationships.undo_stop(call.tx, call.actor, call.value)
    return Replace(views.stopped(relationships.page(call.tx, call.actor, call.value)), title="As it was")


@router.button()
def rematch(call: Call) -> Reply:
    """Look for somebody new in one step."""
    return ShowModal(find_views.results(relationships.rematch(call.tx, call.actor, call.value)))


@router.button()
def extend(call: Call) -> Reply:
    """Say one would like three more months."""
    return _going_on(relationships.extend(call.tx, call.actor, call.value))


@router.button()
def finish(call: Call) -> Reply:
    """Say one would like to finish."""
    return _going_on(relationships.finish(call.tx, call.actor, call.value))


@router.button()
def stay(call: Call) -> Reply:
    """Say one would like to finish and stay in touch."""
    return _going_on(relationships.stay(call.tx, call.actor, call.value))


def _going_on(page: ClosingPage) -> Reply:
    return Replace(views.closing(page), title="Going on")
