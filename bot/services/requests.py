"""What people do to a request: send it, rewrite or withdraw it, accept or decline it, and take any of that back."""

from bot.errors import (
    AlreadySearchingError,
    AskIsOverError,
    MentorIsFullError,
    NotYoursError,
    SearchIsOverError,
    TooLateToUndoError,
    YouHaveLeftError,
)
from bot.rules import requests as rules
from bot.rules.pairs import LIVE
from bot.rules.policy import UNDO
from bot.rules.requests import AskCard, Begun, Declined, SearchCard
from bot.services import agreements, away, checkins, endings, meetings, owing, pairs, searches
from bot.services.access import person
from storage.database import Tx
from storage.models.members import Member
from storage.models.relationships import Relationship, RelationshipState
from storage.models.requests import Ask, AskState, Search, SearchState
from storage.queries import drafts, members, outbox, profiles, relationships, requests

STILL_LOOKING = frozenset({SearchState.OPEN, SearchState.UNANSWERED})


def card_of(tx: Tx, ask_id: str) -> AskCard:
    """Everything about an ask; raises NotYours for an id that is none of ours."""
    ask = requests.ask(tx, ask_id)
    search = requests.search(tx, ask.search_id) if ask else None
    if ask is None or search is None:
        raise NotYoursError
    return _card(tx, ask, search)


def _card(tx: Tx, ask: Ask, search: Search) -> AskCard:
    people = members.by_ids(tx, [search.mentee_id, ask.mentor_id, ask.referred_id or ""])
    return AskCard(
        ask=ask,
        search=search,
        mentee=people[search.mentee_id],
        mentor=people[ask.mentor_id],
        note=requests.note_of(tx, search),
        can_undo=rules.may_undo(ask.decided_at, tx.now) and ask.settled_at is None,
        has_reached=ask.asked_at is not None and ask.asked_at <= tx.now,
        referred=people.get(ask.referred_id or ""),
        begun=_begun(tx, ask) if ask.state == AskState.ACCEPTED else None,
    )


def _begun(tx: Tx, ask: Ask) -> Begun | None:
    """What a yes began, as its two messages show it; an ended pair has nothing to begin any more."""
    row = relationships.by_ask(tx, ask.id)
    if row is None or row.state not in LIVE:
        return None
    pair = pairs.card_of(tx, row.id)
    booked = meetings.of_pair(tx, pair, pair.mentee).upcoming
    is_open = booked is None and row.contact_at is None
    standings = {person.id: agreements.standing(tx, pair, person) for person in pair.people}
    return Begun(pair, meetings.slots(tx, pair) if is_open else (), booked, standings)


def search_card_of(tx: Tx, search: Search) -> SearchCard:
    """Everything about a search, for its own mentee."""
    can_undo = (
        search.state == SearchState.WITHDRAWN and search.settled_at is None and rules.may_undo(search.ended_at, tx.now)
    )
    return SearchCard(
        search=search,
        mentee=person(tx, search.mentee_id),
        asks=tuple(_card(tx, ask, search) for ask in requests.asks_of(tx, search.id)),
        note=requests.note_of(tx, search),
        can_undo=can_undo,
    )


def own_search(tx: Tx, actor: Member, search_id: str) -> Search:
    """A search of the actor's own; anyone else's, and any unknown id, is refused alike."""
    search = requests.search(tx, search_id)
    if search is None or search.mentee_id != actor.id:
        raise NotYoursError
    return search


def own_ask(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """An ask put to the actor; anyone else's, and any unknown id, is refused alike."""
    card = card_of(tx, ask_id)
    if card.ask.mentor_id != actor.id or card.ask.state == AskState.QUEUED:
        raise NotYoursError
    return card


def _held_ask(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """The same, with nobody else able to change its search until this transaction ends: deeds begin so."""
    requests.hold(tx, own_ask(tx, actor, ask_id).search.id)
    return own_ask(tx, actor, ask_id)


def _held_search(tx: Tx, actor: Member, search_id: str) -> Search:
    requests.hold(tx, search_id)
    return own_search(tx, actor, search_id)


def note_of(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """The note, for whoever is being asked now or has said yes: for another name it may have been written anew."""
    card = own_ask(tx, actor, ask_id)
    if not can_answer(card) and card.ask.state != AskState.ACCEPTED:
        raise AskIsOverError
    return card


def can_answer(card: AskCard) -> bool:
    """Whether an ask still waits for its answer."""
    return card.ask.state == AskState.WAITING and card.search.state == SearchState.OPEN


def refresh_asked(tx: Tx, card: AskCard) -> None:
    """Bring the mentor's message up to date."""
    owing.update(tx, "requests.asked", card.mentor, card.ask.id)


def refresh_sent(tx: Tx, card: SearchCard) -> None:
    """Bring the mentee's message about their search up to date."""
    owing.update(tx, "requests.sent", card.mentee, card.search.id)


def open_ask(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """An ask of the actor's that still waits for an answer."""
    card = own_ask(tx, actor, ask_id)
    if not can_answer(card):
        raise AskIsOverError
    return card


def open_search(tx: Tx, actor: Member, search_id: str) -> SearchCard:
    """A search of the actor's that is still running."""
    search = own_search(tx, actor, search_id)
    if search.state != SearchState.OPEN:
        raise SearchIsOverError
    return search_card_of(tx, search)


def send(tx: Tx, mentee: Member, search: Search, names: list[str], note: str) -> SearchCard:
    """Open a search: the first name is asked in their own hours, the others wait in line unseen."""
    requests.hold(tx, search.id)
    members.hold(tx, mentee.id)
    if requests.open_search_of(tx, mentee.id) is not None or search.state != SearchState.DRAFT:
        raise AlreadySearchingError
    drafts.drop(tx, mentee.id, "requests.rewrite")
    requests.write_note(tx, search.id, note)
    for position, mentor_id in enumerate(names):
        tx.session.add(Ask(workspace_id=tx.workspace_id, search_id=search.id, mentor_id=mentor_id, position=position))
    tx.session.flush()
    requests.move_search(tx, search, SearchState.OPEN, opened_at=tx.now, closes_at=rules.closes_at(tx.now))
    if searches.ask_next(tx, search) is None:
        raise SearchIsOverError
    owing.post(tx, "requests.sent", mentee, search.id)
    owing.home(tx, mentee)
    return search_card_of(tx, search)


def rewrite(tx: Tx, actor: Member, search_id: str, note: str) -> None:
    """Change the note while nobody has answered; the mentor reads the new words from then on."""
    requests.hold(tx, search_id)
    card = open_search(tx, actor, search_id)
    requests.write_note(tx, card.search.id, note)
    owing.home(tx, actor)


def withdraw(tx: Tx, actor: Member, search_id: str) -> SearchCard:
    """End one's own search; whoever is being asked learns of it only when the undo window is over."""
    search = _held_search(tx, actor, search_id)
    if search.state == SearchState.OPEN:
        requests.move_search(tx, search, SearchState.WITHDRAWN, ended_at=tx.now)
        owing.update(tx, "requests.sent", actor, search.id, at=tx.now + UNDO.value)
        owing.home(tx, actor)
    return search_card_of(tx, search)


def undo_withdraw(tx: Tx, actor: Member, search_id: str) -> SearchCard:
    """Take a withdrawal back; nobody ever knew."""
    search = _held_search(tx, actor, search_id)
    members.hold(tx, actor.id)
    if search.state == SearchState.OPEN:
        return search_card_of(tx, search)
    if not search_card_of(tx, search).can_undo or requests.open_search_of(tx, actor.id) is not None:
        raise TooLateToUndoError
    requests.move_search(tx, search, SearchState.OPEN, ended_at=None)
    searches.resume(tx, search)
    owing.home(tx, actor)
    return search_card_of(tx, search)


def accept(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """Say yes: the place is taken, the pair begins, the mentee hears. Twice is once, and too late changes nothing."""
    card = _held_ask(tx, actor, ask_id)
    if card.ask.state == AskState.LAPSED and card.search.state in STILL_LOOKING:
        return _offer_late(tx, card)
    if not can_answer(card):
        return card
    _pair(tx, card)
    return card_of(tx, ask_id)


def _pair(tx: Tx, card: AskCard) -> None:
    mentor, mentee = card.mentor, card.mentee
    members.hold(tx, mentee.id, mentor.id)
    if mentee.is_gone or mentor.id in searches.partners_of(tx, mentee):
        raise AskIsOverError
    _take_place(tx, mentor)
    moved = requests.move_ask(tx, card.ask, AskState.ACCEPTED, decided_at=tx.now)
    if not moved or not requests.move_search(tx, card.search, SearchState.MATCHED, ended_at=tx.now):
        raise AskIsOverError
    pair = _begin(tx, card)
    owing.post(tx, "requests.matched", mentee, card.ask.id, key=pair.id, relationship=pair.id)
    owing.update(tx, "requests.sent", mentee, card.search.id)
    owing.update(tx, "requests.asked", mentor, card.ask.id, at=tx.now + UNDO.value)
    owing.home(tx, mentor, mentee)


def _take_place(tx: Tx, mentor: Member) -> None:
    if not profiles.take_place(tx, mentor.id):
        profile = profiles.of(tx, mentor.id)
        if profile is None or profile.left_at is not None:
            raise YouHaveLeftError
        raise MentorIsFullError(profile.places)


def _begin(tx: Tx, card: AskCard) -> Relationship:
    pair = Relationship(
        workspace_id=tx.workspace_id,
        mentee_id=card.mentee.id,
        mentor_id=card.mentor.id,
        ask_id=card.ask.id,
        topic=card.search.topic,
        started_at=tx.now,
    )
    tx.session.add(pair)
    tx.session.flush()
    pairs.set_out(tx, pair)
    begun = pairs.card_of(tx, pair.id)
    pairs.promise(tx, begun, card.mentor)
    checkins.plan(tx, begun)
    away.begin(tx, pair.id)
    return pair


def undo_accept(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """Take a yes back within ten minutes: the place is free, the request waits again, the mentee hears kindly."""
    card = _held_ask(tx, actor, ask_id)
    if card.ask.state == AskState.WAITING:
        return card
    members.hold(tx, card.mentee.id)
    pair = relationships.by_ask(tx, ask_id)
    in_time = card.ask.state == AskState.ACCEPTED and card.can_undo
    if pair is None or not in_time or requests.open_search_of(tx, card.mentee.id) is not None:
        raise TooLateToUndoError
    if not relationships.close(tx, pair.id, RelationshipState.UNDONE, tx.now):
        raise TooLateToUndoError
    profiles.free_place(tx, actor.id)
    endings.let_go(tx, pairs.card_of(tx, pair.id))
    requests.move_ask(tx, card.ask, AskState.WAITING, decided_at=None)
    requests.move_search(tx, card.search, SearchState.OPEN, ended_at=None)
    _tell_reopened(tx, card, pair)
    return card_of(tx, ask_id)


def _tell_reopened(tx: Tx, card: AskCard, pair: Relationship) -> None:
    owing.update(tx, "requests.matched", card.mentee, card.ask.id)
    owing.post(tx, "requests.reopened", card.mentee, card.ask.id, key=pair.id, relationship=pair.id)
    _ask_on(tx, card, pair)
    owing.home(tx, card.mentor, card.mentee)


def _ask_on(tx: Tx, card: AskCard, pair: Relationship) -> None:
    """The mentee's "I've asked" holds Withdraw: a yes that was quicker than it dropped it, so it is owed anew."""
    if outbox.is_owed_or_sent(tx, "requests.sent", card.search.id, card.mentee.id):
        owing.update(tx, "requests.sent", card.mentee, card.search.id)
    else:
        owing.post(tx, "requests.sent", card.mentee, card.search.id, key=f"{card.search.id}:{pair.id}")


def decline(tx: Tx, actor: Member, ask_id: str, reason: Declined, referred: str | None) -> AskCard:
    """Say no, kindly; for ten minutes only the one who said it knows."""
    card = _held_ask(tx, actor, ask_id)
    if card.ask.state == AskState.DECLINED:
        return card
    card = open_ask(tx, actor, ask_id)
    suggested = _referral(tx, card, referred)
    requests.move_ask(tx, card.ask, AskState.DECLINED, decided_at=tx.now, reason=reason, referred_id=suggested)
    owing.update(tx, "requests.asked", actor, card.ask.id)
    owing.update(tx, "requests.asked", actor, card.ask.id, at=tx.now + UNDO.value)
    owing.home(tx, actor)
    return card_of(tx, ask_id)


def _referral(tx: Tx, card: AskCard, slack_id: str | None) -> str | None:
    """The suggested person's id, or None where suggesting them makes no sense."""
    found = members.by_slack_id(tx, slack_id) if slack_id else None
    if found is None or found.is_gone or found.is_bot or found.id in {card.mentee.id, card.mentor.id}:
        return None
    return found.id


def undo_decline(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """Take a no back while nobody knows of it."""
    card = _held_ask(tx, actor, ask_id)
    if card.ask.state == AskState.WAITING:
        return card
    if card.ask.state != AskState.DECLINED or not card.can_undo or card.search.state != SearchState.OPEN:
        raise TooLateToUndoError
    requests.move_ask(tx, card.ask, AskState.WAITING, decided_at=None, reason="", referred_id=None)
    owing.home(tx, actor)
    return card_of(tx, ask_id)


def _is_still_wanted(tx: Tx, card: AskCard) -> bool:
    """Whether a mentee might still like a yes that comes late: nobody else is their mentor by this search."""
    newest, profile = requests.latest_search_of(tx, card.mentee.id), profiles.of(tx, card.mentee.id)
    is_newest = newest is not None and newest.id == card.search.id
    is_here = profile is not None and profile.left_at is None and not card.mentee.is_gone
    return is_newest and is_here and card.mentor.id not in searches.partners_of(tx, card.mentee)


def _offer_late(tx: Tx, card: AskCard) -> AskCard:
    """A yes after the time ran out: the mentee is asked whether they still want it."""
    if not _is_still_wanted(tx, card):
        raise AskIsOverError
    requests.move_ask(tx, card.ask, AskState.OFFERED, decided_at=tx.now)
    owing.post(tx, "requests.late_yes", card.mentee, card.ask.id)
    owing.home(tx, card.mentee, card.mentor)
    return card_of(tx, card.ask.id)


def take_late(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """Take a mentor who said yes late; whoever was being asked meanwhile sees it is over."""
    card = _offered(tx, actor, ask_id)
    if card.ask.state == AskState.ACCEPTED:
        return card
    if card.ask.state != AskState.OFFERED:
        raise AskIsOverError
    _let_go_of_others(tx, card)
    members.hold(tx, actor.id, card.mentor.id)
    if card.mentor.id in searches.partners_of(tx, actor) or not profiles.take_place(tx, card.mentor.id):
        raise AskIsOverError
    moved = requests.move_ask(tx, card.ask, AskState.ACCEPTED, decided_at=tx.now, settled_at=tx.now)
    if not moved or not requests.move_search(tx, card.search, SearchState.MATCHED, ended_at=tx.now, settled_at=tx.now):
        raise AskIsOverError
    _begin(tx, card)
    owing.update(tx, "requests.asked", card.mentor, card.ask.id)
    owing.update(tx, "requests.sent", actor, card.search.id)
    owing.home(tx, actor, card.mentor)
    return card_of(tx, ask_id)


def leave_late(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    """Stay with the search as it is."""
    card = _offered(tx, actor, ask_id)
    if card.ask.state == AskState.OFFERED:
        requests.move_ask(tx, card.ask, AskState.WITHDRAWN, decided_at=tx.now)
        owing.update(tx, "requests.asked", card.mentor, card.ask.id)
    return card_of(tx, ask_id)


def _offered(tx: Tx, actor: Member, ask_id: str) -> AskCard:
    card = card_of(tx, ask_id)
    if card.search.mentee_id != actor.id:
        raise NotYoursError
    requests.hold(tx, card.search.id)
    card = card_of(tx, ask_id)
    if card.ask.state not in {AskState.OFFERED, AskState.ACCEPTED, AskState.WITHDRAWN}:
        raise AskIsOverError
    if card.ask.state == AskState.OFFERED and card.search.state not in STILL_LOOKING:
        raise AskIsOverError
    return card


def _let_go_of_others(tx: Tx, taken: AskCard) -> None:
    for other in requests.asks_of(tx, taken.search.id):
        if other.state == AskState.WAITING and requests.move_ask(tx, other, AskState.WITHDRAWN, decided_at=tx.now):
            owing.update(tx, "requests.asked", person(tx, other.mentor_id), other.id)
            owing.home(tx, other.mentor_id)


def waiting_for(tx: Tx, mentor: Member) -> list[AskCard]:
    """What waits for a mentor's answer, once its moment has come; searches being withdrawn are left out."""
    cards = [card_of(tx, ask.id) for ask in requests.waiting_on(tx, mentor.id)]
    return [c for c in cards if c.search.state == SearchState.OPEN and c.has_reached]
