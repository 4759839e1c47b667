"""Help, sampled."""

from bot.views import help as views
from bot.views.gallery.samples import HOSTILE, INGRID, Sample, sample


def samples() -> tuple[Sample, ...]:
    """Help with and without organisers, a worry, a typed word."""
    return (
        sample("help.ways", views.ways((INGRID, HOSTILE))),
        sample("help.ways nobody", views.ways(())),
        sample("help.worried", views.worry((INGRID,))),
        sample("help.worried nobody", views.worry(())),
        sample("help.typed", views.typed()),
    )
