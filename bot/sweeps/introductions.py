"""Introductions whose time is up."""

from bot.services import introducing
from bot.sweeps.timetable import Sweep
from storage.queries import introductions

SWEEPS = (Sweep("let introductions lapse", introductions.next_due, introducing.lapse_due),)
