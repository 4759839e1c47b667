"""The allowances of a workspace, locked while one call is taken, so that the limit holds over every process."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from storage.database import Tx
from storage.models.base import new_id
from storage.models.buckets import Bucket
from storage.queries.asking import Question, earliest
from storage.queries.once import insert_once


def lock(tx: Tx, name: str, fresh: Mapping[str, Any]) -> Bucket | None:
    """The bucket of this name, made now if there is none; None while another process holds it."""
    row = {"id": new_id(), "workspace_id": tx.workspace_id, "name": name, "failures": 0}
    if _locked(tx, name) is None:
        insert_once(tx.session, Bucket, row | dict(fresh), ("workspace_id", "name"))
    return _locked(tx, name)


def _locked(tx: Tx, name: str) -> Bucket | None:
    return tx.session.scalar(
        select(Bucket)
        .where(Bucket.workspace_id == tx.workspace_id, Bucket.name == name)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def named(tx: Tx, names: Sequence[str]) -> list[Bucket]:
    """These buckets, locked until the transaction ends, in the order of their names."""
    found = tx.session.scalars(
        select(Bucket)
        .where(Bucket.workspace_id == tx.workspace_id, Bucket.name.in_(names))
        .order_by(Bucket.name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


def write(tx: Tx, bucket: Bucket, values: Mapping[str, Any]) -> None:
    """Write how a bucket stands that this transaction has locked."""
    tx.session.execute(
        update(Bucket)
        .where(Bucket.workspace_id == tx.workspace_id, Bucket.id == bucket.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def next_full(prefix: str, idle: timedelta) -> Question:
    """When the first allowance whose name begins so has been whole for so long."""
    return earliest(Bucket.full_at, Bucket.name.startswith(prefix)).later(idle)


def forget_full(tx: Tx, prefix: str, before: datetime) -> int:
    """Let go of allowances that have been whole for a while, whose names begin so; how many."""
    gone = tx.session.scalars(
        delete(Bucket)
        .where(Bucket.workspace_id == tx.workspace_id, Bucket.name.startswith(prefix), Bucket.full_at < before)
        .returning(Bucket.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
