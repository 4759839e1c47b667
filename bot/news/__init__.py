"""NEWS: what each kind of owed message says, and whether it is still true; handed to the courier at start."""

from collections.abc import Mapping

from bot.news import help as help_
from bot.news import home, profiles, relationships, requests
from bot.outbox.entries import Entry

NEWS: Mapping[str, Entry] = {**requests.NEWS, **relationships.NEWS, **profiles.NEWS, **help_.NEWS, **home.NEWS}
