"""What every feature of a pair needs: whose it is, that it lives, when its people were last in touch."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.errors import MentorTakenError, NotYoursError, PairIsOverError
from bot.rules import policy
from bot.rules.days import months_later
from bot.rules.pairs import LIVE, PROMISE, PairCard
from bot.rules.rhythms import Rhythm, contact_due
from bot.services import owing
from storage.database import Tx
from storage.models.members import Member
from storage.models.relationships import Relationship, RelationshipState
from storage.queries import agreements, meetings, members, profiles, relationships


def card_of(tx: Tx, pair_id: str) -> PairCard:
    """A pair with its people; raises NotYours for an id that is none of ours."""
    found = cards_of(tx, [pair_id])
    if pair_id not in found:
        raise NotYoursError
    return found[pair_id]


def cards_of(tx: Tx, pair_ids: Iterable[str]) -> dict[str, PairCard]:
    """Pairs with their people, keyed by the pair's id; unknown ids are simply absent."""
    rows = relationships.by_ids(tx, pair_ids)
    people = members.by_ids(tx, [member_id for row in rows.values() for member_id in (row.mentee_id, row.mentor_id)])
    return {row.id: PairCard(row, people[row.mentee_id], people[row.mentor_id]) for row in rows.values()}


def own(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    """A pair the actor is in, ended or not; anyone else's, and one taken back at once, is refused alike."""
    card = card_of(tx, pair_id)
    if actor.id not in {card.mentee.id, card.mentor.id} or card.relationship.state == RelationshipState.UNDONE:
        raise NotYoursError
    return card


def live(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    """A pair the actor is in that has not ended; raises PairIsOver where it has, or where the partner is gone."""
    card = own(tx, actor, pair_id)
    if not card.is_live or card.partner_of(actor).is_gone:
        raise PairIsOverError(card.partner_of(actor).name)
    return card


def held(tx: Tx, actor: Member, pair_id: str) -> PairCard:
    """The same, with nobody else able to change anything of the pair until this transaction ends: deeds begin so."""
    relationships.hold(tx, pair_id)
    return live(tx, actor, pair_id)


def promise(tx: Tx, card: PairCard, actor: Member) -> None:
    """Keep this side's yes to the one line on confidentiality; it is asked for once, before their first deed."""
    if card.has_promised(actor):
        return
    side = "mentor_promised_at" if card.is_mentor(actor) else "mentee_promised_at"
    relationships.write(tx, card.id, {side: tx.now, "promise": PROMISE})


def set_out(tx: Tx, row: Relationship) -> None:
    """Give a new pair its term, and the moments at which it is asked how it goes."""
    ends = in_months(row.started_at, policy.TERM_MONTHS.value)
    values = {
        "term_ends_at": ends,
        "closing_at": ends - policy.CLOSING_BEFORE.value,
        "plan_at": row.started_at + policy.PLAN_AFTER.value,
    }
    relationships.write(tx, row.id, values)
    reschedule(tx, row.id)


def in_months(moment: datetime, months: int) -> datetime:
    """The same hour this many calendar months on."""
    return moment + (months_later(moment.date(), months) - moment.date())


def touch(tx: Tx, card: PairCard) -> None:
    """The two were in touch: silence begins again from here, and a sleeping pair wakes if its place is still free."""
    if card.relationship.state == RelationshipState.ASLEEP:
        _wake(tx, card)
    relationships.write(tx, card.id, {"contact_at": tx.now})
    reschedule(tx, card.id)
    refresh_quiet(tx, card)
    owing.home(tx, *card.people)


def refresh_quiet(tx: Tx, card: PairCard) -> None:
    """Bring both sides' messages about a silence up to date."""
    for reader in card.people:
        for kind in ("relationships.quiet", "relationships.asleep", "relationships.close_offer"):
            owing.update(tx, kind, reader, card.id)


def refresh_yes(tx: Tx, card: PairCard) -> None:
    """Bring the two messages of the yes up to date: they offer hours and an agreement until there are some."""
    owing.update(tx, "requests.matched", card.mentee, card.relationship.ask_id)
    owing.update(tx, "requests.asked", card.mentor, card.relationship.ask_id)


def _wake(tx: Tx, card: PairCard) -> None:
    if not profiles.take_place(tx, card.mentor.id):
        raise MentorTakenError(card.mentor.name)
    relationships.move(tx, card.id, (RelationshipState.ASLEEP,), {"state": RelationshipState.ACTIVE})


def reschedule(tx: Tx, pair_id: str) -> None:
    """Work out anew when the next contact is due, and with it the first step of silence; an away pair waits."""
    row = relationships.by_id(tx, pair_id)
    if row is None or row.state != RelationshipState.ACTIVE:
        return
    booked = meetings.next_planned(tx, pair_id)
    due = contact_due(rhythm_of(tx, pair_id), row.started_at, row.contact_at, booked.starts_at if booked else None)
    due = max(due, row.away_until) if row.away_until is not None else due
    values = {"contact_due_at": due, "quiet_step": 0, "quiet_at": due + _first_step()}
    relationships.write(tx, pair_id, values)


def _first_step() -> timedelta:
    return policy.QUIET_STEPS.value[0]


def rhythm_of(tx: Tx, pair_id: str) -> Rhythm | None:
    """The rhythm the two have signed, if they have."""
    signed = agreements.signed_of(tx, pair_id)
    return Rhythm(signed.rhythm) if signed is not None else None


def live_of(tx: Tx, member: Member) -> list[PairCard]:
    """Every pair somebody is in that has not ended, oldest first."""
    return [card_of(tx, row.id) for row in relationships.live_of(tx, member.id) if row.state in LIVE]


def each_held(tx: Tx, member: Member) -> Iterator[PairCard]:
    """Every pair of somebody's that lives, one after the other, each held from then on."""
    for card in live_of(tx, member):
        relationships.hold(tx, card.id)
        if card.is_live:
            yield card
