"""Requests: reminders, lapses, and what follows a decline or a withdrawal when its undo window is over."""

from collections.abc import Callable
from datetime import datetime

from bot.rules.policy import UNDO
from bot.services import searches
from bot.sweeps.timetable import Sweep, unless_silent
from storage.database import Tx
from storage.queries import requests


def _after_undo(question: Callable[[Tx], datetime | None]) -> Callable[[Tx], datetime | None]:
    def due(tx: Tx) -> datetime | None:
        done_at = question(tx)
        return None if done_at is None else done_at + UNDO.value

    return due


SWEEPS = (
    Sweep("settle declines", _after_undo(requests.next_decline), searches.settle_declines),
    Sweep("settle withdrawals", _after_undo(requests.next_withdrawal), searches.settle_withdrawals),
    unless_silent(Sweep("lapse requests", requests.next_lapse, searches.lapse_due)),
    unless_silent(Sweep("remind mentors", requests.next_reminder, searches.remind_due)),
)
