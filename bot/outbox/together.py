"""Several nudges to one person become one message with a line each, where so many wait that each would come late."""

from collections.abc import Iterable

from bot.rules.attention import Backlog
from bot.rules.news import KINDS, lane_of
from bot.rules.policy import JAM_ABOVE, MERGE_ABOVE
from storage.database import Tx
from storage.models.base import new_id
from storage.models.members import Member
from storage.models.outbox import Lane, OutboxRow, RowState
from storage.queries import digests, outbox, waiting

ONE_OF_SEVERAL = "one of several"
KIND = digests.TOGETHER


def nudges(tx: Tx) -> Backlog:
    """The nudges that wait in this workspace; digests go after them, so that these hold up none."""
    return Backlog(*waiting.backlog(tx, (Lane.NUDGE,), MERGE_ABOVE.value + 1))


def backlog(tx: Tx) -> Backlog:
    """All that nobody asked for and that waits in this workspace."""
    return Backlog(*waiting.backlog(tx, (Lane.NUDGE, Lane.DIGEST), JAM_ABOVE.value + 1))


def due_together(tx: Tx, to: Member) -> list[OutboxRow]:
    """What could become one message: nudges to this person that are due, still worth sending, and no such message."""
    return [row for row in waiting.nudges_due(tx, to.id) if _is_one(tx, row)]


def _is_one(tx: Tx, row: OutboxRow) -> bool:
    rule = KINDS.get(row.kind)
    return rule is not None and not rule.carries and tx.now <= (row.expires_at or row.due_at + rule.worth)


def merge(tx: Tx, row: OutboxRow, to: Member) -> None:
    """Owe one message in place of all of them; `row` is one of them, and is let go by whoever asked about it."""
    rows = due_together(tx, to)
    together_id = new_id()
    for each in rows:
        digests.note(tx, to.id, each.kind, each.subject_id, key=each.dedupe_key, facts=each.facts)
    digests.put_keys_into(tx, [each.dedupe_key for each in rows], together_id)
    _let_go(tx, (each for each in rows if each.id != row.id))
    rule = KINDS[KIND]
    news = outbox.News(
        kind=KIND,
        urgency=rule.urgency,
        member_id=to.id,
        subject_id=together_id,
        key=f"{KIND}:{together_id}",
        due_at=min(each.due_at for each in [row, *rows]),
        rank=rule.rank,
        lane=lane_of(KIND),
        wanted_at=tx.now,
    )
    outbox.owe(tx, news)


def _let_go(tx: Tx, rows: Iterable[OutboxRow]) -> None:
    for row in rows:
        outbox.advance(tx, row, {"state": RowState.DROPPED, "reason": ONE_OF_SEVERAL, "done_at": tx.now})
