"""What waits for a digest, and whose digest is due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState
from storage.models.preferences import Attention, Preferences
from storage.models.profiles import Profile
from storage.models.relationships import LIVE_STATES, Relationship
from storage.models.rounds import Peer
from storage.queries.asking import EVERYBODY, HERE, Stretch, earliest, peek, search
from storage.queries.known import FEW
from storage.queries.locks import unheld
from storage.queries.once import insert_once

KIND = "digests.weekly"
TOGETHER = "digests.together"
LET_GO = "let go"
ASSUMED_SENT = "assumed sent"
LOST = (RowState.DROPPED, RowState.DEAD)
MOST_LINES = 200


def note(tx: Tx, member_id: str, kind: str, subject_id: str, *, key: str, facts: Mapping[str, Any]) -> None:
    """Let something wait for somebody's next digest, once for this key."""
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "member_id": member_id,
        "kind": kind,
        "subject_id": subject_id,
        "key": key,
        "noted_at": tx.now,
        "facts": dict(facts),
        "digest": "",
    }
    insert_once(tx.session, DigestLine, row, ("workspace_id", "key"))


def waiting_lines(tx: Tx, member_id: str) -> list[DigestLine]:
    """What waits for somebody's digest, newest first; the lines of a digest that never reached them wait again."""
    carried = select(OutboxRow.subject_id).where(
        OutboxRow.workspace_id == tx.workspace_id, OutboxRow.member_id == member_id, _is_carried(KIND, TOGETHER)
    )
    found = tx.session.scalars(
        select(DigestLine)
        .where(
            DigestLine.workspace_id == tx.workspace_id,
            DigestLine.member_id == member_id,
            DigestLine.digest != LET_GO,
            DigestLine.digest.not_in(carried),
        )
        .order_by(DigestLine.noted_at.desc(), DigestLine.id)
        .limit(MOST_LINES)
    )
    return list(found)


def _is_carried(*kinds: str) -> ColumnElement[bool]:
    """A message with lines on its way or there; one that was dropped or refused carries nothing."""
    return and_(OutboxRow.kind.in_(kinds), or_(OutboxRow.state.not_in(LOST), OutboxRow.reason == ASSUMED_SENT))


_CARRIED = (OutboxRow.workspace_id == HERE, OutboxRow.member_id == bindparam("member_id"), _is_carried(KIND))
_NEWEST = select(OutboxRow.facts).where(*_CARRIED).order_by(OutboxRow.created_at.desc(), OutboxRow.id).limit(1)
_HOW_MANY = select(func.count()).select_from(OutboxRow).where(*_CARRIED)


def lines_in(tx: Tx, member_id: str, digest_id: str) -> list[DigestLine]:
    """The lines that went into one digest, newest first."""
    found = tx.session.scalars(
        select(DigestLine)
        .where(
            DigestLine.workspace_id == tx.workspace_id,
            DigestLine.member_id == member_id,
            DigestLine.digest == digest_id,
        )
        .order_by(DigestLine.noted_at.desc(), DigestLine.id)
    )
    return list(found)


def put_into(tx: Tx, lines: Iterable[DigestLine], digest_id: str) -> None:
    """Write down which digest these lines went into, or that they are let go."""
    if ids := [line.id for line in lines]:
        tx.session.execute(
            update(DigestLine)
            .where(DigestLine.workspace_id == tx.workspace_id, DigestLine.id.in_(ids))
            .values(digest=digest_id)
        )


def put_keys_into(tx: Tx, keys: Iterable[str], digest_id: str) -> None:
    """Write down which message the lines of these keys went into."""
    tx.session.execute(
        update(DigestLine)
        .where(DigestLine.workspace_id == tx.workspace_id, DigestLine.key.in_(list(keys)))
        .values(digest=digest_id)
    )


def last_day(tx: Tx, member_id: str) -> str | None:
    """The day of somebody's newest digest, on its way or there, as it was written then; None before the first."""
    facts = tx.session.scalar(_NEWEST, tx.given(member_id=member_id))
    return None if facts is None else str(facts["day"])


def how_many(tx: Tx, member_id: str) -> int:
    """How many digests somebody has had, one on its way among them."""
    return tx.session.scalar(_HOW_MANY, tx.given(member_id=member_id)) or 0


def due(tx: Tx) -> list[Preferences]:
    """Settings whose next digest is due, longest due first."""
    question = (
        select(Preferences)
        .where(Preferences.workspace_id == tx.workspace_id, Preferences.next_digest_at <= tx.now)
        .order_by(Preferences.next_digest_at, Preferences.id)
        .limit(FEW)
    )
    return list(tx.session.scalars(unheld(question)))


next_due = earliest(Preferences.next_digest_at)
"""When the next digest is due."""


def set_next(row: Preferences, moment: datetime | None) -> None:
    """Write down when somebody's next digest is due; None for somebody who gets none."""
    row.next_digest_at = moment


_has_plan = exists().where(
    Preferences.workspace_id == Member.workspace_id,
    Preferences.member_id == Member.id,
    or_(Preferences.next_digest_at.is_not(None), Preferences.attention != Attention.EVERYTHING),
)
_is_colleague = and_(
    Member.is_gone.is_(False), Member.is_bot.is_(False), Member.is_guest.is_(False), Member.is_stranger.is_(False)
)
_PLANLESS = select(Member.id).where(Member.workspace_id == HERE, _is_colleague, ~_has_plan)
at_the_next_people = peek(select(Member.id).where(Member.workspace_id == HERE), Member.id, _PLANLESS)
"""The next so many of everybody, and whether one of them is a colleague for whom no digest is planned."""
has_planless = search(Member.id, _PLANLESS)
"""Whether there is a colleague for whom no digest is planned: quick to ask, before it is asked who takes part."""


def unplanned(tx: Tx, organiser_ids: Sequence[str], among: Stretch = EVERYBODY, limit: int = FEW) -> list[Member]:
    """People of the programme who would have a digest, and for whom none is planned."""
    found = tx.session.scalars(
        select(Member)
        .where(
            Member.workspace_id == tx.workspace_id,
            among.holds(Member.id),
            ~_has_plan,
            _takes_part(tx, organiser_ids),
        )
        .order_by(Member.id)
        .limit(limit)
    )
    return list(found)


def taking_part(tx: Tx, member_ids: Iterable[str], organiser_ids: Sequence[str]) -> frozenset[str]:
    """Those of these people who are in the programme in any way, or look after it."""
    found = tx.session.scalars(
        select(Member.id).where(
            Member.workspace_id == tx.workspace_id, Member.id.in_(list(member_ids)), _takes_part(tx, organiser_ids)
        )
    )
    return frozenset(found)


def _takes_part(tx: Tx, organiser_ids: Sequence[str]) -> ColumnElement[bool]:
    joined = exists().where(
        Profile.workspace_id == tx.workspace_id, Profile.member_id == Member.id, Profile.left_at.is_(None)
    )
    paired = exists().where(
        Relationship.workspace_id == tx.workspace_id,
        Relationship.state.in_(LIVE_STATES),
        or_(Relationship.mentee_id == Member.id, Relationship.mentor_id == Member.id),
    )
    is_peer = exists().where(
        Peer.workspace_id == tx.workspace_id,
        Peer.member_id == Member.id,
        Peer.left_at.is_(None),
        Peer.paused_at.is_(None),
    )
    return and_(_is_colleague, or_(joined, paired, is_peer, Member.id.in_(organiser_ids)))
