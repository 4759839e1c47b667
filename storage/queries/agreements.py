"""What pairs agreed on."""

from sqlalchemy import select

from storage.database import Tx
from storage.models.agreements import Agreement, AgreementState


def signed_of(tx: Tx, pair_id: str) -> Agreement | None:
    """The version that holds, if one does."""
    return _in_state(tx, pair_id, AgreementState.SIGNED)


def proposed_of(tx: Tx, pair_id: str) -> Agreement | None:
    """The version that waits for a signature, if one does."""
    return _in_state(tx, pair_id, AgreementState.PROPOSED)


def _in_state(tx: Tx, pair_id: str, state: AgreementState) -> Agreement | None:
    return tx.session.scalar(
        select(Agreement).where(
            Agreement.workspace_id == tx.workspace_id,
            Agreement.relationship_id == pair_id,
            Agreement.state == state,
        )
    )
