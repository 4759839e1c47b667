"""Strings, numbers, booleans and closed lists; lengths are counted in code points, which is what len() counts."""

from math import isfinite
from typing import Any

from playground.blocks import problems
from playground.blocks.formats import FORMATS
from playground.blocks.problems import Problem
from playground.blocks.walk import Check, Walk


def length_problem(text: str, pointer: str, least: int, most: int | None) -> Problem | None:
    """The problem of a string outside its bounds, if it is."""
    if len(text) < least:
        return problems.too_short(pointer, least, len(text))
    if most is not None and len(text) > most:
        return problems.too_long(pointer, most, len(text))
    return None


def string(spec: dict[str, Any]) -> Check:
    """Type, then length, then format: one problem a string, as Slack stops at the first."""
    least, most, name = spec.get("min", 0), spec.get("max"), spec.get("format", "")
    matches = FORMATS[spec.get("scheme", name)] if name else None

    def check_string(value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, str):
            walk.problems.append(problems.wrong_type(pointer, "a string"))
        elif found := length_problem(value, pointer, least, most):
            walk.problems.append(found)
        elif matches is not None and not matches(value):
            walk.problems.append(problems.bad_format(pointer, name, value))

    return check_string


def number(spec: dict[str, Any]) -> Check:
    """An integer where t is int, else any finite JSON number; true and false are neither."""
    least, most, over = spec.get("min"), spec.get("max"), spec.get("over")
    kinds, wanted = (int, "an integer") if spec["t"] == "int" else ((int, float), "a number")

    def check_number(value: Any, pointer: str, walk: Walk) -> None:
        if isinstance(value, bool) or not isinstance(value, kinds) or not isfinite(value):
            walk.problems.append(problems.wrong_type(pointer, wanted))
        elif least is not None and value < least:
            walk.problems.append(problems.too_small(pointer, least, value))
        elif most is not None and value > most:
            walk.problems.append(problems.too_big(pointer, most, value))
        elif over is not None and not value > over:
            walk.problems.append(problems.not_above(pointer, over, value))

    return check_number


def boolean(_: dict[str, Any]) -> Check:
    """True or false, and no string or number that reads like one."""

    def check_boolean(value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, bool):
            walk.problems.append(problems.wrong_type(pointer, "a boolean"))

    return check_boolean


def choice(spec: dict[str, Any]) -> Check:
    """One string of a closed list."""
    values = spec["values"]

    def check_choice(value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, str):
            walk.problems.append(problems.wrong_type(pointer, "a string"))
        elif value not in values:
            walk.problems.append(problems.not_a_choice(pointer, values, value))

    return check_choice
