"""What both second opinions share: where a thing a library builds belongs, and how a disagreement is written down."""

from dataclasses import dataclass
from functools import cache

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


def judged_in_place(thing: Thing | None, value: Json) -> list[Problem]:
    """The problems of the smallest payload with this in its place; without a thing it is a payload already."""
    if thing is None:
        return judge(value)
    way = way_to(thing)
    return judge(way.payload(value) if way else around([value], "message"))


@cache
def way_to(thing: Thing) -> Carrier | None:
    """The shortest way to a thing on the first surface that takes it."""
    return next((way for surface in SURFACES if (way := carrier(thing, surface))), None)


def words_of(found: list[Problem]) -> list[str]:
    """The messages alone."""
    return [problem.message for problem in found]
