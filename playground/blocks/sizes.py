"""How large a whole payload may be: a view in bytes, a message's blocks in characters."""

import json
from typing import Any

from playground.blocks import problems
from playground.blocks.limits import limits
from playground.blocks.problems import Code, Problem


def written(value: Any) -> str:
    """The shortest JSON of a value; what JSON cannot say is written as Python would."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def view_size_problem(view: Any) -> Problem | None:
    """The problem of a view over 250 KB of UTF-8 JSON."""
    most = limits()["payload"]["view"]["max_bytes"]
    size = len(written(view).encode("utf-8", "surrogatepass"))
    return too_large("/view", problems.VIEW_TOO_LARGE, most, size) if size > most else None


def message_size_problem(arrays: list[Any]) -> Problem | None:
    """The problem of blocks that together are longer than a message takes.

    Slack publishes no rule. What people measured fits the JSON of the blocks, about 13,200 characters of it: text and
    a share for each container. Lists of options and table rows have limits of their own and are left out.
    """
    rule = limits()["payload"]["message"]
    size = sum(len(written(blocks)) for blocks in arrays)
    if size > rule["max_chars"]:
        size = sum(len(written(without(blocks, rule["uncounted"]))) for blocks in arrays)
    if size <= rule["max_chars"]:
        return None
    return too_large("/blocks", problems.MESSAGE_TOO_LONG, rule["max_chars"], size)


def without(value: Any, names: list[str]) -> Any:
    """The value with these fields taken out at every depth."""
    if isinstance(value, list):
        return [without(inner, names) for inner in value]
    if isinstance(value, dict):
        return {name: without(inner, names) for name, inner in value.items() if name not in names}
    return value


def too_large(pointer: str, error: str, most: int, got: int) -> Problem:
    """A problem that is an error of its own to the Web API."""
    constraint = {"type": "max_length", "expected": most, "got": got}
    return Problem(pointer, Code.FAILED_CONSTRAINT, error, constraint)
