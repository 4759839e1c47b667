"""The kill switch of a workspace: an organiser silences the bot, and lets it speak again; nothing is lost by it."""

from bot.errors import NotYoursError
from bot.rules.home import Silence
from bot.services import owing
from bot.services.access import is_organiser, organisers
from storage.database import Tx
from storage.models.members import Member
from storage.queries import members, workspaces


def begin(tx: Tx, actor: Member) -> None:
    """From now on only answers to one's own taps and what concerns safety are sent; a second tap changes nothing."""
    _check(tx, actor)
    if workspaces.silence(tx, actor.id):
        owing.home(tx, *organisers(tx))


def end(tx: Tx, actor: Member) -> None:
    """What waits goes out in everybody's own hours; what has grown too old by now is let go."""
    _check(tx, actor)
    if workspaces.end_silence(tx):
        owing.home(tx, *organisers(tx))


def standing(tx: Tx) -> Silence | None:
    """Since when, and by whom; None while the bot may speak."""
    place = workspaces.named(tx.session, tx.workspace_id)
    if place is None or place.silent_since is None:
        return None
    return Silence(place.silent_since, members.by_id(tx, place.silent_by) if place.silent_by else None)


def _check(tx: Tx, actor: Member) -> None:
    """Organising is asked at the moment of the tap: an old Home still has its button."""
    if not is_organiser(tx, actor):
        raise NotYoursError
