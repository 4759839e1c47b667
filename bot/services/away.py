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
from storage.models.relationships import RelationshipState
from storage.queries import drafts, preferences, relationships, waiting

TOLD = "relationships.away"


def away_until(tx: Tx, member: Member) -> datetime | None:
    """When somebody who is away is back; None for somebody who is here."""
    row = preferences.of(tx, member.id)
    until = row.away_until if row is not None else None
    return until if until is not None and until > tx.now else None


def announce(tx: Tx, member: Member, until: datetime | None) -> None:
    """Somebody goes away, moves the day, or is back (None): their pairs wait with them, and their partners hear it."""
    row = preferences.keep(tx, member.id)
    was = row.away_until
    preferences.write(tx, member.id, {"away_until": until})
    for card in pairs.live_of(tx, member):
        is_by_this = card.relationship.away_by == member.id and card.relationship.away_until == was
        if until is not None:
            _hold(tx, card, member, until, is_moved=is_by_this)
        elif is_by_this:
            _go_on(tx, card)
    owing.home(tx, member)


def begin(tx: Tx, pair_id: str) -> None:
    """A new pair begins on hold where one of the two is away already, and the other one hears it."""
    card = pairs.card_of(tx, pair_id)
    for member in card.people:
        until = away_until(tx, member)
        if until is not None:
            _hold(tx, pairs.card_of(tx, pair_id), member, until, is_moved=False)


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
    """Put one pair on hold until a day; a hold of the partner's that is longer stands."""
    card = pairs.live(tx, actor, pair_id)
    own = away_until(tx, actor)
    until = max(back_at(day, tx.now, actor.zone), own or tx.now)
    drafts.drop(tx, actor.id, "preferences.pause")
    _hold(tx, card, actor, until, is_moved=card.relationship.away_by == actor.id)
    return own_pair(tx, actor, pair_id)


def resume_pair(tx: Tx, actor: Member, pair_id: str) -> PairAway:
    """Go on before the day; where somebody of the two is away altogether, or the partner holds it, it stays on hold."""
    card = pairs.live(tx, actor, pair_id)
    if card.relationship.away_by == actor.id:
        _go_on(tx, card)
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
        _go_on(tx, pairs.card_of(tx, row.id))
    return len(due)


def follow(tx: Tx, member: Member, was: str) -> None:
    """Keep somebody's day to be back, and that of every pair they put on hold, where midnight is now."""
    until = away_until(tx, member)
    if until is not None:
        preferences.write(tx, member.id, {"away_until": _same_day(until, was, member)})
    for card in pairs.live_of(tx, member):
        held = card.relationship.away_until
        if card.relationship.away_by == member.id and held is not None and held > tx.now:
            _follow_pair(tx, card, member, _same_day(held, was, member))


def _same_day(until: datetime, was: str, member: Member) -> datetime:
    return instant(day_begun(until, was), time(0), member.zone)


def _follow_pair(tx: Tx, card: PairCard, by: Member, until: datetime) -> None:
    """Who is still to hear of the day hears it as it is now; who has heard it reads the same day."""
    if card.relationship.away_until == until:
        return
    relationships.write(tx, card.id, {"away_until": until})
    pairs.reschedule(tx, card.id)
    partner = card.partner_of(by)
    if any((row.kind, row.subject_id) == (TOLD, card.id) for row in waiting.unsent_of(tx, partner.id)):
        _tell(tx, card, by, until)


def _hold(tx: Tx, card: PairCard, by: Member, until: datetime, *, is_moved: bool) -> None:
    """Put a pair on hold; a hold that is longer stands, and so does the partner's own leave."""
    held, theirs = card.relationship.away_until, away_until(tx, card.partner_of(by))
    if held is not None and held >= until and not is_moved:
        return
    if theirs is not None and theirs > until:
        by, until = card.partner_of(by), theirs
    relationships.write(tx, card.id, {"away_until": until, "away_by": by.id})
    pairs.reschedule(tx, card.id)
    meetings.shift_for_away(tx, card, until, by)
    checkins.replan(tx, pairs.card_of(tx, card.id))
    owing.home(tx, *card.people)
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


def _go_on(tx: Tx, card: PairCard) -> None:
    """The hold is over, unless one of the two is still away; nobody comes back to something overdue."""
    held = [(until, each.id) for each in card.people if (until := away_until(tx, each)) is not None]
    longest = max(held) if held else None
    values = {"away_until": longest[0] if longest else None, "away_by": longest[1] if longest else None}
    relationships.write(tx, card.id, values)
    pairs.reschedule(tx, card.id)
    if longest is None:
        _begin_afresh(tx, card.id)
    owing.home(tx, *card.people)


def _begin_afresh(tx: Tx, pair_id: str) -> None:
    row = relationships.by_id(tx, pair_id)
    if row is None or row.state != RelationshipState.ACTIVE or row.contact_due_at is None:
        return
    if row.contact_due_at < tx.now:
        values = {"contact_due_at": tx.now, "quiet_at": tx.now + QUIET_STEPS.value[0]}
        relationships.write(tx, pair_id, values)
