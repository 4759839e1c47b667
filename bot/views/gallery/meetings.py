"""Meetings and the word after them, sampled: both sides, every state, and people whose names would do harm."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.rules.feedback import AfterCard, Word
from bot.rules.meetings import MeetingCard, PairMeetings, Score, Sheet, Taken
from bot.rules.pairs import PairCard
from bot.slack import blocks as b
from bot.slack.text import md
from bot.views import feedback, meetings, planning
from bot.views.gallery.samples import HERE, HOSTILE, NOOR, NOW, TOMAS, TOPIC, Sample, sample
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.models.relationships import Relationship, RelationshipState

LINK = "https://meet.example.com/noor-and-tomas?pwd=a_b&x=1"
BAD_PLACE = "<!channel> *Room* `3` <https://evil.example|https://bank.example>"
SLOTS = tuple(NOW + timedelta(days=day, hours=day) for day in (1, 2, 3))


def pair(mentor: Member = TOMAS, state: RelationshipState = RelationshipState.ACTIVE) -> PairCard:
    """Noor and her mentor."""
    row = Relationship(
        id="r1",
        workspace_id=HERE,
        mentee_id=NOOR.id,
        mentor_id=mentor.id,
        ask_id="a1",
        topic=TOPIC,
        started_at=NOW,
        state=state,
        mentor_promised_at=NOW,
    )
    return PairCard(row, NOOR, mentor)


def card(state: MeetingState = MeetingState.PLANNED, of: PairCard | None = None, **more: Any) -> MeetingCard:
    """Their meeting on Thursday."""
    facts: dict[str, Any] = {"lines": 0, "has_begun": False} | {
        name: more.pop(name) for name in ("lines", "has_begun") if name in more
    }
    made: dict[str, Any] = {
        "id": "g1",
        "workspace_id": HERE,
        "relationship_id": "r1",
        "planned_by": TOMAS.id,
        "planned_at": NOW,
        "starts_at": NOW + timedelta(days=3),
        "minutes": 30,
        "zone": TOMAS.zone,
        "is_first": True,
        "state": state,
    }
    return MeetingCard(Meeting(**(made | more)), of or pair(), **facts)


HOSTILE_PAIR = pair(HOSTILE)
ENDED = pair(state=RelationshipState.ENDED)


def samples() -> tuple[Sample, ...]:
    """Every view of the two features."""
    return (*_told(), *_own(), *_in_pair(), *_forms(), *_after())


def _told() -> tuple[Sample, ...]:
    linked, off, hostile = card(place=LINK), card(MeetingState.CANCELLED), card(of=HOSTILE_PAIR, place=BAD_PLACE)
    by_me, by_tomas = (card(MeetingState.CANCELLED, answered_by=who.id) for who in (NOOR, TOMAS))
    return (
        sample("meetings.planned", meetings.planned(linked, NOOR)),
        sample("meetings.planned hostile", meetings.planned(hostile, NOOR)),
        sample("meetings.planned called off", meetings.planned(off, NOOR)),
        sample("meetings.planned ended", meetings.planned(card(MeetingState.CANCELLED, ENDED), NOOR)),
        sample("meetings.planned over", meetings.planned(card(MeetingState.MET, has_begun=True), NOOR)),
        sample("meetings.moved", meetings.moved(card(lines=1), TOMAS)),
        sample("meetings.reminded", meetings.reminded(card(), NOOR)),
        sample("meetings.reminded with an agenda", meetings.reminded(card(lines=3, place=f"{LINK} code 77"), TOMAS)),
        sample("meetings.soon", meetings.soon(linked, NOOR)),
        sample("meetings.cancelled", meetings.cancelled(by_tomas, NOOR)),
        sample("meetings.cancelled myself", meetings.cancelled(by_me, NOOR)),
        sample("meetings.cancelled by nobody", meetings.cancelled(off, NOOR)),
    )


def _own() -> tuple[Sample, ...]:
    fresh = Taken(pair(), NOOR, None)
    return (
        sample("meetings.booked", meetings.booked(card(), NOOR)),
        sample("meetings.booked with a link", meetings.booked(card(place=LINK, lines=2), NOOR)),
        sample("meetings.booked hostile", meetings.booked(card(of=HOSTILE_PAIR, place=BAD_PLACE), NOOR)),
        sample("meetings.booked and gone", meetings.booked(card(MeetingState.CANCELLED), NOOR)),
        sample("meetings.placed", meetings.placed(card(place=LINK), NOOR)),
        sample("meetings.placed nowhere", meetings.placed(card(of=HOSTILE_PAIR), NOOR)),
        sample("meetings.agenda_saved", meetings.agenda_saved(card(lines=2), NOOR)),
        sample("meetings.agenda_saved empty", meetings.agenda_saved(card(), NOOR)),
        sample("meetings.taken", meetings.taken(replace(fresh, card=card(), is_booked=True))),
        sample("meetings.taken already", meetings.taken(replace(fresh, card=card()))),
        sample("meetings.taken too late", meetings.taken(fresh)),
        sample("meetings.taken hostile", meetings.taken(replace(fresh, pair=HOSTILE_PAIR))),
    )


def _shown(facts: PairMeetings) -> b.Modal:
    return b.Modal("You and Tomás", "meetings.sampled", (b.section(md("A pair.")), *meetings.in_pair(facts)))


def _in_pair() -> tuple[Sample, ...]:
    nothing = PairMeetings(pair(), NOOR, None, None)
    booked = replace(nothing, upcoming=card(place=LINK, lines=3))
    return (
        sample("meetings in a pair", _shown(nothing)),
        sample("meetings in a pair booked", _shown(booked)),
        sample("meetings in a pair met", _shown(replace(nothing, unrated=card(MeetingState.MET, has_begun=True)))),
        sample("meetings in a pair gone by", _shown(replace(booked, unanswered=card(has_begun=True)))),
    )


def _forms() -> tuple[Sample, ...]:
    first, later = card(), card(is_first=False, of=HOSTILE_PAIR, place=BAD_PLACE)
    kept = {"day": "2026-12-01", "time": "09:30", "minutes": "60", "place": "tel:+351 21 000"}
    long = "a line\n" * 428
    return (
        sample("meetings.plan", planning.plan(pair(), NOOR, NOW.date(), 30, {})),
        sample("meetings.plan kept", planning.plan(HOSTILE_PAIR, NOOR, NOW.date(), 30, kept)),
        sample("meetings.plan promised", planning.plan(pair(), TOMAS, NOW.date(), 45, {})),
        sample("meetings.move_to", planning.move(first, NOOR)),
        sample("meetings.put_place", planning.place(later, NOOR)),
        sample("meetings.write_agenda", planning.agenda(Sheet(first, NOOR, "", ""))),
        sample("meetings.write_agenda long", planning.agenda(Sheet(later, NOOR, long, "0af3"))),
        sample("meetings.write_agenda met newer words", planning.agenda(Sheet(first, NOOR, "Mine", "0af3", BAD_PLACE))),
        sample("meetings.write_agenda met none", planning.agenda(Sheet(first, NOOR, "Mine", "", ""))),
        sample("meetings.agenda over", planning.agenda(Sheet(card(MeetingState.MET), NOOR, long, "0af3"))),
        sample("meetings.agenda over empty", planning.agenda(Sheet(card(of=ENDED), NOOR, "", ""))),
    )


def _after() -> tuple[Sample, ...]:
    asked = AfterCard(card(has_begun=True), NOOR, said_no=False, has_rated=False)
    met = replace(asked, card=card(MeetingState.MET, has_begun=True))
    hostile = replace(asked, card=card(of=HOSTILE_PAIR, has_begun=True))
    word = Word(met.card, NOOR, Score.SOME, "")
    return (
        sample("feedback.after", feedback.after(asked)),
        sample("feedback.after hostile", feedback.after(hostile)),
        sample("feedback.after met", feedback.after(met)),
        sample("feedback.after rated", feedback.after(replace(met, has_rated=True))),
        sample("feedback.after a no", feedback.after(replace(asked, said_no=True))),
        sample("feedback.after moved", feedback.after(replace(asked, card=card()))),
        sample("feedback.after called off", feedback.after(replace(asked, card=card(MeetingState.CANCELLED)))),
        sample("feedback.save", feedback.word(word)),
        sample("feedback.save with words", feedback.word(replace(word, words="<!here> it *helped*"))),
    )
