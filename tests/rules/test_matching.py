"""Ranking: who comes first, with which reasons, and what must never count."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import policy
from bot.rules.matching import Offer, Reason, ReasonKind, Suggestion, Wish, rank

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
WISH = Wish("data analysis", "Move from support into a data role", ["English"], "Europe/Lisbon")
WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
SKILLS = st.lists(WORDS, max_size=4)
ZONES = st.sampled_from(["Europe/Lisbon", "Asia/Tokyo", "America/New_York", "Pacific/Apia", "nowhere"])
MANY = settings(deadline=None, max_examples=200, derandomize=True, database=None)


def offer(member_id: str = "m", *teaches: str, places: int = 2, taken: int = 0, **more: object) -> Offer:
    facts = {"languages": ["English"], "zone": "Europe/Lisbon"} | more
    return Offer(member_id, teaches or ("data analysis",), places=places, taken=taken, **facts)  # type: ignore[arg-type]  # as named above


def order(*offers: Offer, wish: Wish = WISH) -> list[str]:
    return [suggestion.member_id for suggestion in rank(wish, offers, NOW)]


def only(one: Offer, wish: Wish = WISH) -> Suggestion:
    return rank(wish, [one], NOW)[0]


def kinds(suggestion: Suggestion) -> list[ReasonKind]:
    return [reason.kind for reason in suggestion.reasons]


def test_the_very_topic_comes_before_a_near_one_before_a_helpful_one_before_the_rest() -> None:
    exact, near = offer("exact", "Data Analysis"), offer("near", "data pipelines")
    helps, rest = offer("helps", "a role in support"), offer("rest", "gardening")
    assert order(rest, helps, near, exact) == ["exact", "near", "helps", "rest"]


def test_who_fits_and_is_full_comes_after_all_who_fit_and_have_room() -> None:
    full, near, rest = offer("full", taken=2), offer("near", "data pipelines"), offer("rest", "gardening")
    assert order(rest, full, near) == ["near", "full", "rest"]
    suggestion = only(full)
    assert suggestion.is_full
    assert suggestion.reasons[-1] == Reason(ReasonKind.FULL, free=2)


def test_equal_ones_stand_in_an_order_that_never_flickers() -> None:
    offers = [offer(f"m{number}") for number in range(20)]
    shuffled = [*offers[1::2], *reversed(offers[::2])]
    assert order(*shuffled) == order(*offers) == sorted(o.member_id for o in offers)


def test_every_reason_is_named() -> None:
    wish = Wish("data analysis", "Lead a team", ["English", "Português"], "Europe/Lisbon")
    found = only(offer("m", "Data analysis", "leading a team", languages=["portugues", "English"]), wish)
    assert kinds(found) == [
        ReasonKind.TEACHES,
        ReasonKind.GOAL,
        ReasonKind.HOURS,
        ReasonKind.LANGUAGE,
        ReasonKind.ROOM,
    ]
    assert [reason.skill for reason in found.reasons if reason.skill] == [
        "Data analysis",
        "leading a team",
        "portugues",
    ]
    assert found.reasons[-1].free == 2


def test_a_skill_is_named_once_though_it_serves_topic_and_goal() -> None:
    wish = Wish("statistics", "Understand statistics", [], "UTC")
    assert kinds(only(offer("m", "statistics"), wish)).count(ReasonKind.GOAL) == 0


def test_english_alone_is_no_reason_and_no_language_in_common_costs() -> None:
    both, neither = only(offer("a")), only(offer("b", languages=["Deutsch"]))
    assert ReasonKind.LANGUAGE not in kinds(both)
    assert neither.score == pytest.approx(both.score - policy.WEIGHT_LANGUAGE.value)


def test_saying_nothing_about_languages_is_no_disadvantage() -> None:
    assert only(offer("a", languages=[])).score == only(offer("b")).score


def test_hours_that_never_meet_are_not_named_and_cost() -> None:
    here, far = only(offer("a")), only(offer("b", zone="Asia/Tokyo"))
    assert ReasonKind.HOURS not in kinds(far)
    assert far.score == pytest.approx(here.score - policy.WEIGHT_HOURS.value)


def test_a_mentor_with_more_of_their_places_free_goes_first() -> None:
    assert order(offer("busy", taken=1), offer("free")) == ["free", "busy"]


def test_the_weights_add_up_to_one_and_the_topic_counts_most() -> None:
    weights = [getattr(policy, name).value for name in dir(policy) if name.startswith("WEIGHT_")]
    assert sum(weights) == pytest.approx(1.0)
    assert max(weights) == policy.WEIGHT_TOPIC.value


def test_nothing_about_who_somebody_is_can_be_an_input() -> None:
    known = {field.name for shape in (Wish, Offer) for field in fields(shape)}
    assert known == {"topic", "goal", "languages", "zone", "member_id", "teaches", "places", "taken"}


@MANY
@given(WORDS, WORDS, st.lists(st.tuples(SKILLS, SKILLS, ZONES, st.integers(0, 5), st.integers(0, 5)), max_size=6))
def test_whatever_people_type_every_mentor_is_judged_once_with_a_score_between_0_and_1(
    topic: str, goal: str, others: list[tuple[list[str], list[str], str, int, int]]
) -> None:
    offers = [
        Offer(f"m{n}", teaches, languages, zone, places, min(taken, places))
        for n, (teaches, languages, zone, places, taken) in enumerate(others)
    ]
    ranked = rank(Wish(topic, goal, ["English"], "Europe/Lisbon"), offers, NOW)
    assert sorted(s.member_id for s in ranked) == sorted(o.member_id for o in offers)
    assert all(0 <= s.score <= 1.000001 for s in ranked)
    by_id = {o.member_id: o for o in offers}
    for suggestion in ranked:
        one = by_id[suggestion.member_id]
        assert suggestion.is_full == (one.taken >= one.places)
        assert suggestion.reasons[-1].kind is (ReasonKind.FULL if suggestion.is_full else ReasonKind.ROOM)
        named = {r.skill for r in suggestion.reasons if r.skill and r.kind is not ReasonKind.LANGUAGE}
        assert named <= set(one.teaches), "a reason names only what the mentor themselves says they teach"
    keys = [(not s.fits, s.is_full, -s.score) for s in ranked]
    assert keys == sorted(keys)


@MANY
@given(st.permutations([offer(f"m{n}", skill) for n, skill in enumerate(("SQL", "data", "data analysis", "tea"))]))
def test_the_order_does_not_depend_on_the_order_people_joined_in(offers: list[Offer]) -> None:
    assert order(*offers) == ["m2", "m1", "m0", "m3"]
