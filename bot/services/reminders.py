"""What is due of meetings: both are reminded, and afterwards asked whether it took place."""

from collections.abc import Callable
from datetime import datetime

from bot.rules.meetings import MeetingCard, moments_again, reminder_moment, told_at
from bot.services import meetings, owing
from storage.database import Tx
from storage.models.members import Member
from storage.queries import meetings as queries
from storage.queries import waiting
from storage.queries.meetings import Waits

REMINDED = "meetings.reminded"
TOLD = frozenset({"meetings.planned", "meetings.moved", "meetings.cancelled"})


def remind_due(tx: Tx) -> int:
    """Owe both their reminder, each in their own hours, a day before."""
    return _each(tx, Waits.REMIND, _remind)


def soon_due(tx: Tx) -> int:
    """Owe both the last reminder of a first meeting, an hour before."""
    return _each(tx, Waits.SOON, _soon)


def ask_mentees(tx: Tx) -> int:
    """Ask mentees whether they met."""
    return _each(tx, Waits.ASK, lambda tx, card: _ask(tx, card, card.pair.mentee))


def ask_mentors(tx: Tx) -> int:
    """Ask mentors whether they met, where their mentee has not said."""
    return _each(tx, Waits.ASK_MENTOR, lambda tx, card: _ask(tx, card, card.pair.mentor))


def follow(tx: Tx, member: Member) -> None:
    """Keep reminders, questions and news of somebody's meetings in the hours they have now; the meetings stay."""
    for row in queries.waiting_of(tx, member.id):
        zones = [person.zone for person in meetings.card_of(tx, row.id).pair.people]
        if again := moments_again(row, zones, tx.now):
            queries.change(tx, row, again)
    for owed in waiting.unsent_of(tx, member.id):
        if owed.kind == REMINDED:
            starts_at = meetings.card_of(tx, owed.subject_id).meeting.starts_at
            owing.move(tx, owed, max(reminder_moment(starts_at, member.zone), tx.now))
        elif owed.kind in TOLD and "told_by" in owed.facts:
            deadline = datetime.fromisoformat(str(owed.facts["told_by"]))
            owing.move(tx, owed, told_at(tx.now, member.zone, deadline))


def _each(tx: Tx, waits: Waits, deed: Callable[[Tx, MeetingCard], None]) -> int:
    """Clear each moment that has come, and do what it was for where the pair still lives."""
    due = queries.due(tx, waits)
    for row in due:
        if queries.change(tx, row, {waits: None}):
            card = meetings.card_of(tx, row.id)
            if card.pair.is_live and card.is_planned:
                deed(tx, card)
    return len(due)


def _remind(tx: Tx, card: MeetingCard) -> None:
    for person in card.pair.people:
        _owe(tx, REMINDED, card, person, max(reminder_moment(card.meeting.starts_at, person.zone), tx.now))


def _soon(tx: Tx, card: MeetingCard) -> None:
    for person in card.pair.people:
        _owe(tx, "meetings.soon", card, person)


def _ask(tx: Tx, card: MeetingCard, person: Member) -> None:
    _owe(tx, "meetings.did_you_meet", card, person)


def _owe(tx: Tx, kind: str, card: MeetingCard, to: Member, at: datetime | None = None) -> None:
    """Owe it once for this person and this version of the meeting: moved meanwhile, it is no longer true."""
    row = card.meeting
    owing.post(tx, kind, to, row.id, key=f"{row.id}:{row.version}:{to.id}", at=at, version=str(row.version))
