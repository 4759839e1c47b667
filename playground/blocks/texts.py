"""Text objects: which of plain_text and mrkdwn may stand there, how long, and the flags each kind may carry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from playground.blocks import problems
from playground.blocks.problems import Problem
from playground.blocks.scalars import length_problem
from playground.blocks.walk import Check, Walk

FLAG_OF: Mapping[str, str] = MappingProxyType({"plain_text": "emoji", "mrkdwn": "verbatim"})


def kind_problem(kind: Any, pointer: str, kinds: list[str]) -> Problem | None:
    """The problem of a text's type; one allowed kind is a constant to Slack, several are alternatives."""
    if not isinstance(kind, str):
        return problems.wrong_type(f"{pointer}/type", "a string")
    if kind in kinds:
        return None
    if len(kinds) == 1:
        return problems.not_a_choice(f"{pointer}/type", kinds, kind)
    return problems.unsupported(pointer, kinds, kind)


def words_problem(words: Any, pointer: str, least: int, most: int) -> Problem | None:
    """The problem of the characters themselves."""
    if not isinstance(words, str):
        return problems.wrong_type(f"{pointer}/text", "a string")
    return length_problem(words, f"{pointer}/text", least, most)


def field_problem(name: str, value: dict[str, Any], pointer: str) -> Problem | None:
    """The problem of any other field: the kind's own flag is a boolean, nothing else is known."""
    if name != FLAG_OF.get(str(value.get("type"))):
        return problems.not_a_field(pointer, name)
    return None if isinstance(value[name], bool) else problems.wrong_type(f"{pointer}/{name}", "a boolean")


def text(spec: dict[str, Any]) -> Check:
    """A text object of these kinds with text of min to max code points."""
    kinds, least, most = spec["kinds"], spec["min"], spec["max"]

    def check_text(value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, dict):
            walk.problems.append(problems.wrong_type(pointer, "an object"))
            return
        walk.problems += [problems.missing(pointer, name) for name in ("type", "text") if name not in value]
        for name, inner in value.items():
            if name == "type":
                found = kind_problem(inner, pointer, kinds)
            elif name == "text":
                found = words_problem(inner, pointer, least, most)
            else:
                found = field_problem(name, value, pointer)
            if found:
                walk.problems.append(found)

    return check_text
