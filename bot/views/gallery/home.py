"""App Home for every kind of person, sampled."""

from dataclasses import replace
from typing import Any

from bot.rules.home import HomePage, Overview, Paired, Silence, Waiting
from bot.rules.introductions import WaitingIntroductions
from bot.rules.profiles import ProfilePage
from bot.rules.relationships import Standing
from bot.rules.rounds import PeerPage
from bot.views import home as views
from bot.views.gallery import checkins, relationships, rounds
from bot.views.gallery.samples import (
    HOSTILE,
    INGRID,
    NOOR,
    NOW,
    TOMAS,
    TOPIC,
    Sample,
    card,
    profile,
    sample,
    search,
    search_card,
)
from storage.models.checkins import CheckinKind
from storage.models.requests import SearchState

PAIRS = (relationships.page(relationships.card()), relationships.busy(relationships.card(HOSTILE)))
STATES = tuple(Paired(NOOR, TOMAS, NOW, standing) for standing in Standing)
NEW = HomePage(
    member=NOOR,
    profile=ProfilePage(NOOR, None, (), ()),
    can_undo_leave=False,
    begun=None,
    search=None,
    waiting=(),
    pairs=(),
    peers=PeerPage(NOOR),
    checkins=(),
    introductions=WaitingIntroductions(NOOR, (), ()),
    organisers=(INGRID,),
    overview=None,
)
JOINED = ProfilePage(NOOR, profile(NOOR), (), (TOPIC,))
MENTOR = ProfilePage(TOMAS, profile(TOMAS), (TOPIC, "SQL"), ())
SILENCED = Silence(NOW, INGRID)
BUSY = Overview(9, 1, 6, 1, (Waiting(NOOR, TOMAS, NOW),), STATES, ended_early=1, finished=2)
STOPPING = relationships.page(relationships.card(), is_stopping=True)
ASLEEP = relationships.page(relationships.card(**relationships.ASLEEP))
LAST = checkins.card(CheckinKind.FOLLOW_UP)
QUIET = Overview(0, 0, 0, 0, (), ())


def _page(**changes: Any) -> HomePage:
    return replace(NEW, **changes)


def samples() -> tuple[Sample, ...]:
    """New, begun, waiting, matched, mentor, organiser, leaving."""
    return (
        sample("home new", views.home(NEW)),
        sample("home begun", views.home(_page(profile=JOINED, begun=search(SearchState.DRAFT)))),
        sample("home joined", views.home(_page(profile=JOINED))),
        sample("home waiting", views.home(_page(profile=JOINED, search=search_card()))),
        sample("home mentee", views.home(_page(profile=JOINED, pairs=PAIRS))),
        sample("home mentee stopping", views.home(_page(profile=JOINED, pairs=(STOPPING, ASLEEP)))),
        sample("home peer", views.home(_page(profile=JOINED, peers=rounds.page(group=rounds.card(*rounds.TRIO))))),
        sample("home after the end", views.home(_page(profile=JOINED, checkins=(LAST,)))),
        sample("home mentor", views.home(_page(member=TOMAS, profile=MENTOR, waiting=(card(),)))),
        sample("home mentor resting", views.home(_page(member=TOMAS, profile=MENTOR))),
        sample("home organiser", views.home(_page(member=INGRID, overview=BUSY))),
        sample("home organiser quiet", views.home(_page(member=INGRID, overview=QUIET))),
        sample("home organiser silenced", views.home(_page(member=INGRID, overview=replace(BUSY, silence=SILENCED)))),
        sample("home silenced", views.home(_page(profile=JOINED, is_silenced=True))),
        sample("home leaving", views.home(_page(profile=JOINED, can_undo_leave=True))),
        sample("home next steps", views.next_steps(_page(profile=JOINED))),
    )
