"""The second opinion, turned round: whatever one of slack_sdk's own validators refuses, this judge refuses too."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import basic_components as parts
from slack_sdk.models.blocks import block_elements as elements
from slack_sdk.models.blocks import blocks
from slack_sdk.models.views import View

from tests.playground.test_blocks_samples import judge
from tests.playground.test_blocks_second_opinion import (
    BUTTON,
    OPTIONS,
    URL,
    Run,
    is_builder,
    option,
    payload_of,
    rich,
)

DIVIDER = blocks.DividerBlock()
LONG_URL = "https://example.com/" + "a" * 2981
OPTION = option("a")
GROUP = parts.OptionGroup(label="g", options=OPTIONS)
VIDEO: dict[str, Any] = {"alt_text": "a", "video_url": URL, "thumbnail_url": URL, "title": "t"}
MODAL: dict[str, Any] = {"type": "modal", "title": "t", "submit": "s", "blocks": [DIVIDER]}
AUTH: dict[str, Any] = {"value": "a", "name": "a", "is_connected": True}


def confirm(**more: str) -> parts.ConfirmObject:
    words = {"title": "t", "text": "t", "confirm": "c", "deny": "d"} | more
    return parts.ConfirmObject(**words)


def selects(kind: Any) -> list[tuple[str, JsonObject]]:
    """What the three classes of static selects refuse alike."""
    return [
        ("_validate_options_length", kind(options=[OPTION] * 101)),
        ("_validate_option_groups_length", kind(option_groups=[GROUP] * 101)),
        ("_validate_options_and_option_groups_both_specified", kind(options=OPTIONS, option_groups=[GROUP])),
        ("_validate_neither_options_or_option_groups_is_specified", kind()),
    ]


REFUSED: list[tuple[str, JsonObject]] = [
    ("_validate_text_min_length", parts.RawNumberObject(value=1, text="")),
    ("_validate_text_min_length", parts.RawTextObject(text="")),
    ("_validate_label_length", parts.Option(value="a", label="l" * 76)),
    ("_validate_text_length", parts.Option(value="a", text="t" * 76)),
    ("_validate_value_length", parts.Option(value="v" * 151, text="t")),
    ("_validate_label_length", parts.OptionGroup(label="l" * 76, options=OPTIONS)),
    ("_validate_options_length", parts.OptionGroup(label="l", options=[OPTION] * 101)),
    ("title_length", confirm(title="t" * 101)),
    ("text_length", confirm(text="t" * 301)),
    ("confirm_length", confirm(confirm="c" * 31)),
    ("deny_length", confirm(deny="d" * 31)),
    ("_validate_confirm_style", confirm(style="loud")),
    ("text_length", parts.FeedbackButtonObject(text="t" * 76, value="v")),
    ("value_length", parts.FeedbackButtonObject(text="t", value="v" * 2001)),
    ("_validate_action_id_length", elements.ButtonElement(text="t", action_id="a" * 256)),
    ("_validate_placeholder_length", elements.PlainTextInputElement(placeholder="p" * 151)),
    ("_validate_text_length", elements.ButtonElement(text="t" * 76)),
    ("_validate_url_length", elements.ButtonElement(text="t", url=LONG_URL)),
    ("_validate_value_length", elements.ButtonElement(text="t", value="v" * 2001)),
    ("_validate_style_valid", elements.ButtonElement(text="t", style="loud")),
    ("_validate_accessibility_label_length", elements.ButtonElement(text="t", accessibility_label="l" * 76)),
    ("_validate_agent_prompt_length", elements.ButtonElement(text="t", agent_prompt="p" * 4001)),
    ("_validate_initial_date_valid", elements.DatePickerElement(initial_date="2026-13-01")),
    ("_validate_initial_time_valid", elements.TimePickerElement(initial_time="24:00")),
    ("_validate_initial_date_time_valid", elements.DateTimePickerElement(initial_date_time=10_000_000_000)),
    ("_validate_image_url_length", elements.ImageElement(alt_text="a", image_url=LONG_URL)),
    ("_validate_alt_text_length", elements.ImageElement(alt_text="a" * 2001, image_url=URL)),
    *selects(elements.StaticSelectElement),
    *selects(elements.StaticMultiSelectElement),
    *selects(elements.SelectElement),
    ("_validate_options_length", elements.OverflowMenuElement(options=[OPTION] * 6)),
    ("_validate_block_id_length", blocks.DividerBlock(block_id="b" * 256)),
    ("_validate_text_or_fields_populated", blocks.SectionBlock(accessory=BUTTON)),
    ("_validate_fields_length", blocks.SectionBlock(fields=["f"] * 11)),
    ("_validate_alt_text_length", blocks.SectionBlock(text="t" * 3001)),
    ("_validate_image_url_length", blocks.ImageBlock(alt_text="a", image_url=LONG_URL)),
    ("_validate_alt_text_length", blocks.ImageBlock(alt_text="a" * 2001, image_url=URL)),
    ("_validate_title_length", blocks.ImageBlock(alt_text="a", image_url=URL, title="t" * 2001)),
    ("_validate_elements_length", blocks.ActionsBlock(elements=[elements.ButtonElement(text="t")] * 26)),
    ("_validate_elements_length", blocks.ContextBlock(elements=[parts.PlainTextObject(text="t")] * 11)),
    ("_validate_elements", blocks.ContextActionsBlock(elements=[])),
    (
        "_validate_elements_length",
        blocks.ContextActionsBlock(elements=[elements.IconButtonElement(icon="trash", text="t")] * 6),
    ),
    ("_validate_label_length", blocks.InputBlock(label="l" * 2001, element=elements.UserSelectElement())),
    ("_validate_hint_length", blocks.InputBlock(label="l", hint="h" * 2001, element=elements.UserSelectElement())),
    ("_validate_element_type", blocks.InputBlock(label="l", element={"type": "button", "text": "t"})),
    ("_validate_text", blocks.HeaderBlock()),
    ("_validate_alt_text_length", blocks.HeaderBlock(text="t" * 151)),
    ("_validate_text", blocks.MarkdownBlock(text="")),
    ("_validate_alt_text_length", blocks.MarkdownBlock(text="t" * 12_001)),
    ("_validate_alt_text", blocks.VideoBlock(**VIDEO | {"alt_text": None})),
    ("_validate_video_url", blocks.VideoBlock(**VIDEO | {"video_url": None})),
    ("_validate_thumbnail_url", blocks.VideoBlock(**VIDEO | {"thumbnail_url": None})),
    ("_validate_title", blocks.VideoBlock(**VIDEO | {"title": None})),
    ("_validate_title_length", blocks.VideoBlock(**VIDEO | {"title": "t" * 200})),
    ("_validate_author_name_length", blocks.VideoBlock(**VIDEO, author_name="n" * 50)),
    ("_validate_rows", blocks.TableBlock(rows=[])),
    ("_validate_rows", blocks.TaskCardBlock(task_id="1", title="t", status="done")),
    ("_validate_text", blocks.AlertBlock(text="")),
    ("_validate_level", blocks.AlertBlock(text="t", level="loud")),
    ("_validate_content", blocks.CardBlock(subtitle="s")),
    ("_validate_title_length", blocks.CardBlock(title="t" * 151)),
    ("_validate_subtitle_length", blocks.CardBlock(title="t", subtitle="s" * 151)),
    ("_validate_body_length", blocks.CardBlock(body="b" * 201)),
    ("_validate_title_or_rich_text_title", blocks.ContainerBlock(child_blocks=[DIVIDER])),
    ("_validate_title_length", blocks.ContainerBlock(child_blocks=[DIVIDER], title="t" * 151)),
    (
        "_validate_subtitle_length",
        blocks.ContainerBlock(child_blocks=[DIVIDER], rich_text_title=rich(), subtitle="s" * 151),
    ),
    ("_validate_child_blocks_present", blocks.ContainerBlock(child_blocks=[], title="t")),
    ("_validate_child_blocks_length", blocks.ContainerBlock(child_blocks=[DIVIDER] * 11, title="t")),
    ("_validate_width", blocks.ContainerBlock(child_blocks=[DIVIDER], title="t", width="vast")),
    (
        "_validate_header_divider_collapsible",
        blocks.ContainerBlock(child_blocks=[DIVIDER], title="t", is_collapsible=True, has_header_divider=True),
    ),
    ("_validate_elements_present", blocks.CarouselBlock(elements=[])),
    ("_validate_elements_length", blocks.CarouselBlock(elements=[blocks.CardBlock(title="t")] * 11)),
    ("_validate_value", blocks.AuthProviderBlock(**AUTH | {"value": ""})),
    ("_validate_value_length", blocks.AuthProviderBlock(**AUTH | {"value": "v" * 151})),
    ("_validate_name", blocks.AuthProviderBlock(**AUTH | {"name": ""})),
    ("_validate_name_length", blocks.AuthProviderBlock(**AUTH | {"name": "n" * 76})),
    ("_validate_is_connected", blocks.AuthProviderBlock(**AUTH | {"is_connected": None})),
    ("_validate_description_length", blocks.AuthProviderBlock(**AUTH, description="d" * 151)),
    ("_validate_connected_identity_length", blocks.AuthProviderBlock(**AUTH, connected_identity="i" * 76)),
    ("_validate_connected_context_length", blocks.AuthProviderBlock(**AUTH, connected_context="c" * 76)),
    ("_validate_icon_url_length", blocks.AuthProviderBlock(**AUTH, icon_url=LONG_URL)),
    ("_validate_auth_url_length", blocks.AuthProviderBlock(**AUTH, auth_url=LONG_URL)),
    ("_validate_disconnect_url_length", blocks.AuthProviderBlock(**AUTH, disconnect_url=LONG_URL)),
    ("_validate_accessory", blocks.AuthProviderBlock(**AUTH, accessory={"type": "button", "text": "t"})),
    ("_validate_type", View(**MODAL | {"type": "sheet"})),
    ("_validate_title_length", View(**MODAL | {"title": "t" * 25})),
    ("_validate_blocks_length", View(**MODAL | {"blocks": [DIVIDER] * 101})),
    ("_validate_blocks_length", View(**MODAL | {"blocks": []})),
    ("_validate_home_tab_structure", View(type="home", blocks=[DIVIDER], submit="s")),
    ("_validate_close_length", View(**MODAL, close="c" * 25)),
    ("_validate_submit_length", View(**MODAL | {"submit": "s" * 25})),
    ("_validate_private_metadata_max_length", View(**MODAL, private_metadata="m" * 3001)),
    ("_validate_callback_id_max_length", View(**MODAL, callback_id="c" * 256)),
]


def definer(built: JsonObject, validator: str) -> str:
    """The class a validator is written in."""
    return next(each.__name__ for each in type(built).__mro__ if validator in vars(each))


def validators() -> Iterator[tuple[str, str]]:
    """Every validator slack_sdk has for Block Kit, by class and name."""
    for module in (vars(parts), vars(elements), vars(blocks), vars(Run), {"View": View}):
        for each in module.values():
            if is_builder(each):
                yield from ((each.__name__, name) for name, of in vars(each).items() if hasattr(of, "validator"))


@pytest.mark.parametrize(("validator", "built"), REFUSED)
def test_what_slack_sdk_refuses_is_refused_for_that_one_reason(
    validator: str, built: JsonObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SlackObjectFormationError):
        getattr(built, validator)()
    monkeypatch.setattr(JsonObject, "validate_json", lambda _: None)
    found = judge(payload_of(built, built.to_dict()))
    assert len(found) == 1, [str(problem) for problem in found]


def test_every_validator_of_slack_sdk_is_heard() -> None:
    assert {(definer(built, name), name) for name, built in REFUSED} == set(validators())
