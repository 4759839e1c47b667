"""Who joined, what they teach and want, and who has a free place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, or_, select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.members import Member
from storage.models.profiles import Profile, Side, Skill
from storage.queries.asking import HERE, earliest
from storage.queries.known import FEW
from storage.queries.locks import held, shared, unheld
from storage.queries.once import insert_once

_OF = select(Profile).where(Profile.workspace_id == HERE, Profile.member_id == bindparam("member_id"))
_HELD, _SHARED = held(_OF), shared(_OF)
_SKILLS = (
    select(Skill)
    .where(
        Skill.workspace_id == HERE,
        Skill.side == bindparam("side"),
        Skill.member_id.in_(bindparam("member_ids", expanding=True)),
    )
    .order_by(Skill.id)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor as finding sees them."""

    member: Member
    profile: Profile
    teaches: tuple[str, ...]


def _here(tx: Tx) -> tuple[ColumnElement[bool], ...]:
    return (Profile.workspace_id == tx.workspace_id, Profile.left_at.is_(None))


def of(tx: Tx, member_id: str) -> Profile | None:
    """The member's profile, also of one who left."""
    return tx.session.scalar(_OF, tx.given(member_id=member_id))


def hold(tx: Tx, member_id: str) -> Profile | None:
    """The same as it stands now; nobody else takes a place, leaves or stays until this transaction ends."""
    return tx.session.scalar(_HELD, tx.given(member_id=member_id))


def rely_on(tx: Tx, member_id: str) -> None:
    """Whoever this is neither leaves nor is taken out until this transaction ends: somebody is about to ask them."""
    tx.session.scalar(_SHARED, tx.given(member_id=member_id))


def join(tx: Tx, member_id: str) -> Profile:
    """The member's profile, made now if there is none; joining again after leaving clears the leave.

    It is locked until the transaction ends: a yes at the same moment comes before, or after, and sees the places as
    they are then.
    """
    insert_once(
        tx.session,
        Profile,
        {
            "id": new_id(),
            "workspace_id": tx.workspace_id,
            "member_id": member_id,
            "goal": "",
            "languages": [],
            "places": 0,
            "taken": 0,
            "is_open": True,
            "joined_at": tx.now,
        },
        ("workspace_id", "member_id"),
    )
    profile = tx.session.scalars(_HELD, tx.given(member_id=member_id)).one()
    if profile.left_at is not None and profile.left_settled_at is not None:
        profile.joined_at = tx.now
    profile.left_at = profile.left_settled_at = None
    return profile


def skills_of(tx: Tx, member_ids: Iterable[str], side: Side) -> dict[str, list[Skill]]:
    """One side's skills of each member, in the order they were given."""
    found = tx.session.scalars(_SKILLS, tx.given(side=side, member_ids=list(member_ids)))
    by_member: dict[str, list[Skill]] = {}
    for skill in found:
        by_member.setdefault(skill.member_id, []).append(skill)
    return by_member


def set_skills(tx: Tx, member_id: str, side: Side, names: Iterable[tuple[str, str]]) -> None:
    """Replace one side's skills by these (name, key) pairs; a key given twice counts once."""
    tx.session.execute(
        delete(Skill).where(Skill.workspace_id == tx.workspace_id, Skill.member_id == member_id, Skill.side == side)
    )
    for name, key in names:
        row = {"id": new_id(), "workspace_id": tx.workspace_id, "member_id": member_id}
        insert_once(
            tx.session,
            Skill,
            {**row, "side": side, "name": name, "key": key},
            ("workspace_id", "member_id", "side", "key"),
        )


def mentors(tx: Tx, besides: str) -> list[Candidate]:
    """Everyone who teaches something and is open to it, full ones too; never `besides`, never bots, never the gone."""
    return _mentors(tx, besides, Skill.side == Side.TEACHES)


def mentors_in(tx: Tx, besides: str, subjects: Iterable[tuple[str, Iterable[str]]]) -> list[Candidate]:
    """Those of them who teach what is called so or has these words in its name; a word may be part of a longer one."""
    alike = [or_(Skill.key == key, *([_has_all(words)] if words else [])) for key, words in subjects]
    return _mentors(tx, besides, Skill.side == Side.TEACHES, or_(*alike)) if alike else []


def _has_all(words: Iterable[str]) -> ColumnElement[bool]:
    return and_(*(Skill.key.contains(word, autoescape=True) for word in sorted(words)))


def _mentors(tx: Tx, besides: str, *teaching: ColumnElement[bool]) -> list[Candidate]:
    teachers = select(Skill.member_id).where(Skill.workspace_id == tx.workspace_id, *teaching)
    rows = tx.session.execute(
        select(Profile, Member)
        .join(Member, and_(Member.workspace_id == Profile.workspace_id, Member.id == Profile.member_id))
        .where(
            *_here(tx),
            Profile.is_open,
            Profile.places > 0,
            Profile.member_id != besides,
            Profile.member_id.in_(teachers),
            Member.is_gone.is_(False),
            Member.is_bot.is_(False),
        )
        .order_by(Member.name, Member.id)
    ).all()
    teaches = _all_taught(tx, teachers)
    return [
        Candidate(member=member, profile=profile, teaches=tuple(teaches[member.id]))
        for profile, member in rows
        if member.id in teaches
    ]


def _all_taught(tx: Tx, teachers: Select[str]) -> dict[str, list[str]]:
    rows = tx.session.execute(
        select(Skill.member_id, Skill.name)
        .where(Skill.workspace_id == tx.workspace_id, Skill.side == Side.TEACHES, Skill.member_id.in_(teachers))
        .order_by(Skill.id)
    )
    taught: dict[str, list[str]] = {}
    for member_id, name in rows:
        taught.setdefault(member_id, []).append(name)
    return taught


def take_place(tx: Tx, member_id: str) -> bool:
    """Take one of the mentor's places; False if there is none. A guarded counter: two at once cannot both win."""
    done = tx.session.execute(
        update(Profile)
        .where(*_here(tx), Profile.member_id == member_id, Profile.taken < Profile.places)
        .values(taken=Profile.taken + 1)
        .returning(Profile.id)
    )
    return done.first() is not None


def free_place(tx: Tx, member_id: str) -> None:
    """Give a place back."""
    tx.session.execute(
        update(Profile)
        .where(Profile.workspace_id == tx.workspace_id, Profile.member_id == member_id, Profile.taken > 0)
        .values(taken=Profile.taken - 1)
    )


def leavers(tx: Tx, left_before: datetime, limit: int = FEW) -> list[Profile]:
    """People whose leave is past its undo window and not yet carried out, earliest first."""
    question = (
        select(Profile)
        .where(
            Profile.workspace_id == tx.workspace_id,
            Profile.left_at <= left_before,
            Profile.left_settled_at.is_(None),
        )
        .order_by(Profile.left_at)
        .limit(limit)
    )
    return list(tx.session.scalars(unheld(question)))


next_leave = earliest(Profile.left_at, Profile.left_settled_at.is_(None))
"""When the earliest leave not yet carried out was asked for."""


def joined_count(tx: Tx) -> int:
    """How many people are in the programme now."""
    return tx.session.scalar(select(func.count()).select_from(Profile).where(*_here(tx))) or 0


def free_places_count(tx: Tx) -> int:
    """How many free places all open mentors have together."""
    total = tx.session.scalar(select(func.sum(Profile.places - Profile.taken)).where(*_here(tx), Profile.is_open))
    return int(total or 0)
