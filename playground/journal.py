"""Everything that crossed the wire, one readable line each, for the traffic pane and for tests."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from playground.clock import WorldClock
from playground.records import Json

KEPT = 1500


@dataclass(frozen=True, slots=True)
class Entry:
    """One crossing; `kind` is api, socket, hook, person, clock or http, `status` ok, refused or failed.

    `team` is the workspace it belongs to; what only concerns the line or the clock belongs to none.
    """

    n: int
    at: str
    kind: str
    title: str
    status: str
    detail: Json
    team: str = ""

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


@dataclass(slots=True)
class Book:
    """What all journals of a playground write into."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    listeners: list[Callable[[Entry], None]] = field(default_factory=list)


class Journal:
    """Append-only; the oldest entries fall off after some 1,500 so that a long run stays small.

    One of a `team` shows that workspace's entries and those that are nobody's; one of none shows everything.
    """

    def __init__(self, clock: WorldClock, book: Book | None = None) -> None:
        self._clock = clock
        self._book = book or Book()
        self.begun = clock.now()
        self.team = ""

    def sister(self) -> "Journal":
        """Another journal in the same book."""
        return Journal(self._clock, self._book)

    @property
    def listeners(self) -> list[Callable[[Entry], None]]:
        """Who hears of every entry, whosever it is."""
        return self._book.listeners

    def note(
        self, kind: str, title: str, *, status: str = "ok", detail: Json | None = None, team: str | None = None
    ) -> Entry:
        """Write one crossing down."""
        self._book.count += 1
        at, whose = self._clock.now().isoformat(), self.team if team is None else team
        entry = Entry(self._book.count, at, kind, title, status, without_tokens(detail or {}), whose)
        self._book.entries.append(entry)
        for listener in self.listeners:
            listener(entry)
        return entry

    def shows(self, entry: Entry) -> bool:
        """Whether this entry may be seen here."""
        return not self.team or entry.team in {"", self.team}

    def entries(self, after: int = 0) -> list[Entry]:
        """What is kept, oldest first."""
        return [entry for entry in self._book.entries if entry.n > after and self.shows(entry)]

    def titles(self, kinds: Iterable[str] = ()) -> list[str]:
        """Only the lines, for errors that must tell what happened."""
        wanted = set(kinds)
        return [entry.title for entry in self.entries() if not wanted or entry.kind in wanted]


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
