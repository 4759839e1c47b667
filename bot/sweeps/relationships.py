"""Pairs: stops that can't be taken back any more, silence, a first meeting to plan, and the end of a term."""

from bot.rules.policy import UNDO
from bot.services import endings, silences
from bot.sweeps.timetable import Sweep, unless_silent
from storage.queries import relationships

SWEEPS = (
    Sweep("settle stops", relationships.next_stop.later(UNDO.value), endings.settle_stops),
    unless_silent(Sweep("notice silence", relationships.next_quiet, silences.step_on)),
    Sweep("ask for a first plan", relationships.next_plan, silences.ask_for_plans),
    Sweep("ask how to go on", relationships.next_closing, silences.ask_how_to_go_on),
    Sweep("finish terms", relationships.next_term, endings.finish_due),
)
