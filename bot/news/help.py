"""The answer to a typed word."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.views import help as views

NEWS: Mapping[str, Entry] = {"help.typed": Entry(lambda _tx, _row, _to: True, lambda _tx, _row, _to: views.typed())}
