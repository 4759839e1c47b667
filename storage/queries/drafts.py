"""Words typed and not sent yet."""

import json

from sqlalchemy import bindparam, delete, select

from storage.database import Tx
from storage.models.base import new_id
from storage.models.drafts import Draft
from storage.queries.asking import HERE

_THIS = (Draft.workspace_id == HERE, Draft.member_id == bindparam("member_id"), Draft.form == bindparam("form"))
_KEPT = select(Draft).where(*_THIS)
_DROPPED = delete(Draft).where(*_THIS).execution_options(synchronize_session=False)


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
    draft = tx.session.scalar(_KEPT, tx.given(member_id=member_id, form=form))
    if draft is None:
        return {}
    words: dict[str, str] = json.loads(tx.vault.open(draft.words, _place(tx, draft.id)))
    return words


def drop(tx: Tx, member_id: str, form: str) -> None:
    """Forget a draft, because it was sent or thrown away."""
    tx.session.execute(_DROPPED, tx.given(member_id=member_id, form=form))


def _place(tx: Tx, row_id: str) -> str:
    return f"drafts|words|{tx.workspace_id}|{row_id}"
