"""Milestones: set, reach, move, drop."""

from bot.rules.milestones import MilestonePage
from bot.services import milestones
from bot.slack.calls import Call, Source
from bot.slack.replies import Replace, Reply, ShowModal, UpdateModal
from bot.slack.router import Router
from bot.views import milestones as views

router = Router("milestones")


@router.button(reads=True)
def add(call: Call) -> Reply:
    """Open the form for a new milestone."""
    return ShowModal(views.add(milestones.new(call.tx, call.actor, call.value)))


@router.form(views.NewForm)
def save(call: Call, form: views.NewForm) -> Reply:
    """Set it."""
    found = milestones.add(call.tx, call.actor, call.meta, form.words, form.day)
    return UpdateModal(views.every(found))


@router.button(reads=True)
def all(call: Call) -> Reply:  # noqa: A001  (the verb of its button)
    """List a pair's milestones."""
    return ShowModal(views.every(milestones.own(call.tx, call.actor, call.value)))


@router.button(reads=True)
def open(call: Call) -> Reply:  # noqa: A001  (the verb of its button)
    """Show one milestone."""
    return ShowModal(views.one(milestones.page(call.tx, call.actor, call.value)))


@router.button()
def reach(call: Call) -> Reply:
    """Say that it is reached."""
    return _shown(call, milestones.reach(call.tx, call.actor, call.value))


@router.button()
def drop(call: Call) -> Reply:
    """Let it go."""
    return _shown(call, milestones.drop(call.tx, call.actor, call.value))


@router.button()
def reopen(call: Call) -> Reply:
    """Take it up again."""
    return _shown(call, milestones.reopen(call.tx, call.actor, call.value))


@router.button(reads=True)
def moving(call: Call) -> Reply:
    """Ask for another day."""
    page = milestones.page(call.tx, call.actor, call.value)
    return ShowModal(views.move(page)) if page.is_open else ShowModal(views.one(page))


@router.form(views.MoveForm)
def move(call: Call, form: views.MoveForm) -> Reply:
    """Move it."""
    milestone_id, _, version = call.meta.partition(" ")
    number = int(version) if version.isdecimal() and version.isascii() else 0
    return UpdateModal(views.one(milestones.move(call.tx, call.actor, milestone_id, number, form.day)))


def _shown(call: Call, page: MilestonePage) -> Reply:
    """In the day's own message it changes in place, without its title; elsewhere the milestone itself is shown."""
    if call.source is Source.MESSAGE:
        return Replace(views.due(page), title="Milestone")
    return ShowModal(views.one(page))
