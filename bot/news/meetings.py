"""What meetings tell people: planned, moved, called off, a reminder, did you meet."""

from collections.abc import Callable, Mapping

from bot.outbox.entries import Entry
from bot.rules.meetings import MeetingCard
from bot.services import feedback, meetings
from bot.slack.blocks import Message
from bot.slack.text import Markup
from bot.views import feedback as feedback_views
from bot.views import meetings as views
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.meetings import MeetingState
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow

Words = Callable[[MeetingCard, Member], Message]


def _is_as_told(card: MeetingCard, facts: Mapping[str, object]) -> bool:
    """Whether a meeting still stands as it stood when this was owed: the pair lives, and nobody moved it since."""
    return card.pair.is_live and card.is_planned and str(card.meeting.version) == facts.get("version")


def _is_ahead(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = meetings.card_of(tx, row.subject_id)
    return row.op == Op.UPDATE or (_is_as_told(card, row.facts) and not card.has_begun)


def _is_off(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = meetings.card_of(tx, row.subject_id)
    is_off = card.meeting.state == MeetingState.CANCELLED and card.pair.is_live and not card.has_begun
    return row.op == Op.UPDATE or is_off


def _is_open(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = meetings.card_of(tx, row.subject_id)
    return row.op == Op.UPDATE or (_is_as_told(card, row.facts) and card.has_begun)


def _saying(words: Words) -> Callable[[Tx, OutboxRow, Member], Message]:
    return lambda tx, row, to: words(meetings.card_of(tx, row.subject_id), to)


def _after(tx: Tx, row: OutboxRow, to: Member) -> Message:
    return feedback_views.after(feedback.after(tx, meetings.card_of(tx, row.subject_id), to))


def _line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    card = meetings.card_of(tx, line.subject_id)
    is_open = _is_as_told(card, line.facts) and card.has_begun
    return feedback_views.line(card, to) if is_open else None


NEWS: Mapping[str, Entry] = {
    "meetings.planned": Entry(_is_ahead, _saying(views.planned)),
    "meetings.moved": Entry(_is_ahead, _saying(views.moved)),
    "meetings.cancelled": Entry(_is_off, _saying(views.cancelled)),
    "meetings.reminded": Entry(_is_ahead, _saying(views.reminded)),
    "meetings.soon": Entry(_is_ahead, _saying(views.soon)),
    "meetings.did_you_meet": Entry(_is_open, _after, line=_line),
}
