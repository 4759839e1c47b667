"""Meetings: reminders, and whether they took place."""

from functools import partial

from bot.services import reminders
from bot.sweeps.timetable import Sweep
from storage.queries.meetings import Waits, next_moment

SWEEPS: tuple[Sweep, ...] = (
    Sweep("remind of meetings", partial(next_moment, waits=Waits.REMIND), reminders.remind_due),
    Sweep("remind of first meetings", partial(next_moment, waits=Waits.SOON), reminders.soon_due),
    Sweep("ask mentees whether they met", partial(next_moment, waits=Waits.ASK), reminders.ask_mentees),
    Sweep("ask mentors whether they met", partial(next_moment, waits=Waits.ASK_MENTOR), reminders.ask_mentors),
)
