"""One judgement under way: what was found wrong so far, and what the rules between parts will ask about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from playground.blocks.problems import Problem


class Place(NamedTuple):
    """A block or an element, where it stands, and the pointer and type of the block around an element."""

    value: Mapping[str, Any]
    pointer: str
    block: str
    block_type: str


NOWHERE = Place({}, "", "", "")


@dataclass(slots=True)
class Walk:
    """Collects while the checks run; every block and element met is kept in the order of the payload."""

    surface: str
    problems: list[Problem] = field(default_factory=list)
    blocks: list[Place] = field(default_factory=list)
    elements: list[Place] = field(default_factory=list)
    inside: Place = NOWHERE


Check: TypeAlias = Callable[[Any, str, Walk], None]


def block(check: Check, name: str) -> Check:
    """The same check, which also remembers the block and that its elements stand in it."""

    def check_block(value: Any, pointer: str, walk: Walk) -> None:
        outer, walk.inside = walk.inside, Place(value, pointer, pointer, name)
        walk.blocks.append(walk.inside)
        check(value, pointer, walk)
        walk.inside = outer

    return check_block


def element(check: Check) -> Check:
    """The same check, which also remembers the element."""

    def check_element(value: Any, pointer: str, walk: Walk) -> None:
        walk.elements.append(Place(value, pointer, walk.inside.block, walk.inside.block_type))
        check(value, pointer, walk)

    return check_element
