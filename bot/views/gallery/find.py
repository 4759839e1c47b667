"""Finding, sampled."""

from dataclasses import replace
from datetime import time

from bot.rules.days import Window
from bot.rules.find import Name, NotePage, Results, Start
from bot.rules.matching import Reason, ReasonKind, Suggestion
from bot.views import find as views
from bot.views.gallery.samples import GOAL, GRACE, HOSTILE, INGRID, NOOR, TOMAS, TOPIC, Sample, sample, search
from storage.models.members import Member
from storage.models.requests import Search, SearchState

SEARCH = search(SearchState.DRAFT)
HOURS = Reason(ReasonKind.HOURS, window=Window(time(9), time(16), 7))


def _name(of: Member, *reasons: Reason, full: bool = False, fits: bool = True) -> Name:
    return Name(of, Suggestion(of.id, 0.5, (*reasons, HOURS), is_full=full, fits=fits))


TOM = _name(TOMAS, Reason(ReasonKind.TEACHES, TOPIC), Reason(ReasonKind.ROOM, free=2))
FULL = _name(GRACE, Reason(ReasonKind.NEAR, "data pipelines"), Reason(ReasonKind.FULL, free=2), full=True)
OTHER = _name(INGRID, Reason(ReasonKind.GOAL, "career changes"), Reason(ReasonKind.LANGUAGE, "Norwegian"))
ODD = _name(HOSTILE, Reason(ReasonKind.ROOM, free=1), fits=False)


def samples() -> tuple[Sample, ...]:
    """The questions, the names in each case, the note."""
    nobody = Results(SEARCH, (), ())
    return (
        sample("find.search new", views.start(Start("", "", has_joined=False))),
        sample("find.search known", views.start(Start(TOPIC, GOAL, has_joined=True))),
        sample("find.results", views.results(Results(SEARCH, (TOM, FULL, OTHER), ()))),
        sample("find.results few", views.results(Results(SEARCH, (TOM,), (ODD,)))),
        sample("find.results none fits", views.results(Results(SEARCH, (), (OTHER, ODD)))),
        sample("find.results nobody", views.results(nobody)),
        sample("find.results all full", views.results(Results(SEARCH, (FULL,), ()))),
        sample("find.send", views.note(NotePage(SEARCH, NOOR, TOM, (OTHER, ODD), ""))),
        sample("find.send alone", views.note(NotePage(SEARCH, NOOR, TOM, (), "Words kept from before."))),
        sample("find.send hostile", views.note(NotePage(_about("<!here> & co"), HOSTILE, ODD, (), ""))),
    )


def _about(topic: str) -> Search:
    return replace(search(SearchState.DRAFT), topic=topic)
