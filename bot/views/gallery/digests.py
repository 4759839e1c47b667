"""Digests, sampled."""

from bot.views.gallery.samples import Sample


def samples() -> tuple[Sample, ...]:
    """Every view of the feature."""
    return ()
