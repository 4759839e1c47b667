"""What holds in every house at every moment, whatever was done and however many did it at once."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import select

from storage.database import Tx
from storage.models.agreements import Agreement, AgreementState
from storage.models.base import Base
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.digests import DigestLine
from storage.models.introductions import Introduction, IntroductionState
from storage.models.meetings import Feedback, Meeting, MeetingState
from storage.models.outbox import Op, OutboxRow, RowState
from storage.models.profiles import Profile
from storage.models.relationships import Relationship, RelationshipState
from storage.models.requests import Ask, AskState, Search, SearchState
from storage.models.rounds import Group, Round, RoundState, Seat
from tests.builders import House

Row = TypeVar("Row", bound=Base)
TABLES: tuple[type[Base], ...] = (
    Agreement,
    Ask,
    Checkin,
    DigestLine,
    Feedback,
    Group,
    Introduction,
    Meeting,
    OutboxRow,
    Profile,
    Relationship,
    Round,
    Search,
    Seat,
)
LIVE = (RelationshipState.ACTIVE, RelationshipState.ASLEEP)
UNDERWAY = (IntroductionState.DRAFTED, IntroductionState.ASKED, IntroductionState.AGREED)
UNANSWERED = (CheckinState.PLANNED, CheckinState.ASKED)
STANDING = (SearchState.OPEN, SearchState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Found:
    """Every row of a workspace that matters here, at one moment."""

    now: datetime
    rows: dict[type[Base], list[Base]]

    def of(self, model: type[Row]) -> list[Row]:
        """The rows of one table."""
        return cast("list[Row]", self.rows[model])


def unsound(house: House) -> list[str]:
    """Everything that does not hold in a house; empty for a sound one."""
    found = house.do(_everything)
    return [said for look in LOOKS for said in look(found)]


def _everything(tx: Tx) -> Found:
    rows: dict[type[Base], list[Base]] = {
        table: list(tx.session.scalars(select(table).where(cast("Any", table).workspace_id == tx.workspace_id)))
        for table in TABLES
    }
    return Found(tx.now, rows)


def _twice(what: str, keys: Iterable[Hashable]) -> Iterator[str]:
    return (f"{what} twice: {key}" for key, number in Counter(keys).items() if number > 1)


def _places(found: Found) -> Iterator[str]:
    held = Counter(row.mentor_id for row in found.of(Relationship) if row.state == RelationshipState.ACTIVE)
    for row in found.of(Profile):
        if row.taken != held[row.member_id] or row.taken > row.places:
            yield f"{row.taken} of {row.places} places taken, and {held[row.member_id]} pairs hold one"
        if row.left_settled_at is not None and row.left_at is None:
            yield "a leave was carried out that was taken back"
        if row.left_settled_at is not None and held[row.member_id]:
            yield "somebody left and still mentors"


def _pairs(found: Found) -> Iterator[str]:
    live = [row for row in found.of(Relationship) if row.state in LIVE]
    yield from _twice("a live pair", (tuple(sorted((row.mentee_id, row.mentor_id))) for row in live))
    for row in found.of(Relationship):
        if row.state in LIVE and (row.ended_at is None) != (row.ended_by is None):
            yield "a live pair is half stopped"
        if row.state == RelationshipState.ENDED and not (row.ended_at and row.ending and row.settled_at):
            yield "a pair ended, and nobody knows when or how"


def _searches(found: Found) -> Iterator[str]:
    asks = defaultdict[str, list[Ask]](list)
    for ask in found.of(Ask):
        asks[ask.search_id].append(ask)
    yield from _twice("an open search", (row.mentee_id for row in found.of(Search) if row.state == SearchState.OPEN))
    yield from _twice("a name in a search", ((ask.search_id, ask.mentor_id) for ask in found.of(Ask)))
    for row in found.of(Search):
        yield from _search(row, asks[row.id])


def _search(row: Search, asks: list[Ask]) -> Iterator[str]:
    waiting = [ask for ask in asks if ask.state == AskState.WAITING]
    held_back = [ask for ask in asks if ask.state == AskState.DECLINED and ask.settled_at is None]
    if len(waiting) > 1:
        yield "two names of a search wait at once"
    if waiting and (row.state not in STANDING or row.settled_at is not None):
        yield f"a name waits in a search that is {row.state}"
    if row.state == SearchState.OPEN and not waiting and not held_back:
        yield "a search is open, and nobody is asked"
    if row.state == SearchState.OPEN and (row.ended_at or row.settled_at):
        yield "a search is open and ended"
    if (row.state == SearchState.MATCHED) != any(ask.state == AskState.ACCEPTED for ask in asks):
        yield f"a search is {row.state}, and its names are {[ask.state for ask in asks]}"


def _yeses(found: Found) -> Iterator[str]:
    begun = Counter(row.ask_id for row in found.of(Relationship) if row.state != RelationshipState.UNDONE)
    for ask in found.of(Ask):
        if begun[ask.id] != (ask.state == AskState.ACCEPTED):
            yield f"an ask is {ask.state}, and began {begun[ask.id]} pairs"


def _after_the_end(found: Found) -> Iterator[str]:
    over = {row.id for row in found.of(Relationship) if row.state not in LIVE}
    for meeting in found.of(Meeting):
        if meeting.relationship_id in over and meeting.state == MeetingState.PLANNED and meeting.starts_at > found.now:
            yield "a pair ended, and its meeting is still booked"
    for checkin in found.of(Checkin):
        is_last = checkin.kind == CheckinKind.FOLLOW_UP
        if checkin.relationship_id in over and checkin.state in UNANSWERED and not is_last:
            yield "a pair ended, and is still asked how it goes"
    for row in found.of(Introduction):
        if row.relationship_id in over and row.state in UNDERWAY:
            yield "a pair ended, and its introduction is still on its way"


def _once(found: Found) -> Iterator[str]:
    booked = [row for row in found.of(Meeting) if row.state == MeetingState.PLANNED]
    yield from _twice("a meeting", ((row.relationship_id, row.starts_at) for row in booked))
    yield from _twice("feedback", ((row.meeting_id, row.member_id) for row in found.of(Feedback)))
    asked = found.of(Checkin)
    yield from _twice("a check-in", ((row.relationship_id, row.member_id, row.kind, row.number) for row in asked))
    versions = found.of(Agreement)
    yield from _twice("a version", ((row.relationship_id, row.version) for row in versions))
    for state in (AgreementState.PROPOSED, AgreementState.SIGNED):
        yield from _twice(f"a {state} version", (row.relationship_id for row in versions if row.state == state))
    underway = [row for row in found.of(Introduction) if row.state in UNDERWAY]
    yield from _twice("an introduction", ((row.mentee_id, row.contact_id) for row in underway))
    yield from _twice("a line", ((row.member_id, row.key) for row in found.of(DigestLine)))


def _rounds(found: Found) -> Iterator[str]:
    rounds = found.of(Round)
    yield from _twice("a round", (row.number for row in rounds))
    yield from _twice("a round", (row.state for row in rounds if row.state != RoundState.OVER))
    yield from _twice("a seat", ((seat.round_id, seat.member_id) for seat in found.of(Seat)))
    running = {row.id for row in rounds if row.state == RoundState.RUNNING}
    sitting = Counter(seat.group_id for seat in found.of(Seat) if seat.out_at is None)
    for group in found.of(Group):
        if group.round_id in running and not (group.dissolved_at or group.met_at) and sitting[group.id] not in (2, 3):
            yield f"{sitting[group.id]} sit in a group"


def _news(found: Found) -> Iterator[str]:
    for row in found.of(OutboxRow):
        if (row.done_at is not None) != (row.state in (RowState.DONE, RowState.DROPPED, RowState.DEAD)):
            yield f"a {row.kind} is {row.state}, done at {row.done_at}"
        if row.state == RowState.DONE and row.op == Op.POST and row.ts is None:
            yield f"a {row.kind} is sent, and nobody knows where"
        if row.state == RowState.DONE and row.payload is not None:
            yield f"the words of a {row.kind} that is sent are kept"


LOOKS = (_places, _pairs, _searches, _yeses, _after_the_end, _once, _rounds, _news)
