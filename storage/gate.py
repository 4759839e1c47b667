"""Few at a time, in the order they came, and more only while nobody gets on: for threads that share an interpreter."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

GLANCE = 0.005


class Gate:
    """Lets so many in at once; whoever sees nobody come out for a moment, in seconds, goes in beside them.

    Those inside may be waiting for the network, or for a lock that somebody outside is to release. In a mere crowd
    nobody goes beside: then all would be slower, and the crowd would stay.
    """

    def __init__(self, at_once: int, moment: float) -> None:
        self._free, self._moment = at_once, moment
        self._ended = 0
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    def step_back(self, patience: float) -> None:
        """Let everybody who stands in line go first, for so many seconds at most."""
        until = monotonic() + patience
        while self._line and monotonic() < until:
            sleep(GLANCE)

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Inside."""
        is_one_of_few = self._comes_up()
        try:
            yield
        finally:
            self._leave(is_one_of_few=is_one_of_few)

    def _comes_up(self) -> bool:
        """Wait for one's turn; False for whoever goes in beside the others."""
        turn, seen = threading.Event(), self._ended
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            self._line.append(turn)
        while not turn.wait(self._moment):
            with self._lock:
                if seen == self._ended and not turn.is_set():
                    self._line.remove(turn)
                    return False
                seen = self._ended
        return True

    def _leave(self, *, is_one_of_few: bool) -> None:
        """Hand the turn to who has waited the longest."""
        with self._lock:
            self._ended += 1
            if is_one_of_few and self._line:
                self._line.popleft().set()
            elif is_one_of_few:
                self._free += 1
