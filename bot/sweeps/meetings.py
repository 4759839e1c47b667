"""Meetings: reminders, and whether they took place."""

from bot.services import reminders
from bot.sweeps.timetable import Sweep
from storage.queries.meetings import Waits, next_moment

SWEEPS: tuple[Sweep, ...] = (
    Sweep("remind of meetings", next_moment[Waits.REMIND], reminders.remind_due, shares=True),
    Sweep("remind of first meetings", next_moment[Waits.SOON], reminders.soon_due, shares=True),
    Sweep("ask mentees whether they met", next_moment[Waits.ASK], reminders.ask_mentees, shares=True),
    Sweep("ask mentors whether they met", next_moment[Waits.ASK_MENTOR], reminders.ask_mentors, shares=True),
)
