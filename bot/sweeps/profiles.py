"""Leaves, carried out when their undo window is over."""

from datetime import datetime

from bot.rules.policy import UNDO
from bot.services import profiles as deeds
from bot.sweeps.timetable import Sweep
from storage.database import Tx
from storage.queries import profiles


def _next_leave(tx: Tx) -> datetime | None:
    left_at = profiles.next_leave(tx)
    return None if left_at is None else left_at + UNDO.value


SWEEPS = (Sweep("settle leaves", _next_leave, deeds.settle_leaves),)
