"""What people do with a pair: look at it, say they are in touch, go on or finish, stop, and take a stop back."""

from bot.errors import NotYoursError, TooLateToUndoError
from bot.rules import policy
from bot.rules.find import Results
from bot.rules.pairs import PairCard
from bot.rules.relationships import ClosingPage, EndedPage, PairPage, WayOutPage, is_closing, is_stopping, own_wish
from bot.services import agreements, away, checkins, endings, find, introductions, meetings, milestones, owing, pairs
from bot.services.access import organisers
from storage.database import Tx
from storage.models.members import Member
from storage.models.relationships import Ending, RelationshipState, Wish
from storage.queries import meetings as queries
from storage.queries import relationships, requests


def page(tx: Tx, actor: Member, pair_id: str) -> PairPage:
    """One pair as one of its two sees it."""
    return page_of(tx, pairs.own(tx, actor, pair_id), actor)


def page_of(tx: Tx, card: PairCard, reader: Member) -> PairPage:
    """Everything about a pair, as one of its two sees it."""
    return PairPage(
        card=card,
        reader=reader,
        is_stopping=may_undo_stop(tx, card, reader),
        met=queries.met_count(tx, card.id),
        meetings=meetings.of_pair(tx, card, reader),
        agreement=agreements.of_pair(tx, card, reader),
        checkins=checkins.of_pair(tx, card, reader),
        milestones=milestones.of_pair(tx, card, reader),
        away=away.of_pair(tx, card, reader),
        introductions=introductions.of_pair(tx, card, reader),
        closing=closing(tx, card, reader) if card.is_live and is_closing(card.relationship, tx.now) else None,
    )


def may_undo_stop(tx: Tx, card: PairCard, actor: Member) -> bool:
    """Whether this one asked to stop and can still take it back."""
    return card.is_live and card.relationship.ended_by == actor.id and is_stopping(card.relationship, tx.now)


def in_touch(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    """The two are in touch, by whatever way; silence begins again from here."""
    card = pairs.held(tx, actor, pair_id)
    pairs.touch(tx, card)
    return pairs.card_of(tx, pair_id)


def keep(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    """Let a sleeping pair sleep on; nothing is asked of it any more."""
    card = pairs.held(tx, actor, pair_id)
    if card.relationship.state == RelationshipState.ASLEEP:
        relationships.write(tx, card.id, {"quiet_at": None})
        pairs.refresh_quiet(tx, card)
    return pairs.card_of(tx, pair_id)


def way_out(tx: Tx, actor: Member, pair_id: str) -> WayOutPage:
    """The private page for "This isn't working": organisers who are neither of the two."""
    card = pairs.live(tx, actor, pair_id)
    pair = {person.id for person in card.people}
    return WayOutPage(card, actor, tuple(person for person in organisers(tx) if person.id not in pair))


def stop(tx: Tx, actor: Member, pair_id: str, *, never_again: bool, ending: Ending = Ending.EARLY) -> PairCard:
    """Ask to stop; for ten minutes only the one who asked knows, and the partner reads neutral words after that."""
    relationships.hold(tx, pair_id)
    card = pairs.own(tx, actor, pair_id)
    if never_again:
        relationships.note_never(tx, actor.id, card.partner_of(actor).id)
    if not card.is_live:
        return card
    if card.relationship.ended_at is not None:
        return _stop_both(tx, actor, card)
    relationships.write(tx, card.id, {"ended_at": tx.now, "ended_by": actor.id, "ending": ending})
    owing.post(tx, "relationships.stopped", actor, card.id, key=f"{card.id}:{tx.now.isoformat()}")
    owing.update(tx, "relationships.stopped", actor, card.id, at=tx.now + policy.UNDO.value)
    owing.home(tx, actor)
    return pairs.card_of(tx, pair_id)


def _stop_both(tx: Tx, actor: Member, card: PairCard) -> PairCard:
    """Each has asked to stop: it ends now, so that neither's word is lost when the other takes theirs back."""
    if card.relationship.ended_by != actor.id:
        owing.update(tx, "relationships.stopped", card.partner_of(actor), card.id)
        endings.end(tx, card, Ending(card.relationship.ending or Ending.EARLY))
    return pairs.card_of(tx, card.id)


def close(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    """Close a sleeping pair, with the same ten minutes to take it back; one that has woken up stays as it is."""
    relationships.hold(tx, pair_id)
    card = pairs.own(tx, actor, pair_id)
    if card.relationship.state == RelationshipState.ACTIVE:
        return card
    return stop(tx, actor, pair_id, never_again=False, ending=Ending.QUIET)


def undo_stop(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    """Take a stop back; nobody ever knew."""
    relationships.hold(tx, pair_id)
    card = pairs.own(tx, actor, pair_id)
    if card.is_live and card.relationship.ended_at is None:
        return card
    if not may_undo_stop(tx, card, actor):
        raise TooLateToUndoError
    relationships.write(tx, card.id, {"ended_at": None, "ended_by": None, "ending": ""})
    relationships.forget_never(tx, actor.id, card.partner_of(actor).id)
    owing.home(tx, actor)
    return pairs.card_of(tx, pair_id)


def rematch(tx: Tx, actor: Member, pair_id: str) -> Results:
    """Look for somebody new in one step: the same topic and goal, and names at once."""
    card = pairs.own(tx, actor, pair_id)
    if card.is_mentor(actor):
        raise NotYoursError
    ask = requests.ask(tx, card.relationship.ask_id)
    search = requests.search(tx, ask.search_id) if ask is not None else None
    return find.search(tx, actor, card.relationship.topic, search.goal if search is not None else "")


def closing(tx: Tx, card: PairCard, reader: Member) -> ClosingPage:
    """How one side would like to go on."""
    is_open = card.is_live and is_closing(card.relationship, tx.now)
    return ClosingPage(card, reader, queries.met_count(tx, card.id), is_open=is_open)


def wish(tx: Tx, actor: Member, pair_id: str, wished: Wish) -> ClosingPage:
    """Keep one side's wish; two who both want to go on do, at once, and nobody learns of a wish that is not shared.

    A wish is for the term at its end: the second click after an extension says nothing about the next one.
    """
    card = pairs.held(tx, actor, pair_id)
    if not is_closing(card.relationship, tx.now):
        return closing(tx, card, actor)
    side = "mentor_wish" if card.is_mentor(actor) else "mentee_wish"
    relationships.write(tx, card.id, {side: wished})
    card = pairs.card_of(tx, pair_id)
    partners = own_wish(card.relationship, is_mentor=not card.is_mentor(actor))
    if wished == partners == Wish.EXTEND:
        _extend(tx, card)
    return closing(tx, pairs.card_of(tx, pair_id), actor)


def extend(tx: Tx, actor: Member, pair_id: str) -> ClosingPage:
    """Say one would like three more months."""
    return wish(tx, actor, pair_id, Wish.EXTEND)


def finish(tx: Tx, actor: Member, pair_id: str) -> ClosingPage:
    """Say one would like to finish."""
    return wish(tx, actor, pair_id, Wish.FINISH)


def stay(tx: Tx, actor: Member, pair_id: str) -> ClosingPage:
    """Say one would like to finish, and stay in touch."""
    return wish(tx, actor, pair_id, Wish.STAY)


def _extend(tx: Tx, card: PairCard) -> None:
    ends = card.relationship.term_ends_at
    if ends is None:
        return
    later = pairs.in_months(ends, policy.EXTEND_MONTHS.value)
    values = {"term_ends_at": later, "closing_at": later - policy.CLOSING_BEFORE.value}
    relationships.write(tx, card.id, values | {"mentee_wish": "", "mentor_wish": ""})
    checkins.replan(tx, pairs.card_of(tx, card.id))
    for reader in card.people:
        owing.post(tx, "relationships.extended", reader, card.id, key=f"{card.id}:{reader.id}:{later.isoformat()}")
        owing.update(tx, "relationships.closing", reader, card.id)
    owing.home(tx, *card.people)


def ended(tx: Tx, card: PairCard, reader: Member) -> EndedPage:
    """A pair at its end, as one of its two reads it."""
    return EndedPage(card, reader, queries.met_count(tx, card.id))
