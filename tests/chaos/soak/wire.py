"""Listens to everything that crosses the playground's wire, and names what nobody should ever be shown or refused."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.elements import words_of
from playground.journal import Entry

# What a person must never read: a traceback, a class, an enumeration's name, an id, an unfilled place, our own fault.
RAW = re.compile(
    r"Traceback|<class |object at 0x|\b[A-Z]\w+(?:Error|Exception)\b|\bNone\b(?! yet)|my fault|\b[A-Z]\w+State\.|"
    r"\bdatetime\.|\{\w*\}|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-|\bnan\b"
)
# Slack refuses these in the ordinary course of things: people close, leave and are late, and Slack is slow on purpose.
IN_ORDER = frozenset(
    {
        "ratelimited",
        "expired_trigger_id",
        "not_found",
        "hash_conflict",
        "expired_url",
        "used_url",
        "user_disabled",
        "user_not_found",
        "is_archived",
        "not_in_channel",
        "channel_not_found",
    }
)
BAD_ANSWER = re.compile(r"an answer|errors for what|errors that are|the view in the answer|no acknowledgement")


@dataclass(frozen=True, slots=True)
class Posted:
    """One message as it was posted, and the key of the row that owed it; empty where no row did."""

    channel: str
    ts: str
    key: str
    words: str


@dataclass(slots=True)
class Wire:
    """A journal's listener; `doing` tells what was done last, `excuses` what may be refused under the faults."""

    doing: Callable[[], str]
    excuses: Callable[[], frozenset[str]]
    posted: list[Posted] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __call__(self, entry: Entry) -> None:
        """Hear one crossing."""
        self.counts[f"{entry.kind} {entry.status}"] += 1
        for words in _shown(entry):
            self._read(entry.title, words)
        if entry.status == "refused":
            self._refusal(entry)
        elif entry.kind == "socket" and entry.status == "failed" and BAD_ANSWER.search(entry.title):
            self.refused.append(f"{entry.title}: {entry.detail} (after: {self.doing()})")
        elif _method(entry) == "chat.postMessage" and entry.status == "ok":
            self._post(entry.detail["arguments"], entry.detail["answer"])

    def _read(self, title: str, words: str) -> None:
        found = RAW.search(words)
        if found:
            self.raw.append(f"{found[0]!r} was shown in {words!r} by {title} (after: {self.doing()})")

    def _refusal(self, entry: Entry) -> None:
        answer = entry.detail.get("answer", entry.detail)
        code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        self.counts[f"refused {code}"] += 1
        is_turned_away = entry.kind == "socket" and "turned away" in entry.title
        if code not in IN_ORDER | self.excuses() and not is_turned_away:
            self.refused.append(f"{entry.title}: {answer} (after: {self.doing()})")

    def _post(self, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
        metadata = _read_json(arguments.get("metadata")) or {}
        key = str(metadata.get("event_payload", {}).get("key", ""))
        self.posted.append(Posted(str(answer["channel"]), str(answer["ts"]), key, str(arguments.get("text", ""))))


def _method(entry: Entry) -> str:
    return re.split(r"[ :]", entry.title, maxsplit=1)[0] if entry.kind == "api" else ""


def _shown(entry: Entry) -> Iterator[str]:
    """Every sentence of the app that a crossing puts before somebody's eyes."""
    if entry.kind == "hook" and entry.status == "ok":
        yield from _words(entry.detail)
    elif entry.kind == "socket" and isinstance(entry.detail.get("answer"), dict):
        answer = entry.detail["answer"]
        yield from _words(answer)
        yield from _words(answer.get("view") or {})
        yield from (str(each) for each in (answer.get("errors") or {}).values())
    elif _method(entry).startswith(("chat.", "views.")):
        arguments = entry.detail["arguments"]
        yield from _words(arguments)
        yield from _words(_read_json(arguments.get("view")) or {})


def _words(content: dict[str, Any]) -> Iterator[str]:
    yield from (value for value in [content.get("text")] if isinstance(value, str))
    yield from words_of(_read_json(content.get("blocks")) or [])
    yield from words_of({name: content[name] for name in ("title", "submit", "close") if name in content})


def _read_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
