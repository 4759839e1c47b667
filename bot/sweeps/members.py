"""People gone from the workspace, or moved to another zone, by whatever way we learned of it."""

from datetime import datetime

from bot.services import members as services
from bot.services import profiles
from bot.sweeps.timetable import Sweep
from storage.database import Tx
from storage.queries import members


def _next_gone(tx: Tx) -> datetime | None:
    return tx.now if members.gone_but_joined(tx, limit=1) else None


def _next_move(tx: Tx) -> datetime | None:
    return tx.now if members.moved(tx, limit=1) else None


SWEEPS = (
    Sweep("take out who is gone", _next_gone, profiles.settle_gone),
    Sweep("follow who moved", _next_move, services.follow_moves),
)
