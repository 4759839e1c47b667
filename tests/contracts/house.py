"""The house rules that no linter knows: each a function from a tree of files to what is wrong in it, place by place."""

import ast
import builtins
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

CODE = ("bot", "handlers", "storage", "playground")
ALL = (*CODE, "tests", "bench")
WRITTEN = {".py", ".js", ".css", ".html"}
LINES = 400
FUNCTION_LINES = 40
CLOCKS = ("bot/clock.py", "playground/clock.py")
LATE_IMPORTS = ("bot/__main__.py", "bot/commands/")
PURE = ("bot/rules", "bot/views")
WORDLESS = ("handlers", "bot/services", "bot/rules", "storage")
PLAIN = ("handlers", "bot/services", "bot/rules", "bot/views", "bot/news", "storage/queries")
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
LOGS = {"log", "logger", "logging"}
ASIDES = {"Default", "text", "execute", "exec_driver_sql", "CheckConstraint", "waits"}
# Four words in a row, with nothing but a space or a comma between them: SQL, ids and formats never look so.
SENTENCE = re.compile(r"(?:[^\W\d_]+(?:['’][^\W\d_]+)?[,;:]? ){3,}[^\W\d_]+")
Check = Callable[[Path], list[str]]


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file, parsed."""

    path: str
    tree: ast.Module

    def at(self, node: ast.AST, wrong: str) -> str:
        """A complaint that an editor can jump to."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {wrong}"


def modules(root: Path, *places: str) -> Iterator[Module]:
    """Every Python file in these folders."""
    for place in places:
        for path in sorted((root / place).rglob("*.py")):
            yield Module(path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8")))


def long_files(root: Path) -> list[str]:
    """Files over 400 lines."""
    paths = sorted(path for place in ALL for path in (root / place).rglob("*") if path.suffix in WRITTEN)
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return [f"{path.relative_to(root).as_posix()}: {n} lines" for path, n in lengths.items() if n > LINES]


def long_functions(root: Path) -> list[str]:
    """Functions of 40 lines or more; a migration is one long list and may be."""
    return [
        module.at(node, f"{node.name} has {length} lines")
        for module in modules(root, *ALL)
        if not module.path.startswith("storage/migrations/versions/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) >= FUNCTION_LINES
    ]


def silent_modules(root: Path) -> list[str]:
    """Modules without a docstring."""
    return [
        module.at(module.tree, "no docstring") for module in modules(root, *ALL) if not ast.get_docstring(module.tree)
    ]


def vague_names(root: Path) -> list[str]:
    """Modules named for nothing in particular."""
    return [
        module.at(module.tree, "a name that says nothing")
        for module in modules(root, *ALL)
        if VAGUE & set(re.split(r"[/_.]", module.path))
    ]


def assignments_to_rows(root: Path) -> list[str]:
    """Attribute assignment where rows are only read: SQLAlchemy would write it to the database unasked."""
    return [
        module.at(node, "assigns to an attribute")
        for module in modules(root, *PURE)
        for node in ast.walk(module.tree)
        if _is_attribute_stored(node) or _called(node) in {"setattr", "delattr", "__setattr__", "__delattr__"}
    ]


def _is_attribute_stored(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return isinstance(node.value, ast.Attribute)
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def late_imports(root: Path) -> list[str]:
    """Imports of our own packages inside a function, save where a command loads only what it needs."""
    return sorted(
        {
            module.at(node, f"imports {name} inside a function")
            for module in modules(root, *ALL)
            if not module.path.startswith(LATE_IMPORTS)
            for function in ast.walk(module.tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            for name in _imported(node)
            if name.split(".")[0] in ALL
        }
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def stray_sentences(root: Path) -> list[str]:
    """Sentences for people outside the views: what is decided below says it in facts, and a view finds the words."""
    return [
        module.at(node, f"a sentence: {words!r}")
        for module in modules(root, *WORDLESS)
        for node, words in _texts(module.tree)
        if SENTENCE.search(words) and words != words.upper()
    ]


def _texts(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every text of a module that somebody might be shown, an f-string as one."""
    spared = {id(inner) for node in ast.walk(tree) for kept in _unseen(node) for inner in ast.walk(kept)}
    for node in ast.walk(tree):
        if id(node) in spared:
            continue
        if isinstance(node, ast.JoinedStr):
            spared.update(id(part) for part in node.values if isinstance(part, ast.Constant))
            yield node, "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


def _unseen(node: ast.AST) -> list[ast.AST]:
    """What nobody is shown: docstrings, logs, SQL, a default's reason, and the words of a programmer's own mistake."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node]
    if isinstance(node, ast.Call) and _is_aside(node.func):
        return [node]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        raised = [each for each in ast.walk(node) if isinstance(each, ast.Raise) and _is_mistake(each)]
        names = {name.id for each in raised for name in ast.walk(each) if isinstance(name, ast.Name)}
        return [*raised, *(each for each in ast.walk(node) if isinstance(each, ast.Assign) and _names(each) & names)]
    return []


def _is_aside(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr in ASIDES or (isinstance(called.value, ast.Name) and called.value.id in LOGS)
    return isinstance(called, ast.Name) and called.id in ASIDES


def _is_mistake(raised: ast.Raise) -> bool:
    """Whether it is one of Python's own errors, which the shell words; ours are refusals and carry facts."""
    call = raised.exc
    name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
    return hasattr(builtins, name)


def _names(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def coroutines(root: Path) -> list[str]:
    """Async functions below the shell: a transaction there could be held open across an await."""
    return [
        module.at(node, f"async def {node.name}")
        for module in modules(root, *PLAIN)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef)
    ]


def second_clocks(root: Path) -> list[str]:
    """Readings of the time outside the two clocks, the database's own reading among them."""
    return [
        module.at(node, f"reads the time by {named}")
        for module in modules(root, *CODE)
        if module.path not in CLOCKS
        for node in ast.walk(module.tree)
        for named in _readings(node)
    ]


READINGS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
    "func": {"now", "current_timestamp", "localtimestamp"},
}


def _readings(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Attribute):
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        return [f"{owner}.{node.attr}"] if node.attr in READINGS.get(owner, ()) else []
    if isinstance(node, ast.ImportFrom) and node.module == "time":
        return [f"time.{alias.name}" for alias in node.names if alias.name in READINGS["time"]]
    return []
