"""Introductions: draft, agree, answer."""

from bot.rules.introductions import IntroductionCard
from bot.services import introducing, introductions
from bot.slack.calls import Call, Source
from bot.slack.replies import Replace, Reply, ShowModal, UpdateModal
from bot.slack.router import Router
from bot.views import introducing as modals
from bot.views import introductions as views

router = Router("introductions")


@router.command("introduce", reads=True)
def introduce(call: Call) -> Reply:
    """Draft an introduction of a mentee to somebody new."""
    found = introductions.whom(call.tx, call.actor)
    if not found.cards:
        return ShowModal(modals.nobody())
    if len(found.cards) > 1:
        return ShowModal(modals.whom(found))
    return ShowModal(modals.draft(introductions.new(call.tx, call.actor, found.cards[0].id)))


@router.button(reads=True)
def draft(call: Call) -> Reply:
    """Open the draft for one mentee."""
    return ShowModal(modals.draft(introductions.new(call.tx, call.actor, call.value)))


@router.form(modals.DraftForm)
def propose(call: Call, form: modals.DraftForm) -> Reply:
    """Show the draft to the mentee."""
    words = (form.why, form.wish, form.minutes, form.place)
    card = introductions.draft(call.tx, call.actor, call.meta, form.contact, words)
    return UpdateModal(modals.standing(card, call.actor))


@router.button(reads=True)
def open(call: Call) -> Reply:  # noqa: A001  (the verb of its button)
    """Show an introduction to one of its three."""
    card = introductions.own(call.tx, call.actor, call.value)
    if call.actor.id == card.contact.id:
        return ShowModal(modals.asking(card))
    if call.actor.id == card.mentee.id and card.waits_for_mentee:
        return ShowModal(modals.review(card, introductions.kept_words(call.tx, call.actor, card)))
    return ShowModal(modals.standing(card, call.actor))


@router.form(modals.AgreeForm)
def agree(call: Call, form: modals.AgreeForm) -> Reply:
    """Agree to be named, and ask."""
    card = introductions.agree(call.tx, call.actor, call.meta, form.why, form.wish)
    return UpdateModal(modals.standing(card, call.actor))


@router.button()
def rather_not(call: Call) -> Reply:
    """Leave it, without a why."""
    card = introductions.rather_not(call.tx, call.actor, call.value)
    return Replace(views.drafted(card), title="The introduction")


@router.button()
def take_back(call: Call) -> Reply:
    """Take a draft back."""
    return ShowModal(modals.standing(introductions.take_back(call.tx, call.actor, call.value), call.actor))


@router.button()
def yes(call: Call) -> Reply:
    """Say yes to being introduced."""
    return _answered(call, introducing.yes(call.tx, call.actor, call.value))


@router.button()
def not_now(call: Call) -> Reply:
    """Say no for now."""
    return _answered(call, introducing.not_now(call.tx, call.actor, call.value))


@router.button()
def never(call: Call) -> Reply:
    """Say no for good."""
    return _answered(call, introducing.never(call.tx, call.actor, call.value))


@router.button()
def may_again(call: Call) -> Reply:
    """Be asked again after all."""
    return _answered(call, introducing.may_again(call.tx, call.actor, call.value))


@router.button(reads=True)
def what(call: Call) -> Reply:
    """Say what an introduction is."""
    return ShowModal(modals.what(introducing.asked(call.tx, call.actor, call.value)))


@router.button(reads=True)
def elsewhere(call: Call) -> Reply:
    """Ask where, where Slack would not take it."""
    card = introductions.of_mentor(call.tx, call.actor, call.value)
    if not views.ways(card, call.actor):
        return ShowModal(modals.standing(card, call.actor))
    return ShowModal(modals.elsewhere(card))


@router.form(modals.PlaceForm)
def put(call: Call, form: modals.PlaceForm) -> Reply:
    """Introduce them there."""
    card = introducing.elsewhere(call.tx, call.actor, call.meta, once_more=form.way is modals.Again.CHANNEL)
    return UpdateModal(modals.standing(card, call.actor))


def _answered(call: Call, card: IntroductionCard) -> Reply:
    """Show the contact how things stand; pressed elsewhere, the message itself is brought up to date too."""
    if call.source is not Source.MESSAGE:
        introducing.refresh_asked(call.tx, card)
    return Replace(views.asked(card), title="Your answer")
