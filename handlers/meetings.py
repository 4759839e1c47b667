"""Meetings: take an hour, plan, move, call off, agree what to talk about, and say whether you met."""

from bot.rules.feedback import AfterCard
from bot.services import agendas, feedback, meetings, pairs
from bot.slack.calls import Call, Source
from bot.slack.replies import Replace, Reply, ShowModal, Tell, UpdateModal
from bot.slack.router import Router
from bot.views import feedback as feedback_views
from bot.views import meetings as views
from bot.views import planning

router = Router("meetings")


@router.button()
def take(call: Call) -> Reply:
    """Book a proposed hour; the message that offered it follows by itself, with everything else it holds."""
    pair_id, starts_at = meetings.read_slot(call.value)
    return Tell(views.taken(meetings.take(call.tx, call.actor, pair_id, starts_at)), title="Your meeting")


@router.button()
def another(call: Call) -> Reply:
    """Choose a time of one's own."""
    card = pairs.live(call.tx, call.actor, call.value)
    day, minutes = meetings.usual(call.tx, call.actor, card)
    return ShowModal(planning.plan(card, call.actor, day, minutes, meetings.kept_plan(call.tx, call.actor)))


@router.form(planning.PlanForm)
def plan(call: Call, form: planning.PlanForm) -> Reply:
    """Book it."""
    card = meetings.plan(call.tx, call.actor, call.meta, form.day, form.time, form.minutes, form.place)
    return Replace(views.booked(card, call.actor), title="Booked")


@router.button()
def move(call: Call) -> Reply:
    """Open a meeting to move it."""
    return ShowModal(planning.move(meetings.booked(call.tx, call.actor, call.value), call.actor))


@router.form(planning.MoveForm)
def move_to(call: Call, form: planning.MoveForm) -> Reply:
    """Move it."""
    meeting_id, version = meetings.read_version(call.meta)
    card = meetings.move(call.tx, call.actor, meeting_id, version, form.day, form.time, form.minutes)
    return Replace(views.booked(card, call.actor), title="Moved")


@router.button()
def link(call: Call) -> Reply:
    """Ask where they meet."""
    card = meetings.booked(call.tx, call.actor, call.value)
    return ShowModal(planning.place(card, call.actor))


@router.form(planning.PlaceForm)
def put_place(call: Call, form: planning.PlaceForm) -> Reply:
    """Keep where they meet."""
    card = meetings.put_place(call.tx, call.actor, call.meta, form.place)
    return Replace(views.placed(card, call.actor), title="Saved")


@router.button()
def cancel(call: Call) -> Reply:
    """Call a meeting off; one that has begun is asked about instead."""
    card = meetings.cancel(call.tx, call.actor, call.value)
    if card.has_begun:
        return Replace(feedback_views.after(feedback.look_back(call.tx, call.actor, call.value)), title="Your meeting")
    return Replace(views.cancelled(card, call.actor), title="Called off")


@router.button()
def agenda(call: Call) -> Reply:
    """Open the agenda."""
    return ShowModal(planning.agenda(agendas.read(call.tx, call.actor, call.value)))


@router.form(planning.AgendaForm)
def write_agenda(call: Call, form: planning.AgendaForm) -> Reply:
    """Keep the agenda, or show what the partner wrote meanwhile."""
    meeting_id, _, tag = call.meta.partition(" ")
    sheet = agendas.write(call.tx, call.actor, meeting_id, tag, form.agenda)
    if sheet.newer is not None:
        return UpdateModal(planning.agenda(sheet))
    return Replace(views.agenda_saved(sheet.card, call.actor), title="Saved")


@router.button()
def met(call: Call) -> Reply:
    """Yes, they met."""
    return _after(call, feedback.met(call.tx, call.actor, call.value))


@router.button()
def not_met(call: Call) -> Reply:
    """No, they did not."""
    return _after(call, feedback.not_met(call.tx, call.actor, call.value))


@router.button()
def log(call: Call) -> Reply:
    """They met, planned or not."""
    return _after(call, feedback.log(call.tx, call.actor, call.value))


def _after(call: Call, seen: AfterCard) -> Reply:
    """Show how things stand; pressed elsewhere, the message itself is brought up to date too."""
    if call.source is not Source.MESSAGE:
        feedback.refresh(call.tx, seen)
    return Replace(feedback_views.after(seen), title="Your meeting")
