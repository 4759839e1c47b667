"""What somebody's week holds: what lies ahead, what was done, whom they might meet."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from storage.database import Tx
from storage.models.agreements import Agreement, AgreementState
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.meetings import Meeting, MeetingState
from storage.models.milestones import Milestone, MilestoneState
from storage.models.relationships import LIVE_STATES, NeverWith, Relationship
from storage.models.requests import Search, SearchState
from storage.models.rounds import Peer

MOST = 10
QUIET_TO_ORGANISERS = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """One thing of one pair that lies ahead."""

    id: str
    pair_id: str
    at: datetime | None = None
    day: date | None = None


def _is_in(member_id: str) -> ColumnElement[bool]:
    return or_(Relationship.mentee_id == member_id, Relationship.mentor_id == member_id)


def _pair_of(tx: Tx, model: Any) -> ColumnElement[bool]:
    """The join of something to its pair, bound to this workspace on both sides."""
    return and_(
        Relationship.workspace_id == tx.workspace_id,
        model.workspace_id == tx.workspace_id,
        Relationship.id == model.relationship_id,
    )


def meetings_ahead(tx: Tx, member_id: str, until: datetime) -> list[Ahead]:
    """Somebody's meetings still to come up to a moment, soonest first."""
    rows = tx.session.execute(
        select(Meeting.id, Meeting.relationship_id, Meeting.starts_at)
        .join(Relationship, _pair_of(tx, Meeting))
        .where(
            Meeting.workspace_id == tx.workspace_id,
            Relationship.workspace_id == tx.workspace_id,
            _is_in(member_id),
            Relationship.state.in_(LIVE_STATES),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > tx.now,
            Meeting.starts_at <= until,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST)
    )
    return [Ahead(meeting_id, pair_id, at=at) for meeting_id, pair_id, at in rows]


def agreements_to_sign(tx: Tx, member_id: str, since: datetime) -> list[Ahead]:
    """Agreements proposed since a moment that wait for somebody's own signature."""
    unsigned = or_(
        and_(Relationship.mentee_id == member_id, Agreement.mentee_signed_at.is_(None)),
        and_(Relationship.mentor_id == member_id, Agreement.mentor_signed_at.is_(None)),
    )
    rows = tx.session.execute(
        select(Agreement.id, Agreement.relationship_id)
        .join(Relationship, _pair_of(tx, Agreement))
        .where(
            Agreement.workspace_id == tx.workspace_id,
            Relationship.workspace_id == tx.workspace_id,
            unsigned,
            Relationship.state.in_(LIVE_STATES),
            Agreement.state == AgreementState.PROPOSED,
            Agreement.proposed_at >= since,
        )
        .order_by(Agreement.proposed_at, Agreement.id)
        .limit(MOST)
    )
    return [Ahead(agreement_id, pair_id) for agreement_id, pair_id in rows]


def checkins_open(tx: Tx, member_id: str, since: datetime) -> list[Ahead]:
    """Check-ins somebody was asked since a moment and has not answered; after a pair's end only the last word."""
    rows = tx.session.execute(
        select(Checkin.id, Checkin.relationship_id)
        .join(Relationship, _pair_of(tx, Checkin))
        .where(
            Checkin.workspace_id == tx.workspace_id,
            Relationship.workspace_id == tx.workspace_id,
            Checkin.member_id == member_id,
            Checkin.state == CheckinState.ASKED,
            Checkin.asked_at >= since,
            or_(Checkin.kind == CheckinKind.FOLLOW_UP, Relationship.state.in_(LIVE_STATES)),
        )
        .order_by(Checkin.due_at, Checkin.id)
        .limit(MOST)
    )
    return [Ahead(checkin_id, pair_id) for checkin_id, pair_id in rows]


def milestones_ahead(tx: Tx, member_id: str, since: date, until: date) -> list[Ahead]:
    """Milestones of somebody's pairs between two days, both included; their titles stay sealed."""
    rows = tx.session.execute(
        select(Milestone.id, Milestone.relationship_id, Milestone.on_day)
        .join(Relationship, _pair_of(tx, Milestone))
        .where(
            Milestone.workspace_id == tx.workspace_id,
            Relationship.workspace_id == tx.workspace_id,
            _is_in(member_id),
            Relationship.state.in_(LIVE_STATES),
            Milestone.state == MilestoneState.OPEN,
            Milestone.on_day >= since,
            Milestone.on_day <= until,
        )
        .order_by(Milestone.on_day, Milestone.id)
        .limit(MOST)
    )
    return [Ahead(milestone_id, pair_id, day=day) for milestone_id, pair_id, day in rows]


def times_met(tx: Tx, member_id: str, since: datetime | None = None) -> int:
    """How often somebody met in the pairs they are in now; since a moment, if one is named."""
    recent = () if since is None else (Meeting.starts_at >= since,)
    return _count(
        tx, Meeting, member_id, Meeting.state == MeetingState.MET, Relationship.state.in_(LIVE_STATES), *recent
    )


def milestones_reached(tx: Tx, member_id: str, since: datetime) -> int:
    """How many milestones of somebody's pairs were reached since a moment."""
    return _count(tx, Milestone, member_id, Milestone.state == MilestoneState.REACHED, Milestone.reached_at >= since)


def _count(tx: Tx, model: Any, member_id: str, *conditions: ColumnElement[bool]) -> int:
    found = tx.session.scalar(
        select(func.count(model.id))
        .join(Relationship, _pair_of(tx, model))
        .where(
            model.workspace_id == tx.workspace_id,
            Relationship.workspace_id == tx.workspace_id,
            _is_in(member_id),
            *conditions,
        )
    )
    return found or 0


def never_with(tx: Tx, member_id: str) -> set[str]:
    """Everyone this member would rather not be paired with, or who would rather not with them."""
    rows = tx.session.execute(
        select(NeverWith.member_id, NeverWith.other_id).where(
            NeverWith.workspace_id == tx.workspace_id,
            or_(NeverWith.member_id == member_id, NeverWith.other_id == member_id),
        )
    )
    return {each for row in rows for each in row} - {member_id}


def has_met_rounds(tx: Tx, member_id: str) -> bool:
    """Whether somebody has ever opted into rounds of peers; who paused or left knows where they are."""
    found = tx.session.scalar(select(Peer.id).where(Peer.workspace_id == tx.workspace_id, Peer.member_id == member_id))
    return found is not None


def quiet_pairs(tx: Tx) -> int:
    """How many pairs have been silent for so long that organisers see it."""
    found = tx.session.scalar(
        select(func.count(Relationship.id)).where(
            Relationship.workspace_id == tx.workspace_id,
            Relationship.state.in_(LIVE_STATES),
            Relationship.quiet_step >= QUIET_TO_ORGANISERS,
        )
    )
    return found or 0


def searches_unanswered(tx: Tx, since: datetime) -> int:
    """How many searches came to their end without a yes since a moment."""
    found = tx.session.scalar(
        select(func.count(Search.id)).where(
            Search.workspace_id == tx.workspace_id,
            Search.state == SearchState.UNANSWERED,
            Search.ended_at >= since,
        )
    )
    return found or 0
