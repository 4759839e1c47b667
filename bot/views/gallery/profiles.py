"""Profiles and leaving, sampled."""

from bot.rules.profiles import LeavePage, ProfilePage
from bot.views import profiles as views
from bot.views.gallery.samples import NOOR, TOMAS, Sample, profile, sample

MENTOR = ProfilePage(TOMAS, profile(TOMAS), ("data analysis", "SQL"), ("public speaking",))
NEWCOMER = ProfilePage(NOOR, None, (), ())


def samples() -> tuple[Sample, ...]:
    """The form for both kinds, and the way out."""
    return (
        sample("profiles.save new", views.edit(NEWCOMER, {})),
        sample("profiles.save", views.edit(MENTOR, {})),
        sample("profiles.saved", views.saved(MENTOR)),
        sample("profiles.leave", views.leave(LeavePage((TOMAS,), is_searching=True, waiting=2))),
        sample("profiles.left", views.left(can_undo=True)),
        sample("profiles.left for good", views.left(can_undo=False)),
        sample("profiles.stayed", views.stayed()),
    )
