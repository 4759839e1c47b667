"""What a milestone says on its day."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.rules.milestones import MilestonePage
from bot.services import milestones
from bot.slack.text import Markup
from bot.views import milestones as views
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow


def _page(tx: Tx, row: OutboxRow, to: Member) -> MilestonePage:
    return milestones.told_page(tx, row.subject_id, to)


def _still_stands(tx: Tx, row: OutboxRow, to: Member) -> bool:
    if row.op == Op.UPDATE:
        return True
    page = _page(tx, row, to)
    return page.is_open and str(page.mark.version) == row.facts["version"]


def _line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    page = milestones.told_page(tx, line.subject_id, to)
    is_same = page.is_open and str(page.mark.version) == line.facts["version"]
    return views.due_line(page) if is_same else None


NEWS: Mapping[str, Entry] = {
    "milestones.due": Entry(_still_stands, lambda tx, row, to: views.due(_page(tx, row, to)), _line),
}
