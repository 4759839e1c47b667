"""App Home for every kind of person, sampled."""

from dataclasses import replace
from typing import Any

from bot.rules.home import HomePage, Overview, Pair, Paired, Waiting
from bot.rules.profiles import ProfilePage
from bot.views import home as views
from bot.views.gallery.samples import (
    HERE,
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
from storage.models.relationships import Relationship
from storage.models.requests import SearchState

PAIR = Relationship(
    id="r1", workspace_id=HERE, mentee_id=NOOR.id, mentor_id=TOMAS.id, ask_id="a1", topic=TOPIC, started_at=NOW
)
NEW = HomePage(
    member=NOOR,
    profile=ProfilePage(NOOR, None, (), ()),
    can_undo_leave=False,
    begun=None,
    search=None,
    waiting=(),
    pairs=(),
    organisers=(INGRID,),
    overview=None,
)
JOINED = ProfilePage(NOOR, profile(NOOR), (), (TOPIC,))
MENTOR = ProfilePage(TOMAS, profile(TOMAS), (TOPIC, "SQL"), ())
BUSY = Overview(9, 1, 6, 1, (Waiting(NOOR, TOMAS, NOW),), (Paired(NOOR, TOMAS, NOW),))
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
        sample("home mentee", views.home(_page(profile=JOINED, pairs=(Pair(PAIR, TOMAS, is_mentor=False),)))),
        sample("home mentor", views.home(_page(member=TOMAS, profile=MENTOR, waiting=(card(),)))),
        sample("home mentor resting", views.home(_page(member=TOMAS, profile=MENTOR))),
        sample("home organiser", views.home(_page(member=INGRID, overview=BUSY))),
        sample("home organiser quiet", views.home(_page(member=INGRID, overview=QUIET))),
        sample("home leaving", views.home(_page(profile=JOINED, can_undo_leave=True))),
        sample("home next steps", views.next_steps(_page(profile=JOINED))),
    )
