"""TIMETABLE: everything the bot does unasked. A sweep says when it is next due, and what to do then; rows decide."""

from bot.sweeps import inbox, members, profiles, requests
from bot.sweeps.timetable import Sweep

TIMETABLE: tuple[Sweep, ...] = (*members.SWEEPS, *profiles.SWEEPS, *requests.SWEEPS, *inbox.SWEEPS)
