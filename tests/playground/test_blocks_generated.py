"""Every rule in the data, tried at its limit, where it must pass, and just past it, where it must be refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from playground.blocks import Problem, limits
from tests.playground.test_blocks_samples import (
    SURFACES,
    WRITTEN,
    Carrier,
    Thing,
    around,
    carrier,
    judge,
    sample,
    things,
    value_of,
    written_out,
)

TYPE, MISSING, CONSTRAINT = "invalid_type", "missing_field", "failed_constraint"
WANTED = {
    "text": "must provide an object",
    "string": "must provide a string",
    "int": "must provide an integer",
    "number": "must provide a number",
    "bool": "must be a boolean",
    "enum": "must provide a string",
    "array": "must provide an array",
}
BADLY_WRITTEN = {
    "url": [
        "example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "https://",
        "https://a b.example",
        "https://[::1",
    ],
    "date": ["2026-02-30", "26-01-01", "2026-1-1", "tomorrow"],
    "time": ["24:00", "9:30", "09:60", "noon"],
    "timezone": ["Europe", "Mars/Olympus", "../etc/passwd"],
    "number": ["seven", "", "1e3", "1,5"],
}
NEEDS: dict[tuple[str, str], dict[str, Any]] = {("container", "default_collapsed"): {"is_collapsible": True}}
ONLY_IN_AN_INPUT = "response_url_enabled"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What must be said about a value, at which pointer below it."""

    at: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Case:
    """A value to try, and what must be said about it: nothing if it is right."""

    label: str
    value: Any
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A case in a whole payload."""

    label: str
    payload: Any
    wrong: Wrong | None


def cases(spec: Any, surface: str) -> Iterator[Case]:
    """Every case of a specification."""
    spec = written_out(spec)
    message = WANTED.get(spec["t"], "must provide an object")
    nullable = spec["t"] == "object" and limits()["objects"][spec["ref"]].get("nullable", False)
    if not nullable:
        yield Case("null", None, Wrong("", TYPE, message))
    yield Case("another type", {} if spec["t"] == "array" else [], Wrong("", TYPE, message))
    if spec["t"] in {"int", "number"}:
        yield Case("true for a number", value=True, wrong=Wrong("", TYPE, message))
    makers = {"text": texts, "string": strings, "int": numbers, "number": numbers, "enum": choices}
    if spec["t"] in makers:
        yield from makers[spec["t"]](spec)
    elif spec["t"] == "bool":
        yield from (Case("yes", value=True), Case("no", value=False))
        yield Case("a word for a boolean", "true", Wrong("", TYPE, message))
    elif spec["t"] == "array":
        yield from arrays(spec, surface)
    elif spec["t"] != "object":
        yield from typed()


def texts(spec: Any) -> Iterator[Case]:
    """Text objects of each kind at both ends, with and without flags."""
    least, most, kinds = spec["min"], spec["max"], spec["kinds"]
    for kind in kinds:
        flag, other = ("emoji", "verbatim") if kind == "plain_text" else ("verbatim", "emoji")
        at_most = {"type": kind, "text": "é" * most}
        yield Case(f"{kind} at the most", at_most)
        yield Case(f"{kind} with its flag", {**at_most, flag: True})
        yield Case("a flag that is no boolean", {**at_most, flag: 1}, Wrong(f"/{flag}", TYPE, WANTED["bool"]))
        foreign = Wrong("", CONSTRAINT, f"invalid additional property: {other}")
        yield Case(f"{kind} with the other's flag", {**at_most, other: True}, foreign)
        more = Wrong("/text", CONSTRAINT, f"must be less than {most + 1} characters")
        yield Case(f"{kind} past the most", {"type": kind, "text": "é" * (most + 1)}, more)
        fewer = Wrong("/text", CONSTRAINT, f"must be more than {least - 1} characters")
        yield Case(f"{kind} below the least", {"type": kind, "text": ""}, fewer)
    yield Case("no text", {"type": kinds[0]}, Wrong("", MISSING, "missing required field: text"))
    yield Case("no type", {"text": "a"}, Wrong("", MISSING, "missing required field: type"))
    yield Case("a type that is no text", {"type": 1, "text": "a"}, Wrong("/type", TYPE, WANTED["string"]))
    yield Case("text that is none", {"type": kinds[0], "text": None}, Wrong("/text", TYPE, WANTED["string"]))
    nonsense = "must be a valid enum value" if len(kinds) == 1 else "unsupported type: html"
    yield Case("a kind that is none", {"type": "html", "text": "a"}, Wrong("/type", CONSTRAINT, nonsense))
    for kind in {"plain_text", "mrkdwn"} - set(kinds):
        yield Case("the other kind", {"type": kind, "text": "a"}, Wrong("/type", CONSTRAINT, nonsense))


def strings(spec: Any) -> Iterator[Case]:
    """Strings at both ends of their length, and of their format."""
    least, most, name = spec.get("min", 0), spec.get("max"), spec.get("format")
    start = WRITTEN.get(name, "")
    if most:
        yield Case("at the most", start + "a" * (most - len(start)))
        message = f"must be less than {most + 1} characters"
        yield Case("past the most", start + "a" * (most + 1 - len(start)), Wrong("", CONSTRAINT, message))
    if least:
        message = f"must be more than {least - 1} characters"
        yield Case("below the least", "a" * (least - 1), Wrong("", CONSTRAINT, message))
    if name is None:
        yield Case("at the least", "a" * least)
        return
    message = "invalid url" if name == "url" else f"input must be a valid: {name}"
    yield Case(f"a {name}", start)
    for text in BADLY_WRITTEN[name]:
        yield Case(f"no {name}: {text}", text, Wrong("", CONSTRAINT, message))
    if spec.get("scheme") == "https":
        yield Case("not https", "http://example.com", Wrong("", CONSTRAINT, message))


def numbers(spec: Any) -> Iterator[Case]:
    """Numbers at both ends; an integer is no fraction."""
    if "min" in spec:
        least = spec["min"]
        yield Case("at the least", least)
        message = f"must be greater than or equal to {least}"
        yield Case("below the least", least - 1, Wrong("", CONSTRAINT, message))
    if "max" in spec:
        most = spec["max"]
        yield Case("at the most", most)
        yield Case("past the most", most + 1, Wrong("", CONSTRAINT, f"must be less than or equal to {most}"))
    if "over" in spec:
        bound = spec["over"]
        yield Case("just over", bound + 0.5)
        yield Case("not over", bound, Wrong("", CONSTRAINT, f"must be greater than {bound}"))
    fraction = Wrong("", TYPE, WANTED["int"]) if spec["t"] == "int" else None
    yield Case("a fraction", 1.5, fraction)
    yield Case("a number in words", "1", Wrong("", TYPE, WANTED[spec["t"]]))


def choices(spec: Any) -> Iterator[Case]:
    """Each choice there is, and one there is not."""
    yield from (Case(f"choice {value}", value) for value in spec["values"])
    yield Case("no choice", "nonsense", Wrong("", CONSTRAINT, "must be a valid enum value"))


def arrays(spec: Any, surface: str) -> Iterator[Case]:
    """Arrays at both ends of their count, and what their first item may be."""
    item, least, most = value_of(spec["items"], surface), spec.get("min", 0), spec.get("max")
    yield Case("at the least", [item] * (least or ("subset_of" in spec)))
    if least:
        fewer = Wrong("", CONSTRAINT, f"must provide at least {least} items")
        yield Case("below the least", [item] * (least - 1), fewer)
    if most:
        yield Case("at the most", [item] * most)
        yield Case("past the most", [item] * (most + 1), Wrong("", CONSTRAINT, f"no more than {most} items allowed"))
    for inner in cases(spec["items"], surface):
        wrong = inner.wrong and Wrong(f"/0{inner.wrong.at}", inner.wrong.code, inner.wrong.message)
        yield Case(f"first item: {inner.label}", [inner.value] * max(1, least), wrong)


def typed() -> Iterator[Case]:
    """Typed things: the type is there, is text, and is one that may stand there."""
    yield Case("no type", {}, Wrong("", MISSING, "missing required field: type"))
    yield Case("a type of another type", {"type": 1}, Wrong("/type", TYPE, WANTED["string"]))
    yield Case("a foreign type", {"type": "foreign"}, Wrong("/type", CONSTRAINT, "unsupported type: foreign"))


def trials_of_fields(way: Carrier) -> Iterator[Trial]:
    """Each field of a thing, with each of its cases."""
    thing = way.target
    for field, spec in thing.spec["fields"].items():
        place = carrier(thing, "modal", via="input") if field == ONLY_IN_AN_INPUT else way
        assert place is not None
        groups = [*thing.spec.get("exactly_one_of", []), *thing.spec.get("at_most_one_of", [])]
        rivals = {name for group in groups if field in group for name in group}
        base = sample(thing, place.surface) | NEEDS.get((thing.name, field), {})
        base = {name: value for name, value in base.items() if name not in rivals}
        for case in cases(spec, place.surface):
            at = case.wrong and Wrong(f"{place.pointer}/{field}{case.wrong.at}", case.wrong.code, case.wrong.message)
            value = place.payload({**base, field: case.value})
            yield Trial(f"{thing.t} {thing.name}, {field}: {case.label}", value, at)


def trials_of_shape(way: Carrier) -> Iterator[Trial]:
    """What a thing needs, does not know, and may have only one of."""
    spec, smallest = way.target.spec, sample(way.target, way.surface)
    for name in spec.get("required", []):
        rest = {key: value for key, value in smallest.items() if key != name}
        message = f"missing required field: {name}"
        yield trial(way, f"without {name}", rest, Wrong(way.pointer, MISSING, message))
    unknown = Wrong(way.pointer, CONSTRAINT, "invalid additional property: colour")
    yield trial(way, "with an unknown field", {**smallest, "colour": "red"}, unknown)
    for rule in ("exactly_one_of", "at_least_one_of"):
        for group in spec.get(rule, []):
            rest = {key: value for key, value in smallest.items() if key not in group}
            *firsts, last = [f"`{name}`" for name in group]
            at = f"{way.pointer}/type" if "type" in rest else way.pointer
            message = f"must define either {', '.join(firsts)} or {last}"
            yield trial(way, "with none of a group", rest, Wrong(at, CONSTRAINT, message))
            for name in group:
                one = {**rest, name: value_of(spec["fields"][name], way.surface)}
                yield trial(way, f"with only {name} of a group", one, None)
    for rule in ("exactly_one_of", "at_most_one_of"):
        for group in spec.get(rule, []):
            both = {name: value_of(spec["fields"][name], way.surface) for name in group}
            wrong = Wrong(way.pointer, CONSTRAINT, "failed to match exactly one allowed schema")
            yield trial(way, "with two of a group", smallest | both, wrong)


def trials_of_order(way: Carrier) -> Iterator[Trial]:
    """Pairs of bounds: equal passes, crossed does not."""
    smallest = sample(way.target, way.surface)
    for low, high in way.target.spec.get("order", []):
        words = written_out(way.target.spec["fields"][low])["t"] == "string"
        three, four = ("3", "10") if words else (3, 10)
        yield trial(way, f"{low} equal to {high}", {**smallest, low: three, high: three}, None)
        yield trial(way, f"{low} below {high}", {**smallest, low: three, high: four}, None)
        wrong = Wrong(f"{way.pointer}/{low}", CONSTRAINT, f"must be less than or equal to {three}")
        yield trial(way, f"{low} above {high}", {**smallest, low: four, high: three}, wrong)


def trial(way: Carrier, named: str, value: Any, wrong: Wrong | None) -> Trial:
    """A value in its place."""
    return Trial(f"{way.target.t} {way.target.name} {named}", way.payload(value), wrong)


def trials_of_views() -> Iterator[Trial]:
    """The fields of modals and Homes themselves."""
    for kind, spec in limits()["views"].items():
        whole = around([{"type": "divider"}], kind)
        for name in spec["required"]:
            rest = {key: value for key, value in whole.items() if key != name}
            if name == "type":
                continue
            yield Trial(f"{kind} without {name}", rest, Wrong("/view", MISSING, f"missing required field: {name}"))
        unknown = Wrong("/view", CONSTRAINT, "invalid additional property: hash")
        yield Trial(f"{kind} with an unknown field", {**whole, "hash": "1"}, unknown)
        for field, inner in spec["fields"].items():
            for case in cases(inner, kind) if field != "type" else ():
                at = case.wrong and Wrong(f"/view/{field}{case.wrong.at}", case.wrong.code, case.wrong.message)
                yield Trial(f"{kind}, {field}: {case.label}", {**whole, field: case.value}, at)


def trials_of_messages() -> Iterator[Trial]:
    """The array of blocks of a message, and its attachments."""
    for case in cases(limits()["payload"]["message"]["blocks"], "message"):
        at = case.wrong and Wrong(f"/blocks{case.wrong.at}", case.wrong.code, case.wrong.message)
        yield Trial(f"message, blocks: {case.label}", {"text": "a", "blocks": case.value}, at)
    most = limits()["payload"]["message"]["max_attachments"]
    yield Trial("message, attachments at the most", {"attachments": [{"text": "a"}] * most}, None)
    many = Wrong("/attachments", CONSTRAINT, f"no more than {most} items allowed")
    yield Trial("message, attachments past the most", {"attachments": [{}] * (most + 1)}, many)


def trials() -> list[Trial]:
    """All there are; each thing on the first surface it can be met on."""
    ways = [next((way for s in SURFACES if (way := carrier(thing, s))), None) for thing in things()]
    found = [*trials_of_views(), *trials_of_messages()]
    for way in ways:
        if way is not None:
            found += [*trials_of_fields(way), *trials_of_shape(way), *trials_of_order(way)]
    return found


TRIALS = trials()


@pytest.mark.parametrize("each", [each for each in TRIALS if not each.wrong], ids=lambda each: each.label)
def test_a_value_within_its_limits_passes(each: Trial) -> None:
    assert [problem for problem in judge(each.payload) if not is_of_copies(problem)] == []


def is_of_copies(problem: Problem) -> bool:
    """Whether only the copying of one sample is at fault: series, categories and tasks are told apart by name."""
    named = any(f"`{field}`" in problem.message for field in ("name", "category", "task_id", "categories"))
    return named and problem.pointer.startswith(("/blocks/0/chart/", "/blocks/0/tasks"))


@pytest.mark.parametrize("each", [each for each in TRIALS if each.wrong], ids=lambda each: each.label)
def test_a_value_past_its_limits_is_refused_in_slacks_words(each: Trial) -> None:
    wrong = each.wrong
    found = [Wrong(problem.pointer, problem.code.value, problem.message) for problem in judge(each.payload)]
    assert wrong is not None
    assert found[:1] == [wrong]
    assert {problem.message for problem in found} == {wrong.message}


def test_hundreds_of_rules_are_tried_and_every_thing_is_among_them() -> None:
    refused = [each for each in TRIALS if each.wrong]
    assert len(refused) > 1000
    assert len(TRIALS) - len(refused) > 500
    prefixes = [f"{thing.t} {thing.name}" for thing in things() if thing != Thing("block", "file")]
    assert [each for each in prefixes if not any(trial.label.startswith(each) for trial in refused)] == []
