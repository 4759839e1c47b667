"""The kill switch of a workspace: an organiser silences the bot, and lets it speak again; nothing is lost by it."""

from datetime import datetime, timedelta

from bot.errors import NotAnOrganiserError
from bot.outbox import machine
from bot.outbox.parcels import standing_of
from bot.rules.days import spread_of
from bot.rules.home import Silence
from bot.rules.news import comes_at_any_hour, due_at
from bot.services import owing
from bot.services.access import is_organiser, organisers, person
from storage.database import Tx
from storage.models.introductions import IntroductionState
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.queries import introductions, members, outbox, relationships, requests, waiting, workspaces

ASKS = frozenset({"requests.asked", "introductions.asked"})  # whose time to answer is given back


def begin(tx: Tx, actor: Member) -> None:
    """From now on only answers to one's own taps and what concerns safety are sent; a second tap changes nothing."""
    _check(tx, actor)
    fall_silent(tx, actor.id)


def end(tx: Tx, actor: Member) -> None:
    """What waits goes out in everybody's own hours; what has grown too old by now is let go."""
    _check(tx, actor)
    speak_again(tx)


def standing(tx: Tx) -> Silence | None:
    """Since when, and by whom; None while the bot may speak."""
    place = workspaces.named(tx.session, tx.workspace_id)
    if place is None or place.silent_since is None:
        return None
    return Silence(place.silent_since, members.by_id(tx, place.silent_by) if place.silent_by else None)


def _check(tx: Tx, actor: Member) -> None:
    """Organising is asked at the moment of the tap: an old Home still has its button."""
    if not is_organiser(tx, actor):
        raise NotAnOrganiserError


def fall_silent(tx: Tx, by: str | None) -> None:
    """Silence this workspace, in somebody's name or from the command line (None); the first to do it stays named."""
    if workspaces.silence(tx, by):
        owing.home(tx, *organisers(tx))


def speak_again(tx: Tx) -> None:
    """Speak here again: nobody gets a flood, and nobody has run out of time by what they could not be told."""
    since = workspaces.end_silence(tx)
    if since is None:
        return
    _give_time_back(tx, tx.now - since)
    for row in waiting.held_back(tx):
        _let_go_on(tx, row)
    owing.home(tx, *organisers(tx))


def _let_go_on(tx: Tx, row: OutboxRow) -> None:
    """Let each person's own come at a moment of theirs; what it is worth is still measured from when it first fell due.

    What is not worth reading any more stays as it is, and is let go by the courier.
    """
    to = person(tx, row.member_id)
    spread, expires_at = spread_of(to.id), machine.expires_at(standing_of(row))
    if row.kind in ASKS:
        expires_at = max(expires_at, tx.now + standing_of(row).worth)
    if tx.now <= expires_at:
        moment = tx.now if comes_at_any_hour(row.kind) else due_at(row.kind, tx.now + spread, to.zone, spread)
        outbox.advance(tx, row, {"due_at": moment, "expires_at": max(expires_at, moment)})


def _give_time_back(tx: Tx, silent: timedelta) -> None:
    """Whoever had so much time left to answer, or to be in touch, has as much now."""
    for ask in requests.all_waiting(tx):
        values = {"due_at": _later(ask.due_at, silent), "remind_at": _later(ask.remind_at, silent)}
        requests.set_on_ask(tx, ask.id, values)
        owing.update(tx, "requests.asked", person(tx, ask.mentor_id), ask.id)
    for search in requests.open_searches(tx):
        requests.set_on_search(tx, search.id, {"closes_at": _later(search.closes_at, silent)})
    for pair in relationships.with_quiet_ahead(tx):
        quiet_at, contact_due_at = _later(pair.quiet_at, silent), _later(pair.contact_due_at, silent)
        relationships.write(tx, pair.id, {"quiet_at": quiet_at, "contact_due_at": contact_due_at})
    for row in introductions.unanswered(tx):
        introductions.move(tx, row.id, (IntroductionState(row.state),), {"due_at": _later(row.due_at, silent)})


def _later(moment: datetime | None, by: timedelta) -> datetime | None:
    return None if moment is None else moment + by
