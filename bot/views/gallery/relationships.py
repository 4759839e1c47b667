"""A pair, sampled: its page, its silence, its ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.rules.agreements import Standing
from bot.rules.checkins import PairCheckins
from bot.rules.introductions import PairIntroductions
from bot.rules.meetings import PairMeetings
from bot.rules.milestones import Mark, PairMilestones
from bot.rules.pairs import PairCard
from bot.rules.preferences import PairAway
from bot.rules.relationships import ClosingPage, EndedPage, PairPage, WayOutPage
from bot.views import relationships as views
from bot.views.gallery import checkins, meetings
from bot.views.gallery.agreements import PROMISE, TERMS
from bot.views.gallery.samples import HERE, HOSTILE, INGRID, NOOR, NOW, TOMAS, TOPIC, Sample, sample
from storage.models.checkins import CheckinKind
from storage.models.members import Member
from storage.models.milestones import MilestoneState
from storage.models.relationships import Ending, Relationship, RelationshipState, Wish

ASLEEP: dict[str, Any] = {"state": RelationshipState.ASLEEP, "quiet_step": 5, "quiet_at": NOW}
QUIET: dict[str, Any] = {"quiet_step": 2}


def card(mentor: Member = TOMAS, **facts: Any) -> PairCard:
    """Noor and her mentor."""
    known: dict[str, Any] = {"started_at": NOW - timedelta(days=60), "term_ends_at": NOW + timedelta(days=20)}
    row = Relationship(
        id="p1", workspace_id=HERE, mentee_id=NOOR.id, mentor_id=mentor.id, ask_id="a1", topic=TOPIC, **(known | facts)
    )
    return PairCard(row, NOOR, mentor)


def page(of: PairCard, reader: Member = NOOR, *, is_stopping: bool = False, **more: Any) -> PairPage:
    """One pair as one of its two sees it, with nothing waiting unless said so."""
    bare = PairPage(
        card=of,
        reader=reader,
        is_stopping=is_stopping,
        met=0,
        meetings=PairMeetings(of, reader, None, None),
        agreement=Standing(of, reader, (), TERMS, PROMISE),
        checkins=PairCheckins(of, reader, None, has_said=False),
        milestones=PairMilestones(of, reader, (), ()),
        away=PairAway(of, reader, None, None),
        introductions=PairIntroductions(of, reader, ()),
    )
    return replace(bare, **more)


def busy(of: PairCard, reader: Member = NOOR) -> PairPage:
    """The same with something of everything."""
    meeting, checkin = meetings.card(of=of), checkins.card(CheckinKind.PULSE)
    marks = (Mark("m1", "First chart shown", NOW.date(), MilestoneState.REACHED, 1, NOW),)
    return page(
        of,
        reader,
        met=6,
        meetings=PairMeetings(of, reader, meeting, replace(meeting, has_begun=True)),
        checkins=PairCheckins(of, reader, checkin, has_said=True),
        milestones=PairMilestones(
            of, reader, (Mark("m2", "Talk at the meetup", NOW.date(), MilestoneState.OPEN, 1),), marks
        ),
    )


def ended(ending: Ending, **facts: Any) -> PairCard:
    """The same, at its end."""
    return card(state=RelationshipState.ENDED, ending=ending, ended_at=NOW, settled_at=NOW, **facts)


def samples() -> tuple[Sample, ...]:
    """Both sides' pages and messages."""
    return (*_pages(), *_silences(), *_stops(), *_ends())


def _pages() -> tuple[Sample, ...]:
    return (
        sample("relationships.pair new", views.pair(page(card()))),
        sample("relationships.pair busy", views.pair(busy(card()))),
        sample("relationships.pair near its end", views.pair(page(card(), closing=ClosingPage(card(), NOOR, 6)))),
        sample("relationships.pair mentor sees", views.pair(busy(card(), TOMAS))),
        sample("relationships.pair of somebody hostile", views.pair(busy(card(HOSTILE)))),
        sample("relationships.pair stopping", views.pair(page(card(), is_stopping=True))),
        sample("relationships.pair asleep", views.pair(page(card(**ASLEEP)))),
        sample("relationships.pair ended", views.pair(replace(busy(card()), card=ended(Ending.EARLY)))),
    )


def _silences() -> tuple[Sample, ...]:
    asleep = card(**ASLEEP)
    return (
        sample("relationships.plan_first", views.plan_first(card())),
        sample("relationships.quiet", views.quiet(card(**QUIET), NOOR)),
        sample("relationships.quiet over", views.quiet(card(), TOMAS)),
        sample("relationships.touched", views.touched(card(), NOOR)),
        sample("relationships.asleep", views.asleep(asleep, TOMAS)),
        sample("relationships.asleep awake again", views.asleep(card(), TOMAS)),
        sample("relationships.close_offer", views.close_offer(asleep, NOOR)),
        sample("relationships.close_offer kept", views.close_offer(card(**ASLEEP | {"quiet_at": None}), NOOR)),
        sample("relationships.close_offer awake again", views.close_offer(card(), NOOR)),
        sample("relationships.kept", views.kept(asleep, NOOR)),
    )


def _stops() -> tuple[Sample, ...]:
    asked = page(card(ended_at=NOW, ended_by=NOOR.id), is_stopping=True)
    over = page(ended(Ending.EARLY))
    return (
        sample("relationships.way_out mentee", views.way_out(WayOutPage(card(), NOOR, (INGRID,)))),
        sample("relationships.way_out mentor", views.way_out(WayOutPage(card(), TOMAS, ()))),
        sample("relationships.stopping", views.stopping(asked)),
        sample("relationships.stopped", views.stopped(asked)),
        sample("relationships.stopped for good", views.stopped(over)),
        sample("relationships.stopped mentor", views.stopped(replace(over, reader=TOMAS))),
        sample("relationships.stopped taken back", views.stopped(page(card()))),
    )


def _ends() -> tuple[Sample, ...]:
    finished = ended(Ending.FINISHED)
    stay = ended(Ending.FINISHED, mentee_wish=Wish.STAY, mentor_wish=Wish.STAY)
    return (
        sample("relationships.closing", views.closing(ClosingPage(card(), NOOR, 6))),
        sample("relationships.closing answered", views.closing(ClosingPage(card(), NOOR, 6, is_open=False))),
        *(
            sample(f"relationships.closing {wish}", views.closing(ClosingPage(card(mentee_wish=wish), NOOR, 1)))
            for wish in Wish
        ),
        sample("relationships.extended", views.extended(card(), TOMAS)),
        sample("relationships.ended mentee reads", views.ended(EndedPage(ended(Ending.LEFT), NOOR, 2))),
        sample("relationships.ended mentor reads", views.ended(EndedPage(ended(Ending.EARLY), TOMAS, 2))),
        sample("relationships.ended quiet", views.ended(EndedPage(ended(Ending.QUIET), NOOR, 2))),
        sample("relationships.ended finished", views.ended(EndedPage(finished, NOOR, 11))),
        sample("relationships.ended finished, both stay", views.ended(EndedPage(stay, TOMAS, 11))),
    )
