"""Every sample is what Slack takes, does nothing it should not, and asks for what its form reads."""

import ast
from pathlib import Path
from typing import Any

import pytest

from bot.slack.forms import Form
from bot.slack.router import RouteKind
from bot.views import find, requests
from bot.views.gallery import all_samples
from bot.views.gallery.samples import HOSTILE, Sample
from handlers import ROUTES
from playground.blocks import check_message, check_view
from tests.harmless import harm_in, parsed_texts
from tests.reading import elements, named, parsed, samples_by_view, submits

SAMPLES = {sample.name: sample for sample in all_samples()}
SURFACES = {"Message", "Modal", "Home"}
SAMPLED_IN_A_LOOP = {"errors.refusal_message"}
KNOWN = {f"U0SAMPLE{number}" for number in range(1, 10)}


def problems(sample: Sample) -> list[str]:
    """What Slack would refuse, and what would do something it should not."""
    check = check_message if sample.surface == "message" else check_view
    return [str(problem) for problem in check(sample.payload)] + harm_in(sample.payload, KNOWN)


def test_every_sample_has_a_name_of_its_own() -> None:
    assert len(SAMPLES) == len(all_samples())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_view_is_taken_by_slack_and_harmless(name: str) -> None:
    assert problems(SAMPLES[name]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x" * 3001, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ("<!channel> hello", "<!channel>"),
        ("<@U1> hello", "<@U1>"),
        ("<https://evil.example|https://bank.example>", "<https://evil.example|https://bank.example>"),
        ("<#C1|x>", "<#C1|x>"),
    ],
)
def test_a_wrong_view_is_named(text: str, found: str) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    assert found in problems(Sample("wrong", "message", {"text": "words", "blocks": blocks}))
    assert harm_in({"text": "hello <@U0SAMPLE1>", "blocks": []}, KNOWN) == []


def test_hostile_people_are_among_the_samples() -> None:
    shown = [text for sample in SAMPLES.values() for text in parsed_texts(sample.payload)]
    assert "<!channel>" in HOSTILE.name
    assert any("&lt;!channel&gt;" in text for text in shown)


def test_every_view_has_a_sample() -> None:
    made = {
        f"{Path(path).stem}.{node.name}"
        for path, tree in parsed("bot/views").items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and named(node.returns or node) in SURFACES and node.name[0] != "_"
    }
    assert made - set(samples_by_view()) - SAMPLED_IN_A_LOOP == set()
    assert "requests.read" in made


def fields_of(payload: dict[str, Any]) -> set[str]:
    return {block["block_id"] for block in elements(payload, "input")}


def mismatches(form: type[Form], modals: list[dict[str, Any]]) -> list[str]:
    """Fields without an input, inputs without a field, and inputs whose element is called otherwise."""
    asked = {name for modal in modals for name in fields_of(modal)}
    odd = [
        f"{block['block_id']} holds {block['element']['action_id']}"
        for modal in modals
        for block in elements(modal, "input")
        if block["element"]["action_id"] != block["block_id"]
    ]
    fields = set(form.model_fields)
    return (
        [f"never asked: {n}" for n in sorted(fields - asked)] + [f"unread: {n}" for n in sorted(asked - fields)] + odd
    )


@pytest.mark.parametrize("route", ROUTES.of(RouteKind.FORM), ids=lambda route: route.id)
def test_every_field_of_a_form_has_its_input_and_every_input_its_field(route: Any) -> None:
    modals = [sample.payload for sample in SAMPLES.values() if submits(sample.payload) == route.id]
    assert modals
    assert mismatches(route.form, modals) == []


def test_a_form_that_lost_touch_with_its_modal_is_named() -> None:
    modal = SAMPLES["find.send"].payload
    assert mismatches(find.SearchForm, [modal]) == [
        "never asked: goal",
        "never asked: topic",
        "unread: note",
        "unread: others",
    ]
    assert mismatches(requests.RewriteForm, [SAMPLES["requests.rewrite"].payload]) == []


def test_every_message_says_in_words_what_its_blocks_say() -> None:
    silent = [name for name, sample in SAMPLES.items() if sample.surface == "message" and not sample.payload["text"]]
    assert silent == []


def test_no_view_shouts_and_no_modal_is_a_dead_end() -> None:
    for name, sample in SAMPLES.items():
        own_words = [text for text in parsed_texts(sample.payload) if "&lt;!" not in text]
        assert not [text for text in own_words if "!" in text], name
        assert sample.surface != "modal" or "close" in sample.payload, name
