"""Every kind of news the bot can owe: its class, how long it is worth sending, and what to do in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.days import own_hours
from storage.models.outbox import Urgency


class InDoubt(StrEnum):
    """What to do when nobody can say whether a message reached Slack and the history cannot be read."""

    PREFER_ONCE = "prefer once"
    PREFER_DELIVERY = "prefer delivery"


@dataclass(frozen=True, slots=True)
class KindRule:
    """How one kind of news behaves."""

    urgency: Urgency
    worth: timedelta
    in_doubt: InDoubt = InDoubt.PREFER_DELIVERY


DAY = timedelta(days=1)
KINDS: Mapping[str, KindRule] = {
    "requests.asked": KindRule(Urgency.PROMISED, 7 * DAY),
    "requests.reminded": KindRule(Urgency.PROMISED, 2 * DAY, InDoubt.PREFER_ONCE),
    "requests.sent": KindRule(Urgency.ANSWER, 2 * DAY),
    "requests.moved_on": KindRule(Urgency.PROMISED, 7 * DAY),
    "requests.matched": KindRule(Urgency.PROMISED, 30 * DAY),
    "requests.reopened": KindRule(Urgency.PROMISED, 7 * DAY),
    "requests.unanswered": KindRule(Urgency.PROMISED, 30 * DAY),
    "requests.late_yes": KindRule(Urgency.PROMISED, 14 * DAY),
    "relationships.ended": KindRule(Urgency.PROMISED, 30 * DAY),
    "profiles.left": KindRule(Urgency.ANSWER, DAY),
    "help.typed": KindRule(Urgency.ANSWER, DAY, InDoubt.PREFER_ONCE),
    "home": KindRule(Urgency.ANSWER, DAY, InDoubt.PREFER_DELIVERY),
}


def due_at(kind: str, now: datetime, zone: str) -> datetime:
    """When this kind of news may reach somebody: an answer and a warning at once, the rest in their own hours."""
    if KINDS[kind].urgency in {Urgency.ANSWER, Urgency.SAFETY}:
        return now
    return own_hours(now, zone)
