"""A second opinion: what slackblocks builds passes, and where it builds what this judge refuses is written down."""

import inspect
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest
import slackblocks as sb
from slackblocks._core import resolve  # what every class of it writes itself with

from playground.blocks import Problem
from tests.playground.second_opinion import judged_in_place, words_of
from tests.playground.test_blocks_samples import Json, Thing, around, judge

URL = "https://example.com/a"
OBJECTS = MappingProxyType(
    {
        sb.Confirm: "confirm",
        sb.ConfirmationDialogue: "confirm",
        sb.DispatchActionConfiguration: "dispatch_action_config",
        sb.ConversationFilter: "conversation_filter",
        sb.Option: "option",
        sb.OptionGroup: "option_group",
        sb.InputParameter: "input_parameter",
        sb.Trigger: "trigger",
        sb.Workflow: "workflow",
        sb.SlackFile: "slack_file",
        sb.SlackIcon: "slack_icon",
        sb.ColumnSettings: "table_column_setting",
        sb.FeedbackButton: "feedback_button",
        sb.ChartSegment: "segment",
        sb.DataPoint: "point",
        sb.DataSeries: "series",
        sb.AxisConfig: "axes",
    }
)
FAMILIES = MappingProxyType(
    {
        sb.Block: "block",
        sb.Element: "element",
        sb.RichTextObject: "run",
        sb.RichTextElement: "run",
        sb.RawText: "cell",
        sb.RawNumber: "cell",
        sb.PieChart: "chart",
        sb.AreaChart: "chart",
        sb.BarChart: "chart",
        sb.LineChart: "chart",
    }
)
PAYLOADS = (sb.View, sb.Message, sb.MessageResponse, sb.WebhookMessage)
BASES = {"Block", "Element", "RichTextElement", "RichTextObject", "View"}


def option(name: str = "a", **more: Any) -> sb.Option:
    return sb.Option(sb.PlainText(name), name, **more)


def row(*words: str) -> list[Any]:
    return [sb.RawText(word) for word in words]


SURE = sb.ConfirmationDialogue("t", "sure?", "yes", "no", "danger")
ON = sb.DispatchActionConfiguration("on_enter_pressed")
FILTER = sb.ConversationFilter(["im"], exclude_external_shared_channels=True, exclude_bot_users=True)
RUN = sb.RichText("a", bold=True, italic=True, strike=True, code=True)
RICH = sb.RichTextBlock(sb.RichTextSection(RUN), block_id="r")
TRIGGER = sb.Trigger(URL, sb.InputParameter("n", "v"))
FEEDBACK = sb.FeedbackButton("good", "1", "good")
FOCUS: Json = {"action_id": "a", "placeholder": "p", "focus_on_load": True}
PICK: Json = {**FOCUS, "confirm": SURE}
COUNTED: Json = {**PICK, "max_selected_items": 2}
TICK: Json = {"action_id": "a", "options": [option()], "confirm": SURE, "focus_on_load": True}
BUTTON = sb.Button("go", "a", URL, "v", "primary", SURE, "l", "do")
PICTURE = sb.Image("a", URL)
CARD = sb.CardBlock(hero_image=PICTURE, title="t", subtitle="s", body="b", actions=BUTTON, subtext="x", block_id="c")
TASK = sb.TaskCardBlock("1", "t", RICH, None, [sb.URLSource(URL, "a")], "complete", "k")
AXES = sb.AxisConfig(["a"], "x", "y")
SERIES = [sb.DataSeries("s", [sb.DataPoint("a", 1)])]
DIVIDER = sb.DividerBlock(block_id="d")
VIDEO: Json = {"alt_text": "a", "thumbnail_url": URL, "title": "t", "video_url": URL}

BUILT: list[Any] = [
    *(sb.Text("a", verbatim=True), sb.PlainText("a", emoji=True), sb.Markdown("*a*", verbatim=True), SURE, ON, FILTER),
    *(sb.Confirm("t", "t", "c", "d"), option(description="d"), sb.OptionGroup("g", [option()]), FEEDBACK, TRIGGER),
    *(sb.InputParameter("n", "v"), sb.Workflow(TRIGGER), sb.SlackFile(None, "F12345678"), sb.SlackFile(URL, None)),
    *(sb.SlackIcon("rocket"), sb.ColumnSettings("right", is_wrapped=True), sb.RawText("a"), sb.RawNumber(1.5, "1.5")),
    *(sb.ChartSegment("a", 1), sb.DataPoint("a", -1), *SERIES, AXES, sb.PieChart([sb.ChartSegment("a", 1)])),
    *(sb.AreaChart(SERIES, AXES), sb.BarChart(SERIES, AXES), sb.LineChart(SERIES, AXES)),
    *(BUTTON, PICTURE, sb.Image("a", slack_file=sb.SlackFile(None, "F12345678")), sb.URLSource(URL, "a")),
    sb.CheckboxGroup(**TICK, initial_options=[option()]),
    sb.RadioButtonGroup(**TICK, initial_option=option()),
    sb.OverflowMenu("a", [option(url=URL)], SURE),
    sb.DatePicker(**PICK, initial_date="2026-11-23"),
    sb.TimePicker(**PICK, initial_time="23:59", timezone="Europe/Lisbon"),
    sb.DateTimePicker("a", 1_764_000_000, SURE, focus_on_load=True),
    sb.EmailInput(**FOCUS, initial_value="a@b.example", dispatch_action_config=ON),
    sb.URLInput(**FOCUS, initial_value=URL, dispatch_action_config=ON),
    sb.NumberInput(
        **FOCUS, is_decimal_allowed=True, initial_value="1.5", min_value=-2, max_value="3", dispatch_action_config=ON
    ),
    sb.PlainTextInput(
        **FOCUS, initial_value="a", multiline=True, min_length=0, max_length=3000, dispatch_action_config=ON
    ),
    sb.RichTextInput(**FOCUS, initial_value=RICH, dispatch_action_config=ON, min_lines=1, max_lines=9),
    sb.FileInput("a", ["pdf"], 10),
    sb.FeedbackButtons(FEEDBACK, FEEDBACK, "a"),
    sb.IconButton("go", "trash", "a", "v", SURE, "l", ["U1"]),
    sb.StaticSelectMenu(**PICK, options=[option()], initial_option=option()),
    sb.StaticSelectMenu(**PICK, option_groups=[sb.OptionGroup("g", [option()])]),
    sb.StaticMultiSelectMenu(**COUNTED, options=[option()], initial_options=[option()]),
    sb.ExternalSelectMenu(**PICK, initial_option=option(), min_query_length=0),
    sb.ExternalMultiSelectMenu("a", 0, [option()], SURE, 2, placeholder="p"),
    sb.UserSelectMenu(**PICK, initial_user="U1"),
    sb.UserMultiSelectMenu(**COUNTED, initial_users=["U1"]),
    sb.ConversationSelectMenu(**PICK, initial_conversation="C1", default_to_current_conversation=True, filter=FILTER),
    sb.ConversationMultiSelectMenu(
        **COUNTED, initial_conversations=["C1"], default_to_current_conversation=True, filter=FILTER
    ),
    sb.ChannelSelectMenu(**PICK, initial_channel="C1"),
    sb.ChannelMultiSelectMenu(**COUNTED, initial_channels=["C1"]),
    *(RUN, sb.RichTextChannel("C1", bold=True, highlight=True), sb.RichTextEmoji("wave", 2), sb.RichTextUser("U1")),
    *(sb.RichTextLink(URL, "a", unsafe=True), sb.RichTextUserGroup("S1", unlink=True, client_highlight=True)),
    sb.RichTextCodeBlock(sb.RichText("a"), border=1),
    sb.RichTextList("ordered", sb.RichTextSection(RUN), indent=8, offset=1, border=1),
    *(sb.RichTextQuote(RUN, border=1), sb.RichTextSection(RUN), RICH, CARD, TASK, DIVIDER),
    sb.ActionsBlock([BUTTON], "b"),
    sb.CarouselBlock([CARD], "b"),
    sb.ContainerBlock(
        [DIVIDER], "t", RICH, "s", "wide", PICTURE, is_collapsible=True, default_collapsed=True, block_id="b"
    ),
    sb.ContextActionsBlock([sb.FeedbackButtons(FEEDBACK, FEEDBACK)], "b"),
    sb.ContextBlock([PICTURE, sb.Markdown("a")], "b"),
    sb.DataTableBlock([row("h"), [sb.RawNumber(1, "1")]], "c", 5, 0, "b"),
    sb.DataVisualizationBlock("t", sb.PieChart([sb.ChartSegment("a", 1)]), "b"),
    *(sb.HeaderBlock("a", "b"), sb.ImageBlock(URL, "a", "t", "b"), sb.MarkdownBlock("# a", "b")),
    sb.InputBlock("l", sb.PlainTextInput(), dispatch_action=True, block_id="b", hint="h", optional=True),
    sb.PlanBlock("p", [TASK], "b"),
    sb.SectionBlock("a", "b", ["f"], BUTTON),
    sb.TableBlock([row("a")], [sb.ColumnSettings("left", is_wrapped=False)], "b"),
    sb.VideoBlock(
        **VIDEO, author_name="n", block_id="b", description="d", provider_icon_url=URL, provider_name="p", title_url=URL
    ),
    sb.HomeTabView(DIVIDER, "m", "c", "e"),
    sb.ModalView("t", DIVIDER, "c", "s", "m", "c", clear_on_close=True, notify_on_close=True, external_id="e"),
    sb.Modal("t", DIVIDER),
    sb.Message("C1", "a", [DIVIDER], [sb.Attachment(RICH, "#f405b3")], unfurl_links=False, metadata={}),
    sb.MessageResponse("a", [RICH], ephemeral=True),
    sb.WebhookMessage("a", blocks=[RICH], response_type="ephemeral", replace_original=True),
    *(sb.Attachment(RICH, sb.Color.GREEN, fallback="f"), sb.Field("t", "v", short=True), sb.AlertBlock("a", "warning")),
]

DOCS = "Slack's page says so"
# What slackblocks builds without a word and this judge refuses: the thing, our words, what decides.
STRICTER: list[tuple[Any, str, str]] = [
    (sb.FileBlock("e", "b"), "unsupported type: file", "Slack's page: an app cannot add one"),
    (
        sb.WorkflowButton("go", sb.Workflow(TRIGGER), "primary", "l", "a", SURE),
        "invalid additional property: confirm",
        "not on the element's page",
    ),
    (
        sb.Button("go", agent_prompt="do", agent_prompt_display="d"),
        "invalid additional property: agent_prompt_display",
        "not on the element's page",
    ),
    (sb.RawText("a", emoji=True), "invalid additional property: emoji", "@slack/types: type and text alone"),
    (
        sb.ModalView("t", DIVIDER, submit_disabled=True),
        "invalid additional property: submit_disabled",
        "not on the page",
    ),
    (sb.MarkdownBlock(""), "must be more than 0 characters", DOCS),
    (sb.Button("go", style="loud"), "must be a valid enum value", DOCS),  # type: ignore[arg-type]
    (sb.ActionsBlock([]), "must provide at least 1 items", DOCS),
    (sb.ActionsBlock(None), "missing required field: elements", DOCS),
    (sb.ContextBlock([]), "must provide at least 1 items", DOCS),
    (sb.ActionsBlock([sb.PlainTextInput()]), "unsupported type: plain_text_input", DOCS),
    (sb.ActionsBlock([BUTTON, BUTTON]), '`action_id` "a" already exists', "refusals seen"),
    (sb.HomeTabView([DIVIDER, DIVIDER]), '`block_id` "d" already exists', DOCS),
    (sb.StaticSelectMenu("a", [option()], initial_option=option("b")), "must be one of the provided options", DOCS),
    (sb.CheckboxGroup("a", [option()], [option("b")]), "must be one of the provided options", DOCS),
    (sb.Image("", URL), "must be more than 0 characters", DOCS),
    (sb.ConversationSelectMenu(response_url_enabled=True), "invalid additional property: response_url_enabled", DOCS),
    (sb.StaticSelectMenu(options=[option(url=URL)]), "invalid additional property: url", "Slack's page: overflow only"),
    (sb.DateTimePicker("a", 1), "must be greater than or equal to 1000000000", DOCS),
    (sb.CardBlock(title="t", actions=[sb.Button("go")] * 3), "no more than 2 items allowed", "seen live, it is said"),
    (sb.SlackFile(None, None), "must define either `id` or `url`", DOCS),
]


def thing_of(built: Any, value: Json) -> Thing | None:
    """What the data calls this; nothing for a whole payload."""
    if type(built) in OBJECTS:
        return Thing("object", OBJECTS[type(built)])
    family = next((name for base, name in FAMILIES.items() if isinstance(built, base)), None)
    return Thing(family, value["type"]) if family else None


def json_of(built: Any) -> Json:
    """What slackblocks writes; its made-up block ids are kept, they are unique."""
    value: Json = built.to_dict() if isinstance(built, PAYLOADS) else resolve(built)
    return value


def found_in(built: Any) -> list[Problem]:
    """The problems of what slackblocks built, in its place."""
    value = json_of(built)
    if isinstance(built, sb.Text):
        return judge(around([{"type": "section", "text": value}], "message"))
    if isinstance(built, sb.Attachment | sb.Field):
        return judge({"attachments": [value if isinstance(built, sb.Attachment) else {"fields": [value]}]})
    return judged_in_place(thing_of(built, value), value)


def name_of(each: Any) -> str:
    return type(each).__name__


@pytest.mark.parametrize("built", BUILT, ids=name_of)
def test_what_slackblocks_builds_passes(built: Any) -> None:
    assert found_in(built) == []


def test_every_class_of_slackblocks_is_heard() -> None:
    public = {name for name in sb.__all__ if is_builder(getattr(sb, name))}
    heard = {name_of(built) for built in BUILT}
    assert public - heard == {"FileBlock", "WorkflowButton"}
    assert public - heard <= {name_of(built) for built, _, _ in STRICTER}


def is_builder(each: Any) -> bool:
    """Whether this is a class that is built, no error, base or list of names."""
    return inspect.isclass(each) and not issubclass(each, Exception | Enum) and each.__name__ not in BASES


@pytest.mark.parametrize("disagreement", STRICTER, ids=lambda each: f"{name_of(each[0])}-{each[1]}")
def test_where_slackblocks_lets_pass_what_is_refused_the_words_are_known(disagreement: tuple[Any, str, str]) -> None:
    built, message, source = disagreement
    assert words_of(found_in(built)) == [message], source
