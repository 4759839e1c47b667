"""The rounds themselves: beginning one, making its groups, and making up anew what falls apart on the way."""

from collections.abc import Iterable, Sequence

from bot.errors import NotYoursError
from bot.rules import rounds as rules
from bot.rules.days import spread_of
from bot.rules.policy import REGROUP_AFTER, ROUND_EVERY
from bot.rules.rounds import GroupCard, Past, someone
from bot.services import owing
from bot.services.access import organisers
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import RowState
from storage.models.rounds import Round, RoundState
from storage.queries import members, rounds, waiting

NEVER_SENT = (RowState.PENDING, RowState.DROPPED, RowState.DEAD)
UTC = "UTC"
ASK_MET = "rounds.ask_met"


def zone_of(tx: Tx) -> str:
    """Whose Monday morning it is: the first organiser's."""
    return next((person.zone for person in organisers(tx)), UTC)


def follow(tx: Tx, member: Member, was: str) -> None:
    """Keep a peer's question in the hours they have now, and the rounds on the mornings of whose mornings they are."""
    first = next(iter(organisers(tx)), None)
    if first is not None and first.id == member.id:
        _follow_mornings(tx, member, was)
    _follow_questions(tx, member)


def _follow_mornings(tx: Tx, organiser: Member, was: str) -> None:
    planned, running = rounds.round_in(tx, RoundState.PLANNED), rounds.round_in(tx, RoundState.RUNNING)
    if planned is None or planned.starts_at <= tx.now:
        return
    starts_at = rules.morning_again(planned.starts_at, was, organiser.zone)
    if starts_at == planned.starts_at:
        return
    values = {"starts_at": starts_at, "ends_at": starts_at + ROUND_EVERY.value}
    rounds.move_round(tx, planned.id, RoundState.PLANNED, values)
    if running is not None:
        rounds.move_round(tx, running.id, RoundState.RUNNING, {"ends_at": starts_at})
        tx.session.refresh(running)
        groups = rounds.people_in(tx, [group.id for group in rounds.live_groups(tx, running.id)])
        for peer in (peer for people in groups.values() for peer in people):
            _follow_questions(tx, peer)


def _follow_questions(tx: Tx, peer: Member) -> None:
    for row in waiting.unsent_of(tx, peer.id):
        if row.kind == ASK_MET:
            ends_at = card_of(tx, row.subject_id).round.ends_at
            owing.move(tx, row, max(rules.asks_at(ends_at, peer.zone, spread_of(peer.id)), tx.now))


def card_of(tx: Tx, group_id: str) -> GroupCard:
    """A group with its round and the people still in it; raises NotYours for an id that is none of ours."""
    group = rounds.group(tx, group_id)
    held = rounds.round_by_id(tx, group.round_id) if group else None
    if group is None or held is None:
        raise NotYoursError
    return GroupCard(group, held, tuple(rounds.people_in(tx, [group_id]).get(group_id, ())))


def plan_first(tx: Tx) -> None:
    """Plan a round if none is; the first peer to join begins it all."""
    if rounds.round_in(tx, RoundState.PLANNED) is None:
        starts = rules.first_start(tx.now, zone_of(tx))
        rounds.plan(tx, starts, starts + ROUND_EVERY.value)


def begin(tx: Tx) -> int:
    """Close the running round and begin the planned one, if its morning has come; how many groups and peers it told."""
    planned = rounds.round_in(tx, RoundState.PLANNED)
    if planned is None or planned.starts_at > tx.now:
        return 0
    _close(tx)
    if not rounds.has_peers(tx):
        rounds.move_round(tx, planned.id, RoundState.PLANNED, {"state": RoundState.OVER})
        return 1
    following = rules.next_start(planned.starts_at, tx.now, zone_of(tx))
    values = {"state": RoundState.RUNNING, "ends_at": following}
    if rounds.move_round(tx, planned.id, RoundState.PLANNED, values):
        tx.session.refresh(planned)
        rounds.plan(tx, following, following + ROUND_EVERY.value)
        _fill(tx, planned, rounds.to_pair(tx))
    return 1


def _close(tx: Tx) -> None:
    """End the running round and count who did not say they met."""
    running = rounds.round_in(tx, RoundState.RUNNING)
    if running is None or not rounds.move_round(tx, running.id, RoundState.RUNNING, {"state": RoundState.OVER}):
        return
    groups = rounds.live_groups(tx, running.id)
    people = rounds.people_in(tx, [group.id for group in groups])
    silent = [one.id for group in groups if group.met_at is None for one in people.get(group.id, ())]
    for peer in rounds.count_silence(tx, silent):
        owing.home(tx, peer.member_id)
        if peer.paused_at is None and peer.left_at is None and rules.is_to_pause(peer.misses):
            rounds.pause(tx, peer.member_id)
            to = members.by_ids(tx, [peer.member_id])[peer.member_id]
            owing.post(tx, "rounds.paused", to, peer.id, key=f"{peer.id}:{running.id}")


def _fill(tx: Tx, held: Round, people: Sequence[Member]) -> None:
    known = {member.id: member for member in people}
    chosen = rules.pair_up(map(someone, people), past(tx, held.number), held.number, tx.now)
    _make(tx, held, [[known.pop(each) for each in ids] for ids in chosen])
    owing.home(tx, *known.values())


def past(tx: Tx, number: int, apart: Iterable[rules.Pair] = ()) -> Past:
    """What pairing must mind; `apart` names pairs that may not meet in this round besides."""
    met, in_trio = rules.past_of(number, rounds.sat_together(tx, number - rules.HORIZON))
    return Past(met, in_trio, rounds.never_pairs(tx) | set(apart), rounds.mentoring_pairs(tx))


def _make(tx: Tx, held: Round, groups: Iterable[Sequence[Member]]) -> None:
    """Seat everybody, choose each group's question, and owe its one message."""
    listed = list(groups)
    last = rounds.last_questions(tx, [one.id for people in listed for one in people])
    for position, people in enumerate(listed, rounds.groups_count(tx, held.id)):
        heard = {last[one.id] for one in people if one.id in last}
        group = rounds.add_group(tx, held.id, rules.question_for(held.number, position, heard))
        for one in people:
            rounds.seat(tx, held.id, one.id, group.id)
        _announce(tx, GroupCard(group, held, tuple(people)))
        for one in people:
            at = rules.asks_at(held.ends_at, one.zone, spread_of(one.id))
            owing.post(tx, ASK_MET, one, group.id, key=f"{group.id}:{one.id}", at=at)


def _announce(tx: Tx, card: GroupCard) -> None:
    owing.open_group(tx, "rounds.paired", card.people, card.group.id, key=f"{card.group.id}:{len(card.people)}")
    owing.home(tx, *card.people)


def retell(tx: Tx, card: GroupCard) -> None:
    """Bring a group's message up to date, in the name of whoever stood for all when it was sent."""
    row = rounds.herald(tx, card.group.id)
    to = members.by_id(tx, row.member_id) if row else None
    if to is not None:
        owing.update(tx, "rounds.paired", to, card.group.id)


def step_out(tx: Tx, member: Member, card: GroupCard) -> None:
    """Give up somebody's seat: three go on as two, and one left alone waits for a new group."""
    rounds.hold(tx, card.group.id)
    group_id = rounds.vacate(tx, card.round.id, member.id)
    if group_id is None:
        return
    rounds.hold(tx, group_id)  # another one, where they were moved while this waited for the first
    owing.home(tx, member, *card.people)
    rest = card_of(tx, group_id)
    if not rest.is_live:
        return
    if len(rest.people) < rules.TWO:
        _part(tx, rest)
    elif (row := rounds.herald(tx, rest.group.id)) is None or row.state in NEVER_SENT:
        _announce(tx, rest)
    else:
        retell(tx, rest)


def _part(tx: Tx, card: GroupCard) -> bool:
    """Dissolve a group and say so in its message; whoever still sits in it waits for a new one."""
    is_ours = rounds.dissolve(tx, card.group.id)
    if is_ours:
        retell(tx, card)
        owing.home(tx, *card.people)
    return is_ours


def undelivered(tx: Tx, group_id: str) -> None:
    """Slack would not take a group's message: the group is no more, and its people wait for another."""
    card = card_of(tx, group_id)
    if card.round.state == RoundState.RUNNING:
        _part(tx, card)


next_regroup = rounds.waiting_since.later(REGROUP_AFTER.value)
"""When those left alone get a new group: a while after the first of them, so that they find each other."""


def regroup(tx: Tx) -> int:
    """Pair those left alone with each other, else put them third into a pair, else tell them; how many there were."""
    due, held = next_regroup(tx), rounds.round_in(tx, RoundState.RUNNING)
    if due is None or held is None or due > tx.now:
        return 0
    left = rounds.waiting(tx)
    alone = {member.id: member for people in left.values() for member in people}
    count = len(alone)
    if not rules.is_too_late(tx.now, held.ends_at):
        minded = past(tx, held.number, [pair for people in left.values() for pair in _apart(people)])
        chosen = rules.pair_up(map(someone, alone.values()), minded, held.number, tx.now)
        _make(tx, held, [[alone.pop(each) for each in ids] for ids in chosen])
        unsendable = {one.id for people in left.values() if len(people) > 1 for one in people}
        for member in [one for one in alone.values() if one.id not in unsendable]:
            if _join_a_pair(tx, held, member, minded):
                del alone[member.id]
    for member in alone.values():
        _let_rest(tx, held, member)
    return count


def _apart(people: Sequence[Member]) -> set[rules.Pair]:
    """Those whose group's message Slack would not take are not put together again: it would not take the next one."""
    return rules.pairs_among(one.id for one in people)


def _join_a_pair(tx: Tx, held: Round, member: Member, minded: Past) -> bool:
    """Make three of a pair that has not met yet; False if there is no such pair for them."""
    groups = [group for group in rounds.live_groups(tx, held.id) if group.met_at is None]
    people = rounds.people_in(tx, [group.id for group in groups])
    cards = [GroupCard(group, held, tuple(people.get(group.id, ()))) for group in groups]
    pairs = [card for card in cards if len(card.people) == rules.TWO]
    faces = [(someone(card.people[0]), someone(card.people[1])) for card in pairs]
    found = rules.third_for(someone(member), faces, minded, (held.number, tx.now))
    if found < 0 or not _part(tx, pairs[found]):
        return False
    stayed = card_of(tx, pairs[found].group.id).people
    _make(tx, held, [[*stayed, member]] if stayed else [])
    return bool(stayed)


def _let_rest(tx: Tx, held: Round, member: Member) -> None:
    """Nobody is free: they hear so kindly, and begin again in the next round."""
    rounds.vacate(tx, held.id, member.id)
    owing.post(tx, "rounds.alone", member, held.id, key=f"{held.id}:{member.id}")
    owing.home(tx, member)
