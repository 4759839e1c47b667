"""What a milestone says on its day."""

from collections.abc import Mapping

from bot.outbox.entries import Entry

NEWS: Mapping[str, Entry] = {}
