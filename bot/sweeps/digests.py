"""Digests, each on its reader's own morning; and people and pairs whose day to be back has come."""

from datetime import datetime

from bot.news import digests as news
from bot.services import away
from bot.services import digests as deeds
from bot.sweeps.timetable import Sweep, unless_silent
from storage.database import Tx
from storage.queries import digests, preferences


def _next_plan(tx: Tx) -> datetime | None:
    return tx.now if deeds.has_unplanned(tx) else None


def _send(tx: Tx) -> int:
    return deeds.send_due(tx, news.words)


SWEEPS = (
    Sweep("welcome people back", preferences.next_return, away.welcome_back),
    Sweep("go on after a pause", preferences.next_pair_return, away.resume_due),
    Sweep("plan digests", _next_plan, deeds.plan_missing),
    unless_silent(Sweep("send digests", digests.next_due, _send)),
)
