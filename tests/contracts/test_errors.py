"""Every refusal has words, every word its refusal, and none of them scolds."""

import re

import pytest

from bot import errors
from bot.rules.permissions import Standing
from bot.slack.text import Markup
from bot.views.errors import FIELD_UNREAD, STANDINGS, WORDS, crash, refusal
from bot.views.gallery.refusals import REFUSALS

SHOUTS = re.compile(r"!|\b(invalid|illegal|forbidden|wrong|failed|error|must|denied)\b", re.IGNORECASE)
KINDS = set(errors.MentorError.__subclasses__())


def unworded(kinds: set[type], worded: set[type]) -> list[str]:
    """Refusals without words, and words without a refusal."""
    return sorted(kind.__name__ for kind in kinds ^ worded)


def unkind(words: str) -> list[str]:
    """Exclamation marks, and words that scold or say nothing."""
    return SHOUTS.findall(words) + (["!"] if "!" in words else [])


def test_every_refusal_has_words_and_a_sample() -> None:
    assert unworded(KINDS, set(WORDS)) == []
    assert unworded(KINDS, {type(refused) for refused in REFUSALS}) == []
    assert unworded({*KINDS, ValueError}, set(WORDS)) == ["ValueError"]


@pytest.mark.parametrize("refused", REFUSALS, ids=lambda refused: type(refused).__name__)
def test_no_refusal_scolds_and_each_is_a_sentence(refused: errors.MentorError) -> None:
    words = refusal(refused)
    assert isinstance(words, Markup)
    assert unkind(words.value.replace("&lt;!here&gt;", "")) == []
    assert words.value.endswith(".") or words.value.endswith("is.")
    assert len(words.value) < 300


def test_scolding_would_be_found() -> None:
    assert unkind("Invalid input!")
    assert unkind("You must not do this.")
    assert not unkind("That one isn't yours to answer, or it is gone.")


def test_a_crash_says_whose_fault_it_is_and_gives_its_reference() -> None:
    words = crash("1a2b3c4d").value
    assert "my fault" in words
    assert "`1a2b3c4d`" in words
    assert unkind(words) == []
    assert unkind(FIELD_UNREAD) == []


def test_every_standing_that_may_not_come_in_has_its_own_words() -> None:
    assert set(STANDINGS) == set(Standing) - {Standing.MEMBER}


def test_refusals_can_pass_through_a_context_manager() -> None:
    """A frozen exception cannot: Python writes its traceback on it."""
    for refused in REFUSALS:
        assert refused.with_traceback(None) is refused
        refused.__traceback__ = None
