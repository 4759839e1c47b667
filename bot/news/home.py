"""A fresh Home for those who have one."""

from collections.abc import Mapping

from bot.outbox.entries import Entry
from bot.services import home
from bot.slack.blocks import Home
from bot.views import home as views
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import OutboxRow


def _is_here(_tx: Tx, _row: OutboxRow, to: Member) -> bool:
    return not to.is_gone


def _render(tx: Tx, _row: OutboxRow, to: Member) -> Home:
    return views.home(home.page(tx, to))


NEWS: Mapping[str, Entry] = {"home": Entry(_is_here, _render)}
