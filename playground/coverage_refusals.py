"""Which refusals a method can answer with, read from the code itself: every one raised by it or by what it calls."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from playground.api.call import Call
from playground.triggers import Triggers

OURS = "playground."
REFUSAL = "RefusalError"
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
# What a method is handed rather than imports: the call itself, and the world's triggers.
HANDED = {name: thing for owner in (Call, Triggers) for name, thing in vars(owner).items()}


def refusals_of(method: Callable[..., Any]) -> list[str]:
    """The error codes, sorted; what all methods share (tokens, scopes, rates) is refused before and is not here."""
    seen: set[FunctionType] = set()
    found: set[str] = set()
    waiting = [method]
    while waiting:
        function = waiting.pop()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        found.update(_codes(function))
        waiting.extend(_called(function))
    return sorted(found)


@cache
def _tree(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _codes(function: FunctionType) -> Iterator[str]:
    """The literal codes: given to a refusal, or returned and answered as an error's name."""
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {REFUSAL, "refused"}:
            yield from _literals(node.args[0]) if node.args else ()
        elif isinstance(node, ast.Return) and node.value is not None:
            yield from _literals(node.value)


def _literals(node: ast.expr) -> Iterator[str]:
    """Codes an expression can come to; what merely indexes something is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))


def _called(function: FunctionType) -> Iterator[Callable[..., Any]]:
    """Functions of this library that a function names or calls, its own class's methods included."""
    names = function.__globals__
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.Name) and node.id in names:
            yield from _ours(names[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = names.get(node.value.id)
            yield from _ours(getattr(owner, node.attr, None)) if isinstance(owner, ModuleType | type) else ()
        if isinstance(node, ast.Attribute):
            yield from _ours(HANDED.get(node.attr))


def _ours(thing: Any) -> Iterator[Callable[..., Any]]:
    if isinstance(thing, FunctionType) and thing.__module__.startswith(OURS):
        yield thing
