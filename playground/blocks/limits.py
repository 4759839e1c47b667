"""The rules' data, read once and only when something is judged."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def limits() -> dict[str, Any]:
    """Everything in limits.json; its grammar is explained there under meta."""
    data: dict[str, Any] = json.loads(Path(__file__).with_name("limits.json").read_text(encoding="utf-8"))
    return data


def resolve(spec: Any) -> dict[str, Any]:
    """The specification itself, where the data only names a shared one."""
    found: dict[str, Any] = limits()["shared"][spec] if isinstance(spec, str) else spec
    return found
