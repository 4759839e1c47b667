"""The rules between parts of a payload that is well formed: ids, focus, inputs, totals, counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from playground.blocks import problems
from playground.blocks.formats import as_number
from playground.blocks.limits import limits
from playground.blocks.problems import Problem
from playground.blocks.walk import Place, Walk

Rule: TypeAlias = Callable[[Walk], Iterator[Problem]]


def crossing_problems(walk: Walk) -> list[Problem]:
    """Every broken rule, in the order of RULES."""
    return [problem for rule in RULES for problem in rule(walk)]


def repeated(ids: Iterable[tuple[Any, str, Place]]) -> Iterator[Problem]:
    """A problem for each id that stood before in the same scope; (scope, field, place)."""
    seen: set[tuple[Any, str]] = set()
    for scope, field, place in ids:
        value = place.value.get(field)
        if value is None:
            continue
        if (scope, value) in seen:
            yield problems.already_there(f"{place.pointer}/{field}", field, value)
        seen.add((scope, value))


def block_ids_are_unique(walk: Walk) -> Iterator[Problem]:
    """Over the whole payload, nested blocks too."""
    return repeated(("payload", "block_id", place) for place in walk.blocks)


def action_ids_are_unique(walk: Walk) -> Iterator[Problem]:
    """Within one block."""
    return repeated((place.block, "action_id", place) for place in walk.elements)


def one_element_has_focus(walk: Walk) -> Iterator[Problem]:
    """At most one focus_on_load that is true."""
    focused = [place for place in walk.elements if place.value.get("focus_on_load") is True]
    for place in focused[1:]:
        message = "only one element can set `focus_on_load`"
        yield problems.broken(f"{place.pointer}/focus_on_load", message, "max_items", 1, len(focused))


def files_are_not_dispatched(walk: Walk) -> Iterator[Problem]:
    """An input of files takes no dispatch_action."""
    for place in walk.elements:
        if place.value["type"] == "file_input":
            owner = place.pointer.removesuffix("/element")
            if any(block.pointer == owner and "dispatch_action" in block.value for block in walk.blocks):
                yield problems.not_a_field(owner, "dispatch_action")


def whole_numbers_are_whole(walk: Walk) -> Iterator[Problem]:
    """Where decimals are not allowed, no bound and no first value has any."""
    for place in walk.elements:
        if place.value["type"] != "number_input" or place.value["is_decimal_allowed"]:
            continue
        for field in ("min_value", "max_value", "initial_value"):
            written = as_number(place.value.get(field, "0"))
            if written is not None and written != written.to_integral_value():
                yield problems.bad_format(f"{place.pointer}/{field}", "integer", place.value[field])


def folding_is_consistent(walk: Walk) -> Iterator[Problem]:
    """A container that folds has no header divider; one that does not cannot start folded."""
    for place in blocks_of(walk, "container"):
        folds = place.value.get("is_collapsible", False)
        if folds and place.value.get("has_header_divider"):
            yield problems.not_a_field(place.pointer, "has_header_divider")
        if not folds and place.value.get("default_collapsed"):
            yield problems.not_a_field(place.pointer, "default_collapsed")


def data_tables_are_even(walk: Walk) -> Iterator[Problem]:
    """All rows as long as the header, and only raw text in the header."""
    for place, spec in specified(walk, "even_rows"):
        header, *rows = place.value["rows"]
        for index, row in enumerate(rows, start=1):
            if len(row) < len(header):
                yield problems.too_few(f"{place.pointer}/rows/{index}", len(header), len(row))
            if len(row) > len(header):
                yield problems.too_many(f"{place.pointer}/rows/{index}", len(header), len(row))
        for index, cell in enumerate(header):
            if cell["type"] not in spec["header_cells"]:
                yield problems.unsupported(f"{place.pointer}/rows/0/{index}", spec["header_cells"], cell["type"])
        chosen = place.value.get("row_header_column_index", 0)
        if chosen >= len(header):
            yield problems.too_big(f"{place.pointer}/row_header_column_index", len(header) - 1, chosen)


def charts_fit_their_axes(walk: Walk) -> Iterator[Problem]:
    """Categories and series told apart by name, and one point of each series for each category."""
    for place in blocks_of(walk, "data_visualization"):
        chart, pointer = place.value["chart"], f"{place.pointer}/chart"
        if "series" not in chart:
            continue
        categories = chart["axis_config"]["categories"]
        named = [("category", label, f"{pointer}/axis_config/categories") for label in categories]
        named += [("name", series["name"], f"{pointer}/series") for series in chart["series"]]
        yield from (problems.already_there(at, field, name) for field, name, at in doubles(named))
        for index, series in enumerate(chart["series"]):
            labels = [point["label"] for point in series["data"]]
            if sorted(labels) != sorted(categories):
                message = "must have one data point for each of `categories`"
                yield problems.broken(f"{pointer}/series/{index}/data", message, "enum", categories, labels)


def tasks_are_told_apart(walk: Walk) -> Iterator[Problem]:
    """No two tasks of a plan share an id."""
    for place in blocks_of(walk, "plan"):
        named = [("task_id", task["task_id"], f"{place.pointer}/tasks") for task in place.value.get("tasks", [])]
        yield from (problems.already_there(at, field, name) for field, name, at in doubles(named))


def doubles(found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """What stands there a second time."""
    return [each for index, each in enumerate(found) if each in found[:index]]


def tables_are_short(walk: Walk) -> Iterator[Problem]:
    """All cells of a table together."""
    for place, spec in specified(walk, "total_chars"):
        total = characters(place.value["rows"])
        if total > spec["total_chars"]:
            yield problems.too_long(f"{place.pointer}/rows", spec["total_chars"], total)


def texts_add_up(walk: Walk) -> Iterator[Problem]:
    """A text bounded over the whole payload; the block that goes past the bound is pointed at."""
    totals: dict[str, int] = {}
    for place, spec in specified(walk, "cumulative"):
        field, most = spec["cumulative"]["field"], spec["cumulative"]["max"]
        before = totals.get(place.block_type, 0)
        totals[place.block_type] = total = before + len(place.value[field])
        if before <= most < total:
            yield problems.too_long(f"{place.pointer}/{field}", most, total)


def counts_are_kept(walk: Walk) -> Iterator[Problem]:
    """Kinds of block of which a payload takes only so many."""
    for rule in limits()["counts"]:
        counted = [place for place in walk.blocks if place.block_type in rule["types"]]
        if len(counted) > rule["max"]:
            at = counted[rule["max"]].pointer
            yield problems.broken(at, rule["message"], "max_items", rule["max"], len(counted))


def inputs_can_be_submitted(walk: Walk, view: Mapping[str, Any]) -> Iterator[Problem]:
    """A modal with an input block has a submit button; Slack points at the first input."""
    if walk.surface == "modal" and "submit" not in view:
        for place in blocks_of(walk, "input"):
            message = "must define `submit` to use an `input` block in modals"
            yield problems.broken(f"{place.pointer}/input", message, "any_of")
            return


def blocks_of(walk: Walk, kind: str) -> Iterator[Place]:
    """The blocks of one type."""
    return (place for place in walk.blocks if place.block_type == kind)


def specified(walk: Walk, rule: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The blocks whose data holds this rule, with that data."""
    specs = limits()["blocks"]
    return ((place, specs[place.block_type]) for place in walk.blocks if rule in specs[place.block_type])


def characters(value: Any) -> int:
    """All the text in table cells, of any depth."""
    if isinstance(value, list):
        return sum(characters(inner) for inner in value)
    return len(value.get("text", "")) + characters(value.get("elements", []))


RULES: tuple[Rule, ...] = (
    block_ids_are_unique,
    action_ids_are_unique,
    one_element_has_focus,
    files_are_not_dispatched,
    whole_numbers_are_whole,
    folding_is_consistent,
    data_tables_are_even,
    charts_fit_their_axes,
    tasks_are_told_apart,
    tables_are_short,
    texts_add_up,
    counts_are_kept,
)
