"""Away: one person from everybody, or one pair from its rhythm; who is left behind hears it once."""

from datetime import date, datetime, time

from bot.rules.days import day_begun, instant
from bot.rules.pairs import PairCard
from bot.rules.policy import QUIET_STEPS, UNDO
from bot.rules.preferences import PairAway, back_at
from bot.services import checkins, meetings, owing, pairs
from bot.services.access import person
from storage.database import Tx
from storage.models.members import Member
from storage.models.preferences import Preferences
from storage.models.relationships import RelationshipState
from storage.queries import drafts, preferences, relationships, waiting

TOLD = "relationships.away"


def away_until(tx: Tx, member: Member) -> datetime | None:
    """When somebody who is away is back; None for somebody who is here."""
    row = preferences.of(tx, member.id)
    return None if row is None else still_away_until(tx, row)


def still_away_until(tx: Tx, row: Preferences) -> datetime | None:
    """The same, from settings in hand."""
    return row.away_until if row.away_until is not None and row.away_until > tx.now else None


def announce(tx: Tx, member: Member, until: datetime | None) -> None:
    """Somebody goes away, moves the day, or is back (None): their pairs wait with them, and their partners hear it."""
    preferences.write(tx, member.id, {"away_until": until})
    for card in pairs.each_held(tx, member):
        _reckon(tx, card)
    owing.home(tx, member)


def begin(tx: Tx, pair_id: str) -> None:
    """A new pair begins on hold where one of the two is away already, and the other one hears it."""
    _reckon(tx, pairs.card_of(tx, pair_id))


def of_pair(tx: Tx, card: PairCard, reader: Member) -> PairAway:
    """Whether a pair is on hold, and who put it there."""
    until, by = card.relationship.away_until, card.relationship.away_by
    if until is None or until <= tx.now:
        return PairAway(card, reader, None, None)
    return PairAway(card, reader, until, next((each for each in card.people if each.id == by), None))


def own_pair(tx: Tx, actor: Member, pair_id: str) -> PairAway:
    """The same for a pair of the actor's own that has not ended."""
    return of_pair(tx, pairs.live(tx, actor, pair_id), actor)


def pause_pair(tx: Tx, actor: Member, pair_id: str, day: date) -> PairAway:
    """Put one pair on hold until a day; the partner's own hold stands beside it, and the longer one counts."""
    card = pairs.held(tx, actor, pair_id)
    relationships.write(tx, card.id, {_own_hold(card, actor): back_at(day, tx.now, actor.zone)})
    drafts.drop(tx, actor.id, "preferences.pause")
    _reckon(tx, card)
    return own_pair(tx, actor, pair_id)


def resume_pair(tx: Tx, actor: Member, pair_id: str) -> PairAway:
    """Go on before the day; while one of the two is away altogether, or the partner holds it too, it waits."""
    card = pairs.held(tx, actor, pair_id)
    relationships.write(tx, card.id, {_own_hold(card, actor): None})
    _reckon(tx, card)
    return own_pair(tx, actor, pair_id)


def welcome_back(tx: Tx) -> int:
    """People whose day has come are here again, and their pairs with them; how many."""
    due = preferences.returning(tx)
    for row in due:
        announce(tx, person(tx, row.member_id), None)
    return len(due)


def resume_due(tx: Tx) -> int:
    """Pairs whose day has come go on; how many."""
    due = preferences.pairs_returning(tx)
    for row in due:
        _reckon(tx, pairs.card_of(tx, row.id))
    return len(due)


def follow(tx: Tx, member: Member, was: str) -> None:
    """Keep somebody's day to be back, and that of every pair they put on hold, where midnight is now."""
    until = away_until(tx, member)
    if until is not None:
        preferences.write(tx, member.id, {"away_until": _same_day(until, was, member)})
    for card in pairs.each_held(tx, member):
        hold = _own_hold(card, member)
        until = getattr(card.relationship, hold)
        if until is not None and until > tx.now:
            relationships.write(tx, card.id, {hold: _same_day(until, was, member)})
        _follow_pair(tx, card)


def _same_day(until: datetime, was: str, member: Member) -> datetime:
    return instant(day_begun(until, was), time(0), member.zone)


def _follow_pair(tx: Tx, card: PairCard) -> None:
    """Who is still to hear of the day hears it as it is now; who has heard it reads the same day."""
    until, by = _longest(tx, card)
    if until is None or by is None or by.id != card.relationship.away_by:
        _reckon(tx, card)
    elif until != card.relationship.away_until:
        relationships.write(tx, card.id, {"away_until": until})
        pairs.reschedule(tx, card.id)
        partner = card.partner_of(by)
        if any((row.kind, row.subject_id) == (TOLD, card.id) for row in waiting.unsent_of(tx, partner.id)):
            _tell(tx, card, by, until)


def _own_hold(card: PairCard, member: Member) -> str:
    return "mentor_hold_until" if card.is_mentor(member) else "mentee_hold_until"


def _longest(tx: Tx, card: PairCard) -> tuple[datetime | None, Member | None]:
    """How long the pair waits, and for whom: the longest of both sides' holds and leaves that lie ahead."""
    ends = [
        (until, each)
        for each in card.people
        for until in (getattr(card.relationship, _own_hold(card, each)), away_until(tx, each))
        if until is not None and until > tx.now
    ]
    return max(ends, key=lambda end: end[0], default=(None, None))


def _reckon(tx: Tx, card: PairCard) -> None:
    """Work out anew how long the pair waits; where that is another day or another person's, all that follows does."""
    until, by = _longest(tx, card)
    if (until, by and by.id) == (card.relationship.away_until, card.relationship.away_by):
        return
    relationships.write(tx, card.id, {"away_until": until, "away_by": by.id if by else None})
    pairs.reschedule(tx, card.id)
    if until is None or by is None:
        _begin_afresh(tx, card.id)
    else:
        _wait(tx, card, by, until)
    owing.home(tx, *card.people)


def _wait(tx: Tx, card: PairCard, by: Member, until: datetime) -> None:
    meetings.shift_for_away(tx, card, until, by)
    checkins.replan(tx, pairs.card_of(tx, card.id))
    if card.relationship.state == RelationshipState.ACTIVE:
        _tell(tx, card, by, until)


def _tell(tx: Tx, card: PairCard, by: Member, until: datetime) -> None:
    """Tell the partner, ten minutes on: a day picked by mistake can be put right before anybody reads it."""
    partner = card.partner_of(by)
    owing.post(
        tx,
        TOLD,
        partner,
        card.id,
        key=f"{card.id}:{by.id}:{until.isoformat()}",
        after=tx.now + UNDO.value,
        by=by.id,
        until=until.isoformat(),
    )


def _begin_afresh(tx: Tx, pair_id: str) -> None:
    row = relationships.by_id(tx, pair_id)
    if row is None or row.state != RelationshipState.ACTIVE or row.contact_due_at is None:
        return
    if row.contact_due_at < tx.now:
        values = {"contact_due_at": tx.now, "quiet_at": tx.now + QUIET_STEPS.value[0]}
        relationships.write(tx, pair_id, values)
