"""Pairs: silence, the term's end, and what follows."""

from bot.sweeps.timetable import Sweep

SWEEPS: tuple[Sweep, ...] = ()
