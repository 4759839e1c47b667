"""Digests, each on its reader's own morning; and people and pairs whose day to be back has come."""

from bot.news import digests as news
from bot.services import away
from bot.services import digests as deeds
from bot.sweeps.timetable import Sweep, unless_silent
from bot.sweeps.turns import Turns
from storage.database import Tx
from storage.queries import digests, preferences


def _send(tx: Tx) -> int:
    return deeds.send_due(tx, news.words)


UNPLANNED = Turns(digests.at_the_next_people, deeds.has_unplanned, deeds.plan_missing)

SWEEPS = (
    Sweep("welcome people back", preferences.next_return, away.welcome_back),
    Sweep("go on after a pause", preferences.next_pair_return, away.resume_due),
    Sweep("plan digests", UNPLANNED.next_due, UNPLANNED.run, look=UNPLANNED.look),
    unless_silent(Sweep("send digests", digests.next_due, _send)),
)
