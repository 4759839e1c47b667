"""Every limit blockkit knows, tried at its edge and one beyond: both judges agree, or the table says who is right."""

import json
from collections.abc import Iterator
from copy import deepcopy
from types import MappingProxyType
from typing import Any

import pytest
from blockkit import core

from tests.playground.second_opinion import Edge
from tests.playground.test_blocks_samples import Json
from tests.playground.test_second_opinion_blockkit import (
    BUILT,
    GROUP,
    URL,
    built_by,
    found_in,
    look,
    name_of,
    option,
    words,
)

REFUSALS = (core.FieldValidationError, core.ComponentValidationError)
NO_END = 999_999  # how blockkit writes that there is no upper limit
UNHEARD = "unheard of"

LEFT_OUT = "blockkit leaves an empty list out without a word; Slack's page requires the field"
EMPTY = "Slack's page gives a greatest length only, and null and empty are both told apart by nobody"
OWN = "a number of blockkit's own: neither Slack's page nor its types nor slackblocks have it"
LESS_THAN = "Slack's page: fewer than that, not that many"
DISAGREEMENTS = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("Overflow.options absent", "OptionGroup.options absent", "Checkboxes.options absent"),
                *("RadioButtons.options absent", "RichTextSection.elements absent", "RichTextList.elements absent"),
                *("RichTextPreformatted.elements absent", "RichTextQuote.elements absent", "RichText.elements absent"),
                *("Actions.elements absent", "Context.elements absent", "Table.rows absent", "Modal.blocks absent"),
                "Home.blocks absent",
            ),
            LEFT_OUT,
        ),
        **dict.fromkeys(
            (
                *("InputParameter.value empty", "Button.value empty", "EmailInput.initial_value empty"),
                *(
                    "UrlInput.initial_value empty",
                    "PlainTextInput.initial_value empty",
                    "UsersSelect.initial_user empty",
                ),
                *("ConversationsSelect.initial_conversation empty", "ChannelsSelect.initial_channel empty"),
                *("RichDateEl.url empty", "RichDateEl.fallback empty", "RichEmojiEl.unicode empty"),
                *("RichLinkEl.text empty", "Video.provider_name empty", "Video.author_name empty"),
                *("Message.thread_ts empty", "Modal.private_metadata empty", "Home.private_metadata empty"),
            ),
            EMPTY,
        ),
        **dict.fromkeys(
            (
                *("InputParameter.name over 3000", "InputParameter.value over 3000", "SlackFile.id over 30"),
                *("Trigger.customizable_input_parameters over 100", "EmailInput.initial_value over 74"),
                *("UrlInput.initial_value over 74", "RichDateEl.url over 3000", "RichLinkEl.url over 3000"),
                *("Video.video_url over 2000", "Video.thumbnail_url over 2000"),
            ),
            OWN,
        ),
        **dict.fromkeys(("Video.title at 200", "Video.description at 200", "Video.author_name at 50"), LESS_THAN),
        "Confirm.text mrkdwn": "Slack's page: the text of a confirm may be mrkdwn",
        "DispatchActionConfig.trigger_actions_on absent": "Slack's page: optional",
        "FileInput.filetypes unknown": "Slack's page: any file type; blockkit's list is of 2023",
        "ImageEl.alt_text over 255": "Slack's page: up to 2,000 characters",
        "Image.alt_text over 255": "Slack's page: up to 2,000 characters",
        "MultiExternalSelect.min_query_length under": "slackblocks' specification: 0 asks at once",
        "ExternalSelect.min_query_length under": "slackblocks' specification: 0 asks at once",
        "PlainTextInput.min_length highest": "blockkit compares it with the first value, Slack's page does not",
        "RichColorEl.value unknown": "@slack/types: any text; a client that cannot read it shows the text",
    }
)


def edges_of(validator: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """What one validator of a field lets pass and what it does not, with the name of each side."""
    match validator:
        case core.Length(min=least, max=most):
            if most < NO_END:
                yield from ((f"at {most}", of_size(value, most)), (f"over {most}", of_size(value, most + 1)))
            if least and not isinstance(value, list):
                yield "empty", of_size(value, 0)
        case core.Ints(min=least, max=most):
            if most < NO_END:
                yield from (("highest", most), ("over", most + 1))
            yield from (("lowest", least), ("under", least - 1))
        case core.Strings(values=known):
            yield from ((f"word {word}", as_in(value, word)) for word in (*known, UNHEARD))
        case core.HexColor():
            yield "unknown", UNHEARD
        case core.Plain():
            yield "mrkdwn", words("a", "mrkdwn")
        case core.Required():
            yield "absent", None


def as_in(value: Any, word: str) -> Any:
    """The word alone, or in a list where the field holds one."""
    return [word] if isinstance(value, list) else word


def of_size(value: Any, size: int) -> Any:
    """The same kind of value with so many characters or items."""
    if isinstance(value, core.Text):
        return words("a" * size)
    if isinstance(value, list):
        return value[:1] * size
    return (value + "a" * size)[:size]


def fields_of(built: core.Component) -> dict[str, core.Field]:
    """The fields somebody gave a value, with their validators."""
    fields: dict[str, core.Field] = vars(deepcopy(built))["_fields"]
    return {name: field for name, field in fields.items() if name != "type" and field.value not in (None, [])}


def edges() -> dict[Edge, tuple[core.Component, Any]]:
    """Every edge of every field, with the sample it is tried on and the value."""
    found: dict[Edge, tuple[core.Component, Any]] = {}
    for built in BUILT:
        for name, field in fields_of(built).items():
            for validator in field.validators:
                for side, value in edges_of(validator, field.value):
                    found.setdefault(
                        Edge(name_of(built), name, side.replace(f"word {UNHEARD}", "unknown")), (built, value)
                    )
    return found


EDGES = edges()


def blockkit_takes(built: core.Component, name: str, value: Any) -> bool:
    """Whether blockkit builds the sample with this value in this field."""
    changed = deepcopy(built)
    is_spread = isinstance(fields_of(built)[name].value, list) and name != "trigger_actions_on"
    try:
        getattr(changed, name)(*(value or ()) if is_spread else (value,))
        built_by(changed)
    except REFUSALS:
        return False
    return True


def changed_json(built: core.Component, name: str, value: Any) -> Json:
    """The sample's JSON with this value in this field, whatever blockkit thinks of it."""
    changed: Json = json.loads(json.dumps(built_by(built)))
    changed.pop(name)
    return changed if value is None else {**changed, name: as_json(value)}


def as_json(value: Any) -> Any:
    """What blockkit would write, without its checks."""
    if isinstance(value, core.Text):
        return {field.name: field.value for field in vars(value)["_fields"].values() if field.value is not None}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return built_by(value) if isinstance(value, core.Component) else value


@pytest.mark.parametrize("of", sorted({edge.of for edge in EDGES}))
def test_both_judges_agree_at_every_edge_but_those_the_table_names(of: str) -> None:
    for edge, (built, value) in EDGES.items():
        if edge.of == of:
            theirs = blockkit_takes(built, edge.field, value)
            ours = found_in(built, changed_json(built, edge.field, value))
            differs = theirs is bool(ours)
            assert differs is (str(edge) in DISAGREEMENTS), (str(edge), theirs, [str(each) for each in ours])


def test_the_table_names_no_edge_that_was_not_tried() -> None:
    assert set(DISAGREEMENTS) <= {str(edge) for edge in EDGES}
    assert len(EDGES) > 500


# What the rules between fields refuse: the rule's class, and something that breaks it and nothing else.
BROKEN: list[tuple[str, core.Component]] = [
    ("AtLeastOne", core.Section(expand=True)),
    ("AtLeastOne", core.ConversationFilter()),
    ("OnlyOne", core.SlackFile(id="F1", url=URL)),
    ("OnlyOne", core.SlackFile()),
    ("OnlyOne", core.ImageEl(alt_text="a", image_url=URL, slack_file=core.SlackFile(id="F1"))),
    ("OnlyOne", core.Image(alt_text="a")),
    ("OnlyOne", core.StaticSelect(options=[option()], option_groups=[GROUP])),
    ("OnlyOne", core.MultiStaticSelect()),
    ("OnlyIf", core.Text("a", type="plain_text", verbatim=True)),
    ("OnlyIf", core.Text("a", type="mrkdwn", emoji=True)),
    ("Within", core.StaticSelect(options=[option()], initial_option=option("b"))),
    ("Within", core.MultiStaticSelect(options=[option()], initial_options=[option("b")])),
    ("Within", core.RadioButtons(options=[option()], initial_option=option("b"))),
    ("Ranging", core.NumberInput(is_decimal_allowed=False, initial_value=1, min_value=2)),
    ("Ranging", core.NumberInput(is_decimal_allowed=False, initial_value=3, max_value=2)),
    ("DecimalAllowed", core.NumberInput(is_decimal_allowed=False, initial_value=1.5)),
]
# The same, where this judge lets it pass: the source that decides.
LET_PASS: list[tuple[str, core.Component, str]] = [
    (
        "Ranging",
        core.PlainTextInput(initial_value="a", min_length=2),
        "Slack's page bounds what a person may send, not what stands there at first",
    ),
    ("StyledCorrectly", core.RichTextEl("a", style=look(highlight=True)), "@slack/types: one style for every leaf"),
    ("StyledCorrectly", core.RichUserEl("U1", style=look(code=True)), "@slack/types: one style for every leaf"),
]


@pytest.mark.parametrize(("rule", "built"), BROKEN)
def test_what_blockkit_refuses_between_fields_is_refused(
    rule: str, built: core.Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses(rule, built)
    monkeypatch.setattr(core.Component, "validate", lambda _: None)
    assert len(found_in(built, built_by(built))) == 1


@pytest.mark.parametrize(("rule", "built", "source"), LET_PASS)
def test_what_blockkit_alone_refuses_between_fields_passes(
    rule: str, built: core.Component, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses(rule, built)
    monkeypatch.setattr(core.Component, "validate", lambda _: None)
    assert found_in(built, built_by(built)) == [], source


def refuses(rule: str, built: core.Component) -> None:
    """That this one rule of blockkit refuses it."""
    broken = []
    for validator in vars(built)["_validators"]:
        try:
            validator.validate(built)
        except core.ComponentValidationError:
            broken.append(name_of(validator))
    assert set(broken) == {rule}


def test_every_rule_between_fields_is_heard() -> None:
    rules = {each.__name__ for each in vars(core).values() if is_rule(each)}
    assert {rule for rule, *_ in (*BROKEN, *LET_PASS)} == rules


def is_rule(each: Any) -> bool:
    return isinstance(each, type) and issubclass(each, core.ComponentValidator) and each is not core.ComponentValidator
