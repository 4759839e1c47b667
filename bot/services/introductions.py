"""What mentor and mentee do to an introduction: draft it, agree to it or not, and let go of it when a pair ends."""

from datetime import timedelta

from bot.errors import ContactRefusedError, NotYoursError
from bot.rules import introductions as rules
from bot.rules.introductions import (
    DraftPage,
    IntroductionCard,
    PairIntroductions,
    Unfit,
    WaitingIntroductions,
    Whom,
)
from bot.rules.pairs import PairCard
from bot.rules.policy import CONTACT_ASKS_A_MONTH, INTRODUCTION_DAYS
from bot.services import drafts, owing, pairs
from bot.services.access import person
from storage.database import Tx
from storage.models.introductions import Introduction, IntroductionState
from storage.models.members import Member
from storage.queries import introductions, members, relationships
from storage.queries.introductions import NewIntroduction

A_MONTH = timedelta(days=30)
SOMEBODY = "This person"
UNSETTLED = (IntroductionState.DRAFTED, IntroductionState.AGREED)
ON_THE_WAY = (*UNSETTLED, IntroductionState.ASKED, IntroductionState.DECLINED)


def card_of(tx: Tx, introduction_id: str) -> IntroductionCard:
    """Everything about an introduction; raises NotYours for an id that is none of ours."""
    row = introductions.by_id(tx, introduction_id)
    if row is None:
        raise NotYoursError
    return _card(tx, row)


def _card(tx: Tx, row: Introduction) -> IntroductionCard:
    contact = person(tx, row.contact_id)
    why, wish = introductions.words_of(tx, row)
    is_closed = introductions.is_closed(tx, contact.id)
    return IntroductionCard(pairs.card_of(tx, row.relationship_id), row, contact, why, wish, tx.now, is_closed)


def own(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """An introduction the actor is one of the three of; a contact knows of it only once they are asked."""
    card = card_of(tx, introduction_id)
    if actor.id == card.contact.id and card.row.asked_at is not None:
        return card
    if actor.id not in {person.id for person in card.pair.people}:
        raise NotYoursError
    return card


def of_mentor(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """An introduction the actor suggested."""
    card = card_of(tx, introduction_id)
    if actor.id != card.mentor.id:
        raise NotYoursError
    return card


def of_mentee(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """An introduction of the actor to somebody."""
    card = card_of(tx, introduction_id)
    if actor.id != card.mentee.id:
        raise NotYoursError
    return card


def whom(tx: Tx, actor: Member) -> Whom:
    """Everybody the actor mentors now."""
    mine = (card for card in pairs.live_of(tx, actor) if card.is_mentor(actor) and not card.mentee.is_gone)
    return Whom(actor, tuple(mine))


def new(tx: Tx, actor: Member, pair_id: str) -> DraftPage:
    """The form for a new one; words refused before come back where they can be about nobody else."""
    card = _as_mentor(tx, actor, pair_id)
    is_only = len(whom(tx, actor).cards) == 1
    words = drafts.kept_words(tx, actor, "introductions.propose") if is_only else {}
    return DraftPage(card, words.get("why", ""), words.get("wish", ""))


def _as_mentor(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    card = pairs.live(tx, actor, pair_id)
    if not card.is_mentor(actor):
        raise NotYoursError
    return card


def draft(tx: Tx, actor: Member, pair_id: str, slack_id: str, words: tuple[str, str, int, str]) -> IntroductionCard:
    """Write an introduction down (why, wish, minutes, place); only the mentee learns of it, and reads it first."""
    relationships.hold(tx, pair_id)
    pair = _as_mentor(tx, actor, pair_id)
    contact = _fit(tx, pair, slack_id)
    why, wish, minutes, place = words
    drafted = NewIntroduction(pair.id, pair.mentor.id, pair.mentee.id, contact.id, why, wish, minutes, place)
    card = card_of(tx, introductions.add(tx, drafted))
    owing.post(tx, "introductions.drafted", card.mentee, card.id)
    owing.home(tx, card.mentee)
    return card


def _fit(tx: Tx, pair: PairCard, slack_id: str) -> Member:
    found = members.by_slack_id(tx, slack_id)
    why = rules.unfit(pair, found, slack_id)
    if found is None or why is not None:
        raise ContactRefusedError(why or Unfit.UNKNOWN, found.name if found else SOMEBODY)
    introductions.hold(tx, found.id)
    before = introductions.on_its_way(tx, pair.mentee.id, found.id)
    if before is not None and before.relationship_id == pair.id:
        raise ContactRefusedError(Unfit.ON_ITS_WAY, found.name)
    if before is not None:
        raise ContactRefusedError(Unfit.CLOSED, found.name)
    _check_open(tx, found)
    return found


def _check_open(tx: Tx, contact: Member) -> None:
    """Whoever wants no more, and whoever was asked often enough of late, cannot be asked: nobody is told which."""
    asked = introductions.asks_since(tx, contact.id, tx.now - A_MONTH)
    if introductions.is_closed(tx, contact.id) or asked >= CONTACT_ASKS_A_MONTH.value:
        raise ContactRefusedError(Unfit.CLOSED, contact.name)


def kept_words(tx: Tx, actor: Member, card: IntroductionCard) -> tuple[str, str]:
    """(why, wish) to begin editing with: what was typed and refused, where it can belong to no other draft."""
    is_only = len(introductions.drafts_for(tx, actor.id)) == 1
    words = drafts.kept_words(tx, actor, "introductions.agree") if is_only else {}
    return words.get("why", card.why), words.get("wish", card.wish)


def agree(tx: Tx, actor: Member, introduction_id: str, why: str, wish: str) -> IntroductionCard:
    """Agree to be named, with these words: the contact is asked. Twice is once, and what is sent stays as it was."""
    card = of_mentee(tx, actor, introduction_id)
    if card.stands != IntroductionState.DRAFTED:
        return card
    pairs.held(tx, actor, card.pair.id)
    introductions.hold(tx, card.contact.id)
    card = card_of(tx, introduction_id)
    if card.stands != IntroductionState.DRAFTED:
        return card
    unfit = rules.unfit(card.pair, card.contact, card.contact.slack_id)
    if unfit is not None:
        raise ContactRefusedError(unfit, card.contact.name)
    _check_open(tx, card.contact)
    if introductions.agree(tx, introduction_id, (why, wish), tx.now + INTRODUCTION_DAYS.value):
        owing.post(tx, "introductions.asked", card.contact, introduction_id)
        owing.update(tx, "introductions.drafted", card.mentee, introduction_id)
        owing.home(tx, *card.people)
    return card_of(tx, introduction_id)


def rather_not(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """The mentee would rather not; the mentor reads one neutral line, the contact nothing."""
    card = of_mentee(tx, actor, introduction_id)
    values = {"state": IntroductionState.DROPPED, "answered_at": tx.now}
    if introductions.move(tx, introduction_id, (IntroductionState.DRAFTED,), values):
        if card.pair.is_live:
            owing.post(tx, "introductions.told", card.mentor, introduction_id, outcome="rather not")
        refresh_drafted(tx, card)
    return card_of(tx, introduction_id)


def take_back(tx: Tx, actor: Member, introduction_id: str) -> IntroductionCard:
    """The mentor takes a draft back, while nobody but the mentee knows of it."""
    card = of_mentor(tx, actor, introduction_id)
    if introductions.move(tx, introduction_id, (IntroductionState.DRAFTED,), {"state": IntroductionState.DROPPED}):
        refresh_drafted(tx, card)
    return card_of(tx, introduction_id)


def refresh_drafted(tx: Tx, card: IntroductionCard) -> None:
    """Bring the mentee's message, and Homes, up to date."""
    drafts.drop(tx, card.mentee, "introductions.agree")
    owing.update(tx, "introductions.drafted", card.mentee, card.id)
    owing.home(tx, card.mentee, card.mentor)


def of_pair(tx: Tx, card: PairCard, reader: Member) -> PairIntroductions:
    """A pair's introductions for one of the two."""
    return PairIntroductions(card, reader, tuple(_card(tx, row) for row in introductions.of_pair(tx, card.id)))


def waiting_for(tx: Tx, member: Member) -> WaitingIntroductions:
    """Drafts that wait for somebody as a mentee, and asks that wait for them as a contact."""
    drafted = [_card(tx, row) for row in introductions.drafts_for(tx, member.id)]
    asked = [_card(tx, row) for row in introductions.asks_of(tx, member.id)]
    return WaitingIntroductions(
        member,
        tuple(card for card in drafted if card.waits_for_mentee),
        tuple(card for card in asked if card.can_answer),
    )


def let_go(tx: Tx, card: PairCard) -> None:
    """A pair has ended: whatever was on its way is let go, and messages about it say so; what is made stays made."""
    for row in introductions.of_pair(tx, card.id):
        _drop(tx, row)


def _drop(tx: Tx, row: Introduction) -> None:
    states = (*ON_THE_WAY, IntroductionState.MADE) if introductions.is_unsent(tx, row.id) else ON_THE_WAY
    if introductions.move(tx, row.id, states, {"state": IntroductionState.DROPPED, "due_at": None}):
        _retell(tx, card_of(tx, row.id))


def _retell(tx: Tx, card: IntroductionCard) -> None:
    drafts.drop(tx, card.mentee, "introductions.agree")
    owing.update(tx, "introductions.drafted", card.mentee, card.id)
    owing.update(tx, "introductions.asked", card.contact, card.id)
    owing.update(tx, "introductions.told", card.mentor, card.id)
    owing.home(tx, *card.people)


def take_out(tx: Tx, member: Member) -> None:
    """Somebody has left, or is gone: their open asks count as a silence, and nothing that needs them goes on."""
    for row in introductions.unfinished_of(tx, member.id):
        if row.contact_id == member.id:
            _without_contact(tx, row, member)
        else:
            _drop(tx, row)


def _without_contact(tx: Tx, row: Introduction, contact: Member) -> None:
    """An ask stays open to all eyes until day 7; what needs somebody who is gone comes to nothing now."""
    state = IntroductionState(row.state)
    if state == IntroductionState.ASKED:
        introductions.move(tx, row.id, (state,), {"state": IntroductionState.DECLINED})
        owing.update(tx, "introductions.asked", contact, row.id)
        owing.home(tx, contact)
    elif contact.is_gone and (state in UNSETTLED or introductions.is_unsent(tx, row.id)):
        come_to_nothing(tx, row)


def come_to_nothing(tx: Tx, row: Introduction) -> None:
    """Settle at once what can lead nowhere any more."""
    state = IntroductionState(row.state)
    if introductions.move(tx, row.id, (state,), {"state": IntroductionState.LAPSED, "due_at": None}):
        tell_nothing(tx, card_of(tx, row.id))


def let_go_of_strays(tx: Tx) -> int:
    """Settle introductions to people who are gone from the workspace; how many."""
    found = introductions.strays(tx)
    for row in found:
        come_to_nothing(tx, row)
    return len(found)


def tell_nothing(tx: Tx, card: IntroductionCard) -> None:
    """Tell mentor and mentee, in the same words, that nothing came of it."""
    for reader in card.pair.people:
        owing.post(tx, "introductions.told", reader, card.id, key=f"{card.id}:{reader.id}:nothing", outcome="nothing")
    _retell(tx, card)
