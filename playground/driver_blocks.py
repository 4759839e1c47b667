"""Reading blocks as a person reads them: buttons by label, fields by block_id, choices by what they say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playground.elements import BUTTONS, VALUE_FIELDS, all_elements, options_of
from playground.records import Json

Names = Callable[[str], str | None]
Offered = Callable[[str, str], list[Json]]


class TextOf:
    """The words of text objects."""

    @staticmethod
    def plain(value: Any) -> str:
        """The text of a text object, empty when there is none."""
        return str(value.get("text", "")) if isinstance(value, dict) else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One element, where it is and what it says."""

    block_id: str
    action_id: str
    label: str
    element: Json

    @staticmethod
    def all_in(blocks: list[Json]) -> Iterator["Choice"]:
        """Every interactive element, in reading order."""
        for block, element in all_elements(blocks):
            label = TextOf.plain(element.get("text")) or TextOf.plain(block.get("label"))
            yield Choice(block["block_id"], element["action_id"], label or element["action_id"], element)

    @staticmethod
    def fields_in(blocks: list[Json]) -> dict[str, "Choice"]:
        """The elements that hold a value, by block_id."""
        return {each.block_id: each for each in Choice.all_in(blocks) if each.element["type"] in VALUE_FIELDS}


def buttons_in(blocks: list[Json]) -> list[Choice]:
    """What can be pressed."""
    return [each for each in Choice.all_in(blocks) if each.element["type"] in BUTTONS]


def choose(blocks: list[Json], label: str, option: str | None) -> tuple[str, str, Json]:
    """The one button of this label or action_id, as block_id, action_id and what to send with the press."""
    pressable = buttons_in(blocks)
    if option is None:
        pressable += [each for each in _menu_entries(pressable) if each.label == label]
    found = [each for each in pressable if label in (each.label, each.action_id)]
    if len(found) != 1:
        known = ", ".join(f"{each.label!r} ({each.action_id})" for each in pressable) or "none"
        what = "no button" if not found else f"{len(found)} buttons"
        raise AssertionError(f"There is {what} called {label!r}; there are: {known}.")
    picked = found[0]
    if picked.element["type"] == "overflow":
        wanted = option if option is not None else label
        return picked.block_id, picked.action_id, {"option": _option(picked, wanted)["value"]}
    return picked.block_id, picked.action_id, {}


def _menu_entries(pressable: list[Choice]) -> list[Choice]:
    return [
        Choice(each.block_id, each.action_id, TextOf.plain(option.get("text")), each.element)
        for each in pressable
        if each.element["type"] == "overflow"
        for option in options_of(each.element)
    ]


def _option(choice: Choice, wanted: object) -> Json:
    options = options_of(choice.element)
    found = [each for each in options if wanted in (each.get("value"), TextOf.plain(each.get("text")))]
    if len(found) != 1:
        known = ", ".join(repr(TextOf.plain(each.get("text"))) for each in options)
        raise AssertionError(f"{choice.label!r} has no single choice {wanted!r}; there are: {known}.")
    return found[0]


def raw_values(
    blocks: list[Json], answers: dict[str, Any], names: Names, offered: Offered = lambda _block, _action: []
) -> Json:
    """Answers by block_id as the page would send them, by block_id and action_id.

    `offered` are the options the app gave last for an external select, which can be chosen by what they say.
    """
    fields = Choice.fields_in(blocks)
    values: Json = {}
    for block_id, answer in answers.items():
        if block_id not in fields:
            raise AssertionError(f"There is no field {block_id!r}; there are: {', '.join(fields) or 'none'}.")
        choice = fields[block_id]
        given = _called(answer, offered(block_id, choice.action_id))
        values[block_id] = {choice.action_id: _raw(choice, given, names)}
    return values


def _called(answer: Any, offered: list[Json]) -> Any:
    """The value of each offer that is named by its label; anything else as it came."""
    if isinstance(answer, list | tuple):
        return [_called(each, offered) for each in answer]
    return next((each["value"] for each in offered if answer == TextOf.plain(each["text"])), answer)


def _raw(choice: Choice, answer: Any, names: Names) -> Any:
    name, many = VALUE_FIELDS[choice.element["type"]]
    if answer is None:
        return None
    if many and not isinstance(answer, list | tuple):
        answer = [answer]
    if many:
        return [_one(choice, name, each, names) for each in answer]
    if isinstance(answer, list | tuple):
        raise AssertionError(f"{choice.label!r} takes one answer, not several.")  # noqa: TRY004  (a test's mistake)
    return _one(choice, name, answer, names)


def _one(choice: Choice, name: str, answer: Any, names: Names) -> Any:
    if name in {"value", "rich_text_value"}:
        if not isinstance(answer, str | int | float | dict) or isinstance(answer, bool):
            raise AssertionError(f"{choice.label!r} takes text, not {answer!r}.")
        return answer if isinstance(answer, dict) else str(answer)
    if name in {"selected_option", "selected_options"} and options_of(choice.element):
        return _option(choice, answer)["value"]
    if name.startswith(("selected_user", "selected_conversation", "selected_channel")):
        found = names(answer.id if hasattr(answer, "id") else str(answer))
        if found is None:
            raise AssertionError(f"There is nobody and no place called {answer!r}.")
        return found
    if name in {"selected_date", "selected_time"}:
        return answer if isinstance(answer, str) else _written(name, answer)
    if name == "selected_date_time":
        return int(answer.timestamp()) if hasattr(answer, "timestamp") else answer
    return answer


def _written(name: str, answer: Any) -> str:
    return str(answer.strftime("%Y-%m-%d" if name == "selected_date" else "%H:%M"))
