"""What rounds tell peers."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.rules.rounds import TWO, GroupCard
from bot.services import pairing, rounds
from bot.slack.blocks import Message
from bot.slack.text import Markup
from bot.views import rounds as views
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow
from storage.models.rounds import RoundState


def _card(tx: Tx, row: OutboxRow | DigestLine) -> GroupCard:
    return pairing.card_of(tx, row.subject_id)


def _is_theirs(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    """A group message is opened only for exactly those who are still in the group, all of them here."""
    if row.op == Op.UPDATE:
        return True
    card = _card(tx, row)
    is_running = card.is_live and card.round.state == RoundState.RUNNING and len(card.people) >= TWO
    named = set(row.facts["people"])
    return is_running and named == {one.slack_id for one in card.people if not one.is_gone}


def _is_open(card: GroupCard, to: Member) -> bool:
    is_unmet = card.is_live and card.group.met_at is None and card.round.state == RoundState.RUNNING
    return is_unmet and len(card.people) >= TWO and to.id in {one.id for one in card.people}


def _is_unmet(tx: Tx, row: OutboxRow, to: Member) -> bool:
    return row.op == Op.UPDATE or _is_open(_card(tx, row), to)


def _is_alone(tx: Tx, _row: OutboxRow, to: Member) -> bool:
    page = rounds.standing(tx, to)
    return page.is_in and page.group is None


def _is_paused(tx: Tx, _row: OutboxRow, to: Member) -> bool:
    return rounds.standing(tx, to).is_paused


def _paired(tx: Tx, row: OutboxRow, _to: Member) -> Message:
    return views.paired(_card(tx, row))


def _ask_met(tx: Tx, row: OutboxRow, to: Member) -> Message:
    return views.ask_met(_card(tx, row), to)


def _ask_met_line(tx: Tx, line: DigestLine, to: Member) -> Markup | None:
    card = _card(tx, line)
    return views.ask_met_line(card, to) if _is_open(card, to) else None


def _paused_line(tx: Tx, _line: DigestLine, to: Member) -> Markup | None:
    return views.paused_line() if rounds.standing(tx, to).is_paused else None


def _undelivered(tx: Tx, row: OutboxRow, _code: str) -> None:
    pairing.undelivered(tx, row.subject_id)


NEWS: Mapping[str, Entry] = {
    "rounds.paired": Entry(_is_theirs, _paired, failed=_undelivered),
    "rounds.alone": Entry(_is_alone, lambda tx, _, to: views.alone(rounds.standing(tx, to))),
    "rounds.ask_met": Entry(_is_unmet, _ask_met, line=_ask_met_line),
    "rounds.paused": Entry(_is_paused, lambda _tx, _row, _to: views.paused(), line=_paused_line),
}
