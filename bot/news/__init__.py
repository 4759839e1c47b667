"""NEWS: what each kind of owed message says, and whether it is still true; handed to the courier at start."""

from collections.abc import Mapping

from bot.news import (
    agreements,
    checkins,
    digests,
    home,
    introductions,
    meetings,
    milestones,
    profiles,
    relationships,
    requests,
    rounds,
)
from bot.news import help as help_
from bot.outbox.entries import Entry

NEWS: Mapping[str, Entry] = {
    **requests.NEWS,
    **relationships.NEWS,
    **meetings.NEWS,
    **agreements.NEWS,
    **checkins.NEWS,
    **milestones.NEWS,
    **rounds.NEWS,
    **introductions.NEWS,
    **digests.NEWS,
    **profiles.NEWS,
    **help_.NEWS,
    **home.NEWS,
}
