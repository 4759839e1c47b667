"""Answers to words typed to the bot."""

from bot.services import owing
from storage.database import Tx
from storage.models.members import Member


def answer_typed(tx: Tx, actor: Member, ts: str) -> None:
    """Owe one answer to one typed message; the words themselves are not looked at and not kept."""
    owing.post(tx, "help.typed", actor, actor.id, key=f"{actor.id}:{ts}")
