"""What leaving tells the one who leaves."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.services import profiles as deeds
from bot.slack.blocks import Message
from bot.views import profiles as views
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow
from storage.queries import profiles


def _has_left(tx: Tx, row: OutboxRow, to: Member) -> bool:
    profile = profiles.of(tx, to.id)
    return row.op == Op.UPDATE or (profile is not None and profile.left_at is not None)


def _left(tx: Tx, _row: OutboxRow, to: Member) -> Message:
    profile = profiles.of(tx, to.id)
    if profile is None or profile.left_at is None:
        return views.stayed()
    return views.left(can_undo=deeds.may_undo_leave(tx, profile))


NEWS: Mapping[str, Entry] = {"profiles.left": Entry(_has_left, _left)}
