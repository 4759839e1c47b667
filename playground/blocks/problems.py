"""What is wrong with a payload: where, which kind, and Slack's words for it.

The words, codes and constraint shapes are those of Slack's public JSON schema validator and of refusals its Web API
was seen to give; where neither shows the words, the nearest of them are used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

TOO_MANY_TABLES = "only_one_table_allowed"
MESSAGE_TOO_LONG = "msg_blocks_too_long"
VIEW_TOO_LARGE = "view_too_large"


class Code(StrEnum):
    """The three kinds of problem Slack tells apart."""

    MISSING_FIELD = "missing_field"
    INVALID_TYPE = "invalid_type"
    FAILED_CONSTRAINT = "failed_constraint"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; `pointer` is a JSON pointer from the payload's root."""

    pointer: str
    code: Code
    message: str
    constraint: Mapping[str, Any] | None = None
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

    def as_error(self) -> dict[str, Any]:
        """The entry of an `errors` list, without what this kind of problem does not have."""
        entry = {"pointer": self.pointer, "code": self.code.value, "message": self.message}
        more = {"constraint": self.constraint, "field": self.field}
        return entry | {name: value for name, value in more.items() if value is not None}


def wrong_type(pointer: str, wanted: str) -> Problem:
    """A value of another JSON type; `wanted` comes with its article, except a boolean's own phrase."""
    message = "must be a boolean" if wanted == "a boolean" else f"must provide {wanted}"
    return Problem(pointer, Code.INVALID_TYPE, message)


def missing(pointer: str, field: str) -> Problem:
    """A required field that is not there; the pointer is the object's."""
    return Problem(pointer, Code.MISSING_FIELD, f"missing required field: {field}", field=field)


def broken(pointer: str, message: str, kind: str, expected: Any = None, got: Any = None) -> Problem:
    """A value of the right type that breaks a constraint of this kind."""
    facts = {"type": kind, "expected": expected, "got": got}
    constraint = {name: value for name, value in facts.items() if value is not None}
    return Problem(pointer, Code.FAILED_CONSTRAINT, message, constraint)


def not_a_field(pointer: str, field: str) -> Problem:
    """A field Slack does not know, or not here; the pointer is the object's."""
    return broken(pointer, f"invalid additional property: {field}", "additional_properties", got=field)


def unsupported(pointer: str, expected: Sequence[str], got: str) -> Problem:
    """A type that may not stand here; the pointer is the object's."""
    return broken(f"{pointer}/type", f"unsupported type: {got}", "enum", list(expected), got)


def not_a_choice(pointer: str, expected: Sequence[Any], got: Any) -> Problem:
    """A value outside a closed list."""
    return broken(pointer, "must be a valid enum value", "enum", list(expected), got)


def too_short(pointer: str, least: int, got: int) -> Problem:
    """A string of too few characters."""
    return broken(pointer, f"must be more than {least - 1} characters", "min_length", least, got)


def too_long(pointer: str, most: int, got: int) -> Problem:
    """A string, or several together, of too many characters."""
    return broken(pointer, f"must be less than {most + 1} characters", "max_length", most, got)


def too_few(pointer: str, least: int, got: int) -> Problem:
    """An array of too few items."""
    return broken(pointer, f"must provide at least {least} items", "min_items", least, got)


def too_many(pointer: str, most: int, got: int) -> Problem:
    """An array of too many items."""
    return broken(pointer, f"no more than {most} items allowed", "max_items", most, got)


def too_small(pointer: str, least: Any, got: Any) -> Problem:
    """A number below the least allowed."""
    return broken(pointer, f"must be greater than or equal to {least}", "minimum", least, got)


def too_big(pointer: str, most: Any, got: Any) -> Problem:
    """A number above the greatest allowed."""
    return broken(pointer, f"must be less than or equal to {most}", "maximum", most, got)


def not_above(pointer: str, bound: Any, got: Any) -> Problem:
    """A number that is not greater than its bound."""
    return broken(pointer, f"must be greater than {bound}", "minimum", bound, got)


def bad_format(pointer: str, name: str, got: str) -> Problem:
    """A string not written as this format asks."""
    message = "invalid url" if name == "url" else f"input must be a valid: {name}"
    return broken(pointer, message, "format", name, got)


def either(pointer: str, fields: Iterable[str]) -> Problem:
    """None of the fields of which one is needed."""
    *firsts, last = [f"`{name}`" for name in fields]
    return broken(pointer, f"must define either {', '.join(firsts)} or {last}", "any_of")


def only_one(pointer: str) -> Problem:
    """Two fields of which one is allowed."""
    return broken(pointer, "failed to match exactly one allowed schema", "one_of")


def not_an_option(pointer: str, got: Any) -> Problem:
    """A chosen option that is not among those offered."""
    return broken(pointer, "must be one of the provided options", "enum", got=got)


def already_there(pointer: str, field: str, value: str) -> Problem:
    """An id used twice where it must be unique."""
    return broken(pointer, f'`{field}` "{value}" already exists', "not", got=value)
