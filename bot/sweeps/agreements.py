"""Agreements nobody signed for two weeks."""

from bot.services import agreements
from bot.sweeps.timetable import Sweep
from storage.queries import agreements as queries

SWEEPS = (Sweep("bring up unsigned agreements", queries.next_nudge, agreements.nudge_unsigned),)
