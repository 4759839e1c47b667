"""Looking through a crowd a few at a time, for what no index can show: a small crowd is seen whole at every look."""

from collections.abc import Callable
from datetime import datetime

from storage.database import Tx
from storage.queries.asking import EVERYBODY, Stretch

FEW = 100


class Turns:
    """Each look begins where the last one that found nobody ended, so in turn everybody is looked at.

    Only who sweeps looks; who merely asks for the next moment is told of everybody, and moves nobody's turn. How far
    it has come is nobody's to remember: a new process begins with the first, and two may look side by side. To `peek`
    is to see how far the next few go, and whether it is worth a closer look.
    """

    def __init__(
        self,
        peek: Callable[[Tx, str, int], tuple[Stretch, bool]],
        finds: Callable[[Tx, Stretch], bool],
        deed: Callable[[Tx, Stretch], int],
    ) -> None:
        self._peek = peek
        self._finds = finds
        self._deed = deed
        self._come_to: dict[str, str] = {}

    def next_due(self, tx: Tx) -> datetime | None:
        """Now, if there is anybody at all; as dear as the crowd is large, so no tick asks it."""
        return tx.now if self._finds(tx, EVERYBODY) else None

    def look(self, tx: Tx) -> datetime | None:
        """Now, if there is somebody among the next few; if not, the next look is at those after them."""
        return tx.now if self._look(tx, self._finds) else None

    def run(self, tx: Tx) -> int:
        """Deal with whoever is among the next few; how many."""
        return self._look(tx, self._deed)

    def _look(self, tx: Tx, at: Callable[[Tx, Stretch], int]) -> int:
        these, may_be = self._peek(tx, self._come_to.get(tx.workspace_id, ""), FEW)
        found = at(tx, these) if may_be else 0
        if not found:
            self._come_to[tx.workspace_id] = these.upto or ""
        return found
