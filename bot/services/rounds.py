"""What peers do: join, leave and come back, say that they met, and pass over a round."""

from bot.errors import GroupIsOverError, NotYoursError
from bot.rules.rounds import GroupCard, PeerPage
from bot.services import owing, pairing
from storage.database import Tx
from storage.models.members import Member
from storage.models.rounds import RoundState
from storage.queries import profiles, rounds
from storage.queries.asking import EVERYBODY, Stretch


def standing(tx: Tx, member: Member) -> PeerPage:
    """How somebody stands with the rounds: whether they are in, what comes next, whom they meet now."""
    planned, running = rounds.round_in(tx, RoundState.PLANNED), rounds.round_in(tx, RoundState.RUNNING)
    seat = rounds.seat_of(tx, running.id, member.id) if running else None
    card = pairing.card_of(tx, seat.group_id) if seat and seat.group_id and seat.out_at is None else None
    return PeerPage(
        reader=member,
        peer=rounds.peer_of(tx, member.id),
        next_at=planned.starts_at if planned else None,
        group=card if card and card.is_live else None,
        is_waiting=card is not None and not card.is_live,
    )


def join(tx: Tx, actor: Member) -> PeerPage:
    """Opt in; this joins the programme too, and plans the first round if there is none."""
    profiles.join(tx, actor.id)
    rounds.join(tx, actor.id)
    pairing.plan_first(tx)
    owing.home(tx, actor)
    return standing(tx, actor)


def come_back(tx: Tx, actor: Member) -> PeerPage:
    """End one's own pause; who left meanwhile stays out."""
    rounds.come_back(tx, actor.id)
    owing.home(tx, actor)
    return standing(tx, actor)


def leave(tx: Tx, actor: Member) -> PeerPage:
    """Leave the rounds, and with them the group of the running one; the others are looked after."""
    take_out(tx, actor)
    return standing(tx, actor)


def take_out(tx: Tx, member: Member) -> None:
    """Take somebody out of the rounds for good: they left, or they are gone; a group yet to meet is made up anew."""
    rounds.leave(tx, member.id)
    running = rounds.round_in(tx, RoundState.RUNNING)
    seat = rounds.seat_of(tx, running.id, member.id) if running else None
    card = pairing.card_of(tx, seat.group_id) if seat and seat.group_id and seat.out_at is None else None
    if card is not None and card.group.met_at is None:
        pairing.step_out(tx, member, card)
    owing.home(tx, member)


def take_out_strays(tx: Tx, among: Stretch = EVERYBODY) -> int:
    """Take out every peer who is gone from the workspace or has left the programme; how many."""
    found = rounds.strays(tx, among)
    for member in found:
        take_out(tx, member)
    return len(found)


def own_group(tx: Tx, actor: Member, group_id: str) -> GroupCard:
    """A group the actor sits in; raises GroupIsOver where they did, and NotYours for anybody else's."""
    card = pairing.card_of(tx, group_id)
    seat = rounds.seat_of(tx, card.round.id, actor.id)
    if seat is None or (seat.group_id != group_id and card.is_live):
        raise NotYoursError
    if seat.group_id != group_id:
        raise GroupIsOverError
    return card


def met(tx: Tx, actor: Member, group_id: str) -> GroupCard:
    """One yes counts for all, also a late one; twice is once."""
    card = own_group(tx, actor, group_id)
    if not card.is_live or actor.id not in {person.id for person in card.people}:
        raise GroupIsOverError
    if rounds.mark_met(tx, group_id):
        rounds.forget_silence(tx, [person.id for person in card.people])
        pairing.retell(tx, card)
        for person in card.people:
            owing.update(tx, "rounds.ask_met", person, group_id)
        owing.home(tx, *card.people)
    return pairing.card_of(tx, group_id)


def not_this_time(tx: Tx, actor: Member, group_id: str) -> PeerPage:
    """Pass over this round; whoever is left alone by it gets a new group within a day, and nobody is named."""
    card = own_group(tx, actor, group_id)
    if card.round.state != RoundState.RUNNING:
        raise GroupIsOverError
    if card.group.met_at is None:
        pairing.step_out(tx, actor, card)
    return standing(tx, actor)
