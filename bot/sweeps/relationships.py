"""Pairs: stops that can't be taken back any more, silence, a first meeting to plan, and the end of a term."""

from datetime import datetime

from bot.rules.policy import UNDO
from bot.services import endings, silences
from bot.sweeps.timetable import Sweep, unless_silent
from storage.database import Tx
from storage.queries import relationships


def _next_stop(tx: Tx) -> datetime | None:
    asked_at = relationships.next_stop(tx)
    return None if asked_at is None else asked_at + UNDO.value


SWEEPS = (
    Sweep("settle stops", _next_stop, endings.settle_stops),
    unless_silent(Sweep("notice silence", relationships.next_quiet, silences.step_on)),
    Sweep("ask for a first plan", relationships.next_plan, silences.ask_for_plans),
    Sweep("ask how to go on", relationships.next_closing, silences.ask_how_to_go_on),
    Sweep("finish terms", relationships.next_term, endings.finish_due),
)
