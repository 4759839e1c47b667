"""Rounds: beginning one, and counting the last."""

from bot.sweeps.timetable import Sweep

SWEEPS: tuple[Sweep, ...] = ()
