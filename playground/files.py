"""Files somebody wrote by hand, YAML or JSON: read, or refused with one sentence."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


class FileRefusedError(ValueError):
    """A file cannot be used; the message is the sentence to show."""


def read_tree(path: Path, what: str) -> dict[str, Any]:
    """What stands in the file, which must be keys and values at its top."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        raise FileRefusedError(f"There is no file {path} to read the {what} from.") from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise FileRefusedError(f"{path} can't be read as the {what}: {problem}.") from problem
    found = _parsed(text, path)
    if not isinstance(found, Mapping):
        raise FileRefusedError(f"{path} is no {what}: it must have keys and values at its top.")
    return {str(key): value for key, value in found.items()}


def _parsed(text: str, path: Path) -> Any:
    try:
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except json.JSONDecodeError as problem:
        raise FileRefusedError(f"{path} is no JSON: {problem.msg} at line {problem.lineno}.") from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise FileRefusedError(
            f"{path} is no YAML: {getattr(problem, 'problem', None) or 'unreadable'}{line}."
        ) from problem
