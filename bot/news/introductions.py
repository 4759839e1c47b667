"""What introductions tell the three."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.rules.introductions import IntroductionCard
from bot.services import introducing, introductions
from bot.slack.blocks import Message
from bot.views import introductions as views
from storage.database import Tx
from storage.models.introductions import IntroductionState
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow, RowState
from storage.queries import introductions as queries

OUTCOMES = {"rather not": IntroductionState.DROPPED, "nothing": IntroductionState.LAPSED}


def _card(tx: Tx, row: OutboxRow) -> IntroductionCard:
    return introductions.card_of(tx, row.subject_id)


def _is_drafted(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    return row.op == Op.UPDATE or _card(tx, row).waits_for_mentee


def _is_asked(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = _card(tx, row)
    return row.op == Op.UPDATE or (card.can_answer and card.stands == IntroductionState.ASKED)


def _is_to_be_made(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = _card(tx, row)
    return card.stands == IntroductionState.MADE and card.is_wanted


def _is_so(tx: Tx, row: OutboxRow, to: Member) -> bool:
    """Whether what somebody is to be told has not been overtaken; an introduction is told of once it stands."""
    card = _card(tx, row)
    if row.op == Op.UPDATE:
        return True
    outcome = row.facts.get("outcome", "")
    if outcome == "made":
        return card.stands == IntroductionState.MADE and _stands_there(tx, card.id)
    if outcome == "refused":
        return card.stands == IntroductionState.AGREED and card.is_wanted
    return card.pair.is_live and not card.pair.partner_of(to).is_gone and card.seems == OUTCOMES[outcome]


def _stands_there(tx: Tx, introduction_id: str) -> bool:
    """Whether the message that introduces them has reached Slack, or is on its way."""
    row = queries.herald(tx, introduction_id)
    if row is None or row.state == RowState.DEAD:
        return False
    return row.state != RowState.DROPPED or row.reason == queries.ASSUMED


def _undelivered(tx: Tx, row: OutboxRow, _code: str) -> None:
    introducing.undelivered(tx, row.subject_id, row.id)


def _told(tx: Tx, row: OutboxRow, to: Member) -> Message:
    return views.told(_card(tx, row), to)


NEWS: Mapping[str, Entry] = {
    "introductions.drafted": Entry(_is_drafted, lambda tx, row, _: views.drafted(_card(tx, row))),
    "introductions.asked": Entry(_is_asked, lambda tx, row, _: views.asked(_card(tx, row))),
    "introductions.made": Entry(_is_to_be_made, lambda tx, row, _: views.made(_card(tx, row)), failed=_undelivered),
    "introductions.told": Entry(_is_so, _told),
}
