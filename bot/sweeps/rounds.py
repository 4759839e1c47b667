"""Rounds: taking out who is gone, beginning one and counting the last, and new groups for those left alone."""

from bot.services import pairing
from bot.services import rounds as deeds
from bot.sweeps.timetable import Sweep, unless_silent
from bot.sweeps.turns import Turns
from storage.queries import rounds

STRAYS = Turns(rounds.at_the_next_in, rounds.has_strays, deeds.take_out_strays)

SWEEPS = (
    Sweep("take out peers who are gone", STRAYS.next_due, STRAYS.run, look=STRAYS.look),
    unless_silent(Sweep("begin a round", rounds.next_begin, pairing.begin)),
    unless_silent(Sweep("regroup peers", pairing.next_regroup, pairing.regroup)),
)
