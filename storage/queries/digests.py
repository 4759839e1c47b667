"""What waits for a digest."""

from collections.abc import Mapping
from typing import Any

from storage.database import Tx
from storage.models.base import new_id
from storage.models.digests import DigestLine
from storage.queries.once import insert_once


def note(tx: Tx, member_id: str, kind: str, subject_id: str, *, key: str, facts: Mapping[str, Any]) -> None:
    """Let something wait for somebody's next digest, once for this key."""
    row = {
        "id": new_id(),
        "workspace_id": tx.workspace_id,
        "member_id": member_id,
        "kind": kind,
        "subject_id": subject_id,
        "key": key,
        "noted_at": tx.now,
        "facts": dict(facts),
        "digest": "",
    }
    insert_once(tx.session, DigestLine, row, ("workspace_id", "key"))
