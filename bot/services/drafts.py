"""Words typed and not sent: kept whenever a form is refused, given back when it is opened again."""

from collections.abc import Mapping
from typing import Any

from storage.database import Tx
from storage.models.members import Member
from storage.queries import drafts


def keep(tx: Tx, actor: Member, form: str, typed: Mapping[str, Any]) -> None:
    """Keep the words of a form that could not be sent."""
    words = {field: value for field, value in typed.items() if isinstance(value, str) and value}
    if words:
        drafts.keep(tx, actor.id, form, words)


def kept_words(tx: Tx, actor: Member, form: str) -> dict[str, str]:
    """What was kept of a form, by field."""
    return drafts.kept(tx, actor.id, form)


def kept_note(tx: Tx, actor: Member, form: str) -> str:
    """The kept note of a form, or nothing."""
    return drafts.kept(tx, actor.id, form).get("note", "")


def drop(tx: Tx, actor: Member, form: str) -> None:
    """Forget what was kept, since it has been sent."""
    drafts.drop(tx, actor.id, form)
