"""Asking the Block Kit rules, and answering a breach as the Web API does."""

import json
from typing import Any

from playground.blocks import check_message, check_view, refusal_for_message, refusal_for_view
from playground.records import Json
from playground.refusals import RefusalError

SHOWN = ("text", "blocks", "attachments")


def refuse_bad_message(payload: Json) -> None:
    """Raise the refusal a message with these blocks would get."""
    problems = check_message({name: payload[name] for name in SHOWN if payload.get(name) is not None})
    if problems:
        raise _as_refusal(refusal_for_message(problems))


def refuse_bad_view(view: Json) -> None:
    """Raise the refusal this view would get."""
    problems = check_view(view)
    if problems:
        raise _as_refusal(refusal_for_view(problems))


def _as_refusal(answer: Json) -> RefusalError:
    facts = {name: value for name, value in answer.items() if name not in {"ok", "error"}}
    return RefusalError(str(answer["error"]), **facts)


def parsed(value: Any, error: str) -> Any:
    """JSON that may come as text inside a form; broken text is refused with this error."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as problem:
        raise RefusalError(error) from problem
