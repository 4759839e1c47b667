"""What agreements tell people."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.rules.agreements import VersionPage
from bot.services import agreements
from bot.slack.text import Markup
from bot.views import agreements as views
from storage.database import Tx
from storage.models.agreements import AgreementState
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow


def _page(tx: Tx, row: OutboxRow, to: Member) -> VersionPage:
    return agreements.version_page(tx, row.subject_id, to)


def _waits(tx: Tx, row: OutboxRow, to: Member) -> bool:
    return row.op == Op.UPDATE or _page(tx, row, to).waits


def _holds(tx: Tx, row: OutboxRow, to: Member) -> bool:
    page = _page(tx, row, to)
    return page.card.is_live and page.version.state == AgreementState.SIGNED


def _line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    page = agreements.version_page(tx, line.subject_id, to)
    return views.unsigned_line(page) if page.waits else None


NEWS: Mapping[str, Entry] = {
    "agreements.proposed": Entry(_waits, lambda tx, row, to: views.proposed(_page(tx, row, to))),
    "agreements.signed": Entry(_holds, lambda tx, row, to: views.signed(_page(tx, row, to))),
    "agreements.unsigned": Entry(_waits, lambda tx, row, to: views.unsigned(_page(tx, row, to)), _line),
}
