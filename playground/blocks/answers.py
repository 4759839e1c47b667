"""The Web API's answers about problems: what blocks.validate says, and how chat.* and views.* refuse."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from playground.blocks.problems import MESSAGE_TOO_LONG, TOO_MANY_TABLES, VIEW_TOO_LARGE, Code, Problem
from playground.blocks.surfaces import check_blocks, check_message, check_view

Judge = Callable[[Any], list[Problem]]


def judge_blocks(blocks: Any) -> list[Problem]:
    """Blocks on their own, pointed at from the array itself."""
    return check_blocks(blocks, pointer="")


JUDGES: Mapping[str, Judge] = MappingProxyType({"blocks": judge_blocks, "view": check_view, "message": check_message})


def validate(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """blocks.validate: exactly one of blocks, view and message, as JSON text or already read.

    Pointers start at what was given: /0/text for blocks, /blocks/0/text for a view or a message.
    """
    given = [name for name in JUDGES if arguments.get(name) is not None]
    if len(given) != 1:
        return refused("invalid_arguments", ["must provide exactly one of `blocks`, `view` or `message`"])
    name = given[0]
    try:
        payload = json.loads(arguments[name]) if isinstance(arguments[name], str) else arguments[name]
    except (ValueError, RecursionError):
        return {"ok": False, "error": "invalid_json"}
    found = JUDGES[name](payload)
    return {"ok": False, "error": f"invalid_{name}", "errors": errors(found)} if found else {"ok": True}


def errors(found: Sequence[Problem]) -> list[dict[str, Any]]:
    """The problems as blocks.validate lists them."""
    return [{**problem.as_error(), "pointer": problem.pointer.removeprefix("/view")} for problem in found]


def refusal_for_message(found: Sequence[Problem]) -> dict[str, Any]:
    """How chat.* refuses a message with these problems."""
    error = message_error(found)
    if error in {MESSAGE_TOO_LONG, "invalid_blocks_format"}:
        return {"ok": False, "error": error}
    said = [str(problem) for problem in found]
    return {**refused(error, said), "errors": said}


def message_error(found: Sequence[Problem]) -> str:
    """The error's name: some problems have one of their own, tables and attachments share one."""
    first = needed(found)
    if first.message == MESSAGE_TOO_LONG:
        return MESSAGE_TOO_LONG
    if first.pointer == "/blocks" and first.code is Code.INVALID_TYPE:
        return "invalid_blocks_format"
    if first.message == TOO_MANY_TABLES or first.pointer.startswith("/attachments"):
        return "invalid_attachments"
    return "invalid_blocks" if first.pointer.startswith("/blocks") else "invalid_arguments"


def refusal_for_view(found: Sequence[Problem]) -> dict[str, Any]:
    """How views.* refuses a view with these problems."""
    if needed(found).message == VIEW_TOO_LARGE:
        return {"ok": False, "error": VIEW_TOO_LARGE}
    return refused("invalid_arguments", [str(problem) for problem in found])


def needed(found: Sequence[Problem]) -> Problem:
    """The first problem; a refusal without one would be a refusal without a reason."""
    if not found:
        raise ValueError("A refusal needs at least one problem.")
    return found[0]


def refused(error: str, said: Sequence[str]) -> dict[str, Any]:
    """An error with Slack's explanations."""
    return {
        "ok": False,
        "error": error,
        "response_metadata": {"messages": [f"[ERROR] {line}" for line in said]},
    }
