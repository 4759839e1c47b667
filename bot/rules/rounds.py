"""Who meets whom in a round: an exact matching in which a repeat costs more than anything else, and dates of rounds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from hashlib import blake2b
from itertools import combinations, combinations_with_replacement

import rustworkx

from bot.rules.days import AT_ONCE, instant, own_hours_before, shared_hours, zone_named
from bot.rules.policy import (
    DAY_STARTS,
    HOURS_ENOUGH,
    MISSES_MOST,
    NO_REPEAT_ROUNDS,
    ROUND_ASK_BEFORE,
    ROUND_EVERY,
)
from storage.models.members import Member
from storage.models.rounds import Group, Peer, Round

Pair = tuple[str, str]
Weigh = Callable[[str, str], int | None]
Chosen = list[tuple[str, ...]]

TWO, THREE = 2, 3
QUESTIONS = 20
HORIZON = 60  # rounds after which a meeting counts as long ago
PROMISED = 1000  # how much more it costs to break "no repeat for twelve weeks" than to repeat later
HOUR, OTHER_TEAM, PARTNERS = 750, 2000, -4000
BASE_MOST = HOUR * HOURS_ENOUGH.value + OTHER_TEAM
TIES = 1024
SPREAD = 2654435761  # Knuth's multiplier: spreads the bits of a hash
ALL_PAIRS_TO = 300  # beyond it only the best few pairs of each are looked at: all pairs of 1,000 people take 8 s
PAIRS_EACH = 12
THIRDS_TRIED = 16
A_WEEK = timedelta(days=7)
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Someone:
    """One peer, as pairing sees them; `team` empty means nobody knows it."""

    id: str
    zone: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """What pairing must mind: when pairs last met and who was last one of three, by round number.

    `never` holds pairs nobody may put together, `partners` those who mentor each other already.
    """

    met: Mapping[Pair, int] = field(default_factory=dict)
    in_trio: Mapping[str, int] = field(default_factory=dict)
    never: AbstractSet[Pair] = frozenset()
    partners: AbstractSet[Pair] = frozenset()


def someone(member: Member) -> Someone:
    """A member as pairing sees them; the title stands for the team, which nobody is asked for."""
    return Someone(member.id, member.zone, " ".join(member.title.casefold().split()))


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group with the people still in it, and its round."""

    group: Group
    round: Round
    people: tuple[Member, ...]

    @property
    def is_live(self) -> bool:
        """Whether its people are still to meet, or have met, in this group."""
        return self.group.dissolved_at is None


@dataclass(frozen=True, slots=True)
class PeerPage:
    """How somebody stands with the rounds; `group` is theirs in the running one, `next_at` the next one's morning.

    `is_waiting` says that their group is no more, and that another is being found for them.
    """

    reader: Member
    peer: Peer | None = None
    next_at: datetime | None = None
    group: GroupCard | None = None
    is_waiting: bool = False

    @property
    def is_in(self) -> bool:
        """Whether they take part, paused or not."""
        return self.peer is not None and self.peer.left_at is None

    @property
    def is_paused(self) -> bool:
        """Whether they are in and pass over rounds until they come back."""
        return self.is_in and self.peer is not None and self.peer.paused_at is not None


def pair_of(one: str, other: str) -> Pair:
    """Two ids as the key of a pair, the smaller first."""
    return (one, other) if one < other else (other, one)


def pairs_among(ids: Iterable[str]) -> set[Pair]:
    """Every pair of these ids."""
    return {(a, b) for a, b in combinations(sorted(ids), TWO)}


def past_of(number: int, story: Iterable[tuple[int, tuple[str, ...]]]) -> tuple[dict[Pair, int], dict[str, int]]:
    """(when each pair last met, when each was last one of three) from (round, ids) of past groups, oldest first."""
    met: dict[Pair, int] = {}
    in_trio: dict[str, int] = {}
    for held, ids in story:
        met |= dict.fromkeys(pairs_among(ids), held)
        if len(ids) == THREE and held < number:
            in_trio |= dict.fromkeys(ids, held)
    return met, in_trio


def pair_up(people: Iterable[Someone], past: Past, number: int, now: datetime) -> Chosen:
    """Groups of two, and one of three where the number is odd; the same whatever order the people come in.

    Somebody is left out only where the bans leave them nobody. Costs grow in steps, each larger than all below it
    together: a repeat (dearer the fresher it is), being the third right after a trio, then hours, teams and partners.
    """
    known = {each.id: each for each in people}
    ids = sorted(known)
    if len(ids) < TWO:
        return []
    scale = _scale(known, past, number, now)
    tried: list[Chosen] = []
    for third in _thirds(ids, scale):
        tried.append(_settled(ids, third, scale))
        if scale.is_fresh(tried[-1]) and sum(map(len, tried[-1])) == len(ids):
            return tried[-1]
    return max(tried, key=lambda groups: _worth(groups, ids, scale))


def third_for(alone: Someone, pairs: Iterable[tuple[Someone, Someone]], past: Past, at: tuple[int, datetime]) -> int:
    """Which of these pairs somebody left alone fits best, by its position; -1 if none may be asked."""
    listed = list(pairs)
    known = {each.id: each for pair in listed for each in pair} | {alone.id: alone}
    scale = _scale(known, past, *at)
    fits = {i: _fit(alone.id, (a.id, b.id), scale) for i, (a, b) in enumerate(listed)}
    possible = [(fit, listed[i][0].id, i) for i, fit in fits.items() if fit is not None]
    return max(possible)[2] if possible else -1


@dataclass(frozen=True, slots=True)
class _Scale:
    """Weighs pairs of one round; a tie falls by a hash of ids and round, so that no two rounds fall alike.

    `faces` holds each one's hash, zone and team; `special` what a pair costs besides, None where it may not be.
    """

    number: int
    past: Past
    faces: Mapping[str, tuple[int, str, str]]
    hours: Mapping[tuple[str, str], int]
    special: Mapping[Pair, int | None]
    third_again: int

    def pair(self, one: str, other: str) -> int | None:
        """What these two together are worth; None if they may not meet."""
        special = self.special.get(pair_of(one, other), 0)
        return None if special is None else self._plain(one, other) + special

    def edges(self, ids: Sequence[str]) -> list[tuple[int, int, int]]:
        """Every pair of ids in rising order that may meet, by position, with its worth."""
        found = []
        for i, one in enumerate(ids):
            for j in range(i + 1, len(ids)):
                special = self.special.get((one, ids[j]), 0)
                if special is not None:
                    found.append((i, j, self._plain(one, ids[j]) + special))
        return found

    def _plain(self, one: str, other: str) -> int:
        mark, zone, team = self.faces[one]
        its_mark, its_zone, its_team = self.faces[other]
        tie = (mark ^ its_mark) * SPREAD >> 8 & TIES - 1
        return self.hours[zone, its_zone] + tie + (OTHER_TEAM * TIES if not team or team != its_team else 0)

    def third(self, alone: str) -> int:
        """What it is worth that somebody joins a pair, by themselves."""
        last = self.past.in_trio.get(alone)
        again = last is not None and self.number - last <= 1
        return self.faces[alone][0] % TIES - (self.third_again if again else 0)

    def is_fresh(self, groups: Chosen) -> bool:
        """Whether nobody meets anybody again."""
        return not any(pair_of(a, b) in self.past.met for group in groups for a, b in combinations(group, 2))


def _scale(known: Mapping[str, Someone], past: Past, number: int, now: datetime) -> _Scale:
    third_again = (len(known) // 2 + 2) * (BASE_MOST - PARTNERS + 1) * TIES
    special: dict[Pair, int | None] = dict.fromkeys(past.partners, PARTNERS * TIES)
    for pair, last in past.met.items():
        special[pair] = (special.get(pair) or 0) - 4 * third_again * _tiers(number - last)
    return _Scale(
        number=number,
        past=past,
        faces={each.id: (_mark(f"{number}:{each.id}"), each.zone, each.team) for each in known.values()},
        hours=_hours_of({each.zone for each in known.values()}, now),
        special=special | dict.fromkeys(past.never),
        third_again=third_again,
    )


def _tiers(since: int) -> int:
    """How dear it is to meet again after so many rounds: 1 after a long time, and more the fresher it is."""
    return 1 + max(0, HORIZON - since) + PROMISED * (since <= NO_REPEAT_ROUNDS.value)


def _hours_of(zones: AbstractSet[str], now: datetime) -> dict[tuple[str, str], int]:
    """What the working hours any two zones share are worth, the same both ways round."""
    worth = {}
    for one, other in combinations_with_replacement(sorted(zones), 2):
        shared = shared_hours(one, other, now)
        hours = min(shared.hours, HOURS_ENOUGH.value) if shared else 0
        worth[one, other] = worth[other, one] = hours * HOUR * TIES
    return worth


def _mark(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")


def _thirds(ids: Sequence[str], scale: _Scale) -> list[str]:
    """Who might be the third of the round's trio, the best first: all of few, some of many; "" leaves it to the pairs.

    It is all there is for an even number, and the last resort where bans leave somebody only one to meet.
    """
    if len(ids) % 2 == 0:
        return [""]
    return [*sorted(ids, key=lambda each: (-scale.third(each), each))[:THIRDS_TRIED], ""]


def _settled(ids: Sequence[str], third: str, scale: _Scale) -> Chosen:
    """Pairs of all but the third, then everybody still alone with the best pair there is for them."""
    pairs = _matched([each for each in ids if each != third], scale)
    groups: Chosen = list(pairs)
    paired = {each for pair in pairs for each in pair}
    for alone in (each for each in ids if each not in paired):
        fits = [(fit, i) for i, group in enumerate(groups) if (fit := _fit(alone, group, scale)) is not None]
        if fits:
            groups[max(fits)[1]] += (alone,)
    return groups


def _fit(alone: str, group: tuple[str, ...], scale: _Scale) -> int | None:
    """What a third is worth to a pair; None if it is three already, or one of the two may not meet them."""
    if len(group) != TWO:
        return None
    first, second = (scale.pair(alone, each) for each in group)
    return None if first is None or second is None else first + second


def _worth(groups: Chosen, ids: Sequence[str], scale: _Scale) -> tuple[int, int, int]:
    """Nobody alone first, few trios next, then the worth of all pairs that meet."""
    seated = sum(len(group) for group in groups)
    trios = [group for group in groups if len(group) == THREE]
    total = sum(scale.pair(a, b) or 0 for group in groups for a, b in combinations(group, 2))
    return (seated - len(ids), -len(trios), total + sum(scale.third(trio[-1]) for trio in trios))


def _matched(ids: Sequence[str], scale: _Scale) -> list[Pair]:
    """The most pairs, and of those the heaviest; a second look pairs whom a short list of candidates left over."""
    edges = scale.edges(ids) if len(ids) <= ALL_PAIRS_TO else _best_edges(ids, scale)
    pairs = _solve(len(ids), edges)
    rest = sorted(set(range(len(ids))) - {i for pair in pairs for i in pair})
    if len(ids) > ALL_PAIRS_TO and len(rest) > 1:
        inner = _solve(len(rest), scale.edges([ids[i] for i in rest]))
        pairs += [(rest[a], rest[b]) for a, b in inner]
    return [(ids[a], ids[b]) for a, b in sorted(pairs)]


def _best_edges(ids: Sequence[str], scale: _Scale) -> list[tuple[int, int, int]]:
    """The best few pairs of each; hashed ties keep them from all naming the same people."""
    every = scale.edges(ids)
    by_person: list[list[tuple[int, int, int]]] = [[] for _ in ids]
    for edge in every:
        by_person[edge[0]].append(edge)
        by_person[edge[1]].append(edge)
    kept = {edge for mine in by_person for edge in sorted(mine, key=lambda each: -each[2])[:PAIRS_EACH]}
    return sorted(kept)


def _solve(size: int, edges: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    graph: rustworkx.PyGraph[None, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * size)
    graph.add_edges_from(list(edges))
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sorted((a, b) if a < b else (b, a) for a, b in found)


def first_start(now: datetime, zone: str) -> datetime:
    """The first round's morning: the next Monday that is at least a day away."""
    day = (now + timedelta(days=1)).astimezone(zone_named(zone)).date()
    monday = day + timedelta(days=(MONDAY - day.weekday()) % 7)
    start = instant(monday, DAY_STARTS.value, zone)
    return start if start >= now + timedelta(days=1) else instant(monday + A_WEEK, DAY_STARTS.value, zone)


def next_start(last: datetime, now: datetime, zone: str) -> datetime:
    """The next round's morning, a whole number of rounds after the last and no less than a week from now."""
    local = last.astimezone(zone_named(zone))
    day, wall = local.date(), time(local.hour, local.minute)
    start = last
    while start < now + A_WEEK or start <= last:
        day += ROUND_EVERY.value
        start = instant(day, wall, zone)
    return start


def morning_again(starts_at: datetime, was: str, zone: str) -> datetime:
    """The morning of the same day on another clock."""
    return instant(starts_at.astimezone(zone_named(was)).date(), DAY_STARTS.value, zone)


def asks_at(ends_at: datetime, zone: str, spread: timedelta = AT_ONCE) -> datetime:
    """When somebody is asked whether their group met: two days before the round ends, or the working day before.

    Since that is the end of everybody's Friday, each hears it so much earlier.
    """
    return own_hours_before(ends_at - ROUND_ASK_BEFORE.value, zone) - spread


def is_too_late(now: datetime, ends_at: datetime) -> bool:
    """Whether a round is so near its end that nobody is put into a new group any more."""
    return now >= ends_at - ROUND_ASK_BEFORE.value - timedelta(days=1)


def misses(silent: int) -> int:
    """How many of so many rounds without a yes in a row were missed: each but the last, whose next is still to come."""
    return max(0, silent - 1)


def is_to_pause(silent: int) -> bool:
    """Whether so many rounds without a yes in a row pause a peer."""
    return misses(silent) >= MISSES_MOST.value


def question_for(number: int, position: int, heard: AbstractSet[int]) -> int:
    """Which question a group begins with: another each round, and none that one of its people had last."""
    order = ((number * 7 + position + step) % QUESTIONS for step in range(QUESTIONS))
    return next(question for question in order if question not in heard)
