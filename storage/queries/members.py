"""Who is here."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, select, update
from sqlalchemy.orm import Session

from storage.database import Tx
from storage.models.base import new_id
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.queries import known
from storage.queries.asking import EVERYBODY, HERE, NOW, Question, Stretch, peek, search
from storage.queries.locks import held, unheld
from storage.queries.once import insert_once


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a message is for, as far as it takes to owe it: a sweep reads hundreds, and no more of each."""

    id: str
    zone: str
    home_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack's directory says of somebody."""

    slack_id: str
    name: str
    title: str
    zone: str
    is_bot: bool
    is_guest: bool
    is_stranger: bool
    is_gone: bool
    is_primary_owner: bool


_BY_SLACK_ID = select(Member).where(Member.workspace_id == HERE, Member.slack_id == bindparam("slack_id"))


def remember(tx: Tx, person: Person) -> Member:
    """Write down what the directory says now; the member's own id never changes."""
    facts = asdict(person) | {"seen_at": tx.now}
    row = {"id": new_id(), "workspace_id": tx.workspace_id} | facts
    if not insert_once(tx.session, Member, row, ("workspace_id", "slack_id")):
        tx.session.execute(
            update(Member)
            .where(Member.workspace_id == tx.workspace_id, Member.slack_id == person.slack_id)
            .values(**facts, **_moving(person.zone, tx.now))
        )
    return tx.session.scalars(
        select(Member)
        .where(Member.workspace_id == tx.workspace_id, Member.slack_id == person.slack_id)
        .execution_options(populate_existing=True)
    ).one()


def _moving(zone: str, now: datetime) -> dict[str, ColumnElement[Any]]:
    """The move, if it is one; who moves again before all has followed still comes from the first zone."""
    is_new = Member.zone != zone
    return {
        "moved_at": case((is_new, now), else_=Member.moved_at),
        "moved_from": case((and_(is_new, Member.moved_from.is_(None)), Member.zone), else_=Member.moved_from),
    }


def all_move(session: Session, now: datetime) -> None:
    """Let everything reckoned by anybody's clock be reckoned anew, in every workspace: the rules of zones changed."""
    session.execute(update(Member).where(Member.moved_at.is_(None), Member.is_bot.is_(False)).values(moved_at=now))


def moved(tx: Tx, limit: int = known.FEW) -> list[Member]:
    """People whose clock is another now, and whose own mornings have not followed yet."""
    question = (
        select(Member)
        .where(Member.workspace_id == tx.workspace_id, Member.moved_at.is_not(None))
        .order_by(Member.moved_at, Member.id)
        .limit(limit)
    )
    return list(tx.session.scalars(unheld(question)))


_is_moved = exists().where(Member.workspace_id == HERE, Member.moved_at.is_not(None))
next_move = Question(select(NOW).where(_is_moved))
"""Now, while anybody's mornings have not followed."""


def note_followed(tx: Tx, people: Iterable[Member]) -> None:
    """Everything reckoned by these people's clocks has followed them; the caller holds them, so nobody moved on."""
    tx.session.execute(
        update(Member)
        .where(Member.workspace_id == tx.workspace_id, Member.id.in_([member.id for member in people]))
        .values(moved_at=None, moved_from=None)
    )


_and_profile = and_(Profile.workspace_id == Member.workspace_id, Profile.member_id == Member.id)
GONE_BUT_JOINED = (
    select(Member.id)
    .join(Profile, _and_profile)
    .where(Member.workspace_id == HERE, Member.is_gone, Profile.left_settled_at.is_(None))
)
at_the_next_gone = peek(
    select(Member.id).where(Member.workspace_id == HERE, Member.is_gone), Member.id, GONE_BUT_JOINED
)
"""The next so many of those who left the workspace, and whether one of them still stands in the programme."""
has_gone_but_joined = search(Member.id, GONE_BUT_JOINED)
"""Whether anybody left the workspace and still stands in the programme."""


def gone_but_joined(tx: Tx, among: Stretch = EVERYBODY, limit: int = known.FEW) -> list[Member]:
    """People who left the workspace and still stand in the programme."""
    question = (
        select(Member)
        .join(Profile, _and_profile)
        .where(
            Member.workspace_id == tx.workspace_id,
            Member.is_gone,
            among.holds(Member.id),
            Profile.left_settled_at.is_(None),
        )
        .order_by(Member.id)
        .limit(limit)
    )
    return list(tx.session.scalars(unheld(question, of=Profile)))


def note_home(tx: Tx, member_id: str) -> None:
    """Remember that somebody has opened their Home, so it is kept fresh from now on."""
    tx.session.execute(
        update(Member).where(Member.workspace_id == tx.workspace_id, Member.id == member_id).values(home_at=tx.now)
    )


def hold(tx: Tx, *member_ids: str) -> None:
    """Let nobody else pair these people, or open a search for them, until this transaction ends."""
    tx.session.scalars(
        held(
            select(Member).where(Member.workspace_id == tx.workspace_id, Member.id.in_(member_ids)).order_by(Member.id)
        )
    ).all()


def by_slack_id(tx: Tx, slack_id: str) -> Member | None:
    """The member with this Slack id; None if the directory has never shown them."""
    return tx.session.scalar(_BY_SLACK_ID, tx.given(slack_id=slack_id))


def by_id(tx: Tx, member_id: str) -> Member | None:
    """The member with our own id, if it is one of this workspace."""
    return known.one(tx, Member, member_id)


def by_ids(tx: Tx, member_ids: Iterable[str]) -> dict[str, Member]:
    """Members keyed by id; unknown ids are simply absent."""
    return known.many(tx, Member, member_ids)


def by_slack_ids(tx: Tx, slack_ids: Iterable[str]) -> list[Member]:
    """Members with these Slack ids, by name."""
    found = tx.session.scalars(
        select(Member)
        .where(Member.workspace_id == tx.workspace_id, Member.slack_id.in_(list(slack_ids)))
        .order_by(Member.name)
    )
    return list(found)


def primary_owners(tx: Tx) -> list[Member]:
    """Whoever owns the workspace; Slack does not say who installed an app by token."""
    found = tx.session.scalars(select(Member).where(Member.workspace_id == tx.workspace_id, Member.is_primary_owner))
    return list(found)


def known_slack_ids(session: Session) -> set[tuple[str, str]]:
    """Everybody the directories have shown, as workspace and Slack id, for telling who is new."""
    found = session.execute(select(Member.workspace_id, Member.slack_id))
    return {(workspace_id, slack_id) for workspace_id, slack_id in found}


def keep_chat(tx: Tx, member_id: str, channel: str) -> None:
    """Remember the direct-message channel, so it is opened once."""
    tx.session.execute(
        update(Member).where(Member.workspace_id == tx.workspace_id, Member.id == member_id).values(chat=channel)
    )
