"""Makes the smallest payload around anything the data names, so that each of its rules can be tried in place."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from playground.blocks import Problem, check_message, check_view, limits

FAMILIES = {
    "block": "blocks",
    "element": "elements",
    "run": "runs",
    "cell": "cells",
    "chart": "charts",
    "object": "objects",
}
SURFACES = ("message", "modal", "home")
WRITTEN = {
    "url": "https://example.com/a",
    "date": "2026-11-23",
    "time": "09:30",
    "timezone": "Europe/Lisbon",
    "number": "7",
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """A block, element, run, cell, chart or object by its name."""

    t: str
    name: str

    @property
    def spec(self) -> Json:
        """What the data says of it."""
        found: Json = limits()[FAMILIES[self.t]][self.name]
        return found

    def stands_on(self, surface: str) -> bool:
        """Whether the data lets it stand there."""
        return surface in self.spec.get("surfaces", SURFACES)


@dataclass(frozen=True, slots=True)
class Hop:
    """From something to a thing inside it: the field, and 0 for each array on the way."""

    parent: Thing
    steps: tuple[str | int, ...]
    child: Thing


@dataclass(frozen=True, slots=True)
class Carrier:
    """The way from a payload's root to a thing, on one surface."""

    surface: str
    hops: tuple[Hop, ...]
    target: Thing

    @property
    def pointer(self) -> str:
        """Where the thing stands in the payload."""
        steps = "".join(f"/{step}" for hop in self.hops for step in hop.steps)
        return ("/blocks/0" if self.surface == "message" else "/view/blocks/0") + steps

    def payload(self, value: Any) -> Json:
        """The whole payload with this value in the thing's place."""
        for hop in reversed(self.hops):
            value = put(hop.parent.spec, sample(hop.parent, self.surface), hop.steps, value, self.surface)
        return around([value], self.surface)


def written_out(spec: Any) -> Json:
    """A specification, looked up where the data only names it."""
    found: Json = limits()["shared"][spec] if isinstance(spec, str) else spec
    return found


def around(blocks: list[Any], surface: str) -> Json:
    """The smallest message, modal or Home with these blocks."""
    if surface == "message":
        return {"text": "words", "blocks": blocks}
    if surface == "home":
        return {"type": "home", "blocks": blocks}
    words = {"type": "plain_text", "text": "words"}
    return {"type": "modal", "title": words, "submit": words, "blocks": blocks}


def judge(payload: Mapping[str, Any]) -> list[Problem]:
    """The problems of a message or a view, whichever it is."""
    return check_view(payload) if "type" in payload else check_message(payload)


def sample(thing: Thing, surface: str) -> Json:
    """The smallest valid thing: its type, its required fields, the first of each group."""
    spec = thing.spec
    chosen = [names[0] for rule in ("exactly_one_of", "at_least_one_of") for names in spec.get(rule, [])]
    names = [*spec.get("required", []), *(name for name in chosen if name not in spec.get("required", []))]
    start = {} if thing.t == "object" else {"type": thing.name}
    return start | {name: value_of(spec["fields"][name], surface) for name in names}


def value_of(spec: Any, surface: str) -> Any:
    """The smallest valid value of a specification."""
    spec = written_out(spec)
    if spec["t"] == "array":
        return [value_of(spec["items"], surface)] * max(1, spec.get("min", 0))
    if spec["t"] == "any_of":
        return value_of(spec["options"][0], surface)
    if spec["t"] == "object":
        return sample(Thing("object", spec["ref"]), surface)
    return sample(first_allowed(spec, surface), surface) if "one_of" in spec else plain_value(spec)


def plain_value(spec: Json) -> Any:
    """The smallest valid value that is made of nothing else."""
    least = max(1, spec.get("min", 1))
    values = {
        "text": {"type": spec.get("kinds", [""])[0], "text": "a" * least},
        "string": WRITTEN.get(spec.get("format", ""), "a"),
        "int": least,
        "number": least,
        "bool": False,
        "enum": spec.get("values", [""])[0],
    }
    return values[spec["t"]]


def first_allowed(spec: Json, surface: str) -> Thing:
    """The first thing of a choice that may stand on the surface; a divider where all blocks may."""
    names = ["divider"] if spec["one_of"] == "*" else spec["one_of"]
    return next(thing for name in names if (thing := Thing(spec["t"], name)).stands_on(surface))


def put(spec: Json, value: Json, steps: tuple[str | int, ...], inner: Any, surface: str) -> Json:
    """The value with `inner` at the steps, and without what may not stand beside it."""
    field = str(steps[0])
    groups = [*spec.get("exactly_one_of", []), *spec.get("at_most_one_of", [])]
    rivals = {name for group in groups if field in group for name in group if name != field}
    kept = {name: held for name, held in value.items() if name not in rivals}
    held = kept.get(field, value_of(spec["fields"][field], surface))
    return {**kept, field: replaced(held, steps[1:], inner)}


def replaced(held: Any, steps: tuple[str | int, ...], inner: Any) -> Any:
    """Nested arrays with their first leaf replaced."""
    return [replaced(held[0], steps[1:], inner), *held[1:]] if steps else inner


def inside(spec: Any) -> Iterator[tuple[tuple[int, ...], Thing]]:
    """The things a specification may hold, with a 0 for each array around them."""
    spec = written_out(spec)
    if spec["t"] == "array":
        yield from (((0, *steps), thing) for steps, thing in inside(spec["items"]))
    elif spec["t"] == "any_of":
        for option in spec["options"]:
            yield from inside(option)
    elif spec["t"] == "object":
        yield (), Thing("object", spec["ref"])
    elif "one_of" in spec:
        names = limits()[FAMILIES[spec["t"]]] if spec["one_of"] == "*" else spec["one_of"]
        yield from (((), Thing(spec["t"], name)) for name in names)


def hops_from(parent: Thing) -> Iterator[Hop]:
    """Every thing directly inside this one."""
    for field, spec in parent.spec["fields"].items():
        for steps, child in inside(spec):
            yield Hop(parent, (field, *steps), child)


def carrier(target: Thing, surface: str, via: str | None = None) -> Carrier | None:
    """The shortest way to a thing on a surface, through one kind of block if asked; None if there is none."""
    roots = [thing for name in limits()["blocks"] if (thing := Thing("block", name)).stands_on(surface)]
    waiting: deque[tuple[Thing, tuple[Hop, ...]]] = deque()
    waiting += [(root, ()) for root in roots if via in (None, root.name)]
    seen: set[Thing] = set()
    while waiting:
        thing, hops = waiting.popleft()
        if thing == target:
            return Carrier(surface, hops, target)
        if thing not in seen:
            seen.add(thing)
            waiting += [(hop.child, (*hops, hop)) for hop in hops_from(thing) if hop.child.stands_on(surface)]
    return None


def things() -> list[Thing]:
    """Everything the data describes but whole views."""
    return [Thing(t, name) for t, family in FAMILIES.items() for name in limits()[family]]


def carriers() -> list[Carrier]:
    """One for each thing on each surface it can be met on."""
    found = [carrier(thing, surface) for thing in things() for surface in SURFACES]
    return [each for each in found if each is not None]


def label(each: Carrier) -> str:
    """A test's name."""
    return f"{each.target.t}-{each.target.name}-on-{each.surface}"


@pytest.mark.parametrize("each", carriers(), ids=label)
def test_the_smallest_sample_of_everything_passes_where_it_may_stand(each: Carrier) -> None:
    assert judge(each.payload(sample(each.target, each.surface))) == []


def test_everything_but_the_inbound_file_block_can_be_met() -> None:
    met = {each.target for each in carriers()}
    assert [thing for thing in things() if thing not in met] == [Thing("block", "file")]


def misplaced_blocks() -> list[tuple[str, Thing]]:
    """Each surface with each block that may not stand on it."""
    blocks = [Thing("block", name) for name in limits()["blocks"]]
    return [(surface, block) for surface in SURFACES for block in blocks if not block.stands_on(surface)]


def misplaced_elements() -> list[Carrier]:
    """Each element in its own place, but on a surface it is not for and its block is."""
    found = []
    for thing in things():
        home = next((way for surface in SURFACES if (way := carrier(thing, surface))), None)
        if thing.t == "element" and home:
            others = [surface for surface in SURFACES if not thing.stands_on(surface)]
            taken = [surface for surface in others if home.hops[0].parent.stands_on(surface)]
            found += [Carrier(surface, home.hops, thing) for surface in taken]
    return found


@pytest.mark.parametrize(("surface", "block"), misplaced_blocks())
def test_a_block_is_refused_on_a_surface_the_data_does_not_name(surface: str, block: Thing) -> None:
    found = judge(around([sample(block, "message")], surface))
    root = "/blocks/0" if surface == "message" else "/view/blocks/0"
    assert [(each.pointer, each.message) for each in found] == [(f"{root}/type", f"unsupported type: {block.name}")]


@pytest.mark.parametrize("moved", misplaced_elements(), ids=label)
def test_an_element_is_refused_in_its_own_place_on_a_surface_it_is_not_for(moved: Carrier) -> None:
    found = judge(moved.payload(sample(moved.target, moved.surface)))
    assert [(each.pointer, each.message) for each in found] == [
        (f"{moved.pointer}/type", f"unsupported type: {moved.target.name}")
    ]


def test_the_misplaced_things_are_the_ones_slack_keeps_apart() -> None:
    blocks = {(surface, block.name) for surface, block in misplaced_blocks()}
    elements = {(each.surface, each.target.name) for each in misplaced_elements()}
    assert {("message", "alert"), ("home", "alert"), ("modal", "table"), ("modal", "markdown")} <= blocks
    assert {("message", "file_input"), ("home", "email_text_input"), ("home", "datetimepicker")} <= elements
