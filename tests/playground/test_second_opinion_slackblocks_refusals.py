"""What slackblocks refuses between fields, numbers aside, is refused by this judge as well."""

from collections.abc import Callable
from typing import Any

import pytest
import slackblocks as sb

from tests.playground.test_blocks_samples import Json, judge
from tests.playground.test_second_opinion_slackblocks import PICTURE, URL, row
from tests.playground.test_second_opinion_slackblocks_edges import box, chart, data, drawn, pressed, task

PLAIN = {"type": "plain_text", "text": "a"}
MRKDWN = {"type": "mrkdwn", "text": "a"}
IMAGE = {"type": "image", "alt_text": "a", "image_url": URL}
CELL = {"type": "raw_text", "text": "a"}


def visual(categories: list[str], series: list[tuple[str, list[str]]]) -> Json:
    """A line chart as JSON: series by name, each with its labels."""
    drawn_series = [{"name": name, "data": [{"label": label, "value": 1} for label in its]} for name, its in series]
    line = {"type": "line", "series": drawn_series, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "t", "chart": line}


# What slackblocks refuses that is no number: how it is built, and the same as JSON.
REFUSED: list[tuple[Callable[[], Any], Json]] = [
    (lambda: sb.CardBlock(subtitle="s"), {"type": "card", "subtitle": MRKDWN}),
    (
        lambda: sb.CardBlock(title="t", icon=PICTURE, slack_icon=sb.SlackIcon("bot")),
        {"type": "card", "title": MRKDWN, "icon": IMAGE, "slack_icon": {"type": "icon", "name": "bot"}},
    ),
    (lambda: sb.SlackIcon("moon"), {"type": "card", "title": MRKDWN, "slack_icon": {"type": "icon", "name": "moon"}}),  # type: ignore[arg-type]
    (
        lambda: box(has_header_divider=True, is_collapsible=True),
        {"type": "container", "title": PLAIN, "child_blocks": [{"type": "divider"}], "has_header_divider": True}
        | {"is_collapsible": True},
    ),
    (
        lambda: box(default_collapsed=True),
        {"type": "container", "title": PLAIN, "child_blocks": [{"type": "divider"}], "default_collapsed": True},
    ),
    (
        lambda: box(child_blocks=[sb.MarkdownBlock("m")]),
        {"type": "container", "title": PLAIN, "child_blocks": [{"type": "markdown", "text": "m"}]},
    ),
    (
        lambda: sb.DataTableBlock([row("a"), row("a", "b")], "c"),
        {"type": "data_table", "caption": "c", "rows": [[CELL], [CELL, CELL]]},
    ),
    (
        lambda: data(row_header_column_index=1),
        {"type": "data_table", "caption": "c", "rows": [[CELL], [CELL]], "row_header_column_index": 1},
    ),
    (lambda: drawn(chart(["a", "a"], ["s"])), visual(["a", "a"], [("s", ["a", "a"])])),
    (lambda: drawn(chart(["a"], ["s", "s"])), visual(["a"], [("s", ["a"]), ("s", ["a"])])),
    (
        lambda: sb.LineChart([sb.DataSeries("s", [sb.DataPoint("b", 1)])], sb.AxisConfig(["a"])),
        visual(["a"], [("s", ["b"])]),
    ),
    (
        lambda: sb.PlanBlock("p", [task(1), task(1)]),
        {"type": "plan", "title": "p", "tasks": [{"task_id": "1", "title": "t", "status": "complete"}] * 2},
    ),
    (
        lambda: sb.MessageResponse(blocks=[sb.TaskCardBlock("1", "t", status="pending")]),
        {"type": "task_card", "task_id": "1", "title": "t", "status": "pending"},
    ),
    (lambda: sb.MessageResponse(blocks=[sb.AlertBlock("a")]), {"type": "alert", "text": MRKDWN}),
    (
        lambda: sb.InputBlock("l", pressed()),
        {"type": "input", "label": PLAIN, "element": {"type": "button", "text": PLAIN}},
    ),
]


@pytest.mark.parametrize(("build", "block"), REFUSED)
def test_what_slackblocks_refuses_between_fields_is_refused(build: Callable[[], Any], block: Json) -> None:
    with pytest.raises(sb.InvalidUsageError):
        build()
    assert judge({"blocks": [block]}) != []
