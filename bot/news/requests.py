"""What requests tell people, and whether it is still so when the moment comes."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.rules.requests import AskCard, SearchCard
from bot.services import requests
from bot.slack.blocks import Message
from bot.views import requests as views
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow
from storage.models.relationships import RelationshipState
from storage.models.requests import AskState, SearchState
from storage.queries import outbox, relationships
from storage.queries import requests as queries


def _ask(tx: Tx, row: OutboxRow) -> AskCard:
    return requests.card_of(tx, row.subject_id)


def _search(tx: Tx, row: OutboxRow) -> SearchCard:
    search = queries.search(tx, row.subject_id)
    if search is None:
        raise LookupError(row.subject_id)
    return requests.search_card_of(tx, search)


def _search_of(tx: Tx, card: AskCard) -> SearchCard:
    return requests.search_card_of(tx, card.search)


def _is_update(row: OutboxRow) -> bool:
    return row.op == Op.UPDATE


def _waits(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    card = _ask(tx, row)
    return _is_update(row) or (card.ask.state == AskState.WAITING and card.search.state == SearchState.OPEN)


def _is_asking(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    """A yes can be quicker than this message; then the yes is the message."""
    return _is_update(row) or _search(tx, row).search.state != SearchState.MATCHED


def _next_waits(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    following = queries.ask(tx, str(row.facts["next"]))
    return following is not None and following.state in {AskState.WAITING, AskState.DECLINED}


def _is_unanswered(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    return _search(tx, row).search.state == SearchState.UNANSWERED


def _is_matched(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    if _is_update(row):
        return True
    pair = relationships.by_id(tx, str(row.facts["relationship"]))
    return pair is not None and pair.state == RelationshipState.ACTIVE


def _was_told(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    """A yes taken back needs words only for somebody who heard the yes."""
    return _ask(tx, row).ask.state == AskState.WAITING and outbox.was_sent(
        tx, f"requests.matched:{row.facts['relationship']}"
    )


def _is_offered(tx: Tx, row: OutboxRow, _to: Member) -> bool:
    return _ask(tx, row).ask.state == AskState.OFFERED


def _moved_on(tx: Tx, row: OutboxRow, _to: Member) -> Message:
    ended = _ask(tx, row)
    following = requests.card_of(tx, str(row.facts["next"]))
    return views.moved_on(ended, following, str(row.facts["how"]), _search_of(tx, ended))


def _unanswered(tx: Tx, row: OutboxRow, _to: Member) -> Message:
    last = requests.card_of(tx, str(row.facts["last"]))
    return views.unanswered(_search(tx, row), last, str(row.facts["how"]))


NEWS: Mapping[str, Entry] = {
    "requests.asked": Entry(_waits, lambda tx, row, _: views.asked(_ask(tx, row))),
    "requests.reminded": Entry(_waits, lambda tx, row, _: views.reminded(_ask(tx, row))),
    "requests.sent": Entry(_is_asking, lambda tx, row, _: views.sent(_search(tx, row))),
    "requests.moved_on": Entry(_next_waits, _moved_on),
    "requests.matched": Entry(_is_matched, lambda tx, row, _: views.matched(_ask(tx, row))),
    "requests.reopened": Entry(_was_told, lambda tx, row, _: views.reopened(_ask(tx, row))),
    "requests.unanswered": Entry(_is_unanswered, _unanswered),
    "requests.late_yes": Entry(_is_offered, lambda tx, row, _: views.late_yes(_ask(tx, row))),
}
