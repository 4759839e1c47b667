"""Signed requests that were let in: each one once, in whichever process it arrives."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.models.marks import Signature
from storage.queries.once import insert_once

REMEMBERED = timedelta(minutes=10)


def is_first(session: Session, digest: str, now: datetime) -> bool:
    """Remember a request; False if it came before."""
    return insert_once(session, Signature, {"digest": digest, "seen_at": now}, ("digest",))


def forget_old(session: Session, now: datetime) -> None:
    """Forget those that are too old to be let in again anyway."""
    session.execute(delete(Signature).where(Signature.seen_at < now - REMEMBERED))
