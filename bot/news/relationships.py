"""What the end of a pair tells the one who stays."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.services.access import person
from bot.slack.blocks import Message
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


NEWS: Mapping[str, Entry] = {"relationships.ended": Entry(_has_ended, _ended)}
