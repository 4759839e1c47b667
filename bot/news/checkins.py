"""What check-ins ask."""

from collections.abc import Mapping

from bot.outbox.entries import Entry

NEWS: Mapping[str, Entry] = {}
