"""How a pair comes to its end: what is let go with it, and who reads what."""

from bot.rules.checkins import follow_up_at
from bot.rules.pairs import PairCard
from bot.rules.policy import UNDO
from bot.services import checkins, introductions, meetings, owing, pairs
from bot.services.access import person
from storage.database import Tx
from storage.models.members import Member
from storage.models.relationships import Ending, RelationshipState
from storage.queries import profiles, relationships

NO_HOLD = {"away_until": None, "away_by": None, "mentee_hold_until": None, "mentor_hold_until": None}
OVER = {"quiet_at": None, "plan_at": None, "closing_at": None} | NO_HOLD


def end(tx: Tx, card: PairCard, ending: Ending, by: Member | None = None) -> bool:
    """End a live pair for good; False if somebody was quicker. A sleeping pair has given its place back already."""
    row = relationships.hold(tx, card.id) or card.relationship
    values = {
        "state": RelationshipState.ENDED,
        "ending": ending,
        "ended_at": tx.now,
        "settled_at": tx.now,
        "ended_by": by.id if by is not None else row.ended_by,
    }
    was_awake = relationships.move(tx, card.id, (RelationshipState.ACTIVE,), values | OVER)
    if was_awake:
        profiles.free_place(tx, card.mentor.id)
    elif not relationships.move(tx, card.id, (RelationshipState.ASLEEP,), values | OVER):
        return False
    let_go(tx, card)
    pairs.refresh_yes(tx, card)
    _tell(tx, card, by)
    owing.home(tx, *card.people)
    return True


def let_go(tx: Tx, card: PairCard) -> None:
    """Let go of what hangs on a pair: booked meetings, check-ins, introductions on their way."""
    meetings.cancel_all(tx, card)
    checkins.let_go(tx, card)
    introductions.let_go(tx, card)


def _tell(tx: Tx, card: PairCard, by: Member | None) -> None:
    for reader in card.people:
        if by is not None and reader.id == by.id:
            continue
        owing.post(tx, "relationships.ended", reader, card.id, key=f"{card.id}:{reader.id}")


def finish_due(tx: Tx) -> int:
    """Bring pairs whose term is over to their end, and plan the word three months later; how many."""
    due = relationships.term_due(tx)
    for row in due:
        card = pairs.card_of(tx, row.id)
        if end(tx, card, Ending.FINISHED):
            checkins.plan_follow_up(tx, card, follow_up_at(tx.now))
    return len(due)


def settle_stops(tx: Tx) -> int:
    """Carry out stops whose undo window is over: only now does the partner learn of them; how many."""
    due = relationships.stopping(tx, tx.now - UNDO.value)
    for row in due:
        by = person(tx, row.ended_by) if row.ended_by else None
        end(tx, pairs.card_of(tx, row.id), Ending(row.ending or Ending.EARLY), by)
    return len(due)
