"""Rounds: taking out who is gone, beginning one and counting the last, and new groups for those left alone."""

from datetime import datetime

from bot.services import pairing
from bot.services import rounds as deeds
from bot.sweeps.timetable import Sweep, unless_silent
from storage.database import Tx
from storage.queries import rounds


def _next_stray(tx: Tx) -> datetime | None:
    return tx.now if rounds.strays(tx, limit=1) else None


SWEEPS = (
    Sweep("take out peers who are gone", _next_stray, deeds.take_out_strays),
    unless_silent(Sweep("begin a round", rounds.next_begin, pairing.begin)),
    unless_silent(Sweep("regroup peers", pairing.next_regroup, pairing.regroup)),
)
