"""The end of a pair, sampled."""

from bot.views import relationships as views
from bot.views.gallery.samples import NOOR, TOMAS, TOPIC, Sample, sample


def samples() -> tuple[Sample, ...]:
    """What each side reads when the other leaves."""
    return (
        sample("relationships.ended mentee reads", views.ended(TOMAS, TOPIC, is_mentor=False)),
        sample("relationships.ended mentor reads", views.ended(NOOR, TOPIC, is_mentor=True)),
    )
