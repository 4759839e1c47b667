"""Who meets whom: nobody twice, nobody alone, no repeat while one can be avoided, the same on any order of input."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import rounds
from bot.rules.rounds import Past, Someone, pair_of, pair_up
from bot.views.questions import QUESTIONS

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
ZONES = ["Europe/Lisbon", "Europe/Berlin", "Asia/Tokyo", "America/New_York"]
FEW = settings(deadline=None, max_examples=60, derandomize=True, database=None)


def people(n: int) -> list[Someone]:
    return [Someone(f"m{i:03}", ZONES[i % 4], f"team {i % 5}") for i in range(n)]


def pairs_in(groups: list[tuple[str, ...]]) -> list[tuple[str, str]]:
    return [pair_of(a, b) for group in groups for a, b in combinations(group, 2)]


def run(n: int, rounds_run: int, everyone: list[Someone] | None = None) -> list[list[tuple[str, ...]]]:
    """So many rounds after one another, each minding all before it."""
    met: dict[tuple[str, str], int] = {}
    in_trio: dict[str, int] = {}
    story = []
    for number in range(1, rounds_run + 1):
        groups = pair_up(everyone or people(n), Past(dict(met), dict(in_trio)), number, NOW)
        met |= dict.fromkeys(pairs_in(groups), number)
        in_trio |= {each: number for group in groups if len(group) == 3 for each in group}
        story.append(groups)
    return story


@FEW
@given(st.integers(0, 41), st.integers(1, 500), st.randoms(use_true_random=False))
def test_nobody_is_twice_and_nobody_alone_whatever_the_order(n: int, number: int, random: Random) -> None:
    everyone = people(n)
    some = {
        pair_of(a.id, b.id): random.randrange(number) for a, b in combinations(everyone, 2) if random.random() < 0.3
    }
    groups = pair_up(everyone, Past(some), number, NOW)
    seated = Counter(each for group in groups for each in group)
    assert seated == Counter(each.id for each in everyone if n > 1)
    assert sorted(len(group) for group in groups)[: n // 2 - n % 2] == [2] * (n // 2 - n % 2)
    assert sum(len(group) == 3 for group in groups) == (n % 2 if n > 1 else 0)
    random.shuffle(everyone)
    assert pair_up(everyone, Past(some), number, NOW) == groups


@FEW
@given(st.integers(2, 12))
def test_no_repeat_while_one_can_be_avoided(half: int) -> None:
    n = 2 * half
    story = run(n, half)  # one for the beginning, then half - 1 more, as far as the promise goes
    pairs = [pair for groups in story for pair in pairs_in(groups)]
    assert len(pairs) == len(set(pairs)) == half * half


@FEW
@given(st.integers(2, 30), st.randoms(use_true_random=False))
def test_a_ban_is_never_broken(n: int, random: Random) -> None:
    everyone = people(n)
    never = {pair_of(a.id, b.id) for a, b in combinations(everyone, 2) if random.random() < 0.4}
    groups = pair_up(everyone, Past(never=never), 1, NOW)
    assert not never & set(pairs_in(groups))
    seated = [each for group in groups for each in group]
    assert len(seated) == len(set(seated))
    alone = {each.id for each in everyone} - set(seated)
    assert all(pair_of(a, b) in never for a, b in combinations(sorted(alone), 2))


def test_the_smallest_rounds() -> None:
    assert pair_up([], Past(), 1, NOW) == []
    assert pair_up(people(1), Past(), 1, NOW) == []
    assert pair_up(people(2), Past(), 1, NOW) == [("m000", "m001")]
    assert [set(group) for group in pair_up(people(3), Past(), 1, NOW)] == [{"m000", "m001", "m002"}]


def test_two_who_may_not_meet_are_not_paired_and_a_third_cannot_change_it() -> None:
    never = Past(never={("m000", "m001")})
    assert pair_up(people(2), never, 1, NOW) == []
    (group,) = pair_up(people(3), never, 1, NOW)
    assert len(group) == 2
    assert "m002" in group


def test_those_two_join_others_as_thirds_rather_than_stay_alone() -> None:
    never = Past(never={("m000", other) for other in ("m001", "m002", "m003")} | {("m001", "m002"), ("m001", "m003")})
    groups = pair_up(people(6), never, 1, NOW)
    assert {each for group in groups for each in group} == {each.id for each in people(6)}


def test_after_everyone_met_everyone_the_longest_ago_come_first() -> None:
    story = run(6, 10)
    last: dict[tuple[str, str], int] = {}
    for number, groups in enumerate(story, 1):
        for pair in pairs_in(groups):
            assert number - last.get(pair, -10) >= 4, "five rounds are possible before anyone meets again"
            last[pair] = number


@pytest.mark.parametrize("n", [5, 7, 13, 21])
def test_nobody_is_third_right_after_a_round_of_three(n: int) -> None:
    story = run(n, 8)
    for before, groups in pairwise(story):
        trio_before = next(group for group in before if len(group) == 3)
        trio = next(group for group in groups if len(group) == 3)
        assert trio[-1] not in trio_before


@pytest.mark.parametrize(("n", "rounds_run"), [(13, 6), (21, 8), (9, 4)])
def test_an_odd_number_too_meets_no_one_twice(n: int, rounds_run: int) -> None:
    pairs = [pair for groups in run(n, rounds_run) for pair in pairs_in(groups)]
    assert len(pairs) == len(set(pairs))


def test_mentoring_partners_meet_others_if_they_can() -> None:
    everyone = [Someone(f"m{i}", "Europe/Lisbon") for i in range(4)]
    for number in range(1, 20):
        groups = pair_up(everyone, Past(partners={("m0", "m1"), ("m2", "m3")}), number, NOW)
        assert not {("m0", "m1"), ("m2", "m3")} & set(pairs_in(groups))
    assert pair_up(everyone[:2], Past(partners={("m0", "m1")}), 1, NOW) == [("m0", "m1")]


def test_shared_hours_and_other_teams_come_first() -> None:
    zones = [Someone("a", "Europe/Lisbon"), Someone("b", "Asia/Tokyo"), Someone("c", "Europe/Paris")]
    four = [*zones, Someone("d", "Australia/Sydney")]
    assert set(pair_up(four, Past(), 1, NOW)) == {("a", "c"), ("b", "d")}
    teams = [Someone("a", "UTC", "x"), Someone("b", "UTC", "x"), Someone("c", "UTC", "y"), Someone("d", "UTC", "y")]
    assert ("a", "b") not in pair_up(teams, Past(), 1, NOW)


def test_two_rounds_do_not_fall_alike() -> None:
    assert len({tuple(pair_up(people(12), Past(), number, NOW)) for number in range(1, 6)}) > 3


def test_more_than_three_hundred_are_paired_by_their_best_few() -> None:
    groups = pair_up(people(331), Past(), 1, NOW)
    assert sorted(len(group) for group in groups) == [2] * 164 + [3]
    assert len({each for group in groups for each in group}) == 331


def test_who_is_left_alone_joins_the_pair_that_fits_best() -> None:
    a, b, c, d, e = people(5)
    met = Past(met={pair_of(e.id, a.id): 3}, never={pair_of(e.id, d.id)})
    assert rounds.third_for(e, [(a, b), (c, d)], met, (4, NOW)) == 0
    assert rounds.third_for(e, [(c, d)], met, (4, NOW)) == -1
    assert rounds.third_for(e, [(a, b), (b, c)], met, (4, NOW)) == 1


def test_the_first_round_is_the_next_monday_at_least_a_day_away() -> None:
    monday = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
    for days, then in ((0, 8), (5, 8), (5.9, 8), (6.1, 15)):
        start = rounds.first_start(monday + timedelta(days=days), "Europe/Oslo")
        assert start == datetime(2027, 3, then, 8, 0, tzinfo=UTC), days


def test_rounds_keep_their_monday_morning_over_a_change_of_clocks_and_a_long_sleep() -> None:
    first = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)
    assert rounds.next_start(first, first, "Europe/Oslo") == datetime(2027, 4, 5, 7, 0, tzinfo=UTC)
    assert rounds.next_start(first, first + timedelta(days=10), "Europe/Oslo") == datetime(2027, 4, 19, 7, tzinfo=UTC)
    assert rounds.next_start(first, first + timedelta(days=60), "Europe/Oslo").weekday() == 0


def test_they_are_asked_on_a_working_day_two_days_before() -> None:
    ends = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
    assert rounds.asks_at(ends, "UTC") == datetime(2027, 3, 12, 16, 45, tzinfo=UTC)


def test_a_silent_round_is_a_miss_only_if_the_next_is_silent_too() -> None:
    assert [rounds.misses(silent) for silent in range(6)] == [0, 0, 1, 2, 3, 4]
    assert [rounds.is_to_pause(silent) for silent in range(6)] == [False, False, False, False, True, True]


@FEW
@given(st.integers(1, 400), st.integers(0, 200), st.sets(st.integers(0, rounds.QUESTIONS - 1), max_size=6))
def test_nobody_begins_with_the_question_they_had_last(number: int, position: int, heard: set[int]) -> None:
    question = rounds.question_for(number, position, heard)
    assert question not in heard
    assert 0 <= question < rounds.QUESTIONS


def test_the_questions_are_as_many_as_there_are_and_each_is_one() -> None:
    assert len(set(QUESTIONS)) == rounds.QUESTIONS
    assert all(question.endswith("?") for question in QUESTIONS)
