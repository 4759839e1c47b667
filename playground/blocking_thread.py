"""How something of the driver's is held from outside its loop: each question and deed goes into the loop's thread."""

import asyncio
import functools
import inspect
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

P = ParamSpec("P")
R = TypeVar("R")
X = TypeVar("X")
W = TypeVar("W")
It = TypeVar("It")
It_co = TypeVar("It_co", covariant=True)


class Loop:
    """An event loop in a thread of its own, to which others hand their work."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="playground", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it still takes work."""
        return not self._loop.is_closed()

    @overload
    def do(self, work: Callable[[], Awaitable[R]]) -> R: ...
    @overload
    def do(self, work: Callable[[], R]) -> R: ...
    def do(self, work: Callable[[], Any]) -> Any:
        """What comes of it, once it is done; what is to be awaited is awaited there."""
        if threading.current_thread() is self._thread:
            return _at_once(work())

        async def done() -> Any:
            found = work()
            return await found if inspect.isawaitable(found) else found

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _at_once(found: Any) -> Any:
    """What a probe of `until` sees, which already runs in the loop."""
    if inspect.iscoroutine(found):
        found.close()
        raise RuntimeError("A probe only looks: it can do nothing and wait for nothing.")
    return found


class Held(Generic[It_co]):
    """Something of the driver's, `it`, and the loop it lives in."""

    def __init__(self, loop: Loop, it: It_co) -> None:
        self.loop = loop
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and bool(self.it == other.it)

    def __hash__(self) -> int:
        return hash(self.it)

    def held(self, kind: Callable[[Loop, X], W], work: Callable[[], X | Awaitable[X]]) -> W:
        """What comes of some work, held too."""
        found: Any = self.loop.do(work)
        return kind(self.loop, found)

    def each(self, kind: Callable[[Loop, X], W], work: Callable[[], list[X] | Awaitable[list[X]]]) -> list[W]:
        """The same for several."""
        found: Any = self.loop.do(work)
        return [kind(self.loop, each) for each in found]


class Seen(Generic[R]):
    """A property of the driver's, read in its loop."""

    def __init__(self, of: Callable[[Any], R]) -> None:
        self._read: Callable[[Any], R] = getattr(of, "fget", of)
        self.__doc__ = of.__doc__

    @overload
    def __get__(self, held: None, kind: type[Any]) -> "Seen[R]": ...
    @overload
    def __get__(self, held: Held[Any], kind: type[Any]) -> R: ...
    def __get__(self, held: Held[Any] | None, kind: type[Any]) -> "R | Seen[R]":
        if held is None:
            return self
        found: R = held.loop.do(lambda: self._read(held.it))
        return found


def does(method: Callable[Concatenate[It, P], Coroutine[Any, Any, R]]) -> Callable[Concatenate[Held[It], P], R]:
    """A method of the driver's that waits, done in its loop."""

    @functools.wraps(method)
    def call(held: Held[It], /, *arguments: P.args, **named: P.kwargs) -> R:
        found: R = held.loop.do(lambda: method(held.it, *arguments, **named))
        return found

    return call


def asks(method: Callable[Concatenate[It, P], R]) -> Callable[Concatenate[Held[It], P], R]:
    """A method of the driver's that answers at once, done in its loop."""

    @functools.wraps(method)
    def call(held: Held[It], /, *arguments: P.args, **named: P.kwargs) -> R:
        return held.loop.do(lambda: method(held.it, *arguments, **named))

    return call


def gives(
    kind: Callable[[Loop, X], W], method: Callable[Concatenate[It, P], Coroutine[Any, Any, X]]
) -> Callable[Concatenate[Held[It], P], W]:
    """A method of the driver's that waits for something that is held too."""

    @functools.wraps(method)
    def call(held: Held[It], /, *arguments: P.args, **named: P.kwargs) -> W:
        return kind(held.loop, held.loop.do(lambda: method(held.it, *arguments, **named)))

    return call
