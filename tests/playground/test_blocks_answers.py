"""What the Web API says: blocks.validate's answers, and the refusals of chat.* and views.*."""

import json
import subprocess
import sys
from typing import Any

import pytest

from playground.blocks import check_message, check_view, refusal_for_message, refusal_for_view, validate

Json = dict[str, Any]
WORDS = {"type": "plain_text", "text": "words"}
DIVIDER = {"type": "divider"}
LONG = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
MODAL = {"type": "modal", "title": WORDS, "blocks": [DIVIDER]}


@pytest.mark.parametrize("given", [{"blocks": [DIVIDER]}, {"view": MODAL}, {"message": {"blocks": [DIVIDER]}}])
def test_what_is_right_is_answered_with_ok_and_nothing_else(given: Json) -> None:
    assert validate(given) == {"ok": True}
    written = {name: json.dumps(value) for name, value in given.items()}
    assert validate({**written, "token": "xoxb-1"}) == {"ok": True}


def test_wrong_blocks_are_pointed_at_from_the_array() -> None:
    assert validate({"blocks": json.dumps([{"type": "section", "text": {"type": "html", "text": "a"}}])}) == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [
            {
                "pointer": "/0/text/type",
                "code": "failed_constraint",
                "message": "unsupported type: html",
                "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"], "got": "html"},
            }
        ],
    }


def test_a_wrong_view_is_pointed_at_from_the_view() -> None:
    assert validate({"view": {"type": "modal", "blocks": [DIVIDER]}}) == {
        "ok": False,
        "error": "invalid_view",
        "errors": [
            {
                "pointer": "",
                "code": "missing_field",
                "message": "missing required field: title",
                "field": "title",
            }
        ],
    }


def test_a_wrong_message_is_pointed_at_from_the_message() -> None:
    nest = {"type": "container", "title": WORDS, "child_blocks": [{"type": "markdown", "text": "a"}]}
    answer = validate({"message": {"blocks": [nest]}})
    assert answer["error"] == "invalid_message"
    (error,) = answer["errors"]
    assert error["pointer"] == "/blocks/0/child_blocks/0/type"
    assert error["message"] == "unsupported type: markdown"
    assert error["constraint"]["got"] == "markdown"


def test_a_wrong_type_is_listed_without_constraint_or_field() -> None:
    answer = validate({"blocks": [None]})
    assert answer["errors"] == [{"pointer": "/0", "code": "invalid_type", "message": "must provide an object"}]


@pytest.mark.parametrize("given", [{}, {"blocks": None}, {"blocks": [DIVIDER], "view": MODAL}])
def test_anything_but_one_payload_is_an_invalid_argument(given: Json) -> None:
    answer = validate(given)
    assert (answer["ok"], answer["error"]) == (False, "invalid_arguments")
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must provide exactly one of `blocks`, `view` or `message`"
    ]


@pytest.mark.parametrize("text", ["[{", "", "[" * 100_000])
def test_broken_json_is_said_to_be_broken(text: str) -> None:
    assert validate({"blocks": text}) == {"ok": False, "error": "invalid_json"}


def test_a_message_is_refused_as_chat_methods_refuse_it() -> None:
    line = "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    assert refusal_for_message(check_message({"blocks": [DIVIDER, LONG]})) == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [line],
        "response_metadata": {"messages": [f"[ERROR] {line}"]},
    }


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"blocks": "words"}, "invalid_blocks_format"),
        ({"blocks": [DIVIDER] * 51}, "invalid_blocks"),
        ({"blocks": [TABLE, TABLE]}, "invalid_attachments"),
        ({"attachments": [{"blocks": [LONG]}]}, "invalid_attachments"),
        ({"text": 7}, "invalid_arguments"),
        ({"blocks": [{**LONG, "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5}, "msg_blocks_too_long"),
    ],
)
def test_each_kind_of_problem_has_slacks_name_for_it(payload: Json, error: str) -> None:
    refusal = refusal_for_message(check_message(payload))
    assert (refusal["ok"], refusal["error"]) == (False, error)
    explained = error not in {"invalid_blocks_format", "msg_blocks_too_long"}
    assert bool(refusal.get("response_metadata")) == explained


def test_a_view_is_refused_as_views_methods_refuse_it() -> None:
    view = {**MODAL, "title": {"type": "plain_text", "text": "t" * 25}, "blocks": [LONG]}
    assert refusal_for_view(check_view(view)) == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {
            "messages": [
                "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
                "[ERROR] must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]",
            ]
        },
    }


def test_a_view_too_large_has_an_error_of_its_own() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    view = {**MODAL, "blocks": [section] * 90}
    assert refusal_for_view(check_view(view)) == {"ok": False, "error": "view_too_large"}


def test_nothing_is_refused_without_a_reason() -> None:
    for refuse in (refusal_for_message, refusal_for_view):
        with pytest.raises(ValueError, match="at least one problem"):
            refuse([])


def test_importing_the_package_reads_no_data() -> None:
    code = (
        "import playground.blocks as b; assert b.limits.cache_info().currsize == 0; "
        "b.check_message({'blocks': []}); assert b.limits.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # noqa: S603 -- our own words
