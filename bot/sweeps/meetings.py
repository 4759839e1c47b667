"""Meetings: reminders, and whether they took place."""

from bot.sweeps.timetable import Sweep

SWEEPS: tuple[Sweep, ...] = ()
