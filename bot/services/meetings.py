"""When two people meet: hours proposed, taken, moved and cancelled; each deed is the pair's own, and once."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.errors import (
    MeetingIsOverError,
    MeetingMovedError,
    MomentTakenError,
    NotYoursError,
    PastMomentError,
    TooFarAheadError,
    UnsafePlaceError,
)
from bot.rules import meetings as rules
from bot.rules.days import instant, working_days_later, zone_named
from bot.rules.meetings import MeetingCard, PairMeetings, Taken
from bot.rules.pairs import PairCard
from bot.rules.policy import FIRST_MEETING_MINUTES, MEETING_MINUTES, PLAN_AHEAD
from bot.rules.slots import from_epoch, propose
from bot.services import drafts, owing, pairs
from storage.database import Tx
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.queries import feedback, meetings, outbox, relationships

TELLS = frozenset({"meetings.planned", "meetings.moved"})
VERSION_DIGITS = 6
ASKED_FOR = timedelta(days=14)


def card_of(tx: Tx, meeting_id: str) -> MeetingCard:
    """A meeting with its pair; raises NotYours for an id that is none of ours."""
    row = meetings.by_id(tx, meeting_id)
    if row is None:
        raise NotYoursError
    return _card(tx, row)


def _card(tx: Tx, row: Meeting) -> MeetingCard:
    lines = rules.line_count(meetings.agenda_of(tx, row))
    return MeetingCard(row, pairs.card_of(tx, row.relationship_id), lines, has_begun=row.starts_at <= tx.now)


def own(tx: Tx, actor: Member, meeting_id: str) -> MeetingCard:
    """A meeting the actor is one of the two of; anyone else's, and any unknown id, is refused alike."""
    card = card_of(tx, meeting_id)
    pairs.own(tx, actor, card.pair.id)
    return card


def held(tx: Tx, actor: Member, meeting_id: str) -> MeetingCard:
    """The same, with nobody else able to change what the pair has booked until this transaction ends."""
    card = own(tx, actor, meeting_id)
    relationships.hold(tx, card.pair.id)
    tx.session.refresh(card.meeting)
    return own(tx, actor, meeting_id)


def booked(tx: Tx, actor: Member, meeting_id: str) -> MeetingCard:
    """A meeting of the actor's that can still be changed, in a pair that lives."""
    card = held(tx, actor, meeting_id)
    pairs.live(tx, actor, card.pair.id)
    if not card.is_open:
        raise MeetingIsOverError
    return card


def slots(tx: Tx, card: PairCard) -> tuple[datetime, ...]:
    """Up to three hours that would suit both and are free of other meetings of theirs."""
    taken = meetings.busy(tx, [person.id for person in card.people])
    return propose(tx.now, card.mentee.zone, card.mentor.zone, busy=taken)


def read_slot(value: str) -> tuple[str, datetime]:
    """The pair and the moment that a proposed hour's button carries; raises NotYours for what is no button of ours."""
    pair_id, _, seconds = value.partition(" ")
    moment = from_epoch(seconds)
    if moment is None:
        raise NotYoursError
    return pair_id, moment


def read_version(meta: str) -> tuple[str, int]:
    """The meeting and the version of it that a form began from; raises NotYours for what is no form of ours."""
    meeting_id, _, version = meta.partition(" ")
    if not (version.isascii() and version.isdigit() and len(version) <= VERSION_DIGITS):
        raise NotYoursError
    return meeting_id, int(version)


def usual(tx: Tx, actor: Member, card: PairCard) -> tuple[date, int]:
    """What the form begins with: the next working day on the actor's own clock, and the usual length."""
    tomorrow = working_days_later(tx.now, 1, actor.zone).astimezone(zone_named(actor.zone)).date()
    minutes = MEETING_MINUTES if meetings.has_any(tx, card.id) else FIRST_MEETING_MINUTES
    return tomorrow, minutes.value


def take(tx: Tx, actor: Member, pair_id: str, starts_at: datetime) -> Taken:
    """Book a proposed hour; twice is once, and where the two have a meeting ahead already, that one stays."""
    pair = pairs.held(tx, actor, pair_id)
    there = meetings.next_planned(tx, pair_id)
    if there is not None:
        return Taken(pair, actor, _card(tx, there), is_booked=there.starts_at == starts_at)
    if not tx.now < starts_at <= tx.now + PLAN_AHEAD.value:
        pairs.refresh_yes(tx, pair)
        return Taken(pair, actor, None)
    minutes = MEETING_MINUTES if meetings.has_any(tx, pair_id) else FIRST_MEETING_MINUTES
    return Taken(pair, actor, _book(tx, pair, actor, starts_at, minutes.value, ""), is_booked=True)


def plan(tx: Tx, actor: Member, pair_id: str, day: date, wall: time, minutes: int, place: str) -> MeetingCard:
    """Book a moment of one's own choosing, by one's own clock; the same moment twice is one meeting."""
    pair = pairs.held(tx, actor, pair_id)
    starts_at = _ahead(tx, instant(day, wall, actor.zone))
    there = meetings.planned_at(tx, pair_id, starts_at)
    if there is not None:
        return _card(tx, there)
    return _book(tx, pair, actor, starts_at, minutes, _safe(place))


def _ahead(tx: Tx, starts_at: datetime) -> datetime:
    if starts_at <= tx.now:
        raise PastMomentError
    if starts_at > tx.now + PLAN_AHEAD.value:
        raise TooFarAheadError
    return starts_at


def _safe(place: str) -> str:
    if rules.read_place(place) is None:
        raise UnsafePlaceError
    return place


def _book(tx: Tx, pair: PairCard, actor: Member, starts_at: datetime, minutes: int, place: str) -> MeetingCard:
    is_first = not meetings.has_any(tx, pair.id)
    ahead = _moments(tx, pair, starts_at, minutes, is_first=is_first)
    row = Meeting(
        workspace_id=tx.workspace_id,
        relationship_id=pair.id,
        planned_by=actor.id,
        planned_at=tx.now,
        starts_at=starts_at,
        minutes=minutes,
        zone=actor.zone,
        place=place,
        is_first=is_first,
        remind_at=ahead.remind_at,
        soon_at=ahead.soon_at,
        ask_at=ahead.ask_at,
        ask_mentor_at=ahead.ask_mentor_at,
    )
    card = _card(tx, meetings.add(tx, row))
    pairs.promise(tx, pair, actor)
    relationships.write(tx, pair.id, {"plan_at": None})
    _tell(tx, "meetings.planned", card, pair.partner_of(actor), starts_at)
    _settle(tx, pair)
    return card


def _moments(tx: Tx, pair: PairCard, starts_at: datetime, minutes: int, *, is_first: bool) -> rules.Moments:
    return rules.moments(starts_at, minutes, [person.zone for person in pair.people], tx.now, is_first=is_first)


def _tell(tx: Tx, kind: str, card: MeetingCard, to: Member, deadline: datetime) -> None:
    row, at = card.meeting, rules.told_at(tx.now, to.zone, deadline)
    key, told_by = f"{row.id}:{row.version}:{to.id}", deadline.isoformat()
    owing.post(tx, kind, to, row.id, key=key, at=at, version=str(row.version), told_by=told_by)


def _settle(tx: Tx, pair: PairCard) -> None:
    pairs.reschedule(tx, pair.id)
    pairs.refresh_yes(tx, pair)
    owing.home(tx, *pair.people)


def move(tx: Tx, actor: Member, meeting_id: str, version: int, day: date, wall: time, minutes: int) -> MeetingCard:
    """Move a meeting one saw in this version, gone by or not; one moved meanwhile stays where the other put it."""
    card = booked(tx, actor, meeting_id)
    row, starts_at = card.meeting, instant(day, wall, actor.zone)
    if row.starts_at == starts_at and row.minutes == minutes:
        return card
    if row.version != version:
        raise MeetingMovedError(row.starts_at, actor.zone)
    before, moment = row.starts_at, _ahead(tx, starts_at)
    if before != moment and meetings.planned_at(tx, card.pair.id, moment) is not None:
        raise MomentTakenError
    moments = asdict(_moments(tx, card.pair, starts_at, minutes, is_first=row.is_first))
    anew = _planned_anew(actor, starts_at, minutes, version)
    if not meetings.change(tx, row, anew | moments):
        raise MeetingMovedError(row.starts_at, actor.zone)
    card = _card(tx, row)
    _tell_moved(tx, card, actor, before)
    refresh(tx, card)
    _settle(tx, card.pair)
    return card


def _planned_anew(actor: Member, starts_at: datetime, minutes: int, version: int) -> dict[str, Any]:
    return {
        "state": MeetingState.PLANNED,
        "starts_at": starts_at,
        "minutes": minutes,
        "zone": actor.zone,
        "version": version + 1,
        "answered_by": None,
        "answered_at": None,
    }


def _tell_moved(tx: Tx, card: MeetingCard, actor: Member, before: datetime) -> None:
    """Who has not been told of the meeting at all yet hears of it as new, at its newest hour."""
    partner, starts_at = card.pair.partner_of(actor), card.meeting.starts_at
    deadline = min(before, starts_at) if before > tx.now else starts_at
    kind = "meetings.moved" if _knows(tx, card, partner) else "meetings.planned"
    _tell(tx, kind, card, partner, deadline)


def _knows(tx: Tx, card: MeetingCard, person: Member) -> bool:
    told = outbox.begun(tx, card.meeting.id)
    return person.id == card.meeting.planned_by or any((kind, person.id) in told for kind in TELLS)


def refresh(tx: Tx, card: MeetingCard, *answered: tuple[str, str]) -> None:
    """Bring every message about a meeting up to date, on its way or there, but those answered in place."""
    people = {person.id: person for person in card.pair.people}
    for kind, member_id in sorted(outbox.begun(tx, card.meeting.id) - set(answered)):
        owing.update(tx, kind, people[member_id], card.meeting.id)


def put_place(tx: Tx, actor: Member, meeting_id: str, place: str) -> MeetingCard:
    """Say where the two meet: a link, a number or a few words; messages sent before show it too."""
    card = booked(tx, actor, meeting_id)
    if not meetings.change(tx, card.meeting, {"place": _safe(place)}):
        raise MeetingIsOverError
    card = _card(tx, card.meeting)
    refresh(tx, card)
    owing.home(tx, *card.pair.people)
    return card


def cancel(tx: Tx, actor: Member, meeting_id: str) -> MeetingCard:
    """Cancel a meeting still to come, and tell the partner; twice is once, and one gone by stays to be answered for."""
    card = held(tx, actor, meeting_id)
    values = {"state": MeetingState.CANCELLED, "answered_by": actor.id, "answered_at": tx.now}
    if not card.is_ahead or not meetings.answer(tx, card.meeting, (MeetingState.PLANNED,), values):
        return card
    card = _card(tx, card.meeting)
    _tell_cancelled(tx, card, card.pair.partner_of(actor))
    _settle(tx, card.pair)
    return card


def _tell_cancelled(tx: Tx, card: MeetingCard, *people: Member) -> None:
    """Who never heard of the meeting hears nothing of its end."""
    for person in people:
        if card.pair.is_live and _knows(tx, card, person):
            _tell(tx, "meetings.cancelled", card, person, card.meeting.starts_at)
    refresh(tx, card)


def cancel_all(tx: Tx, card: PairCard) -> int:
    """Cancel all a pair has ahead, by nobody's name, and ask nothing more: its end is told by itself; how many."""
    cancelled = meetings.cancel_planned(tx, card.id, None)
    meetings.stop_asking(tx, card.id)
    for row in cancelled:
        refresh(tx, _card(tx, row))
    return len(cancelled)


def shift_for_away(tx: Tx, card: PairCard, until: datetime, by: Member | None = None) -> int:
    """Cancel what a pair has ahead before somebody is back, and tell the one who stays; how many."""
    relationships.hold(tx, card.id)
    away = by.id if by else card.relationship.away_by
    cancelled = meetings.cancel_planned(tx, card.id, away, before=until)
    for row in cancelled:
        _tell_cancelled(tx, _card(tx, row), *(person for person in card.people if person.id != away))
    if cancelled:
        _settle(tx, card)
    return len(cancelled)


def of_pair(tx: Tx, card: PairCard, reader: Member) -> PairMeetings:
    """What a pair's own modal shows one of the two: the next meeting, and what they have not said of the last."""
    ahead = meetings.next_planned(tx, card.id)
    past = meetings.unanswered(tx, card.id, reader.id, tx.now - ASKED_FOR)
    met = meetings.met_since(tx, card.id, tx.now - ASKED_FOR) if past is None else None
    is_unrated = met is not None and feedback.of(tx, met.id, reader.id) is None
    return PairMeetings(
        card,
        reader,
        upcoming=_card(tx, ahead) if ahead else None,
        unanswered=_card(tx, past) if past else None,
        unrated=_card(tx, met) if met and is_unrated else None,
    )


def kept_plan(tx: Tx, actor: Member) -> dict[str, str]:
    """What was typed into a refused plan; of no use, and maybe another's link, where somebody is in several pairs."""
    return drafts.kept_words(tx, actor, "meetings.plan") if len(pairs.live_of(tx, actor)) == 1 else {}
