"""Facts of this installation, which belong to no workspace."""

from sqlalchemy.orm import Session

from storage.models.marks import Mark


def value_of(session: Session, name: str) -> str | None:
    """What is known under this name; None if nothing was ever written down."""
    mark = session.get(Mark, name)
    return None if mark is None else mark.value


def keep(session: Session, name: str, value: str) -> None:
    """Write a fact down, in place of what it was."""
    session.merge(Mark(name=name, value=value))
