"""Every kind of news the bot can owe: its class, how long it is worth sending, and what to do in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.days import AT_ONCE, own_hours, own_morning
from storage.models.outbox import Lane, Urgency


class InDoubt(StrEnum):
    """What to do when nobody can say whether a message reached Slack and the history cannot be read."""

    PREFER_ONCE = "prefer once"
    PREFER_DELIVERY = "prefer delivery"


@dataclass(frozen=True, slots=True)
class KindRule:
    """How one kind of news behaves.

    `worth` is how long after it fell due it is still worth sending; `any_hour` is for a last reminder, which is useless
    in somebody's next own hours; `rank` is the order in which unasked kinds share the budget of attention; what
    `carries` lines of other news is never a line itself.
    """

    urgency: Urgency
    worth: timedelta
    in_doubt: InDoubt = InDoubt.PREFER_DELIVERY
    any_hour: bool = False
    rank: int = 0
    carries: bool = False


DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ONCE = InDoubt.PREFER_ONCE
DID_YOU_MEET, PULSE, SILENCE, MILESTONE, ROUND, DIGEST = range(1, 7)


def _unasked(rank: int, worth: timedelta = 5 * DAY) -> KindRule:
    """What nobody asked for: better never than twice, and never late."""
    return KindRule(Urgency.UNASKED, worth, ONCE, rank=rank)


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
    "relationships.stopped": KindRule(Urgency.ANSWER, DAY),
    "relationships.away": KindRule(Urgency.PROMISED, 7 * DAY, ONCE),
    "relationships.plan_first": _unasked(SILENCE),
    "relationships.quiet": _unasked(SILENCE),
    "relationships.asleep": _unasked(SILENCE),
    "relationships.close_offer": _unasked(SILENCE),
    "relationships.closing": _unasked(PULSE, 14 * DAY),
    "relationships.extended": KindRule(Urgency.PROMISED, 14 * DAY),
    "meetings.planned": KindRule(Urgency.PROMISED, 7 * DAY, any_hour=True),
    "meetings.moved": KindRule(Urgency.PROMISED, 7 * DAY, any_hour=True),
    "meetings.cancelled": KindRule(Urgency.PROMISED, 7 * DAY, any_hour=True),
    "meetings.reminded": KindRule(Urgency.PROMISED, DAY, ONCE),
    "meetings.soon": KindRule(Urgency.PROMISED, HOUR, ONCE, any_hour=True),
    "meetings.did_you_meet": _unasked(DID_YOU_MEET),
    "agreements.proposed": KindRule(Urgency.PROMISED, 14 * DAY),
    "agreements.signed": KindRule(Urgency.PROMISED, 14 * DAY),
    "agreements.unsigned": _unasked(MILESTONE),
    "checkins.pulse": _unasked(PULSE),
    "checkins.half_time": _unasked(PULSE, 10 * DAY),
    "checkins.follow_up": _unasked(PULSE, 14 * DAY),
    "milestones.due": _unasked(MILESTONE, 3 * DAY),
    "rounds.paired": KindRule(Urgency.PROMISED, 7 * DAY, ONCE),
    "rounds.alone": KindRule(Urgency.PROMISED, 3 * DAY, ONCE),
    "rounds.ask_met": _unasked(ROUND, 3 * DAY),
    "rounds.paused": _unasked(ROUND),
    "introductions.drafted": KindRule(Urgency.PROMISED, 14 * DAY),
    "introductions.asked": KindRule(Urgency.PROMISED, 7 * DAY),
    "introductions.made": KindRule(Urgency.PROMISED, 7 * DAY, ONCE),
    "introductions.told": KindRule(Urgency.PROMISED, 14 * DAY),
    "digests.weekly": KindRule(Urgency.UNASKED, HOUR, ONCE, rank=DIGEST, carries=True),
    "digests.together": KindRule(Urgency.UNASKED, 5 * DAY, ONCE, rank=DID_YOU_MEET, carries=True),
    "profiles.left": KindRule(Urgency.ANSWER, DAY),
    "help.typed": KindRule(Urgency.ANSWER, DAY, InDoubt.PREFER_ONCE),
    "home": KindRule(Urgency.ANSWER, DAY, InDoubt.PREFER_DELIVERY),
}


LANE_OF: Mapping[Urgency, Lane] = {
    Urgency.ANSWER: Lane.ANSWER,
    Urgency.SAFETY: Lane.ANSWER,
    Urgency.PROMISED: Lane.NOTICE,
    Urgency.UNASKED: Lane.NUDGE,
}


def due_at(kind: str, now: datetime, zone: str, spread: timedelta = AT_ONCE) -> datetime:
    """When this kind of news may reach somebody: an answer and a warning at once, the rest in their own hours.

    `spread` is how long after a morning begins this person's own messages come, so that not everybody's come at once:
    what is put off to a morning waits for it, and whatever nobody asked for. A digest has a minute of its own.
    """
    if comes_at_any_hour(kind):
        return now
    opens = own_hours(now, zone)
    is_spread = KINDS[kind].rank != DIGEST and (opens > now or KINDS[kind].urgency is Urgency.UNASKED)
    return own_morning(opens, zone, spread) if is_spread else opens


def comes_at_any_hour(kind: str) -> bool:
    """Whether this kind may reach somebody outside their own hours."""
    return KINDS[kind].urgency in {Urgency.ANSWER, Urgency.SAFETY} or KINDS[kind].any_hour


def lane_of(kind: str) -> Lane:
    """The queue a message of this kind stands in."""
    rule = KINDS[kind]
    if rule.rank == DIGEST:
        return Lane.DIGEST
    return LANE_OF[rule.urgency]
