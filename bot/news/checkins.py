"""What check-ins ask, of one side at a time."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.rules.checkins import Fate, fate
from bot.services import checkins
from bot.slack.blocks import Message
from bot.slack.text import Markup
from bot.views import checkins as views
from storage.database import Tx
from storage.models.checkins import CheckinKind
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow


def _is_wanted(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    """Whether it still asks something of somebody who can be asked; a message that is out may always be brought on."""
    card = checkins.by_id(tx, row.subject_id)
    return row.op == Op.UPDATE or (card.is_open and fate(card, tx.now, None) is not Fate.LET_GO)


def _message(tx: Tx, row: OutboxRow, _to: Member) -> Message:
    return views.message(checkins.by_id(tx, row.subject_id))


def _line(tx: Tx, line: DigestLine, _to: Member) -> Markup | None:
    card = checkins.by_id(tx, line.subject_id)
    return views.line(card) if card.is_open else None


NEWS: Mapping[str, Entry] = {f"checkins.{kind}": Entry(_is_wanted, _message, _line) for kind in CheckinKind}
