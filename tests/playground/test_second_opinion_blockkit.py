"""A second opinion: what blockkit builds passes, and where it builds what this judge refuses is written down."""

from copy import deepcopy
from types import MappingProxyType
from typing import Any, Literal

import blockkit
import pytest
from blockkit import core

from tests.playground.second_opinion import judged_in_place, words_of
from tests.playground.test_blocks_samples import Json, Thing, around, judge

URL = "https://example.com/a"
OBJECTS = MappingProxyType(
    {
        core.Confirm: "confirm",
        core.DispatchActionConfig: "dispatch_action_config",
        core.ConversationFilter: "conversation_filter",
        core.Option: "option_plain",
        core.OptionGroup: "option_group",
        core.InputParameter: "input_parameter",
        core.Trigger: "trigger",
        core.Workflow: "workflow",
        core.SlackFile: "slack_file",
        core.RichStyle: "look",
        core.ColumnSettings: "table_column_setting",
    }
)
SURFACES = (core.Message, core.Modal, core.Home)
BLOCKS = (
    *(core.Actions, core.Context, core.Divider, core.File, core.Header, core.Image, core.Input),
    *(core.Markdown, core.RichText, core.Section, core.Table, core.Video),
)


def words(text: str = "a", kind: Literal["plain_text", "mrkdwn"] = "plain_text") -> core.Text:
    """A text of a kind said aloud: left alone, blockkit guesses the kind from the characters."""
    return core.Text(text, type=kind)


def option(name: str = "a", **more: Any) -> core.Option:
    return core.Option(text=words(name), value=name, **more)


def look(**more: bool) -> core.RichStyle:
    return core.RichStyle(bold=True, **more)


SURE = core.Confirm(title="t", text=words("sure?"), confirm="yes", deny="no", style="danger")
ON = core.DispatchActionConfig(trigger_actions_on=["on_enter_pressed"])
FILTER = core.ConversationFilter(include=["im"], exclude_bot_users=True, exclude_external_shared_channels=True)
RUN = core.RichTextEl("a", style=look())
RICH = core.RichText(elements=[core.RichTextSection(elements=[RUN])])
GROUP = core.OptionGroup(label="g", options=[option()])
TRIGGER = core.Trigger(url=URL, customizable_input_parameters=[core.InputParameter(name="n", value="v")])
FOCUS: Json = {"action_id": "a", "placeholder": "p", "focus_on_load": True}
PICK: Json = {**FOCUS, "confirm": SURE}
COUNTED: Json = {**PICK, "max_selected_items": 2}
TICK: Json = {"action_id": "a", "options": [option()], "confirm": SURE, "focus_on_load": True}
BUTTON = core.Button(
    text="go", action_id="a", url=URL, value="v", style="primary", confirm=SURE, accessibility_label="l"
)
PICTURE = core.ImageEl(alt_text="a", image_url=URL)
COLUMN = core.ColumnSettings(align="left", is_wrapped=True)
MODAL: Json = {"title": "t", "blocks": [core.Divider()], "submit": "s"}
VIDEO: Json = {"title": "t", "alt_text": "a", "video_url": URL, "thumbnail_url": URL}

BUILT: list[core.Component] = [
    *(words(), words("*a*", "mrkdwn"), SURE, ON, FILTER, GROUP, TRIGGER, core.Workflow(trigger=TRIGGER)),
    option(description="d"),
    core.InputParameter(name="n", value="v"),
    core.SlackFile(id="F1"),
    core.SlackFile(url=URL),
    BUTTON,
    core.Checkboxes(**TICK, initial_options=[option()]),
    core.RadioButtons(**TICK, initial_option=option()),
    core.Overflow(action_id="a", options=[option(url=URL)], confirm=SURE),
    core.DatePicker(**PICK, initial_date="2026-11-23"),
    core.TimePicker(**PICK, initial_time="23:59", timezone="Europe/Lisbon"),
    core.DatetimePicker(action_id="a", initial_date_time=1_764_000_000, confirm=SURE, focus_on_load=True),
    core.EmailInput(**FOCUS, initial_value="a@b.example", dispatch_action_config=ON),
    core.UrlInput(**FOCUS, initial_value=URL, dispatch_action_config=ON),
    core.FileInput(action_id="a", filetypes=["pdf"], max_files=10),
    core.NumberInput(
        **FOCUS, is_decimal_allowed=True, initial_value=1.5, min_value=-2, max_value=3, dispatch_action_config=ON
    ),
    core.PlainTextInput(
        **FOCUS, initial_value="a", multiline=True, min_length=1, max_length=3000, dispatch_action_config=ON
    ),
    core.RichTextInput(**FOCUS, initial_value=RICH, dispatch_action_config=ON),
    PICTURE,
    core.ImageEl(alt_text="a", slack_file=core.SlackFile(id="F1")),
    core.StaticSelect(**PICK, options=[option()], initial_option=option()),
    core.StaticSelect(**PICK, option_groups=[GROUP]),
    core.ExternalSelect(**PICK, initial_option=option(), min_query_length=1),
    core.UsersSelect(**PICK, initial_user="U1"),
    core.ConversationsSelect(**PICK, initial_conversation="C1", default_to_current_conversation=True, filter=FILTER),
    core.ChannelsSelect(**PICK, initial_channel="C1"),
    core.MultiStaticSelect(**COUNTED, options=[option()], initial_options=[option()]),
    core.MultiStaticSelect(**COUNTED, option_groups=[GROUP]),
    core.MultiExternalSelect(**COUNTED, initial_options=[option()], min_query_length=1),
    core.MultiUsersSelect(**COUNTED, initial_users=["U1"]),
    core.MultiConversationsSelect(
        **COUNTED, initial_conversations=["C1"], default_to_current_conversation=True, filter=FILTER
    ),
    core.MultiChannelsSelect(**COUNTED, initial_channels=["C1"]),
    core.WorkflowButton(
        text="go", action_id="a", workflow=core.Workflow(trigger=TRIGGER), style="primary", accessibility_label="l"
    ),
    *(look(italic=True, strike=True, code=True), look(highlight=True, client_highlight=True, unlink=True)),
    *(RUN, core.RichBroadcastEl("here"), core.RichColorEl("#F405B3"), core.RichEmojiEl(name="wave", unicode="1f44b")),
    *(core.RichChannelEl("C1", style=look()), core.RichUserEl("U1", style=look(unlink=True))),
    core.RichUserGroupEl("S1", style=look()),
    core.RichLinkEl(url=URL, text="a", unsafe=True, style=look(code=True)),
    core.RichDateEl(timestamp=1_764_000_000, format="{date}", url=URL, fallback="f"),
    core.RichTextSection(elements=[RUN]),
    core.RichTextList(style="bullet", elements=[core.RichTextSection(elements=[RUN])], indent=8, offset=1, border=1),
    core.RichTextPreformatted(elements=[core.RichTextEl("a")], border=1),
    core.RichTextQuote(elements=[RUN], border=1),
    RICH,
    core.Actions(elements=[core.Button(text="go")], block_id="b"),
    core.Context(elements=[words(), PICTURE], block_id="b"),
    core.Divider(block_id="b"),
    core.Header(text="a", block_id="b"),
    core.Image(alt_text="a", image_url=URL, title="t", block_id="b"),
    core.Input(label="l", element=core.PlainTextInput(), dispatch_action=True, hint="h", optional=True, block_id="b"),
    core.Markdown(text="# a", block_id="b"),
    core.Section(text=words(), fields=[words()], accessory=BUTTON, expand=True, block_id="b"),
    *(core.Table(rows=[[core.RawText("a"), RICH]], column_settings=[COLUMN], block_id="b"), core.RawText("a"), COLUMN),
    core.Video(
        **VIDEO,
        title_url=URL,
        description="d",
        provider_icon_url=URL,
        provider_name="p",
        author_name="n",
        block_id="b",
    ),
    core.Message(text="a", blocks=[core.Divider()], thread_ts="1.1", mrkdwn=True),
    core.Modal(
        **MODAL,
        close="c",
        private_metadata="m",
        callback_id="c",
        clear_on_close=True,
        notify_on_close=True,
        external_id="e",
    ),
    core.Home(blocks=[core.Divider()], private_metadata="m", callback_id="c", external_id="e"),
]

DOCS = "Slack's page says so"
# What blockkit builds without a word and this judge refuses: the thing, our words, what decides.
STRICTER: list[tuple[core.Component, str, str]] = [
    (core.File(external_id="e", source="remote"), "unsupported type: file", "Slack's page: an app cannot add one"),
    (
        core.Modal(**MODAL, submit_disabled=True),
        "invalid additional property: submit_disabled",
        "for steps of retired workflows; absent from the view's page",
    ),
    (
        core.ConversationsSelect(response_url_enabled=True),
        "invalid additional property: response_url_enabled",
        "Slack's page: only in an input block of a modal",
    ),
    (core.Section(fields=[words()] * 11), "no more than 10 items allowed", DOCS),
    (core.Section(fields=[words("f" * 2001)]), "must be less than 2001 characters", DOCS),
    (core.Actions(elements=[]), "missing required field: elements", DOCS),
    (core.Context(elements=[]), "missing required field: elements", DOCS),
    (core.Actions(elements=[BUTTON, BUTTON]), '`action_id` "a" already exists', "refusals seen"),
    (
        core.Modal(title="t", blocks=[core.Input(label="l", element=core.UsersSelect())]),
        "must define `submit` to use an `input` block in modals",
        "refusals seen",
    ),
    (core.Home(blocks=[core.Divider(block_id="b")] * 2), '`block_id` "b" already exists', DOCS),
    (core.Message(blocks=[core.Divider()] * 51), "no more than 50 items allowed", DOCS),
    (core.Message(blocks=[core.Markdown("m" * 6001)] * 2), "must be less than 12001 characters", DOCS),
    (core.Checkboxes(options=[option()], initial_options=[option("b")]), "must be one of the provided options", DOCS),
    (core.StaticSelect(options=[option(url=URL)]), "invalid additional property: url", "Slack's page: overflow only"),
    (core.DatetimePicker(placeholder="p"), "invalid additional property: placeholder", "not on the element's page"),
    (core.DatetimePicker(initial_date_time=1), "must be greater than or equal to 1000000000", DOCS),
    (core.Table(rows=[[core.RawText("a")] * 21]), "no more than 20 items allowed", DOCS),
    (
        core.Modal(**MODAL | {"blocks": [core.Input(label="l", element=core.FileInput(), dispatch_action=True)]}),
        "invalid additional property: dispatch_action",
        DOCS,
    ),
    (core.Video(**VIDEO | {"video_url": "example.com"}), "invalid url", DOCS),
]


def thing_of(built: core.Component, value: Json) -> Thing | None:
    """What the data calls this; nothing for a whole payload."""
    if isinstance(built, SURFACES):
        return None
    if type(built) in OBJECTS:
        return Thing("object", OBJECTS[type(built)])
    if isinstance(built, BLOCKS):
        return Thing("block", value["type"])
    if isinstance(built, core.RawText):
        return Thing("cell", value["type"])
    is_run = type(built).__name__.startswith("Rich") and not isinstance(built, core.RichTextInput)
    return Thing("run" if is_run else "element", value["type"])


def found_in(built: core.Component, value: Json) -> list[Any]:
    """The problems of what blockkit built, or of a changed copy of that, in its place."""
    if isinstance(built, core.Text):
        return judge(around([{"type": "section", "text": value}], "message"))
    return judged_in_place(thing_of(built, value), value)


def built_by(component: core.Component) -> Json:
    """The JSON, from a copy: blockkit changes its dates while it builds and cannot build twice."""
    value: Json = deepcopy(component).build()  # type: ignore[no-untyped-call]  # the library's own is untyped
    return value


def name_of(each: Any) -> str:
    return type(each).__name__


@pytest.mark.parametrize("built", BUILT, ids=name_of)
def test_what_blockkit_builds_passes(built: core.Component) -> None:
    assert found_in(built, built_by(built)) == []


def test_every_class_of_blockkit_is_heard() -> None:
    assert set(blockkit.__all__) - {name_of(built) for built in BUILT} == {"File"}


@pytest.mark.parametrize("disagreement", STRICTER, ids=lambda each: f"{name_of(each[0])}-{each[1]}")
def test_where_blockkit_lets_pass_what_is_refused_the_words_are_known(
    disagreement: tuple[core.Component, str, str],
) -> None:
    built, message, source = disagreement
    assert words_of(found_in(built, built_by(built))) == [message], source
