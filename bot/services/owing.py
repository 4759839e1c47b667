"""Writes down who must be told what, in the deed's own transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from bot.rules.days import spread_of
from bot.rules.news import KINDS, comes_at_any_hour, due_at, lane_of
from storage.database import Tx
from storage.models.base import new_id
from storage.models.members import Member
from storage.models.outbox import Lane, Op, OutboxRow, Urgency
from storage.queries import members, outbox, waiting
from storage.queries.members import Reader

Moments: TypeAlias = tuple[datetime, datetime | None]
To: TypeAlias = Member | Reader


def post(
    tx: Tx,
    kind: str,
    to: To,
    subject_id: str,
    *,
    key: str = "",
    after: datetime | None = None,
    at: datetime | None = None,
    **facts: str,
) -> None:
    """Owe a message, once for this kind and key (else subject): in the reader's hours, from now or `after` on.

    `at` is a moment of its own instead, which whoever owes it reckons anew when the reader's clock is another.
    """
    outbox.owe(tx, news(tx, kind, to, subject_id, key=key, after=after, at=at, **facts))


def news(
    tx: Tx,
    kind: str,
    to: To,
    subject_id: str,
    *,
    key: str = "",
    after: datetime | None = None,
    at: datetime | None = None,
    **facts: str,
) -> outbox.News:
    """Word what `post` owes, for `owe_all`."""
    moments = (at, None) if at is not None else _moments(kind, to, after or tx.now)
    return _news(kind, to, subject_id, key, facts, moments)


def owe_all(tx: Tx, told: Sequence[outbox.News]) -> None:
    """Owe many messages at once, each once for its kind and key as ever."""
    outbox.owe_all(tx, told)


def _due_at(kind: str, wanted_at: datetime, to: To) -> datetime:
    return due_at(kind, wanted_at, to.zone, spread_of(to.id))


def follow(tx: Tx, member: Member) -> None:
    """Put what somebody is owed in their own hours where these are now, after their clock became another."""
    for row in waiting.unsent_of(tx, member.id):
        if row.wanted_at is not None:
            move(tx, row, _due_at(row.kind, row.wanted_at, member))


def move(tx: Tx, row: OutboxRow, due_at: datetime) -> None:
    """Let a message come at another moment; one that is on its way already stays as it is."""
    if row.due_at != due_at:
        outbox.advance(tx, row, {"due_at": due_at})


def open_group(tx: Tx, kind: str, people: Sequence[Member], subject_id: str, *, key: str = "", **facts: str) -> None:
    """Owe one message to a group of two to eight people, whose group message is opened for it; nobody reads it there.

    It waits for the hours of the first of them, who stands for all: an update of it is owed to the same person.
    """
    them = {"people": [person.slack_id for person in people]}
    outbox.owe(
        tx, _news(kind, people[0], subject_id, key, {**facts, **them}, _moments(kind, people[0], tx.now), Op.OPEN_GROUP)
    )


def post_to(tx: Tx, kind: str, channel: str, to: Member, subject_id: str, *, key: str = "", **facts: str) -> None:
    """Owe one message in a channel somebody chose, by its Slack id; `to` is whoever chose it, and whose hours count."""
    there = facts | {"channel": channel}
    outbox.owe(tx, _news(kind, to, subject_id, key, there, _moments(kind, to, tx.now), Op.POST_TO))


def _moments(kind: str, to: To, wanted_at: datetime) -> Moments:
    """In the reader's hours, from this moment on."""
    return _due_at(kind, wanted_at, to), None if comes_at_any_hour(kind) else wanted_at


def _news(
    kind: str,
    to: To,
    subject_id: str,
    key: str,
    facts: Mapping[str, object],
    moments: Moments,
    op: Op = Op.POST,
) -> outbox.News:
    due_at, wanted_at = moments
    return outbox.News(
        op=op,
        kind=kind,
        urgency=KINDS[kind].urgency,
        member_id=to.id,
        subject_id=subject_id,
        key=f"{kind}:{key or subject_id}",
        due_at=due_at,
        rank=KINDS[kind].rank,
        lane=lane_of(kind),
        wanted_at=wanted_at,
        facts=facts,
    )


def update(tx: Tx, kind: str, to: To, subject_id: str, at: datetime | None = None) -> None:
    """Owe a fresh rendering of a message sent before; nobody is notified, and it may come at any hour."""
    outbox.owe(tx, renewal(tx, kind, to, subject_id, at))


def renewal(tx: Tx, kind: str, to: To, subject_id: str, at: datetime | None = None) -> outbox.News:
    """Word what `update` owes, for `owe_all`."""
    return outbox.News(
        op=Op.UPDATE,
        kind=kind,
        urgency=Urgency.ANSWER,
        member_id=to.id,
        subject_id=subject_id,
        key=f"{kind}:update:{new_id()}",
        due_at=at or tx.now,
        lane=Lane.UPDATE,
    )


def home(tx: Tx, *people: To | str) -> None:
    """Owe a fresh Home to those who have ever opened theirs."""
    known = [members.by_id(tx, person) if isinstance(person, str) else person for person in people]
    owe_all(tx, [_home_for(tx, person) for person in known if person is not None and person.home_at is not None])


def _home_for(tx: Tx, to: To) -> outbox.News:
    return outbox.News(
        op=Op.PUBLISH_HOME,
        kind="home",
        urgency=Urgency.ANSWER,
        member_id=to.id,
        subject_id=to.id,
        key=f"home:{new_id()}",
        due_at=tx.now,
        lane=Lane.HOME,
    )
