"""TIMETABLE: everything the bot does unasked. A sweep says when it is next due, and what to do then; rows decide."""

from bot.sweeps import (
    agreements,
    checkins,
    digests,
    inbox,
    introductions,
    meetings,
    members,
    milestones,
    profiles,
    relationships,
    requests,
    rounds,
)
from bot.sweeps.timetable import Sweep

FEATURES = (
    members,
    profiles,
    requests,
    relationships,
    meetings,
    agreements,
    checkins,
    milestones,
    rounds,
    introductions,
    digests,
    inbox,
)
TIMETABLE: tuple[Sweep, ...] = tuple(sweep for feature in FEATURES for sweep in feature.SWEEPS)
