"""Introductions whose time is up, and those to people who are gone."""

from datetime import datetime

from bot.services import introducing
from bot.services import introductions as deeds
from bot.sweeps.timetable import Sweep, unless_silent
from storage.database import Tx
from storage.queries import introductions


def _next_stray(tx: Tx) -> datetime | None:
    return tx.now if introductions.strays(tx, limit=1) else None


SWEEPS = (
    unless_silent(Sweep("let introductions lapse", introductions.next_due, introducing.lapse_due)),
    Sweep("let go of introductions to people who are gone", _next_stray, deeds.let_go_of_strays),
)
