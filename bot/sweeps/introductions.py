"""Introductions whose time is up."""

from bot.sweeps.timetable import Sweep

SWEEPS: tuple[Sweep, ...] = ()
