"""The shape of a sweep."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from storage.database import Tx
from storage.queries import workspaces
from storage.queries.asking import Asked, ask_all, unless_silent_here


@dataclass(frozen=True, slots=True)
class Sweep:
    """One thing done unasked: `next_due` asks the rows, `run` does a batch of it in one workspace and counts.

    What is done `along_the_way` is never a reason to wake, and is done where one of these is due when anybody looks.
    Where `next_due` would ask a whole crowd, whoever sweeps has a `look` at some of it instead.
    A sweep that `shares` passes over what another batch of it has in hand, so that several may be under way at once.
    """

    name: str
    next_due: Asked
    run: Callable[[Tx], int]
    along_the_way: tuple[Asked, ...] = ()
    look: Asked | None = None
    shares: bool = False


def due_now(tx: Tx, timetable: Sequence[Sweep]) -> list[Sweep]:
    """Whatever has something to do now; all of it is asked at once. Only for who sweeps: a look moves on."""
    asked = [(sweep, each) for sweep in timetable for each in (sweep.look or sweep.next_due, *sweep.along_the_way)]
    found = zip(asked, ask_all(tx, [each for _, each in asked]), strict=True)
    due = {sweep.name for (sweep, _), moment in found if moment is not None and moment <= tx.now}
    return [sweep for sweep in timetable if sweep.name in due]


def unless_silent(sweep: Sweep) -> Sweep:
    """The same, but not while organisers have silenced the bot: nobody is to run out of time they cannot know of."""

    def run(tx: Tx) -> int:
        return 0 if workspaces.is_silenced(tx) else sweep.run(tx)

    look = unless_silent_here(sweep.look) if sweep.look else None
    return replace(sweep, next_due=unless_silent_here(sweep.next_due), run=run, look=look)
