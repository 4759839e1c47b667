"""Agreements: propose, read, sign, change."""

from bot.services import agreements
from bot.slack.calls import Call
from bot.slack.replies import Reply, ShowModal, Tell, UpdateModal
from bot.slack.router import Router
from bot.views import agreements as views
from bot.views import proposals

router = Router("agreements")


@router.button(durable=True)
def sign(call: Call) -> Reply:
    """Sign in a message: a line says what came of it, and the message follows by itself."""
    pair_id, version = _named(call.value)
    return Tell(views.came_to(agreements.sign_prefilled(call.tx, call.actor, pair_id, version)))


@router.button(durable=True)
def sign_here(call: Call) -> Reply:
    """Sign on a pair's own page, and see it whole."""
    pair_id, version = _named(call.value)
    return ShowModal(views.standing(agreements.sign_prefilled(call.tx, call.actor, pair_id, version)))


@router.button(reads=True)
def read(call: Call) -> Reply:
    """Show the agreement as it stands."""
    return ShowModal(views.standing(agreements.own(call.tx, call.actor, call.value)))


@router.button(reads=True)
def change(call: Call) -> Reply:
    """Open the first half of a proposal."""
    return ShowModal(proposals.choose(agreements.form(call.tx, call.actor, call.value)))


@router.button(reads=True)
def history(call: Call) -> Reply:
    """List every version."""
    return ShowModal(views.history(agreements.own(call.tx, call.actor, call.value)))


@router.button(reads=True)
def version(call: Call) -> Reply:
    """Show one version, however old."""
    pair_id, number = _named(call.value)
    return ShowModal(views.version(agreements.own_version(call.tx, call.actor, pair_id, number)))


@router.form(proposals.ChoicesForm)
def choose(call: Call, form: proposals.ChoicesForm) -> Reply:
    """Keep what was chosen, and ask for the words."""
    pair_id, based_on = _named(call.meta)
    return UpdateModal(proposals.words(agreements.choose(call.tx, call.actor, pair_id, form.terms(), based_on)))


@router.form(proposals.WordsForm, durable=True)
def propose(call: Call, form: proposals.WordsForm) -> Reply:
    """Propose the whole of it, signed."""
    pair_id, based_on = _named(call.meta)
    terms = agreements.chosen_terms(call.tx, call.actor, pair_id, form.goal, form.boundaries)
    return UpdateModal(views.standing(agreements.propose(call.tx, call.actor, pair_id, terms, based_on)))


def _named(value: str) -> tuple[str, int]:
    """A pair and a version's number; a number nobody wrote names no version."""
    pair_id, _, number = value.partition(" ")
    return pair_id, int(number) if number.isdecimal() and number.isascii() and len(number) < len("10000") else -1
