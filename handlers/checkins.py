"""Check-ins: three taps, a reflection if one likes."""

from bot.rules.checkins import Tapped
from bot.services import checkins
from bot.services.drafts import kept_words
from bot.slack.calls import Call, Source
from bot.slack.replies import Replace, Reply, ShowModal, UpdateModal
from bot.slack.router import Router
from bot.views import checkins as views

router = Router("checkins")


@router.button(reads=True)
def open(call: Call) -> Reply:  # noqa: A001  (the button is called checkins.open)
    """Show what a check-in asks now, or how it stands."""
    card = checkins.own(call.tx, call.actor, call.value)
    if card.is_open and card.question is None:
        return ShowModal(views.look_back(card, kept_words(call.tx, call.actor, "checkins.look_back")))
    return ShowModal(views.question(card))


@router.button()
def first(call: Call) -> Reply:
    """Answer with the first of three."""
    return _tapped(call, checkins.tap(call.tx, call.actor, call.value, 0))


@router.button()
def second(call: Call) -> Reply:
    """Answer with the second of three."""
    return _tapped(call, checkins.tap(call.tx, call.actor, call.value, 1))


@router.button()
def third(call: Call) -> Reply:
    """Answer with the third of three."""
    return _tapped(call, checkins.tap(call.tx, call.actor, call.value, 2))


def _tapped(call: Call, tapped: Tapped) -> Reply:
    """Go on where it was pressed; pressed elsewhere, or on the way to help, the message itself goes on too."""
    is_message = call.source is Source.MESSAGE
    if tapped.wants_help or not is_message:
        checkins.refresh(call.tx, tapped.card)
    if tapped.wants_help:
        return ShowModal(views.helped(tapped.card))
    if is_message:
        return Replace(views.message(tapped.card), title="Check-in")
    return ShowModal(views.question(tapped.card))


@router.form(views.LookBackForm)
def look_back(call: Call, form: views.LookBackForm) -> Reply:
    """Keep half-time."""
    card, is_kept = checkins.look_back(call.tx, call.actor, call.meta, form.answers())
    return UpdateModal(views.looked_back(card, form.answers())) if is_kept else UpdateModal(views.question(card))


@router.button(reads=True)
def reflect(call: Call) -> Reply:
    """Open a reflection to write, or to change."""
    card = checkins.own_answered(call.tx, call.actor, call.value)
    kept = kept_words(call.tx, call.actor, "checkins.keep_reflection").get("words")
    return ShowModal(views.reflect(card, kept or checkins.reflection(call.tx, card)))


@router.form(views.ReflectionForm)
def keep_reflection(call: Call, form: views.ReflectionForm) -> Reply:
    """Keep a reflection."""
    card = checkins.reflect(call.tx, call.actor, call.meta, form.words)
    return UpdateModal(views.said(checkins.said(call.tx, call.actor, card.pair.id)))


@router.button(reads=True)
def said(call: Call) -> Reply:
    """Show somebody all they said in a pair."""
    return ShowModal(views.said(checkins.said(call.tx, call.actor, call.value)))
