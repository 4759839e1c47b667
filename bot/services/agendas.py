"""The agenda of a meeting, shared by its two people: neither can write over what the other wrote meanwhile."""

import hashlib

from bot.errors import MeetingIsOverError
from bot.rules.meetings import MeetingCard, Sheet
from bot.services import drafts, meetings, owing, pairs
from storage.database import Tx
from storage.models.meetings import Meeting
from storage.models.members import Member
from storage.queries import meetings as queries

TAG = 16


def read(tx: Tx, actor: Member, meeting_id: str) -> Sheet:
    """An agenda as it stands, or with one's own words that met newer ones of the partner's."""
    card = meetings.own(tx, actor, meeting_id)
    kept = drafts.kept_words(tx, actor, _draft(meeting_id)).get("agenda") if card.is_open else None
    there = queries.agenda_of(tx, card.meeting)
    if kept is None or kept == there:
        return Sheet(card, actor, there, _tag(card.meeting))
    return Sheet(card, actor, kept, _tag(card.meeting), newer=there)


def write(tx: Tx, actor: Member, meeting_id: str, tag: str, words: str) -> Sheet:
    """Put words in place of those they began from; where the partner wrote since, both are given back to merge."""
    card = meetings.own(tx, actor, meeting_id)
    pairs.live(tx, actor, card.pair.id)
    if not card.is_open:
        raise MeetingIsOverError
    row = card.meeting
    if queries.agenda_of(tx, row) == words:
        return _written(tx, actor, card)
    if tag != _tag(row) or not queries.write_agenda(tx, row, words):
        drafts.keep(tx, actor, _draft(meeting_id), {"agenda": words})
        return Sheet(card, actor, words, _tag(row), newer=queries.agenda_of(tx, row))
    return _written(tx, actor, card)


def _written(tx: Tx, actor: Member, card: MeetingCard) -> Sheet:
    drafts.drop(tx, actor, _draft(card.meeting.id))
    card = meetings.card_of(tx, card.meeting.id)
    meetings.refresh(tx, card)
    owing.home(tx, *card.pair.people)
    return Sheet(card, actor, queries.agenda_of(tx, card.meeting), _tag(card.meeting))


def _tag(row: Meeting) -> str:
    """What tells versions apart and gives nothing away: no two sealings of the same words look alike."""
    return "" if row.agenda is None else hashlib.sha256(row.agenda).hexdigest()[:TAG]


def _draft(meeting_id: str) -> str:
    return f"meetings.agenda:{meeting_id}"
