"""Silence, step by step: a line, a question, a state organisers see, sleep, and in the end a kind close."""

from datetime import datetime

from bot.rules import policy
from bot.rules.pairs import PairCard
from bot.rules.relationships import Quiet, next_quiet
from bot.services import endings, owing, pairs
from storage.database import Tx
from storage.models.members import Member
from storage.models.relationships import Ending, Relationship, RelationshipState
from storage.queries import digests, meetings, members, profiles, relationships


def step_on(tx: Tx) -> int:
    """Take every silence that has come to its next step there; how many."""
    due = relationships.quiet_due(tx)
    for row in due:
        card = pairs.card_of(tx, row.id)
        STEPS[Quiet(row.quiet_step)](tx, card)
    return len(due)


def _advance(tx: Tx, row: Relationship, at: datetime | None) -> None:
    relationships.write(tx, row.id, {"quiet_step": row.quiet_step + 1, "quiet_at": at})


def _key(card: PairCard, reader: Member) -> str:
    """One silence is one occurrence: it is named by the day contact was due."""
    due = card.relationship.contact_due_at
    return f"{card.id}:{reader.id}:{due.isoformat() if due else ''}"


def _note(tx: Tx, card: PairCard) -> None:
    """A week past due: a line in both digests, and nothing more."""
    for reader in card.people:
        digests.note(tx, reader.id, "relationships.quiet", card.id, key=f"quiet:{_key(card, reader)}", facts={})
    _advance(tx, card.relationship, next_quiet(card.relationship, Quiet.NOTED))


def _ask(tx: Tx, card: PairCard) -> None:
    """Two weeks past due: both are asked, once."""
    for reader in card.people:
        owing.post(tx, "relationships.quiet", reader, card.id, key=_key(card, reader))
    _advance(tx, card.relationship, next_quiet(card.relationship, Quiet.ASKED))


def _show(tx: Tx, card: PairCard) -> None:
    """Three weeks past due: organisers see the word quiet, as the agreement says they will."""
    _advance(tx, card.relationship, next_quiet(card.relationship, Quiet.SEEN))


def _put_to_sleep(tx: Tx, card: PairCard) -> None:
    """Four weeks past due: the pair sleeps, its place is free for somebody who waits."""
    later = tx.now + policy.CLOSE_OFFER_AFTER.value
    values = {"state": RelationshipState.ASLEEP, "quiet_step": Quiet.OFFERED, "quiet_at": later}
    if not relationships.move(tx, card.id, (RelationshipState.ACTIVE,), values):
        return
    profiles.free_place(tx, card.mentor.id)
    for reader in card.people:
        owing.post(tx, "relationships.asleep", reader, card.id, key=_key(card, reader))
    owing.home(tx, *card.people)


def _offer_to_close(tx: Tx, card: PairCard) -> None:
    """Three months asleep: both are told that it closes in a week unless one of them would rather keep it."""
    for reader in card.people:
        owing.post(tx, "relationships.close_offer", reader, card.id, key=_key(card, reader))
    _advance(tx, card.relationship, tx.now + policy.CLOSE_NOTICE.value)


def _close(tx: Tx, card: PairCard) -> None:
    endings.end(tx, card, Ending.QUIET)


STEPS = {
    Quiet.NOTED: _note,
    Quiet.ASKED: _ask,
    Quiet.SEEN: _show,
    Quiet.ASLEEP: _put_to_sleep,
    Quiet.OFFERED: _offer_to_close,
    Quiet.CLOSED: _close,
}


def ask_for_plans(tx: Tx) -> int:
    """Ask mentees on the third day whether a first meeting is planned, where none is; how many pairs were looked at."""
    due = relationships.plan_due(tx)
    for row in due:
        relationships.write(tx, row.id, {"plan_at": None})
        if row.contact_at is None and meetings.next_planned(tx, row.id) is None:
            mentee = members.by_id(tx, row.mentee_id)
            if mentee is not None:
                owing.post(tx, "relationships.plan_first", mentee, row.id)
    return len(due)


def ask_how_to_go_on(tx: Tx) -> int:
    """Ask both, three weeks before the term ends, how they would like to go on; how many pairs."""
    due = relationships.closing_due(tx)
    for row in due:
        relationships.write(tx, row.id, {"closing_at": None})
        card = pairs.card_of(tx, row.id)
        for reader in card.people:
            owing.post(tx, "relationships.closing", reader, row.id, key=f"{row.id}:{reader.id}:{row.term_ends_at}")
    return len(due)
