"""Reads the code's own shape, for contracts: ids in views, replies in handlers, methods called on Slack's client."""

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.slack.router import Route
from bot.views.gallery import FEATURES
from bot.views.gallery.samples import Sample

ROOT = Path(__file__).parent.parent
REPLIES = {"OpenModal", "ShowModal", "UpdateModal", "Tell", "Replace"}
Tree = ast.AST


@dataclass(frozen=True, slots=True)
class Shown:
    """A handler's reply: how it is shown, and by which view."""

    reply: str
    view: str


def elements(payload: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Every object of one type anywhere in a payload."""
    if isinstance(payload, dict):
        if payload.get("type") == kind:
            yield payload
        for inner in payload.values():
            yield from elements(inner, kind)
    elif isinstance(payload, list | tuple):
        for inner in payload:
            yield from elements(inner, kind)


def buttons(payload: Any) -> set[str]:
    """The action ids of every button in a payload."""
    return {button["action_id"] for button in elements(payload, "button")}


def submits(payload: dict[str, Any]) -> str:
    """The callback id of a modal that can be sent; empty for one that only shows."""
    return str(payload["callback_id"]) if payload.get("type") == "modal" and "submit" in payload else ""


def parsed(folder: str) -> dict[str, ast.Module]:
    """Every Python file under a folder, parsed, by its path from the root."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def calls_of(tree: Tree, *names: str) -> Iterator[ast.Call]:
    """Calls of a function with one of these names, whatever it hangs on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and named(node.func) in names:
            yield node


def named(node: Tree) -> str:
    """The last name of an expression: `c` for `a.b.c`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def strings(nodes: list[Any]) -> list[str]:
    """The literal strings among some expressions."""
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def written_actions(tree: Tree) -> set[str]:
    """Action ids as the views write them: a button's second argument."""
    return {name for call in calls_of(tree, "button") for name in strings(call.args[1:2])}


@cache
def shown_by(route: Route) -> frozenset[Shown]:
    """What a route's handler can show, by itself or through a function of its own module."""
    return frozenset(
        replies_in(Path(inspect.getfile(route.handler)).read_text(encoding="utf-8"), route.handler.__name__)
    )


def replies_in(source: str, function: str) -> Iterator[Shown]:
    """The replies of one function of a module, and of the module's functions it calls."""
    module = ast.parse(source)
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    aliases = _aliases(module)
    for call in calls_of(functions[function], *REPLIES, *(set(functions) - {function})):
        if isinstance(call.func, ast.Name) and call.func.id in functions:
            yield from replies_in(source, call.func.id)
        elif named(call.func) in REPLIES and call.args and isinstance(call.args[0], ast.Call):
            yield Shown(named(call.func), _view(call.args[0].func, aliases))


def _view(node: Tree, aliases: dict[str, str]) -> str:
    owner = aliases.get(named(node.value), "") if isinstance(node, ast.Attribute) else ""
    return f"{owner}.{named(node)}"


def _aliases(module: ast.Module) -> dict[str, str]:
    imports = [node for node in module.body if isinstance(node, ast.ImportFrom) and node.module == "bot.views"]
    return {alias.asname or alias.name: alias.name for node in imports for alias in node.names}


@cache
def samples_by_view() -> dict[str, list[Sample]]:
    """The gallery's samples by the view function that makes them, such as `find.results`."""
    made: dict[str, list[Sample]] = {}
    for feature in FEATURES:
        tree = ast.parse(inspect.getsource(sys.modules[feature.__name__]))
        by_name = {sample.name: sample for sample in feature.samples()}
        aliases = _aliases(tree)
        for call in calls_of(tree, "sample"):
            for name in strings(call.args[:1]):
                made.setdefault(_view(getattr(call.args[1], "func", call.args[1]), aliases), []).append(by_name[name])
    return made
