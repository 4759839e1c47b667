"""What Slack would parse of a payload, and what in it would do anything: mention, link, ring a channel."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

CONTROL = re.compile(r"<(?!@)[^>]*>?|<@([^>|]*)\|?[^>]*>?")
NOT_PARSED = {"plain_text", "text", "plain_text_input"}


def parsed_texts(payload: Any) -> Iterator[str]:
    """Every text Slack looks for mentions and links in: mrkdwn objects, and a message's own text."""
    if isinstance(payload, dict):
        if isinstance(payload.get("text"), str) and payload.get("type") not in NOT_PARSED:
            yield payload["text"]
        for inner in payload.values():
            yield from parsed_texts(inner)
    elif isinstance(payload, list):
        for inner in payload:
            yield from parsed_texts(inner)


def harm_in(payload: Any, known: AbstractSet[str]) -> list[str]:
    """Control forms that our own code did not mean: all but mentions of these people."""
    found = [match for text in parsed_texts(payload) for match in CONTROL.finditer(text)]
    unmeant = [match.group() for match in found if match.group(1) not in known]
    return unmeant + [text for text in parsed_texts(payload) if {"\x00", "\u202e"} & set(text)]
