"""A modal's answers: every shape of Slack's state, and words for what is wrong."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, Field

from bot.slack.forms import Form, FormError, Line, Words, read_form, read_values, wrong


def _even(value: str) -> str:
    if len(value) % 2:
        raise wrong("Give an even number of letters, {like} this.")
    return value


class Sample(Form):
    """One of each kind."""

    line: Annotated[Line, AfterValidator(_even)] = ""
    words: Words = ""
    others: list[str] = Field(default_factory=list)
    person: str | None = None


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input", "value": "x"}, "x"),
        ({"type": "plain_text_input", "value": None}, None),
        ({"type": "static_select", "selected_option": {"value": "v", "text": {}}}, "v"),
        ({"type": "radio_buttons", "selected_option": None}, None),
        ({"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}, ["a", "b"]),
        ({"type": "checkboxes", "selected_options": []}, []),
        ({"type": "checkboxes", "selected_options": None}, []),
        ({"type": "users_select", "selected_user": "U1"}, "U1"),
        ({"type": "users_select", "selected_user": None}, None),
        ({"type": "datepicker", "selected_date": "2027-03-01"}, "2027-03-01"),
        ({"type": "button"}, None),
    ],
)
def test_every_shape_of_an_answer_is_read(element: dict[str, Any], value: object) -> None:
    assert read_values({"field": {"field": element}}) == {"field": value}


def test_a_block_without_an_answer_is_left_out() -> None:
    assert read_values({"field": {}}) == {}


def state(**fields: object) -> dict[str, Any]:
    return {name: {name: {"value": value}} for name, value in fields.items()}


def test_an_untouched_form_is_a_form() -> None:
    read = read_form(Sample, state(line=None, words=None))
    assert read == Sample()


def test_a_line_is_one_line_and_words_keep_theirs() -> None:
    read = read_form(Sample, state(line=" a \n bc\x00", words=" a \r\n b\u202e "))
    assert read == Sample(line="a bc", words="a \n b")


def test_what_is_wrong_stands_under_its_field_in_its_own_words() -> None:
    with pytest.raises(FormError) as told:
        read_form(Sample, state(line="abc"))
    assert told.value.errors == {"line": "Give an even number of letters, {like} this."}


def test_a_field_nobody_asked_for_and_a_value_of_another_kind_are_refused() -> None:
    with pytest.raises(FormError) as told:
        read_form(Sample, state(line="ab", words=["list"], surprise="x"))
    assert told.value.errors == {"words": "", "surprise": ""}
