"""One sample of every view: contract tests read it, the playground shows it."""

from bot.views.gallery import (
    agreements,
    checkins,
    digests,
    find,
    home,
    introductions,
    meetings,
    milestones,
    preferences,
    profiles,
    refusals,
    relationships,
    requests,
    rounds,
)
from bot.views.gallery import help as help_
from bot.views.gallery.samples import Sample

FEATURES = (
    find,
    requests,
    relationships,
    meetings,
    agreements,
    checkins,
    milestones,
    rounds,
    introductions,
    digests,
    preferences,
    profiles,
    home,
    help_,
    refusals,
)


def all_samples() -> tuple[Sample, ...]:
    """Every sample, by feature."""
    return tuple(sample for feature in FEATURES for sample in feature.samples())
