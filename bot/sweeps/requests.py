"""Requests: reminders, lapses, and what follows a decline or a withdrawal when its undo window is over."""

from bot.rules.policy import UNDO
from bot.services import searches
from bot.sweeps.timetable import Sweep, unless_silent
from storage.queries import requests

SWEEPS = (
    Sweep("settle declines", requests.next_decline.later(UNDO.value), searches.settle_declines),
    Sweep("settle withdrawals", requests.next_withdrawal.later(UNDO.value), searches.settle_withdrawals),
    unless_silent(Sweep("lapse requests", requests.next_lapse, searches.lapse_due)),
    unless_silent(Sweep("remind mentors", requests.next_reminder, searches.remind_due)),
)
