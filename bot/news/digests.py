"""The weekly digest, worded at the moment it is sent; other features word the lines that waited."""

from collections.abc import Mapping

from bot.news import agreements, checkins, introductions, meetings, milestones, relationships, requests, rounds
from bot.outbox.entries import Entry, Line
from bot.services import digests
from bot.slack.blocks import Message
from bot.slack.text import Markup
from bot.views import digests as views
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.queries import digests as queries

FEATURES = (requests, relationships, meetings, agreements, checkins, milestones, rounds, introductions)
LINES: dict[str, Line] = {
    kind: entry.line for feature in FEATURES for kind, entry in feature.NEWS.items() if entry.line is not None
}


def words(tx: Tx, line: DigestLine, reader: Member) -> Markup | None:
    """What a line says in a digest, by the feature it came from; None once it is no longer true."""
    known = LINES.get(line.kind)
    return known(tx, line, reader) if known is not None else None


def _lines(tx: Tx, row: OutboxRow, to: Member) -> digests.Worded:
    return digests.worded_lines(tx, to, queries.lines_in(tx, to.id, row.subject_id), words)


def _says_something(tx: Tx, row: OutboxRow, to: Member) -> bool:
    lines = _lines(tx, row, to)
    return bool(lines) or digests.week(tx, to, [], "").has_reason


def _weekly(tx: Tx, row: OutboxRow, to: Member) -> Message:
    lines = _lines(tx, row, to)
    week = digests.week(tx, to, [line for line, _ in lines], str(row.facts.get("meet", "")))
    return views.weekly(week, [text for _, text in lines])


def _has_lines(tx: Tx, row: OutboxRow, to: Member) -> bool:
    return bool(_lines(tx, row, to))


def _together(tx: Tx, row: OutboxRow, to: Member) -> Message:
    return views.together([text for _, text in _lines(tx, row, to)])


NEWS: Mapping[str, Entry] = {
    "digests.weekly": Entry(_says_something, _weekly),
    "digests.together": Entry(_has_lines, _together),
}
