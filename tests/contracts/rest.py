"""A row in each table that a first match leaves empty, so that a migration has something to lose."""

from typing import Any

from sqlalchemy.orm import Session

from storage.database import Tx
from storage.models.agreements import Agreement
from storage.models.base import Base
from storage.models.buckets import Bucket
from storage.models.checkins import Checkin
from storage.models.digests import DigestLine
from storage.models.installations import Installation
from storage.models.introductions import Introduction, NoIntroductions
from storage.models.marks import Mark, Signature
from storage.models.meetings import Feedback, Meeting
from storage.models.milestones import Milestone
from storage.models.relationships import NeverWith, Relationship
from storage.models.rounds import Group, Peer, Round, Seat
from storage.queries import preferences
from tests.builders import House


def write_to_the_rest(house: House) -> None:
    """Write one row of each kind that hangs on the first pair there is."""
    pair = house.rows(Relationship)[0]
    contact = house.person("Contact C")
    house.do(lambda tx: _write(tx, pair, contact.id))


def _write(tx: Tx, pair: Relationship, contact: str) -> None:
    place: dict[str, Any] = {"workspace_id": tx.workspace_id}
    mine: dict[str, Any] = {"member_id": pair.mentee_id, **place}
    _write_of_pair(tx, pair, contact, place | {"relationship_id": pair.id}, mine)
    round_ = Round(number=1, starts_at=tx.now, ends_at=tx.now, **place)
    _add(tx.session, round_)
    group = Group(round_id=round_.id, question=0, made_at=tx.now, **place)
    _add(tx.session, group)
    preferences.keep(tx, pair.mentee_id)
    _add(
        tx.session,
        NeverWith(other_id=pair.mentor_id, noted_at=tx.now, **mine),
        Peer(joined_at=tx.now, **mine),
        Seat(round_id=round_.id, group_id=group.id, **mine),
        NoIntroductions(since=tx.now, **mine),
        Bucket(name="notice", per_second=1.0, full_at=tx.now, free_at=tx.now, **place),
        Mark(name="tzdata", value="2026.6"),
        Signature(digest="x", seen_at=tx.now),
        Installation(
            workspace_id=tx.workspace_id,
            app_id="A1",
            installed_by="U1",
            installed_at=tx.now,
            scopes="chat:write",
            bot_token=b"sealed",
        ),
        DigestLine(kind="checkins.pulse", subject_id="x", key="x", noted_at=tx.now, **mine),
    )


def _write_of_pair(tx: Tx, pair: Relationship, contact: str, place: dict[str, Any], mine: dict[str, Any]) -> None:
    me, now, today = pair.mentee_id, tx.now, tx.now.date()
    meeting = Meeting(**place, planned_by=me, planned_at=now, starts_at=now, minutes=30, zone="Europe/Lisbon")
    agreed: dict[str, Any] = {"rhythm": "easing", "minutes": 45, "method": "video", "reply_days": 2, "ends_on": today}
    people: dict[str, Any] = {"mentor_id": pair.mentor_id, "mentee_id": me, "contact_id": contact}
    _add(tx.session, meeting)
    _add(
        tx.session,
        Feedback(meeting_id=meeting.id, score=b"x", given_at=now, **mine),
        Agreement(**place, version=1, proposed_by=me, proposed_at=now, goal=b"x", **agreed),
        Checkin(**place, member_id=me, kind="pulse", number=90, due_at=now),
        Milestone(**place, set_by=me, set_at=now, title=b"x", on_day=today),
        Introduction(**place, **people, why=b"x", wish=b"x", drafted_at=now),
    )


def _add(session: Session, *rows: Base) -> None:
    session.add_all(rows)
    session.flush()
