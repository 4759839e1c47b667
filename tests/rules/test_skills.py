"""Skills as people type them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.policy import SKILLS_MOST
from bot.rules.skills import NAME_MAX, fold, parse_skills, words_of

ANY_TEXT = st.text(max_size=400)
MANY = settings(deadline=None, max_examples=300, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("SQL", ["SQL"]),
        ("SQL, data analysis; public speaking", ["SQL", "data analysis", "public speaking"]),
        ("SQL and Python and R", ["SQL", "Python", "R"]),
        ("Python / R", ["Python", "R"]),
        ("CI/CD", ["CI/CD"]),
        ("C++, C#, .NET", ["C++", "C#", "NET"]),
        ("sandboxes", ["sandboxes"]),
        ("• one\n• two", ["one", "two"]),
        ("SQL, sql,  SQL ", ["SQL"]),
        ("Ferreira, ferreira", ["Ferreira"]),
        ("café, CAFE\u0301", ["café"]),
        ("", []),
        (" ,;, . - ", []),
        ("日本語, 中文", ["日本語", "中文"]),
    ],
)
def test_a_line_is_split_where_people_mean_it(typed: str, names: list[str]) -> None:
    assert [name for name, _ in parse_skills(typed)] == names


def test_a_long_list_is_cut_at_what_one_may_list_and_a_long_name_at_its_length() -> None:
    found = parse_skills(", ".join(f"skill {n}" for n in range(50)))
    assert len(found) == SKILLS_MOST.value
    assert [len(name) for name, _ in parse_skills("x" * 400)] == [NAME_MAX]


@MANY
@given(ANY_TEXT)
def test_every_skill_has_a_key_of_its_own_and_parsing_again_changes_nothing(typed: str) -> None:
    found = parse_skills(typed)
    keys = [key for _, key in found]
    assert len(set(keys)) == len(keys) <= SKILLS_MOST.value
    assert all(key == fold(name) != "" for name, key in found)
    again = parse_skills(", ".join(name for name, _ in found))
    assert {key for _, key in again} == set(keys)


@MANY
@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(unicodedata.normalize("NFD", text.upper()))
    assert "  " not in fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I want to learn data analysis", "Analysis of Data"),
        ("Pipelines", "a pipeline"),
        ("Node.js.", "node.js"),
        ("résumés", "resume"),
    ],
)
def test_words_that_mean_the_same_are_the_same(one: str, other: str) -> None:
    assert words_of(one) == words_of(other) != frozenset()


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C#", "C++"), ("class", "clas")])
def test_signs_and_a_double_s_keep_things_apart(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


def test_small_words_carry_no_meaning() -> None:
    assert words_of("I want to be better at the work of it") == frozenset()
