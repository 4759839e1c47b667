"""What pairing three hundred peers costs, and how often people meet again: ours beside shuffling, as most bots do.

Twenty-six rounds, a year of them, with people of nine zones and twelve teams. The median round has the bar.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import combinations
from random import Random
from statistics import median

from bench.measure import Measurement, Unit, main
from bot.rules.rounds import Past, Someone, pair_of, pair_up

PEOPLE, ROUNDS = 300, 26
QUICK_PEOPLE, QUICK_ROUNDS = 40, 12
BAR = 100.0
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
ZONES = (
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/Oslo",
)
Groups = list[tuple[str, ...]]
PairUp = Callable[[list[Someone], Past, int], Groups]


def measure(*, quick: bool) -> Iterator[Measurement]:
    """The median round of an even and an odd number, then repeats of pairs, ours and by chance."""
    n, rounds = (QUICK_PEOPLE, QUICK_ROUNDS) if quick else (PEOPLE, ROUNDS)
    for number in (n, n - 1):
        usual, repeats = _story(number, rounds, _ours)
        yield Measurement(f"rounds.usual_of_{number}", usual, Unit.MILLISECONDS, BAR)
        yield Measurement(f"rounds.repeats_of_{number}", repeats, Unit.COUNT, 0)
    _, by_chance = _story(n, rounds, _shuffled)
    yield Measurement(f"rounds.repeats_of_{n}_shuffled", by_chance, Unit.COUNT, n * rounds // 2)


def _story(n: int, rounds: int, pair: PairUp) -> tuple[float, int]:
    """(the median round in milliseconds, how many pairs met that had met before)."""
    people = [Someone(f"m{i:03}", ZONES[i % len(ZONES)], f"team {i % 12}") for i in range(n)]
    met: dict[tuple[str, str], int] = {}
    in_trio: dict[str, int] = {}
    times, repeats = [], 0
    for number in range(1, rounds + 1):
        begun = time.perf_counter()
        groups = pair(people, Past(met, in_trio), number)
        times.append((time.perf_counter() - begun) * 1000)
        pairs = [pair_of(a, b) for group in groups for a, b in combinations(group, 2)]
        repeats += sum(each in met for each in pairs)
        met |= dict.fromkeys(pairs, number)
        in_trio |= {each: number for group in groups if len(group) > len(("a", "pair")) for each in group}
    return median(times), repeats


def _ours(people: list[Someone], past: Past, number: int) -> Groups:
    return pair_up(people, past, number, NOW)


def _shuffled(people: list[Someone], _past: Past, number: int) -> Groups:
    ids = [each.id for each in people]
    Random(number).shuffle(ids)  # noqa: S311  (chance is what is measured)
    return [tuple(ids[i : i + 2]) for i in range(0, len(ids), 2)]


if __name__ == "__main__":
    main(measure, __doc__)
