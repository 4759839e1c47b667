"""Leaves, carried out when their undo window is over."""

from bot.rules.policy import UNDO
from bot.services import profiles as deeds
from bot.sweeps.timetable import Sweep
from storage.queries import profiles

SWEEPS = (Sweep("settle leaves", profiles.next_leave.later(UNDO.value), deeds.settle_leaves),)
