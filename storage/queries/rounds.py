"""Peers, their rounds, who sits with whom, and what pairing must mind."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow
from storage.models.preferences import Preferences
from storage.models.profiles import Profile
from storage.models.relationships import LIVE_STATES, NeverWith, Relationship
from storage.models.rounds import Group, Peer, Round, RoundState, Seat
from storage.queries.asking import EVERYBODY, HERE, Question, Stretch, earliest, peek, search
from storage.queries.known import FEW
from storage.queries.once import insert_once

Pair = tuple[str, str]
# A seat of the running round whose group is no more, and whose owner did not give it up.
LEFT_ALONE = (Group.dissolved_at.is_not(None), Round.state == RoundState.RUNNING, Seat.out_at.is_(None))
_PEER = select(Peer).where(Peer.workspace_id == HERE, Peer.member_id == bindparam("member_id"))
_ROUND = select(Round).where(Round.workspace_id == HERE, Round.state == bindparam("state"))


def peer_of(tx: Tx, member_id: str) -> Peer | None:
    """The member as a peer, also if they left the rounds."""
    return tx.session.scalar(_PEER, tx.given(member_id=member_id))


def join(tx: Tx, member_id: str) -> bool:
    """Take somebody in, again if they left; False if they were in already, and then nothing changes."""
    row = {"id": new_id(), "workspace_id": tx.workspace_id, "member_id": member_id, "joined_at": tx.now, "misses": 0}
    if insert_once(tx.session, Peer, row, ("workspace_id", "member_id")):
        return True
    values = {"joined_at": tx.now, "misses": 0, "paused_at": None, "left_at": None}
    return bool(_write_peers(tx, values, Peer.member_id == member_id, Peer.left_at.is_not(None)))


def leave(tx: Tx, member_id: str) -> bool:
    """Take somebody out of all rounds to come; False if they were out."""
    return bool(_write_peers(tx, {"left_at": tx.now}, Peer.member_id == member_id, Peer.left_at.is_(None)))


def come_back(tx: Tx, member_id: str) -> None:
    """End somebody's pause and count their silent rounds from none."""
    _write_peers(tx, {"paused_at": None, "misses": 0}, Peer.member_id == member_id, Peer.left_at.is_(None))


def pause(tx: Tx, member_id: str) -> None:
    """Pass over somebody from now on."""
    _write_peers(tx, {"paused_at": tx.now}, Peer.member_id == member_id, Peer.paused_at.is_(None))


def count_silence(tx: Tx, member_ids: Sequence[str]) -> list[Peer]:
    """One more silent round for each; how they stand then."""
    return _write_peers(tx, {"misses": Peer.misses + 1}, Peer.member_id.in_(member_ids))


def forget_silence(tx: Tx, member_ids: Sequence[str]) -> None:
    """Their group met: silent rounds count from none."""
    _write_peers(tx, {"misses": 0}, Peer.member_id.in_(member_ids))


def _write_peers(tx: Tx, values: Mapping[str, Any], *conditions: ColumnElement[bool]) -> list[Peer]:
    written = tx.session.scalars(
        update(Peer)
        .where(Peer.workspace_id == tx.workspace_id, *conditions)
        .values(**values)
        .returning(Peer)
        .execution_options(populate_existing=True)
    )
    return list(written)


def has_peers(tx: Tx) -> bool:
    """Whether anybody who is still here takes part, paused or not."""
    found = tx.session.scalar(
        select(Peer.id)
        .join(Member, and_(Member.workspace_id == Peer.workspace_id, Member.id == Peer.member_id))
        .where(Peer.workspace_id == tx.workspace_id, Peer.left_at.is_(None), Member.is_gone.is_(False))
        .limit(1)
    )
    return found is not None


def to_pair(tx: Tx) -> list[Member]:
    """Who can be paired now: in, not paused, of this workspace, still in the programme, and not away."""
    found = tx.session.scalars(
        select(Member)
        .join(Peer, and_(Peer.workspace_id == Member.workspace_id, Peer.member_id == Member.id))
        .join(Profile, and_(Profile.workspace_id == Member.workspace_id, Profile.member_id == Member.id))
        .outerjoin(
            Preferences, and_(Preferences.workspace_id == Member.workspace_id, Preferences.member_id == Member.id)
        )
        .where(
            Member.workspace_id == tx.workspace_id,
            Member.is_gone.is_(False),
            Member.is_bot.is_(False),
            Member.is_guest.is_(False),
            Member.is_stranger.is_(False),
            Peer.left_at.is_(None),
            Peer.paused_at.is_(None),
            Profile.left_at.is_(None),
            or_(Preferences.away_until.is_(None), Preferences.away_until <= tx.now),
        )
        .order_by(Member.id)
    )
    return list(found)


def round_in(tx: Tx, state: RoundState) -> Round | None:
    """The one round that is planned, or the one that is running."""
    return tx.session.scalar(_ROUND, tx.given(state=state))


def round_by_id(tx: Tx, round_id: str) -> Round | None:
    """The round with this id, if it is one of this workspace."""
    return tx.session.scalar(select(Round).where(Round.workspace_id == tx.workspace_id, Round.id == round_id))


def last_number(tx: Tx) -> int:
    """The number of the latest round there is; 0 before the first."""
    return tx.session.scalar(select(func.max(Round.number)).where(Round.workspace_id == tx.workspace_id)) or 0


def plan(tx: Tx, starts_at: datetime, ends_at: datetime) -> bool:
    """Plan the next round; False if one of its number is planned already."""
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "number": last_number(tx) + 1,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "state": RoundState.PLANNED,
    }
    return insert_once(tx.session, Round, row, ("workspace_id", "number"))


def move_round(tx: Tx, round_id: str, begins: RoundState, values: Mapping[str, Any]) -> bool:
    """Change a round only if it still stands where the caller thinks."""
    done = tx.session.execute(
        update(Round)
        .where(Round.workspace_id == tx.workspace_id, Round.id == round_id, Round.state == begins)
        .values(**values)
        .returning(Round.id)
    )
    return done.first() is not None


next_begin = earliest(Round.starts_at, Round.state == RoundState.PLANNED)
"""When the planned round begins."""


def group(tx: Tx, group_id: str) -> Group | None:
    """The group with this id, as it stands in the database now."""
    return tx.session.scalar(
        select(Group)
        .where(Group.workspace_id == tx.workspace_id, Group.id == group_id)
        .execution_options(populate_existing=True)
    )


def live_groups(tx: Tx, round_id: str) -> list[Group]:
    """The groups of a round that were not dissolved, by id."""
    found = tx.session.scalars(
        select(Group)
        .where(Group.workspace_id == tx.workspace_id, Group.round_id == round_id, Group.dissolved_at.is_(None))
        .order_by(Group.id)
    )
    return list(found)


def groups_count(tx: Tx, round_id: str) -> int:
    """How many groups a round has had, dissolved ones too."""
    return (
        tx.session.scalar(
            select(func.count())
            .select_from(Group)
            .where(Group.workspace_id == tx.workspace_id, Group.round_id == round_id)
        )
        or 0
    )


def people_in(tx: Tx, group_ids: Iterable[str]) -> dict[str, list[Member]]:
    """Who still sits in each of these groups, by name."""
    rows = tx.session.execute(
        select(Group.id, Member)
        .join(Seat, and_(Seat.workspace_id == Group.workspace_id, Seat.group_id == Group.id))
        .join(Member, and_(Member.workspace_id == Seat.workspace_id, Member.id == Seat.member_id))
        .where(Group.workspace_id == tx.workspace_id, Group.id.in_(list(group_ids)), Seat.out_at.is_(None))
        .order_by(Member.name, Member.id)
    )
    people: dict[str, list[Member]] = {}
    for group_id, member in rows:
        people.setdefault(group_id, []).append(member)
    return people


def add_group(tx: Tx, round_id: str, question: int) -> Group:
    """A new group of a round, with nobody in it yet."""
    made = Group(workspace_id=tx.workspace_id, round_id=round_id, question=question, made_at=tx.now)
    tx.session.add(made)
    tx.session.flush()
    return made


def seat(tx: Tx, round_id: str, member_id: str, group_id: str) -> None:
    """Give somebody their one seat of a round, or move it to another group."""
    row = {"id": new_id(), "workspace_id": tx.workspace_id, "round_id": round_id, "member_id": member_id}
    if not insert_once(tx.session, Seat, row | {"group_id": group_id}, ("workspace_id", "round_id", "member_id")):
        tx.session.execute(
            update(Seat)
            .where(Seat.workspace_id == tx.workspace_id, Seat.round_id == round_id, Seat.member_id == member_id)
            .values(group_id=group_id)
        )


def seat_of(tx: Tx, round_id: str, member_id: str) -> Seat | None:
    """Somebody's seat of a round, as it stands in the database now; also one they gave up."""
    return tx.session.scalar(
        select(Seat)
        .where(Seat.workspace_id == tx.workspace_id, Seat.round_id == round_id, Seat.member_id == member_id)
        .execution_options(populate_existing=True)
    )


def hold(tx: Tx, group_id: str) -> None:
    """Let nobody else change who sits in this group until this transaction ends; SQLite has one writer anyway."""
    tx.session.execute(
        select(Group.id)
        .where(Group.workspace_id == tx.workspace_id, Group.id == group_id)
        .with_for_update(key_share=True)
    )


def vacate(tx: Tx, round_id: str, member_id: str) -> str | None:
    """Give up somebody's seat of a round, and say in which group; None if it was given up before."""
    done = tx.session.execute(
        update(Seat)
        .where(
            Seat.workspace_id == tx.workspace_id,
            Seat.round_id == round_id,
            Seat.member_id == member_id,
            Seat.out_at.is_(None),
        )
        .values(out_at=tx.now)
        .returning(Seat.group_id)
    )
    return done.scalar()


def mark_met(tx: Tx, group_id: str) -> bool:
    """Keep that a group met; False if it was known, or the group is no more."""
    return _write_group(tx, group_id, {"met_at": tx.now})


def dissolve(tx: Tx, group_id: str) -> bool:
    """End a group that has not met; False if somebody was quicker."""
    return _write_group(tx, group_id, {"dissolved_at": tx.now})


def _write_group(tx: Tx, group_id: str, values: Mapping[str, Any]) -> bool:
    done = tx.session.execute(
        update(Group)
        .where(
            Group.workspace_id == tx.workspace_id,
            Group.id == group_id,
            Group.met_at.is_(None),
            Group.dissolved_at.is_(None),
        )
        .values(**values)
        .returning(Group.id)
    )
    return done.first() is not None


def waiting(tx: Tx) -> dict[str, list[Member]]:
    """Who was left without a group in the running round, by the dissolved group they were in.

    Their seats stay as they are until this transaction ends, so that nobody gives theirs up while it is being moved.
    """
    rows = tx.session.execute(
        select(Group.id, Member)
        .join(Round, and_(Round.workspace_id == Group.workspace_id, Round.id == Group.round_id))
        .join(Seat, and_(Seat.workspace_id == Group.workspace_id, Seat.group_id == Group.id))
        .join(Member, and_(Member.workspace_id == Seat.workspace_id, Member.id == Seat.member_id))
        .where(Group.workspace_id == tx.workspace_id, *LEFT_ALONE)
        .order_by(Group.dissolved_at, Member.id)
        .with_for_update(of=Seat, key_share=True)
    )
    people: dict[str, list[Member]] = {}
    for group_id, member in rows:
        people.setdefault(group_id, []).append(member)
    return people


waiting_since = Question(
    select(func.min(Group.dissolved_at))
    .join(Round, and_(Round.workspace_id == Group.workspace_id, Round.id == Group.round_id))
    .join(Seat, and_(Seat.workspace_id == Group.workspace_id, Seat.group_id == Group.id))
    .where(Group.workspace_id == HERE, *LEFT_ALONE)
)
"""When the first of them was left without a group."""


_and_profile = and_(Profile.workspace_id == Peer.workspace_id, Profile.member_id == Peer.member_id)
_and_member = and_(Member.workspace_id == Peer.workspace_id, Member.id == Peer.member_id)
_IN = select(Peer.member_id).where(Peer.workspace_id == HERE, Peer.left_at.is_(None))
_STRAY = (
    _IN.outerjoin(Member, and_(_and_member, Member.is_gone))  # so that the index of those who are gone is all it takes
    .outerjoin(Profile, and_(_and_profile, Profile.left_settled_at.is_not(None)))
    .where(or_(Member.id.is_not(None), Profile.id.is_not(None)))
)
at_the_next_in = peek(_IN, Peer.member_id, _STRAY)
"""The next so many of those who take part, and whether one of them is to be taken out."""
has_strays = search(Peer.member_id, _STRAY)
"""Whether there are peers who are gone from the workspace, or whose leave of the programme has been carried out."""


def strays(tx: Tx, among: Stretch = EVERYBODY) -> list[Member]:
    """Those peers, a few of them."""
    is_out = or_(Member.is_gone, Profile.left_settled_at.is_not(None))
    here = (Member.workspace_id == tx.workspace_id, among.holds(Peer.member_id), Peer.left_at.is_(None), is_out)
    question = select(Member).join(Peer, _and_member).outerjoin(Profile, _and_profile).where(*here)
    return list(tx.session.scalars(question.order_by(Peer.member_id).limit(FEW)))


def sat_together(tx: Tx, since: int) -> list[tuple[int, tuple[str, ...]]]:
    """(round's number, ids in order) of every group since a round that was not dissolved, oldest first."""
    rows = tx.session.execute(
        select(Round.number, Group.id, Seat.member_id)
        .join(Group, and_(Group.workspace_id == Round.workspace_id, Group.round_id == Round.id))
        .join(Seat, and_(Seat.workspace_id == Group.workspace_id, Seat.group_id == Group.id))
        .where(
            Round.workspace_id == tx.workspace_id,
            Round.number >= since,
            Group.dissolved_at.is_(None),
            Seat.out_at.is_(None),
        )
        .order_by(Round.number, Group.id, Seat.member_id)
    )
    groups: dict[tuple[int, str], list[str]] = {}
    for number, group_id, member_id in rows:
        groups.setdefault((number, group_id), []).append(member_id)
    return [(number, tuple(ids)) for (number, _), ids in groups.items()]


def never_pairs(tx: Tx) -> set[Pair]:
    """Pairs one of whom would rather not meet the other, whichever of the two it is."""
    rows = tx.session.execute(
        select(NeverWith.member_id, NeverWith.other_id).where(NeverWith.workspace_id == tx.workspace_id)
    )
    return {(min(a, b), max(a, b)) for a, b in rows}


def mentoring_pairs(tx: Tx) -> set[Pair]:
    """Pairs of whom one mentors the other now."""
    rows = tx.session.execute(
        select(Relationship.mentee_id, Relationship.mentor_id).where(
            Relationship.workspace_id == tx.workspace_id, Relationship.state.in_(LIVE_STATES)
        )
    )
    return {(min(a, b), max(a, b)) for a, b in rows}


def last_questions(tx: Tx, member_ids: Iterable[str]) -> dict[str, int]:
    """The question each had last."""
    rows = tx.session.execute(
        select(Seat.member_id, Group.question)
        .join(Group, and_(Group.workspace_id == Seat.workspace_id, Group.id == Seat.group_id))
        .where(Seat.workspace_id == tx.workspace_id, Seat.member_id.in_(list(member_ids)))
        .order_by(Group.made_at)
    )
    return {member_id: question for member_id, question in rows}  # noqa: C416  (rows, not pairs)


def herald(tx: Tx, group_id: str) -> OutboxRow | None:
    """The row by which a group was last told, or is to be told, that it is one."""
    return tx.session.scalar(
        select(OutboxRow)
        .where(
            OutboxRow.workspace_id == tx.workspace_id,
            OutboxRow.subject_id == group_id,
            OutboxRow.op == Op.OPEN_GROUP,
        )
        .order_by(OutboxRow.created_at.desc(), OutboxRow.id.desc())
        .limit(1)
    )
