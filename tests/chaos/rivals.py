"""Several people at one moment: each by a door of their own, all at once, or one while another has not committed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text

from bot.errors import MentorError
from storage.database import Database, StoreUnavailableError, Tx
from storage.models.members import Member
from tests.builders import SECONDS, House, fresh

A_LOOK = 0.005
TRIES = 5
Deed = Callable[[Tx], object]
Ends = list[BaseException | None]


@dataclass(frozen=True, slots=True)
class Rivals:
    """A house, and ways into its database that know nothing of each other."""

    house: House
    doors: Sequence[Database]

    def at_once(self, *deeds: Deed) -> Ends:
        """Let each deed come in by its own door at the same moment; what became of each."""
        barrier = threading.Barrier(len(deeds))

        def go(door: Database, deed: Deed) -> BaseException | None:
            barrier.wait(SECONDS)
            return self._through(door, deed)

        return _each(go, list(zip(self.doors, deeds, strict=False)))

    def overtaken(self, first: Deed, second: Deed) -> Ends:
        """Let the second come in while the first is done and not yet committed; what became of each."""
        is_done, is_over = threading.Event(), threading.Event()

        def slow(tx: Tx) -> None:
            first(tx)
            tx.session.flush()
            is_done.set()
            self._let_it_run_into(is_over)

        def go(door: Database, deed: Deed) -> BaseException | None:
            if deed is second:
                is_done.wait(SECONDS)
            try:
                return self._through(door, deed)
            finally:
                (is_over if deed is second else is_done).set()

        return _each(go, list(zip(self.doors, (slow, second), strict=False)))

    def _let_it_run_into(self, is_over: threading.Event) -> None:
        """Wait until the other is through, or waits for a row of ours; on SQLite it cannot so much as begin."""
        while not self.house.database.is_sqlite and not is_over.wait(A_LOOK) and not self.house.do(_somebody_waits):
            continue

    def _through(self, door: Database, deed: Deed) -> BaseException | None:
        """Come in; eight files open on one SQLite wait for each other longer than a bot waits, and try again."""
        for _ in range(TRIES):
            end = door.write(lambda session: deed(self.house.tx(session))).exception(SECONDS)
            if not isinstance(end, StoreUnavailableError):
                break
        return end


def _somebody_waits(tx: Tx) -> bool:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return bool(tx.session.scalar(waiting))


def _each(go: Callable[[Database, Deed], BaseException | None], jobs: Sequence[tuple[Database, Deed]]) -> Ends:
    ends: Ends = [RuntimeError("never ran") for _ in jobs]

    def keep(number: int) -> None:
        ends[number] = go(*jobs[number])

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return ends


@contextmanager
def rivals_in(house: House, count: int) -> Iterator[Rivals]:
    """So many doors into a house's database."""
    doors = [Database(house.database.url) for _ in range(count)]
    try:
        yield Rivals(house, doors)
    finally:
        for door in doors:
            door.close()


def by(who: Member, deed: Callable[..., object], *args: Any, **kwargs: Any) -> Deed:
    """Somebody does something, read afresh first."""
    return lambda tx: deed(tx, fresh(tx, who), *args, **kwargs)


def at(moment: datetime, deed: Callable[..., object], *args: Any, **kwargs: Any) -> Deed:
    """The deed as it is done at this moment, whatever the house's clock says."""
    return lambda tx: deed(replace(tx, now=moment), *args, **kwargs)


def unforeseen(ends: Ends) -> Ends:
    """What nobody foresaw: anything that is not one of the bot's own refusals."""
    return [end for end in ends if end is not None and not isinstance(end, MentorError)]
