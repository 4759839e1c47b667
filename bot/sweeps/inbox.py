"""What need not be remembered: deliveries that cannot come again, and places where nothing is said."""

from datetime import datetime, timedelta

from bot.outbox import lanes
from bot.rules.policy import INBOX_DAYS
from bot.sweeps.timetable import Sweep
from storage.database import Tx
from storage.queries import buckets, inbox

KEEP = timedelta(days=INBOX_DAYS.value)


def _next_forgotten(_tx: Tx) -> datetime | None:
    """Never a reason to wake: it is done along the way."""
    return None


def _forget(tx: Tx) -> int:
    lanes.forget_idle(tx)
    return inbox.forget_before(tx, tx.now - KEEP)


ALONG_THE_WAY = (inbox.next_forgotten(KEEP), buckets.next_full(lanes.PLACE, lanes.IDLE))
SWEEPS = (Sweep("forget old deliveries", _next_forgotten, _forget, ALONG_THE_WAY),)
