"""Whole messages and views as people send them: the right ones, the wrong ones, the hostile ones."""

import json
import time
from typing import Any

import pytest

from playground.blocks import Code, Problem, check_blocks, check_message, check_view

Json = dict[str, Any]
WORDS = {"type": "plain_text", "text": "words"}


def section(text: str, kind: str = "mrkdwn") -> Json:
    return {"type": "section", "text": {"type": kind, "text": text}}


def lines(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


def test_a_message_of_everyday_blocks_passes() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Your week", "emoji": True}},
        {**section("*Noor* asked you"), "accessory": {"type": "overflow", "options": [option("a")]}},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Monday", "verbatim": True}]},
        {"type": "actions", "elements": [{"type": "button", "text": WORDS, "style": "primary", "value": ""}]},
    ]
    assert check_message({"channel": "C1", "text": "Noor asked you", "blocks": blocks}) == []


def option(value: str) -> Json:
    return {"text": WORDS, "value": value}


def test_a_message_without_blocks_is_not_this_judges_business() -> None:
    assert check_message({"text": "words"}) == []
    assert check_message({}) == []
    assert check_message({"blocks": []}) == []


def test_length_is_counted_in_code_points() -> None:
    assert check_message({"blocks": [section("🙂" * 3000)]}) == []
    found = check_message({"blocks": [section("🙂" * 3001)]})
    assert lines(found) == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert found[0].constraint == {"type": "max_length", "expected": 3000, "got": 3001}


def test_escaping_makes_a_text_longer_and_that_is_what_counts() -> None:
    assert check_message({"blocks": [section("&amp;" * 600)]}) == []
    found = check_message({"blocks": [section("&amp;" * 601)]})
    assert lines(found) == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]


def test_fifty_one_blocks_are_one_problem_and_not_fifty_one() -> None:
    found = check_message({"blocks": [{"type": "nonsense"}] * 51})
    assert lines(found) == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_every_fault_is_named_in_the_order_of_the_payload() -> None:
    blocks = [{"type": "header"}, {"type": "nonsense"}, {"type": "section", "text": None, "x": 1}, "words"]
    assert lines(check_message({"blocks": blocks})) == [
        "missing required field: text [json-pointer:/blocks/0]",
        "unsupported type: nonsense [json-pointer:/blocks/1/type]",
        "must provide an object [json-pointer:/blocks/2/text]",
        "invalid additional property: x [json-pointer:/blocks/2]",
        "must provide an object [json-pointer:/blocks/3]",
    ]


def test_a_missing_field_names_the_field_and_a_wrong_type_has_no_constraint() -> None:
    missing, wrong = check_message({"blocks": [{"type": "header"}, {"type": "divider", "block_id": None}]})
    assert (missing.code, missing.field, missing.constraint) == (Code.MISSING_FIELD, "text", None)
    assert (wrong.code, wrong.field, wrong.constraint) == (Code.INVALID_TYPE, None, None)
    assert wrong.pointer == "/blocks/1/block_id"


def test_an_unsupported_type_lists_what_is_supported_there() -> None:
    (found,) = check_message({"blocks": [{"type": "context", "elements": [{"type": "button"}]}]})
    assert found.pointer == "/blocks/0/elements/0/type"
    assert found.constraint == {"type": "enum", "expected": ["image", "plain_text", "mrkdwn"], "got": "button"}


def test_a_text_input_is_not_for_actions() -> None:
    block = {"type": "actions", "elements": [{"type": "plain_text_input"}]}
    assert lines(check_message({"blocks": [block]})) == [
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"
    ]


def test_a_header_takes_no_markup() -> None:
    block = {"type": "header", "text": {"type": "mrkdwn", "text": "*a*"}}
    assert lines(check_message({"blocks": [block]})) == [
        "must be a valid enum value [json-pointer:/blocks/0/text/type]"
    ]


def test_a_section_needs_text_or_fields() -> None:
    assert lines(check_message({"blocks": [{"type": "section"}]})) == [
        "must define either `text` or `fields` [json-pointer:/blocks/0/type]"
    ]
    assert check_message({"blocks": [{"type": "section", "fields": [WORDS]}]}) == []


@pytest.mark.parametrize("payload", [None, [], "words", 7])
def test_a_payload_that_is_no_object_is_refused(payload: Any) -> None:
    assert lines(check_message(payload)) == ["must provide an object [json-pointer:]"]
    assert lines(check_view(payload)) == ["must provide an object [json-pointer:/view]"]


def test_blocks_that_are_no_array_and_text_that_is_none_are_refused() -> None:
    assert lines(check_message({"text": None, "blocks": {"type": "divider"}})) == [
        "must provide a string [json-pointer:/text]",
        "must provide an array [json-pointer:/blocks]",
    ]


def test_the_blocks_of_attachments_are_judged_like_any() -> None:
    assert check_message({"attachments": [{"text": "a"}, {"blocks": [section("a")]}]}) == []
    found = check_message({"attachments": [{"color": "#fff"}, {"blocks": [section("")]}, "a"]})
    assert lines(found) == [
        "must provide an object [json-pointer:/attachments/2]",
        "must be more than 0 characters [json-pointer:/attachments/1/blocks/0/text/text]",
    ]
    assert lines(check_message({"attachments": "a"})) == ["must provide an array [json-pointer:/attachments]"]


def test_all_blocks_of_a_message_together_are_bounded() -> None:
    fits = {"text": "a", "blocks": [section("x" * 2500)] * 5}
    assert check_message(fits) == []
    (found,) = check_message({"text": "a", "blocks": [section("x" * 2600)] * 5})
    assert (found.pointer, found.message) == ("/blocks", "msg_blocks_too_long")
    assert found.constraint is not None
    assert found.constraint["expected"] == 13_200
    assert found.constraint["got"] == len(json.dumps([section("x" * 2600)] * 5, separators=(",", ":")))


def test_options_and_table_rows_have_limits_of_their_own_and_do_not_count() -> None:
    many = [{"text": {"type": "plain_text", "text": "x" * 75}, "value": str(n) * 50} for n in range(100)]
    select = {"type": "static_select", "options": many}
    assert len(json.dumps(many)) > 13_200
    assert check_message({"blocks": [{"type": "actions", "elements": [select]}]}) == []


def test_attachments_count_toward_the_length_of_a_message() -> None:
    half = [section("x" * 2500)] * 3
    assert check_message({"blocks": half}) == []
    (found,) = check_message({"blocks": half, "attachments": [{"blocks": half}]})
    assert found.message == "msg_blocks_too_long"


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": WORDS, "blocks": [{"type": "divider"}], **more}


def test_a_modal_and_a_home_of_a_hundred_blocks_pass() -> None:
    hundred = [{"type": "divider"}] * 100
    assert check_view(modal(blocks=hundred)) == []
    assert check_view({"type": "home", "blocks": hundred}) == []
    found = check_view(modal(blocks=[*hundred, {"type": "divider"}]))
    assert lines(found) == ["no more than 100 items allowed [json-pointer:/view/blocks]"]


def test_a_modals_title_has_twenty_four_characters() -> None:
    assert check_view(modal(title={"type": "plain_text", "text": "t" * 24})) == []
    found = check_view(modal(title={"type": "plain_text", "text": "t" * 25}))
    assert lines(found) == ["must be less than 25 characters [json-pointer:/view/title/text]"]


def test_a_home_has_no_title_and_no_buttons_of_its_own() -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}], "title": WORDS, "submit": WORDS}
    assert lines(check_view(home)) == [
        "invalid additional property: title [json-pointer:/view]",
        "invalid additional property: submit [json-pointer:/view]",
    ]


def test_what_slack_adds_to_a_view_may_not_be_sent_back() -> None:
    found = check_view(modal(id="V1", hash="1", submit_disabled=True))
    assert lines(found) == [
        f"invalid additional property: {name} [json-pointer:/view]" for name in ("id", "hash", "submit_disabled")
    ]


def test_the_kind_a_method_takes_rules_over_what_the_view_says() -> None:
    assert lines(check_view(modal(), "home"))[0] == "must be a valid enum value [json-pointer:/view/type]"
    assert check_view(modal(), "modal") == []
    untyped = {key: value for key, value in modal().items() if key != "type"}
    assert lines(check_view(untyped, "modal")) == ["missing required field: type [json-pointer:/view]"]


@pytest.mark.parametrize(
    ("view", "line"),
    [
        ({}, "missing required field: type [json-pointer:/view]"),
        ({"type": 1}, "must provide a string [json-pointer:/view/type]"),
        ({"type": "workflow_step"}, "unsupported type: workflow_step [json-pointer:/view/type]"),
    ],
)
def test_a_view_of_no_known_kind_is_refused(view: Json, line: str) -> None:
    assert lines(check_view(view)) == [line]


def heavy(size: int) -> Json:
    """A modal of exactly this many bytes, made of blocks that are each within their limits."""
    options = [{"text": {"type": "plain_text", "text": "é" * 75}, "value": f"{n:03}" * 50} for n in range(100)]
    groups = [{"label": WORDS, "options": options}] * 6
    select = {"type": "static_select", "option_groups": groups}
    view = modal(blocks=[{"type": "actions", "elements": [select]}], private_metadata="")
    rest = size - len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())
    filler = [section("x" * 3000)] * (rest // 3053)
    view["blocks"] += filler
    rest = size - len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())
    return {**view, "private_metadata": "m" * rest}


def test_a_view_has_two_hundred_and_fifty_thousand_bytes() -> None:
    assert check_view(heavy(250_000)) == []
    (found,) = check_view(heavy(250_001))
    assert (found.pointer, found.message) == ("/view", "view_too_large")
    assert found.constraint == {"type": "max_length", "expected": 250_000, "got": 250_001}


def test_blocks_alone_are_judged_by_the_surface_given() -> None:
    alert = [{"type": "alert", "text": WORDS}]
    assert check_blocks(alert, "modal") == []
    assert lines(check_blocks(alert, "message")) == ["unsupported type: alert [json-pointer:/blocks/0/type]"]
    assert lines(check_blocks([{"type": "markdown", "text": "a"}], "home", "/view/blocks")) == [
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]"
    ]


def test_blocks_alone_pass_if_any_surface_takes_all_of_them() -> None:
    alert, markdown = {"type": "alert", "text": WORDS}, {"type": "markdown", "text": "a"}
    assert check_blocks([alert]) == []
    assert check_blocks([markdown]) == []
    assert len(check_blocks([alert, markdown])) == 1


@pytest.mark.parametrize(
    "style", [{"bold": True}, {"bold": True, "italic": False, "strike": True, "code": True, "underline": True}]
)
def test_rich_text_leaves_carry_styles(style: Json) -> None:
    leaves = [
        {"type": "text", "text": "a", "style": style},
        {"type": "link", "url": "mailto:a@b.example", "text": "b", "unsafe": True, "style": style},
        {"type": "user", "user_id": "U1"},
        {"type": "date", "timestamp": 1_764_000_000, "format": "{date_short}", "fallback": "then"},
        {"type": "broadcast", "range": "here"},
    ]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}
    assert check_message({"blocks": [rich]}) == []


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "a", "style": {"big": True}}]},
            "invalid additional property: big [json-pointer:/blocks/0/elements/0/elements/0/style]",
        ),
        (
            {"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]},
            "unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]",
        ),
        (
            {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "a"}]},
            "unsupported type: text [json-pointer:/blocks/0/elements/0/elements/0/type]",
        ),
        (
            {"type": "rich_text_list", "style": "bullet", "elements": [], "indent": 9},
            "must be less than or equal to 8 [json-pointer:/blocks/0/elements/0/indent]",
        ),
        (
            {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "all"}]},
            "must be a valid enum value [json-pointer:/blocks/0/elements/0/elements/0/range]",
        ),
        ({"type": "text", "text": "a"}, "unsupported type: text [json-pointer:/blocks/0/elements/0/type]"),
    ],
)
def test_rich_text_is_judged_down_to_its_leaves(part: Json, line: str) -> None:
    found = check_message({"blocks": [{"type": "rich_text", "elements": [part]}]})
    assert lines(found) == [line]


@pytest.mark.parametrize("hostile", [float("nan"), {"a": {"b": [None]}}, [[[[]]]], "\ud800", "\x00", -(10**30)])
@pytest.mark.parametrize("field", ["type", "text", "fields", "accessory", "block_id", "expand"])
def test_nothing_a_client_may_send_breaks_the_judge(hostile: Any, field: str) -> None:
    found = check_message({"blocks": [{**section("a"), field: hostile}]})
    assert field == "block_id" or found
    check_view(modal(blocks=[{**section("a"), field: hostile}]))


def test_nesting_too_deep_to_be_written_is_an_unknown_field_like_any_other() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert lines(check_view(modal(x=deep))) == ["invalid additional property: x [json-pointer:/view]"]
    found = check_message({"blocks": [{**section("a"), "x": deep}]})
    assert lines(found) == ["invalid additional property: x [json-pointer:/blocks/0]"]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_json_cannot_write_is_no_number(number: float) -> None:
    cell = {"type": "raw_number", "value": number, "text": "?"}
    found = check_message({"blocks": [{"type": "table", "rows": [[cell]]}]})
    assert lines(found) == ["must provide a number [json-pointer:/blocks/0/rows/0/0/value]"]


def test_fifty_blocks_are_judged_within_three_milliseconds() -> None:
    def row(n: int) -> Json:
        go = {"type": "button", "action_id": "go", "text": WORDS, "value": str(n), "confirm": sure}
        return {**section(f"*{n}* asked you"), "block_id": f"row-{n}", "accessory": go}

    sure = {"title": WORDS, "text": WORDS, "confirm": WORDS, "deny": WORDS}
    payload = {"text": "words", "blocks": [row(n) for n in range(30)] + [{"type": "divider"}] * 20}
    assert check_message(payload) == []
    took = []
    for _ in range(9):
        start = time.perf_counter()
        check_message(payload)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.003
