"""Milestones whose day has come."""

from bot.services import milestones
from bot.sweeps.timetable import Sweep
from storage.queries import milestones as queries

SWEEPS = (Sweep("tell of marked days", queries.next_due, milestones.tell_due),)
