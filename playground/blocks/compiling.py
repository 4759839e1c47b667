"""Makes the data's rules into checks, each thing once, when it is first met."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from playground.blocks import containers, scalars, texts, walk
from playground.blocks.containers import Shape
from playground.blocks.limits import limits, resolve
from playground.blocks.walk import Check, Walk


def compile_spec(spec: Any) -> Check:
    """The check of one specification, be it written out or the name of a shared one."""
    shape = resolve(spec)
    check = COMPILERS[shape["t"]](shape)
    return containers.only_in(check, shape["only_in"]) if "only_in" in shape else check


def compile_array(spec: Shape) -> Check:
    """An array of whatever its items are."""
    return containers.array(spec, compile_spec(spec["items"]))


def compile_object(spec: Shape) -> Check:
    """A composition object by its name."""
    return plain_object(spec["ref"])


def compile_typed(spec: Shape) -> Check:
    """A block, element, run, cell or chart, one of those named."""
    return containers.by_type(*alternatives([spec]))


def compile_any_of(spec: Shape) -> Check:
    """A mixture of typed things and text objects."""
    return containers.by_type(*alternatives([resolve(option) for option in spec["options"]]))


def alternatives(options: list[Shape]) -> tuple[dict[str, Check], dict[str, frozenset[str]]]:
    """The check for each type that may stand there, and the surfaces of those that have some of their own."""
    checks: dict[str, Check] = {}
    surfaces: dict[str, frozenset[str]] = {}
    for option in options:
        if option["t"] == "text":
            checks |= dict.fromkeys(option["kinds"], compile_spec(option))
            continue
        family = limits()[f"{option['t']}s"]
        for name in family if option["one_of"] == "*" else option["one_of"]:
            checks[name] = typed_thing(option["t"], name)
            if "surfaces" in family[name]:
                surfaces[name] = frozenset(family[name]["surfaces"])
    return checks, surfaces


@cache
def typed_thing(family: str, name: str) -> Check:
    """The check of one block, element, run, cell or chart, whose type is known to be right."""
    check = whole(limits()[f"{family}s"][name], known_type=True)
    if family == "block":
        return walk.block(check, name)
    return walk.element(check) if family == "element" else check


@cache
def plain_object(name: str) -> Check:
    """The check of one composition object."""
    spec = limits()["objects"][name]
    check = whole(spec, known_type=False)
    return containers.nullable(check) if spec.get("nullable") else check


@cache
def view(kind: str) -> Check:
    """The check of a view's own fields and all in it."""
    return whole(limits()["views"][kind], known_type=False)


@cache
def message_blocks() -> Check:
    """The check of a message's array of blocks."""
    return compile_spec(limits()["payload"]["message"]["blocks"])


@cache
def view_blocks(kind: str) -> Check:
    """The check of a view's array of blocks alone."""
    return compile_spec(limits()["views"][kind]["fields"]["blocks"])


def whole(spec: Shape, *, known_type: bool) -> Check:
    """The check of anything with fields."""
    fields = {name: compile_spec(inner) for name, inner in spec["fields"].items()}
    if known_type:
        fields["type"] = pass_by
    return containers.obj(spec, fields, relations(spec))


def relations(spec: Shape) -> list[Check]:
    """The rules between the values of one object's fields."""
    rules = [containers.in_order(low, high) for low, high in spec.get("order", [])]
    for name, inner in spec["fields"].items():
        shape = resolve(inner)
        if "member_of" in shape:
            rules.append(containers.chosen_from(name, shape["member_of"], lambda choice: [choice]))
        if "subset_of" in shape:
            rules.append(containers.chosen_from(name, shape["subset_of"], list))
    return rules


def pass_by(_value: Any, _pointer: str, _walk: Walk) -> None:
    """The type's own check: choosing by it was the check."""


COMPILERS: Mapping[str, Callable[[Shape], Check]] = MappingProxyType(
    {
        "text": texts.text,
        "string": scalars.string,
        "int": scalars.number,
        "number": scalars.number,
        "bool": scalars.boolean,
        "enum": scalars.choice,
        "array": compile_array,
        "object": compile_object,
        "any_of": compile_any_of,
        **dict.fromkeys(("block", "element", "run", "cell", "chart"), compile_typed),
    }
)
