"""Arrays, objects and choices by type, made of the checks of what they hold."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from playground.blocks import problems
from playground.blocks.formats import as_number
from playground.blocks.walk import Check, Walk

Shape: TypeAlias = dict[str, Any]


def array(spec: Shape, item: Check) -> Check:
    """Count first; the items of an array of the wrong size are not looked at."""
    least, most = spec.get("min", 0), spec.get("max")

    def check_array(value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, list):
            walk.problems.append(problems.wrong_type(pointer, "an array"))
        elif len(value) < least:
            walk.problems.append(problems.too_few(pointer, least, len(value)))
        elif most is not None and len(value) > most:
            walk.problems.append(problems.too_many(pointer, most, len(value)))
        else:
            for index, inner in enumerate(value):
                item(inner, f"{pointer}/{index}", walk)

    return check_array


def nullable(check: Check) -> Check:
    """The same check, which lets null pass."""

    def check_unless_null(value: Any, pointer: str, walk: Walk) -> None:
        if value is not None:
            check(value, pointer, walk)

    return check_unless_null


def only_in(check: Check, place: Mapping[str, str]) -> Check:
    """The same check of a field that exists only on one surface in one kind of block."""
    surface, block = place["surface"], place["block"]

    def check_place(value: Any, pointer: str, walk: Walk) -> None:
        if walk.surface == surface and walk.inside.block_type == block:
            check(value, pointer, walk)
        else:
            owner, _, name = pointer.rpartition("/")
            walk.problems.append(problems.not_a_field(owner, name))

    return check_place


def by_type(checks: Mapping[str, Check], surfaces: Mapping[str, frozenset[str]]) -> Check:
    """An object told by its type; a type absent from `surfaces` may stand wherever its parent may."""

    def allowed(walk: Walk, name: str) -> bool:
        return name not in surfaces or walk.surface in surfaces[name]

    def check_by_type(value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, dict):
            walk.problems.append(problems.wrong_type(pointer, "an object"))
        elif "type" not in value:
            walk.problems.append(problems.missing(pointer, "type"))
        elif not isinstance(value["type"], str):
            walk.problems.append(problems.wrong_type(f"{pointer}/type", "a string"))
        elif value["type"] in checks and allowed(walk, value["type"]):
            checks[value["type"]](value, pointer, walk)
        else:
            expected = [name for name in checks if allowed(walk, name)]
            walk.problems.append(problems.unsupported(pointer, expected, value["type"]))

    return check_by_type


def fields_of(spec: Shape, fields: Mapping[str, Check]) -> Check:
    """An object's fields: the required ones are there, each passes its check, no others are known."""
    required = spec.get("required", [])

    def check_fields(value: Shape, pointer: str, walk: Walk) -> None:
        for name in required:
            if name not in value:
                walk.problems.append(problems.missing(pointer, name))
        for name, inner in value.items():
            check = fields.get(name)
            if check is None:
                walk.problems.append(problems.not_a_field(pointer, name))
            else:
                check(inner, f"{pointer}/{name}", walk)

    return check_fields


def obj(spec: Shape, fields: Mapping[str, Check], relations: list[Check]) -> Check:
    """An object: its fields, its groups of fields, and, once those hold, the relations between values."""
    check_fields = fields_of(spec, fields)
    rules = groups(spec)

    def check_object(value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, dict):
            walk.problems.append(problems.wrong_type(pointer, "an object"))
            return
        before = len(walk.problems)
        check_fields(value, pointer, walk)
        for rule in rules:
            rule(value, pointer, walk)
        if relations and len(walk.problems) == before:
            for rule in relations:
                rule(value, pointer, walk)

    return check_object


def groups(spec: Shape) -> list[Check]:
    """The rules about which fields may or must be given together."""
    least = [*spec.get("exactly_one_of", []), *spec.get("at_least_one_of", [])]
    most = [*spec.get("exactly_one_of", []), *spec.get("at_most_one_of", [])]
    return [at_least_one(names) for names in least] + [at_most_one(names) for names in most]


def at_least_one(names: list[str]) -> Check:
    """One of these fields must be given; Slack points at the type of what lacks them, where it has one."""

    def check_group(value: Any, pointer: str, walk: Walk) -> None:
        if not any(name in value for name in names):
            at = f"{pointer}/type" if "type" in value else pointer
            walk.problems.append(problems.either(at, names))

    return check_group


def at_most_one(names: list[str]) -> Check:
    """No two of these fields together."""

    def check_group(value: Any, pointer: str, walk: Walk) -> None:
        if sum(name in value for name in names) > 1:
            walk.problems.append(problems.only_one(pointer))

    return check_group


def in_order(low: str, high: str) -> Check:
    """The first field not above the second; both numbers, or strings that write numbers."""

    def check_order(value: Any, pointer: str, walk: Walk) -> None:
        if low in value and high in value and magnitude(value[low]) > magnitude(value[high]):
            walk.problems.append(problems.too_big(f"{pointer}/{low}", value[high], value[low]))

    return check_order


def magnitude(value: Any) -> Any:
    """What to compare by."""
    return as_number(value) if isinstance(value, str) else value


def offered(value: Shape, sources: list[str]) -> list[Any]:
    """Every option these fields list, those inside groups too."""
    listed = [entry for source in sources for entry in value.get(source, [])]
    return [option for entry in listed for option in entry.get("options", [entry])]


def chosen_from(field: str, sources: list[str], chosen: Callable[[Any], list[Any]]) -> Check:
    """What is chosen at first deep-equals something offered; an empty choice is none, and Slack refuses it."""

    def check_chosen(value: Any, pointer: str, walk: Walk) -> None:
        if field not in value:
            return
        options, picks = offered(value, sources), chosen(value[field])
        if not picks or any(pick not in options for pick in picks):
            walk.problems.append(problems.not_an_option(f"{pointer}/{field}", value[field]))

    return check_chosen
