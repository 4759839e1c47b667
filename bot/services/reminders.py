"""What is due of meetings: both are reminded, and afterwards asked whether it took place."""

from collections.abc import Callable

from bot.rules.meetings import MeetingCard, reminder_moment
from bot.services import meetings, owing
from storage.database import Tx
from storage.models.members import Member
from storage.queries import meetings as queries
from storage.queries.meetings import Waits


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
        at = max(reminder_moment(card.meeting.starts_at, person.zone), tx.now)
        owing.post(tx, "meetings.reminded", person, card.meeting.id, key=_key(card, person), at=at, **_facts(card))


def _soon(tx: Tx, card: MeetingCard) -> None:
    for person in card.pair.people:
        owing.post(tx, "meetings.soon", person, card.meeting.id, key=_key(card, person), **_facts(card))


def _ask(tx: Tx, card: MeetingCard, person: Member) -> None:
    owing.post(tx, "meetings.did_you_meet", person, card.meeting.id, key=_key(card, person), **_facts(card))


def _key(card: MeetingCard, person: Member) -> str:
    return f"{card.meeting.id}:{card.meeting.version}:{person.id}"


def _facts(card: MeetingCard) -> dict[str, str]:
    return {"version": str(card.meeting.version)}
