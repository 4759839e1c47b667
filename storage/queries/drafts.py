"""Words typed and not sent yet."""

import json

from sqlalchemy import delete, select

from storage.database import Tx
from storage.models.base import new_id
from storage.models.drafts import Draft


def keep(tx: Tx, member_id: str, form: str, words: dict[str, str]) -> None:
    """Keep what somebody typed, in place of what was kept of this form before."""
    drop(tx, member_id, form)
    row_id = new_id()
    sealed = tx.vault.seal(json.dumps(words), _place(tx, row_id))
    draft = Draft(
        id=row_id,
        workspace_id=tx.workspace_id,
        member_id=member_id,
        form=form,
        words=sealed,
        saved_at=tx.now,
    )
    tx.session.add(draft)
    tx.session.flush()


def kept(tx: Tx, member_id: str, form: str) -> dict[str, str]:
    """What was typed and not sent; empty if nothing was."""
    draft = tx.session.scalar(
        select(Draft).where(Draft.workspace_id == tx.workspace_id, Draft.member_id == member_id, Draft.form == form)
    )
    if draft is None:
        return {}
    words: dict[str, str] = json.loads(tx.vault.open(draft.words, _place(tx, draft.id)))
    return words


def drop(tx: Tx, member_id: str, form: str) -> None:
    """Forget a draft, because it was sent or thrown away."""
    tx.session.execute(
        delete(Draft).where(Draft.workspace_id == tx.workspace_id, Draft.member_id == member_id, Draft.form == form)
    )


def _place(tx: Tx, row_id: str) -> str:
    return f"drafts|words|{tx.workspace_id}|{row_id}"
