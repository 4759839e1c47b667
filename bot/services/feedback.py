"""What comes after a meeting: one yes counts for both, a no is nobody else's, and one tap on how it was."""

from datetime import timedelta

from bot.errors import MeetingIsOverError, MentorTakenError
from bot.rules.feedback import AfterCard, Word
from bot.rules.meetings import UNCONFIRMED, MeetingCard, Score
from bot.rules.pairs import PairCard
from bot.rules.policy import MEETING_MINUTES
from bot.services import meetings, owing, pairs
from storage.database import Tx
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.queries import feedback as queries
from storage.queries import meetings as meeting_queries

QUESTION = "meetings.did_you_meet"
JUST_NOW = timedelta(hours=12)
PRESSED = timedelta(minutes=10)
LATELY = timedelta(days=3)


def after(tx: Tx, card: MeetingCard, reader: Member) -> AfterCard:
    """A meeting as this reader looks back on it."""
    row = card.meeting
    said_no = row.state == MeetingState.MISSED and row.answered_by in {reader.id, None}
    return AfterCard(card, reader, said_no, has_rated=queries.of(tx, row.id, reader.id) is not None)


def look_back(tx: Tx, actor: Member, meeting_id: str) -> AfterCard:
    """A meeting of the actor's own, looked back on."""
    return after(tx, meetings.own(tx, actor, meeting_id), actor)


def met(tx: Tx, actor: Member, meeting_id: str) -> AfterCard:
    """Yes, they met: once for both, whoever says it, and also after a no; one still ahead stays as it is."""
    card = meetings.held(tx, actor, meeting_id)
    values = {"state": MeetingState.MET, "answered_by": actor.id, "answered_at": tx.now}
    if card.has_begun and meeting_queries.answer(tx, card.meeting, UNCONFIRMED, values):
        card = meetings.card_of(tx, meeting_id)
        _touch(tx, card.pair)
        meetings.refresh(tx, card, (QUESTION, actor.id))
        owing.home(tx, *card.pair.people)
    return after(tx, card, actor)


def _touch(tx: Tx, pair: PairCard) -> None:
    """Note that the two were in touch; a sleeping pair whose place is taken sleeps on, and has met all the same."""
    if not pair.is_live:
        return
    try:
        pairs.touch(tx, pair)
    except MentorTakenError:
        return


def not_met(tx: Tx, actor: Member, meeting_id: str) -> AfterCard:
    """No, they did not: it ends the asking, and the partner never sees it; after a yes it changes nothing."""
    card = meetings.held(tx, actor, meeting_id)
    row = card.meeting
    if card.has_begun and row.state == MeetingState.PLANNED:
        values = {"state": MeetingState.MISSED, "answered_by": actor.id, "answered_at": tx.now}
        meeting_queries.answer(tx, row, (MeetingState.PLANNED,), values)
        owing.home(tx, actor)
    elif row.state == MeetingState.MISSED and row.answered_by != actor.id:
        meeting_queries.answer(tx, row, (MeetingState.MISSED,), {"answered_by": None})
        owing.home(tx, actor)
    return after(tx, meetings.card_of(tx, meeting_id), actor)


def log(tx: Tx, actor: Member, pair_id: str) -> AfterCard:
    """The two met, planned or not: it answers for a meeting just gone by, else is one of its own; twice is once."""
    pair = pairs.held(tx, actor, pair_id)
    waiting = meeting_queries.unanswered(tx, pair_id, actor.id, tx.now - LATELY)
    if waiting is not None:
        return met(tx, actor, waiting.id)
    row = meeting_queries.met_since(tx, pair_id, tx.now - JUST_NOW, tx.now - PRESSED)
    if row is None:
        row = meeting_queries.add(tx, _met_now(tx, pair, actor))
        _touch(tx, pair)
        owing.home(tx, *pair.people)
    return after(tx, meetings.card_of(tx, row.id), actor)


def _met_now(tx: Tx, pair: PairCard, actor: Member) -> Meeting:
    return Meeting(
        workspace_id=tx.workspace_id,
        relationship_id=pair.id,
        planned_by=actor.id,
        planned_at=tx.now,
        starts_at=tx.now,
        minutes=MEETING_MINUTES.value,
        zone=actor.zone,
        is_first=not meeting_queries.has_any(tx, pair.id),
        state=MeetingState.MET,
        answered_by=actor.id,
        answered_at=tx.now,
    )


def rate(tx: Tx, actor: Member, meeting_id: str, score: Score) -> AfterCard:
    """Keep one tap on how it was, sealed."""
    card = _met(tx, actor, meeting_id)
    queries.keep(tx, meeting_id, actor.id, score)
    return after(tx, card, actor)


def word(tx: Tx, actor: Member, meeting_id: str) -> Word:
    """One's own feedback, to read and change."""
    card = _met(tx, actor, meeting_id)
    given = queries.of(tx, meeting_id, actor.id)
    if given is None:
        raise MeetingIsOverError
    return Word(card, actor, Score(given.score), given.words)


def save(tx: Tx, actor: Member, meeting_id: str, score: Score, words: str) -> AfterCard:
    """Keep one's tap and one's words, in place of those before."""
    card = _met(tx, actor, meeting_id)
    queries.keep(tx, meeting_id, actor.id, score, words)
    return after(tx, card, actor)


def _met(tx: Tx, actor: Member, meeting_id: str) -> MeetingCard:
    card = meetings.own(tx, actor, meeting_id)
    if card.meeting.state != MeetingState.MET:
        raise MeetingIsOverError
    return card


def refresh(tx: Tx, seen: AfterCard) -> None:
    """Bring this reader's own question up to date, where it was answered elsewhere."""
    owing.update(tx, QUESTION, seen.reader, seen.card.meeting.id)
