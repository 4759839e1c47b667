"""The messages of one place, and beside them what is asked again and again: threads, and the app's own words."""

import bisect
from collections.abc import Iterator

from playground.records import Message


class Shelf:
    """Messages by timestamp, oldest first; looking at the newest costs no more when there are many."""

    def __init__(self) -> None:
        self._by_ts: dict[str, Message] = {}
        self._below: dict[str, list[str]] = {}
        self._by_app: list[str] = []

    def put(self, message: Message) -> None:
        """Lay a message in its place, or one that has changed in place of itself."""
        is_new = message.ts not in self._by_ts
        late = is_new and bool(self._by_ts) and message.ts < next(reversed(self._by_ts))
        self._by_ts[message.ts] = message
        if late:
            self._by_ts = dict(sorted(self._by_ts.items()))
        if is_new:
            self._note(message)

    def _note(self, message: Message) -> None:
        if message.thread_ts not in {None, message.ts}:
            bisect.insort(self._below.setdefault(str(message.thread_ts), []), message.ts)
        if message.by_app:
            bisect.insort(self._by_app, message.ts)

    def take(self, ts: str) -> None:
        """Take a message away, if it is here."""
        gone = self._by_ts.pop(ts, None)
        if gone is None:
            return
        below = self._below.get(str(gone.thread_ts), [])
        if ts in below:
            below.remove(ts)
        if gone.by_app:
            self._by_app.remove(ts)

    def get(self, ts: str) -> Message | None:
        """One message by its time."""
        return self._by_ts.get(ts)

    def oldest_first(self) -> list[Message]:
        """All of them."""
        return list(self._by_ts.values())

    def newest_first(self, *, from_app: bool = False) -> Iterator[Message]:
        """From the newest back, one by one, so that nobody has to look at them all."""
        times: Iterator[str] = reversed(self._by_app) if from_app else reversed(self._by_ts)
        return (self._by_ts[ts] for ts in times)

    def below(self, thread_ts: str) -> list[Message]:
        """What stands below a thread's first message."""
        return [self._by_ts[ts] for ts in self._below.get(thread_ts, [])]
