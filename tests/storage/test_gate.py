"""The gate: few at a time in the order they came, and nobody waits for ever behind who is stuck."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from storage.gate import Gate
from tests.builders import SECONDS

CROWD = 8


class Crowd:
    """Threads that come to a gate one after another, and stay inside until each is let out."""

    def __init__(self, gate: Gate, pool: ThreadPoolExecutor) -> None:
        self.gate, self._pool = gate, pool
        self.inside: list[int] = []
        self._came, self._out = threading.Condition(), [threading.Event() for _ in range(CROWD)]
        self._gone: list[Future[None]] = []

    def come(self, number: int) -> None:
        """One more comes, and is inside or in line when this returns."""
        self._gone.append(self._pool.submit(self._pass, number))
        deadline = monotonic() + SECONDS
        while len(self.inside) + self.gate.waiting <= number:
            assert monotonic() < deadline
            sleep(0.001)

    def _pass(self, number: int) -> None:
        with self.gate.passed():
            with self._came:
                self.inside.append(number)
                self._came.notify_all()
            assert self._out[number].wait(SECONDS)

    def let_out(self, number: int) -> None:
        """One leaves."""
        self._out[number].set()
        self._gone[number].result(SECONDS)

    def has_seen(self, count: int, seconds: float = SECONDS) -> bool:
        """Whether so many have come in by then."""
        with self._came:
            return self._came.wait_for(lambda: len(self.inside) >= count, seconds)

    def end(self) -> None:
        """Everybody may leave."""
        for each in self._out:
            each.set()


@contextmanager
def coming(moment: float) -> Iterator[Crowd]:
    with ThreadPoolExecutor(CROWD) as pool:
        crowd = Crowd(Gate(2, moment), pool)
        try:
            yield crowd
        finally:
            crowd.end()


def test_two_are_inside_and_the_rest_come_in_in_their_order() -> None:
    with coming(SECONDS) as crowd:
        for number in range(CROWD):
            crowd.come(number)
        assert not crowd.has_seen(3, 0.05)
        for number in range(CROWD - 2):
            crowd.let_out(number)
            assert crowd.has_seen(number + 3)
            assert crowd.inside == list(range(number + 3))


def test_where_nobody_comes_out_the_next_go_in_beside_them() -> None:
    with coming(0.05) as crowd:
        for number in range(4):
            crowd.come(number)
        assert crowd.has_seen(4)


def test_while_somebody_comes_out_again_and_again_nobody_goes_beside() -> None:
    moment = 2.0
    with coming(moment) as crowd:
        for number in range(CROWD):
            crowd.come(number)
        for number in range(CROWD - 2):
            assert not crowd.has_seen(number + 3, moment / 5), "one came out within every moment"
            crowd.let_out(number)
            assert crowd.has_seen(number + 3)


def test_whoever_steps_back_lets_all_who_stand_in_line_go_first_but_not_for_ever() -> None:
    with coming(SECONDS) as crowd, ThreadPoolExecutor(1) as pool:
        for number in range(3):
            crowd.come(number)
        crowd.gate.step_back(0.02)
        assert crowd.inside == [0, 1], "patience ended, and nobody had come out"
        stepping = pool.submit(crowd.gate.step_back, SECONDS)
        assert not wait({stepping}, 0.05).done
        crowd.let_out(0)
        stepping.result(SECONDS)
        assert crowd.has_seen(3)


def test_whoever_fails_inside_hands_the_turn_on() -> None:
    gate = Gate(1, SECONDS)
    for _ in range(3):
        with pytest.raises(LookupError), gate.passed():
            raise LookupError
    with gate.passed():
        pass
