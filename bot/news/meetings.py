"""What meetings tell people: planned, moved, cancelled, a reminder, did you meet."""

from collections.abc import Mapping

from bot.outbox.entries import Entry

NEWS: Mapping[str, Entry] = {}
