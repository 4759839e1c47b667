"""Introductions whose time is up, and those to people who are gone."""

from bot.services import introducing
from bot.services import introductions as deeds
from bot.sweeps.timetable import Sweep, unless_silent
from storage.queries import introductions

SWEEPS = (
    unless_silent(Sweep("let introductions lapse", introductions.next_due, introducing.lapse_due)),
    Sweep("let go of introductions to people who are gone", introductions.next_stray, deeds.let_go_of_strays),
)
