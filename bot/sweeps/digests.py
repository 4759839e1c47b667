"""Digests, each on its reader's own morning."""

from bot.sweeps.timetable import Sweep

SWEEPS: tuple[Sweep, ...] = ()
