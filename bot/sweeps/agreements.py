"""Agreements that wait for a signature."""

from bot.sweeps.timetable import Sweep

SWEEPS: tuple[Sweep, ...] = ()
