"""What the contact answers, how the three are then introduced, and what is said when nothing came of it."""

from bot.errors import NotYoursError
from bot.rules.days import spread_of
from bot.rules.introductions import IntroductionCard
from bot.rules.news import due_at
from bot.services import owing, pairs
from bot.services.introductions import card_of, of_mentor, own, tell_nothing
from storage.database import Tx
from storage.models.introductions import IntroductionState
from storage.models.members import Member
from storage.queries import introductions

MADE = "introductions.made"


def asked(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """An introduction the actor was asked for; anyone else's, and any unknown id, is refused alike."""
    card = own(tx, actor, introduction_id)
    if card.contact.id != actor.id:
        raise NotYoursError
    return card


def yes(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """Say yes, also after a no: the three are introduced, once. From day 7 on it changes nothing."""
    card = asked(tx, actor, introduction_id)
    values = {"state": IntroductionState.MADE, "answered_at": tx.now, "due_at": None}
    states = (IntroductionState.ASKED, IntroductionState.DECLINED)
    if card.can_answer and introductions.answer(tx, introduction_id, states, values):
        _make(tx, card)
    return card_of(tx, introduction_id)


def not_now(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """Say no; until day 7 nobody can tell it from no answer yet, and after it from none."""
    asked(tx, actor, introduction_id)
    values = {"state": IntroductionState.DECLINED, "answered_at": tx.now}
    if introductions.answer(tx, introduction_id, (IntroductionState.ASKED,), values):
        owing.home(tx, actor)
    return card_of(tx, introduction_id)


def never(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """Say no to this one and to all to come."""
    asked(tx, actor, introduction_id)
    introductions.close(tx, actor.id)
    return not_now(tx, actor, introduction_id)


def may_again(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """Take "Don't ask me again" back."""
    asked(tx, actor, introduction_id)
    introductions.reopen(tx, actor.id)
    return card_of(tx, introduction_id)


def refresh_asked(tx: Tx, card: IntroductionCard) -> None:
    """Bring the contact's message up to date."""
    owing.update(tx, "introductions.asked", card.contact, card.id)


def _make(tx: Tx, card: IntroductionCard) -> None:
    """Owe the one message that introduces them, and tell mentor and mentee where it is, not before it is there."""
    key, place = f"{card.id}:{tx.now.isoformat()}", card.row.place
    if place:
        owing.post_to(tx, MADE, place, card.mentor, card.id, key=key)
    else:
        owing.open_group(tx, MADE, card.people, card.id, key=key)
    first = card.mentor if place else card.people[0]
    made_at = due_at(MADE, tx.now, first.zone, spread_of(first.id))
    for reader in card.pair.people:
        owing.post(tx, "introductions.told", reader, card.id, key=f"{key}:{reader.id}", after=made_at, outcome="made")
    owing.home(tx, *card.people)


def undelivered(tx: Tx, introduction_id: str, row_id: str) -> None:
    """Slack would not take it there: everybody has agreed, so the mentor may try again."""
    card = card_of(tx, introduction_id)
    if introductions.move(tx, introduction_id, (IntroductionState.MADE,), {"state": IntroductionState.AGREED}):
        owing.post(tx, "introductions.told", card.mentor, introduction_id, key=row_id, outcome="refused")
        owing.update(tx, "introductions.asked", card.contact, introduction_id)
        owing.home(tx, *card.people)


def elsewhere(tx: Tx, actor: Member, introduction_id: str, *, once_more: bool) -> IntroductionCard:
    """Try the agreed channel once more, else a group message, never a place more people read than was agreed to.

    What is made already stays where it is.
    """
    card = of_mentor(tx, actor, introduction_id)
    if card.stands != IntroductionState.AGREED:
        return card
    pairs.held(tx, actor, card.pair.id)
    values = {"state": IntroductionState.MADE, "place": card.row.place if once_more else ""}
    if introductions.move(tx, introduction_id, (IntroductionState.AGREED,), values):
        owing.update(tx, "introductions.told", card.mentor, introduction_id)
        owing.update(tx, "introductions.asked", card.contact, introduction_id)
        _make(tx, card_of(tx, introduction_id))
    return card_of(tx, introduction_id)


def lapse_due(tx: Tx) -> int:
    """Day 7: a no and a silence come to the same, and mentor and mentee hear the same words; how many."""
    due = introductions.due(tx)
    for row in due:
        state = IntroductionState(row.state)
        after = IntroductionState.LAPSED if state == IntroductionState.ASKED else state
        if introductions.move(tx, row.id, (state,), {"state": after, "due_at": None}):
            tell_nothing(tx, card_of(tx, row.id))
    return len(due)
