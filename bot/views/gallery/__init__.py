"""One sample of every view: contract tests read it, the playground shows it."""

from bot.views.gallery import find, home, profiles, refusals, relationships, requests
from bot.views.gallery import help as help_
from bot.views.gallery.samples import Sample

FEATURES = (find, requests, profiles, relationships, home, help_, refusals)


def all_samples() -> tuple[Sample, ...]:
    """Every sample, by feature."""
    return tuple(sample for feature in FEATURES for sample in feature.samples())
