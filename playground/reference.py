"""The reference in README.md, written from the code: each thing a test can do or see, with its line."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playground import faults
from playground.driver import MessageInHand, Outcome, PersonInHand, ViewInHand, Workspace
from playground.server import Playground

FILE = Path(__file__).parent / "README.md"
HELD = (
    ("`playground.Playground(manifest, cast)`", Playground),
    ("`playground.workspace`", Workspace),
    ("A person: `workspace.person(key)`", PersonInHand),
    ("What a deed led to: what `command`, `click`, `submit` and their like give", Outcome),
    ("A message: `person.message(…)`", MessageInHand),
    ("A modal or Home: `person.modal(…)`, `person.home(…)`", ViewInHand),
)
# what the driver's parts need of each other, and no test of an app does
INSIDE = frozenset({"world", "deeds", "names", "said_by_app", "wait", "hands", "since"})


def written(text: str) -> str:
    """The page with its written parts as the code has them now."""
    for name, part in (("driver", driver_part()), ("faults", faults_part())):
        before, mark, rest = text.partition(f"<!-- {name}: ")
        head, end, after = rest.partition(f"<!-- end of {name} -->")
        text = f"{before}{mark}{head.splitlines()[0]}\n\n{part}\n\n{end}{after}"
    return text


def driver_part() -> str:
    """A table for each thing in a test's hands."""
    return "\n\n".join(f"**{title}**\n\n{_table(_members(kind))}" for title, kind in HELD)


def faults_part() -> str:
    """A table of all faults of `playground.faults`."""
    made = [each for _, each in inspect.getmembers(faults, inspect.isfunction) if _makes_fault(each)]
    return _table((f"{each.__name__}{_arguments(each)}", _line(each)) for each in sorted(made, key=_place))


def _makes_fault(each: Any) -> bool:
    return inspect.signature(each).return_annotation is faults.Fault


def _place(each: Any) -> int:
    return int(each.__code__.co_firstlineno)


def _table(rows: Iterator[tuple[str, str]]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| `{name}` | {line} |" for name, line in rows)])


def _members(kind: type[Any]) -> Iterator[tuple[str, str]]:
    """Fields and properties by their name, methods with what they take, in alphabetical order."""
    for name, member in inspect.getmembers(kind):
        if name.startswith("_") or name in INSIDE:
            continue
        if isinstance(member, property):
            yield name, _line(member)
        elif inspect.isfunction(member):
            yield f"{name}{_arguments(member, skip=1)}", _line(member)


def _arguments(function: Any, skip: int = 0) -> str:
    """What it takes, without types, such as `(containing=None, *, seconds=5.0)`."""
    taken = list(inspect.signature(function).parameters.values())[skip:]
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in taken]
    return str(inspect.Signature(bare)).replace("'", '"')


def _line(member: Any) -> str:
    """The first line of its docstring, safe in a table."""
    return (inspect.getdoc(member) or "").splitlines()[0].replace("|", "\\|")


if __name__ == "__main__":
    FILE.write_text(written(FILE.read_text(encoding="utf-8")), encoding="utf-8")
