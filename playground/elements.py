"""Finding the interactive elements of stored blocks, and the state their inputs begin with."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from playground.ids import Ids
from playground.records import Json

# element type -> (field of its value in the state, whether it holds many)
VALUE_FIELDS: dict[str, tuple[str, bool]] = {
    "plain_text_input": ("value", False),
    "email_text_input": ("value", False),
    "url_text_input": ("value", False),
    "number_input": ("value", False),
    "rich_text_input": ("rich_text_value", False),
    "static_select": ("selected_option", False),
    "external_select": ("selected_option", False),
    "radio_buttons": ("selected_option", False),
    "users_select": ("selected_user", False),
    "conversations_select": ("selected_conversation", False),
    "channels_select": ("selected_channel", False),
    "multi_static_select": ("selected_options", True),
    "multi_external_select": ("selected_options", True),
    "checkboxes": ("selected_options", True),
    "multi_users_select": ("selected_users", True),
    "multi_conversations_select": ("selected_conversations", True),
    "multi_channels_select": ("selected_channels", True),
    "datepicker": ("selected_date", False),
    "timepicker": ("selected_time", False),
    "datetimepicker": ("selected_date_time", False),
    "file_input": ("files", True),
}
BUTTONS = frozenset({"button", "workflow_button", "icon_button", "feedback_buttons", "overflow"})
INTERACTIVE = frozenset(VALUE_FIELDS) | BUTTONS
INITIALS = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
TEXTS = frozenset({"plain_text", "mrkdwn"})


def dress(blocks: Iterable[Any], ids: Ids) -> list[Any]:
    """A copy as Slack keeps it: every block and element has an id, every text its defaults."""
    dressed = copy.deepcopy(list(blocks))
    for block in dressed:
        _finish_texts(block)
    for block in every_block(dressed):
        block.setdefault("block_id", ids.secret(5))
        for element in elements_of(block):
            element.setdefault("action_id", ids.secret(5))
    return dressed


def _finish_texts(value: Any) -> None:
    if isinstance(value, list):
        for inner in value:
            _finish_texts(inner)
    elif isinstance(value, dict):
        if value.get("type") in TEXTS and isinstance(value.get("text"), str):
            value.setdefault("emoji" if value["type"] == "plain_text" else "verbatim", value["type"] == "plain_text")
        for inner in value.values():
            _finish_texts(inner)


def every_block(blocks: Iterable[Any]) -> Iterator[Json]:
    """The blocks and those inside containers and carousels."""
    for block in blocks:
        if isinstance(block, dict):
            yield block
            yield from every_block(block.get("child_blocks") or ())
            if block.get("type") == "carousel":
                yield from every_block(block.get("elements") or ())


def elements_of(block: Json) -> Iterator[Json]:
    """A block's own interactive elements."""
    candidates = [block.get("element"), block.get("accessory")]
    if block.get("type") in {"actions", "context_actions"}:
        candidates += block.get("elements") or []
    if block.get("type") == "card":
        candidates += block.get("actions") or []
    for each in candidates:
        if isinstance(each, dict) and each.get("type") in INTERACTIVE:
            yield each


def all_elements(blocks: Iterable[Any] | None) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) pair, in reading order."""
    for block in every_block(blocks or ()):
        for element in elements_of(block):
            yield block, element


def find_element(blocks: Iterable[Any] | None, block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The element of these ids, if it is there now."""
    for block, element in all_elements(blocks):
        if block.get("block_id") == block_id and element.get("action_id") == action_id:
            return block, element
    return None


def shape(element: Json, value: Any) -> Json:
    """An element's entry in the state: its type and value."""
    name, many = VALUE_FIELDS[element["type"]]
    empty: Any = [] if many else None
    found: Json = {"type": element["type"], name: empty if value is None else value}
    if element["type"] == "timepicker" and element.get("timezone"):
        found["timezone"] = element["timezone"]
    return found


def value_of(element: Json, entry: Json) -> Any:
    """The bare value in a state entry."""
    return entry.get(VALUE_FIELDS[element["type"]][0])


def initial_value(element: Json) -> Any:
    """What the app put in beforehand."""
    return element.get(INITIALS.get(VALUE_FIELDS[element["type"]][0], ""))


def beginning_state(blocks: Iterable[Any] | None, before: Json | None = None) -> Json:
    """The state of fresh inputs; what was typed stays where both ids and the type are the same."""
    state: Json = {}
    for block, element in all_elements(blocks):
        if element["type"] not in VALUE_FIELDS:
            continue
        typed = ((before or {}).get(block["block_id"]) or {}).get(element["action_id"])
        kept = typed if typed and typed.get("type") == element["type"] else shape(element, initial_value(element))
        state.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return state


def options_of(element: Json) -> list[Json]:
    """The choices an element lists, those in groups included."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(each for group in groups for each in group.get("options") or [])]


def words_of(value: Any) -> Iterator[str]:
    """Every text a reader sees in blocks, in order."""
    if isinstance(value, list):
        for inner in value:
            yield from words_of(inner)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for name, inner in value.items():
            if name not in {"value", "confirm", "type"} and isinstance(inner, dict | list):
                yield from words_of(inner)
