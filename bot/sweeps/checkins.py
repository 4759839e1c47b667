"""Check-ins whose day has come."""

from bot.services import checkins
from bot.sweeps.timetable import Sweep
from storage.queries import checkins as queries

SWEEPS: tuple[Sweep, ...] = (Sweep("ask check-ins", queries.next_due, checkins.ask_due, shares=True),)
