"""What a pair tells its two people: silence, how to go on, and the end."""

from collections.abc import Mapping
from datetime import datetime

from bot.outbox.entries import Entry
from bot.rules.pairs import PairCard
from bot.rules.preferences import PairAway
from bot.rules.relationships import Quiet, is_stopping
from bot.services import away, pairs, relationships
from bot.slack.blocks import Message
from bot.slack.text import Markup
from bot.views import away as away_views
from bot.views import relationships as views
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow
from storage.models.relationships import RelationshipState
from storage.queries import meetings


def _card(tx: Tx, row: OutboxRow | DigestLine) -> PairCard:
    return pairs.card_of(tx, row.subject_id)


def _is_update(row: OutboxRow) -> bool:
    return row.op == Op.UPDATE


def _goes_on(tx: Tx, card: PairCard) -> bool:
    """Whether the pair is awake, here and not being stopped: only then is it asked anything."""
    row = card.relationship
    is_away = row.away_until is not None and row.away_until > tx.now
    is_here = not card.mentee.is_gone and not card.mentor.is_gone
    return row.state == RelationshipState.ACTIVE and not is_away and is_here and not is_stopping(row, tx.now)


def _is_quiet(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = _card(tx, row)
    return _is_update(row) or (_goes_on(tx, card) and card.relationship.quiet_step > Quiet.ASKED)


def _is_asleep(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    return _is_update(row) or _card(tx, row).relationship.state == RelationshipState.ASLEEP


def _is_unplanned(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = _card(tx, row)
    return _goes_on(tx, card) and card.relationship.contact_at is None and meetings.next_planned(tx, card.id) is None


def _is_closing(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = _card(tx, row)
    return _is_update(row) or (card.is_live and not is_stopping(card.relationship, tx.now))


def _is_live(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    return _card(tx, row).is_live


def _has_ended(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    return _card(tx, row).relationship.state == RelationshipState.ENDED


def _has_stopped(tx: Tx, row: OutboxRow, to: Member) -> bool:
    pair = _card(tx, row).relationship
    return pair.state != RelationshipState.UNDONE and (_is_update(row) or pair.ended_by == to.id)


def _quiet_line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    card = _card(tx, line)
    is_quiet = card.relationship.quiet_step > Quiet.NOTED
    return views.quiet_line(card, to) if _goes_on(tx, card) and is_quiet else None


def _asleep_line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    card = _card(tx, line)
    return views.asleep_line(card, to) if card.relationship.state == RelationshipState.ASLEEP else None


def _plan_line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    card = _card(tx, line)
    is_unplanned = card.relationship.contact_at is None and meetings.next_planned(tx, card.id) is None
    return views.plan_line(card, to) if _goes_on(tx, card) and is_unplanned else None


def _closing_line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    page = relationships.closing(tx, _card(tx, line), to)
    return views.closing_line(page) if page.card.is_live and not page.wish else None


def _closing(tx: Tx, row: OutboxRow, to: Member) -> Message:
    return views.closing(relationships.closing(tx, _card(tx, row), to))


def _ended(tx: Tx, row: OutboxRow, to: Member) -> Message:
    return views.ended(relationships.ended(tx, _card(tx, row), to))


def _stopped(tx: Tx, row: OutboxRow, to: Member) -> Message:
    return views.stopped(relationships.page(tx, to, row.subject_id))


def _held(tx: Tx, row: OutboxRow, to: Member) -> PairAway:
    return away.of_pair(tx, pairs.card_of(tx, row.subject_id), to)


def _is_away(tx: Tx, row: OutboxRow, to: Member) -> bool:
    """Whether the same one of the two is away until the same day, and there is something to be quiet about."""
    held = _held(tx, row, to)
    is_same = held.until == datetime.fromisoformat(str(row.facts["until"])) and held.by is not None
    is_theirs = held.by is not None and held.by.id == row.facts["by"]
    return is_same and is_theirs and held.card.relationship.state == RelationshipState.ACTIVE


NEWS: Mapping[str, Entry] = {
    "relationships.plan_first": Entry(
        _is_unplanned, lambda tx, row, _: views.plan_first(_card(tx, row)), line=_plan_line
    ),
    "relationships.quiet": Entry(_is_quiet, lambda tx, row, to: views.quiet(_card(tx, row), to), line=_quiet_line),
    "relationships.asleep": Entry(_is_asleep, lambda tx, row, to: views.asleep(_card(tx, row), to), line=_asleep_line),
    "relationships.close_offer": Entry(
        _is_asleep, lambda tx, row, to: views.close_offer(_card(tx, row), to), line=_asleep_line
    ),
    "relationships.closing": Entry(_is_closing, _closing, line=_closing_line),
    "relationships.extended": Entry(_is_live, lambda tx, row, to: views.extended(_card(tx, row), to)),
    "relationships.stopped": Entry(_has_stopped, _stopped),
    "relationships.ended": Entry(_has_ended, _ended),
    "relationships.away": Entry(_is_away, lambda tx, row, to: away_views.told(_held(tx, row, to))),
}
