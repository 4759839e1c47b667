"""What the end of a pair tells the one who stays."""

from collections.abc import Mapping
from datetime import datetime

from bot.outbox.entries import Entry
from bot.rules.preferences import PairAway
from bot.services import away, pairs
from bot.services.access import person
from bot.slack.blocks import Message
from bot.views import away as away_views
from bot.views import relationships as views
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.models.relationships import RelationshipState
from storage.queries import relationships


def _has_ended(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    pair = relationships.by_id(tx, row.subject_id)
    return pair is not None and pair.state == RelationshipState.ENDED


def _ended(tx: Tx, row: OutboxRow, to: Member) -> Message:
    pair = relationships.by_id(tx, row.subject_id)
    if pair is None:
        raise LookupError(row.subject_id)
    return views.ended(person(tx, str(row.facts["leaver"])), pair.topic, is_mentor=pair.mentor_id == to.id)


def _held(tx: Tx, row: OutboxRow, to: Member) -> PairAway:
    return away.of_pair(tx, pairs.card_of(tx, row.subject_id), to)


def _is_away(tx: Tx, row: OutboxRow, to: Member) -> bool:
    """Whether the same one of the two is away until the same day, and there is something to be quiet about."""
    held = _held(tx, row, to)
    is_same = held.until == datetime.fromisoformat(str(row.facts["until"])) and held.by is not None
    is_theirs = held.by is not None and held.by.id == row.facts["by"]
    return is_same and is_theirs and held.card.relationship.state == RelationshipState.ACTIVE


NEWS: Mapping[str, Entry] = {
    "relationships.ended": Entry(_has_ended, _ended),
    "relationships.away": Entry(_is_away, lambda tx, row, to: away_views.told(_held(tx, row, to))),
}
