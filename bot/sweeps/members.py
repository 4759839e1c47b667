"""People gone from the workspace, by whatever way we learned of it."""

from datetime import datetime

from bot.services import profiles
from bot.sweeps.timetable import Sweep
from storage.database import Tx
from storage.queries import members


def _next_gone(tx: Tx) -> datetime | None:
    return tx.now if members.gone_but_joined(tx, limit=1) else None


SWEEPS = (Sweep("take out who is gone", _next_gone, profiles.settle_gone),)
