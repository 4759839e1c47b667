"""What each side thought of a meeting; sealed, and found only by whose it is."""

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.meetings import Feedback
from storage.queries.once import insert_once


@dataclass(frozen=True, slots=True)
class Given:
    """One person's own feedback, opened for them."""

    score: str
    words: str


def of(tx: Tx, meeting_id: str, member_id: str) -> Given | None:
    """What this person said of this meeting, if anything."""
    row = _row(tx, meeting_id, member_id)
    if row is None:
        return None
    words = "" if row.words is None else tx.vault.open(row.words, _place(tx, "words", row.id))
    return Given(tx.vault.open(row.score, _place(tx, "score", row.id)), words)


def keep(tx: Tx, meeting_id: str, member_id: str, score: str, words: str | None = None) -> None:
    """Seal a tap, and perhaps a word with it; a second one takes the place of the first, and None leaves the words."""
    row_id = new_id()
    row = {
        "id": row_id,
        "workspace_id": tx.workspace_id,
        "meeting_id": meeting_id,
        "member_id": member_id,
        "score": tx.vault.seal(score, _place(tx, "score", row_id)),
        "given_at": tx.now,
        "words": tx.vault.seal(words, _place(tx, "words", row_id)) if words else None,
    }
    if not insert_once(tx.session, Feedback, row, ("workspace_id", "meeting_id", "member_id")):
        _overwrite(tx, meeting_id, member_id, score, words)


def _overwrite(tx: Tx, meeting_id: str, member_id: str, score: str, words: str | None) -> None:
    row = _row(tx, meeting_id, member_id)
    if row is None:
        raise LookupError(meeting_id)
    values = {"score": tx.vault.seal(score, _place(tx, "score", row.id)), "given_at": tx.now}
    if words is not None:
        values["words"] = tx.vault.seal(words, _place(tx, "words", row.id)) if words else None
    tx.session.execute(
        update(Feedback).where(Feedback.workspace_id == tx.workspace_id, Feedback.id == row.id).values(**values)
    )


def _row(tx: Tx, meeting_id: str, member_id: str) -> Feedback | None:
    return tx.session.scalar(
        select(Feedback).where(
            Feedback.workspace_id == tx.workspace_id,
            Feedback.meeting_id == meeting_id,
            Feedback.member_id == member_id,
        )
    )


def _place(tx: Tx, column: str, row_id: str) -> str:
    return f"feedback|{column}|{tx.workspace_id}|{row_id}"
