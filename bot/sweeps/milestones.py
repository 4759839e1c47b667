"""Milestones whose day has come."""

from bot.sweeps.timetable import Sweep

SWEEPS: tuple[Sweep, ...] = ()
