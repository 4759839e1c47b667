"""What both second opinions share: where a thing a library builds belongs, and how a disagreement is written down."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from playground.blocks import Problem
from tests.playground.test_blocks_samples import SURFACES, Carrier, Json, Thing, around, carrier, judge


@dataclass(frozen=True, slots=True)
class Edge:
    """One value at or just beyond a limit: of which class, which field, and which side of the limit."""

    of: str
    field: str
    side: str

    def __str__(self) -> str:
        return f"{self.of}.{self.field} {self.side}"


def judged_in_place(thing: Thing | None, value: Json, surface: str | None = None) -> list[Problem]:
    """The problems of the smallest payload with this in its place; without a thing it is a payload already."""
    return judge(value) if thing is None else judge(in_place(thing, value, surface))


def in_place(thing: Thing, value: Json, surface: str | None = None) -> Json:
    """The smallest payload around a thing, on the first surface that takes it or on the one asked for."""
    way = way_to(thing, (surface,) if surface else SURFACES)
    return way.payload(value) if way else around([value], surface or "message")


@cache
def way_to(thing: Thing, surfaces: tuple[str, ...]) -> Carrier | None:
    """The shortest way to a thing on the first of these surfaces that has one."""
    return next((way for surface in surfaces if (way := carrier(thing, surface))), None)


def words_of(found: list[Problem]) -> list[str]:
    """The messages alone."""
    return [problem.message for problem in found]


def without_ids(value: Any) -> Any:
    """The same JSON without block_id, which slackblocks makes up where none is given."""
    if isinstance(value, dict):
        return {name: without_ids(inner) for name, inner in value.items() if name != "block_id"}
    return [without_ids(inner) for inner in value] if isinstance(value, list) else value
