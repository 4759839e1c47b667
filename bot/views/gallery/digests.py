"""Digests, sampled: a full one, a small one, an organiser's, and one full of hostile names."""

from datetime import timedelta

from bot.rules.digests import Coming, ComingKind, Meet, Overseen, Proud, Week
from bot.slack.text import md
from bot.views import digests as views
from bot.views.gallery.samples import GRACE, HOSTILE, NOOR, NOW, TOMAS, TOPIC, Sample, sample
from storage.models.members import Member

LINE = md("I haven't heard how you and {name} are doing.", name=TOMAS.name)


def _coming(partner: Member) -> tuple[Coming, ...]:
    soon = NOW + timedelta(days=3)
    return (
        Coming(ComingKind.REQUEST, "a1", partner, at=soon, topic=TOPIC),
        Coming(ComingKind.MEETING, "m1", partner, "r1", at=soon),
        Coming(ComingKind.AGREEMENT, "g1", partner, "r1"),
        Coming(ComingKind.CHECKIN, "c1", partner, "r1"),
        Coming(ComingKind.MILESTONE, "t1", partner, "r1", day=soon.date()),
    )


def samples() -> tuple[Sample, ...]:
    """Every line a digest can have."""
    full = Week(NOOR, 0, 9, _coming(TOMAS), Proud(6, 2, 1), Meet(GRACE, "SQL"))
    hostile = Week(NOOR, 0, 9, _coming(HOSTILE), Proud(1, 1, 0), Meet(HOSTILE, "<!here> *SQL*"))
    organising = Week(TOMAS, 3, 16, overseen=Overseen(3, 1))
    return (
        sample("digests.weekly", views.weekly(full, [])),
        sample("digests.weekly of lines that waited", views.weekly(Week(NOOR, 4, 14, meet=Meet()), [LINE, LINE])),
        sample("digests.weekly with one line", views.weekly(Week(NOOR, 0, 9), [LINE])),
        sample("digests.weekly of an organiser", views.weekly(organising, [])),
        sample("digests.weekly of another", views.weekly(Week(TOMAS, 1, 9, overseen=Overseen(1, 14)), [])),
        sample("digests.weekly reached", views.weekly(Week(NOOR, 0, 9, proud=Proud(0, 0, 2)), [LINE])),
        sample("digests.together", views.together([LINE, LINE, LINE])),
        sample("digests.together with one line", views.together([LINE])),
        sample("digests.weekly hostile", views.weekly(hostile, [])),
    )
