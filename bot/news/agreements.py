"""What agreements tell people: proposed, signed, still unsigned."""

from collections.abc import Mapping

from bot.outbox.entries import Entry

NEWS: Mapping[str, Entry] = {}
