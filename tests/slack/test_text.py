"""Safe text: whatever people type, nothing in it mentions, links, rings or hides."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.text import (
    HIDDEN,
    INLINE_MAX,
    MRKDWN_MAX,
    Markup,
    clean,
    cut,
    escape,
    joined,
    listed,
    md,
    mention,
    one_line,
)

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<#C1|x>",
    "<!subteam^S1>",
    "<https://evil.example|https://bank.example>",
    "<!date^1^{date_short}^https://evil.example|x>",
)
PIECES = st.sampled_from([*HOSTILE, "&", "<", ">", "&lt;", "&amp;", "{fact}", "{0}", "\u202e", "\x00", "\n", "👩‍💻"])
TYPED = st.lists(PIECES | st.text(max_size=20), max_size=30).map("".join)
MANY = settings(deadline=None, max_examples=400, derandomize=True, database=None)


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_control_form_survives(typed: str) -> None:
    assert "<" not in escape(typed)
    assert "<" not in md("Hello {name}.", name=typed).value


def test_only_three_characters_are_escaped_and_entities_stay_as_typed() -> None:
    assert escape("a & b < c > d \"e\" 'f' `g`") == "a &amp; b &lt; c &gt; d \"e\" 'f' `g`"
    assert escape("&lt;!channel&gt;") == "&amp;lt;!channel&amp;gt;"


def test_what_grows_by_escaping_is_cut_between_entities() -> None:
    escaped = escape("&" * 3000)
    assert len(escaped) <= MRKDWN_MAX
    assert escaped == "&amp;" * 599 + "…"


@MANY
@given(TYPED, st.integers(1, 3000))
def test_escaped_text_holds_no_raw_bracket_fits_and_ends_in_no_half_entity(typed: str, limit: int) -> None:
    escaped = escape(typed, limit)
    assert len(escaped) <= limit
    assert not {"<", ">"} & set(escaped)
    bare = escaped.removesuffix("…")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        bare = bare.replace(entity, char)
    assert typed.startswith(bare)


@MANY
@given(TYPED, TYPED)
def test_a_fact_in_a_sentence_is_one_line_short_and_harmless(first: str, second: str) -> None:
    said = md("{fact} and {other}", fact=first, other=second).value
    assert "<" not in said
    assert "\n" not in said
    assert "\x00" not in said
    assert len(said) <= 2 * 5 * INLINE_MAX + 5


@MANY
@given(TYPED)
def test_cleaning_leaves_nothing_that_hides_turns_or_splits(typed: str) -> None:
    cleaned = clean(typed)
    assert not {chr(code) for code in HIDDEN} & set(cleaned)
    assert all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co"} for c in cleaned)
    assert cleaned == cleaned.strip()
    assert len(one_line(typed).splitlines()) <= 1


def test_accents_are_composed_so_that_equal_words_are_equal() -> None:
    assert clean("cafe\u0301") == "café" == one_line("cafe\u0301")


def test_people_made_of_several_signs_stay_whole() -> None:
    assert clean("👩‍💻 👨‍👩‍👧") == "👩‍💻 👨‍👩‍👧"


def test_line_breaks_stay_in_words_and_go_from_lines() -> None:
    assert clean("a\r\nb\rc\x00") == "a\nb\nc"
    assert one_line(" a\r\n b\u2028c\td ") == "a b c d"


def test_words_with_braces_are_not_filled_in() -> None:
    assert md("{name}", name="{other} {0} {name}").value == "{other} {0} {name}"


def test_markup_enters_as_it_is_and_everything_else_escaped() -> None:
    assert md("{a} {b}", a=Markup("<@U024BE7LH>"), b="<@U024BE7LH>").value == "<@U024BE7LH> &lt;@U024BE7LH&gt;"
    assert joined([Markup("a"), md("{b}", b="<")], "-").value == "a-&lt;"


@pytest.mark.parametrize("claimed", ["U1", "u024BE7LH", "U1|x", "!channel", "U024BE7LH> <!here", "", "U024BE7LH\n"])
def test_only_an_id_of_the_right_shape_becomes_a_mention(claimed: str) -> None:
    assert not mention(claimed).value.startswith("<")


def test_a_member_becomes_a_mention() -> None:
    assert mention("U024BE7LH").value == "<@U024BE7LH>"
    assert mention("W012A3CDE").value == "<@W012A3CDE>"


@pytest.mark.parametrize(("text", "limit", "short"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("ab cd", 4, "ab…")])
def test_a_cut_says_so(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@pytest.mark.parametrize(("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ([*"abc"], "a, b and c")])
def test_words_are_listed_as_a_person_would(words: list[str], said: str) -> None:
    assert listed(words) == said
