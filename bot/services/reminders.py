"""What is due of meetings: both are reminded, and afterwards asked whether it took place."""

from collections.abc import Callable
from datetime import datetime

from bot.rules.meetings import moments_again, reminder_moment, told_at
from bot.rules.pairs import LIVE
from bot.services import meetings, owing
from storage.database import Tx
from storage.models.members import Member
from storage.queries import meetings as queries
from storage.queries import waiting
from storage.queries.meetings import DueMeeting, Waits
from storage.queries.members import Reader
from storage.queries.outbox import News

REMINDED, ASKED = "meetings.reminded", "meetings.did_you_meet"
TOLD = frozenset({"meetings.planned", "meetings.moved", "meetings.cancelled"})


def remind_due(tx: Tx) -> int:
    """Owe both their reminder, each in their own hours, a day before."""
    return _each(tx, Waits.REMIND, _reminders)


def soon_due(tx: Tx) -> int:
    """Owe both the last reminder of a first meeting, an hour before."""
    return _each(tx, Waits.SOON, lambda tx, due: [_news(tx, "meetings.soon", due, to) for to in due.people])


def ask_mentees(tx: Tx) -> int:
    """Ask mentees whether they met."""
    return _each(tx, Waits.ASK, lambda tx, due: [_news(tx, ASKED, due, due.mentee)])


def ask_mentors(tx: Tx) -> int:
    """Ask mentors whether they met, where their mentee has not said."""
    return _each(tx, Waits.ASK_MENTOR, lambda tx, due: [_news(tx, ASKED, due, due.mentor)])


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


def _each(tx: Tx, waits: Waits, told: Callable[[Tx, DueMeeting], list[News]]) -> int:
    """Clear each moment that has come, and owe what it was for where the pair still lives."""
    due = queries.take_due(tx, waits)
    owing.owe_all(tx, [news for each in due if each.pair_state in LIVE for news in told(tx, each)])
    return len(due)


def _reminders(tx: Tx, due: DueMeeting) -> list[News]:
    return [
        _news(tx, REMINDED, due, person, max(reminder_moment(due.starts_at, person.zone), tx.now))
        for person in due.people
    ]


def _news(tx: Tx, kind: str, due: DueMeeting, to: Reader, at: datetime | None = None) -> News:
    """Once for this person and this version of the meeting: moved meanwhile, it is no longer true."""
    return owing.news(tx, kind, to, due.id, key=f"{due.id}:{due.version}:{to.id}", at=at, version=str(due.version))
