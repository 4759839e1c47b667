"""Everything that crossed the wire, one readable line each, for the traffic pane and for tests."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from playground.clock import WorldClock
from playground.records import Json

KEPT = 1500


@dataclass(frozen=True, slots=True)
class Entry:
    """One crossing; `kind` is api, socket, hook, person, clock or http, `status` ok, refused or failed."""

    n: int
    at: str
    kind: str
    title: str
    status: str
    detail: Json

    def as_json(self) -> Json:
        """The entry as the page reads it."""
        return {
            "n": self.n,
            "at": self.at,
            "kind": self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


class Journal:
    """Append-only; the oldest entries fall off after some 1,500 so that a long run stays small."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self.begun = clock.now()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0
        self.listeners: list[Callable[[Entry], None]] = []

    def note(self, kind: str, title: str, *, status: str = "ok", detail: Json | None = None) -> Entry:
        """Write one crossing down."""
        self._count += 1
        entry = Entry(self._count, self._clock.now().isoformat(), kind, title, status, without_tokens(detail or {}))
        self._entries.append(entry)
        for listener in self.listeners:
            listener(entry)
        return entry

    def entries(self, after: int = 0) -> list[Entry]:
        """What is kept, oldest first."""
        return [entry for entry in self._entries if entry.n > after]

    def titles(self, kinds: Iterable[str] = ()) -> list[str]:
        """Only the lines, for errors that must tell what happened."""
        wanted = set(kinds)
        return [entry.title for entry in self._entries if not wanted or entry.kind in wanted]


def without_tokens(value: Any) -> Any:
    """The same JSON with every token and secret covered."""
    if isinstance(value, dict):
        return {
            key: "…" if key in {"token", "client_secret"} else without_tokens(inner) for key, inner in value.items()
        }
    if isinstance(value, list):
        return [without_tokens(inner) for inner in value]
    if isinstance(value, str) and value.startswith(("xoxb-", "xapp-", "xoxp-", "xoxe")):
        return value[:5] + "…"
    return value
