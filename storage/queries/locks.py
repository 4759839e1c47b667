"""Row locks: a deed waits for its turn, a sweep leaves alone what somebody is at. SQLite has one writer anyway.

Each row stands for all that hangs on it: a search for its names, a pair for its meetings and everything else of it, a
profile for its places. Whoever needs several takes them in this order: search, people, pair, profile; where two wait
for each other all the same, the database lets one go, and that one begins again. Nobody who only points at a row is
kept waiting by its lock.
"""

from typing import Any, TypeVar

from sqlalchemy import Select

Question = TypeVar("Question", bound=Select[*tuple[Any, ...]])


def held(question: Question) -> Question:
    """The same rows as they stand now, which nobody else changes until this transaction ends; waits for its turn."""
    return question.with_for_update(key_share=True).execution_options(populate_existing=True)


def shared(question: Question) -> Question:
    """The same rows as they stand now; others may count on them too, and nobody changes them meanwhile."""
    return question.with_for_update(read=True).execution_options(populate_existing=True)


def unheld(question: Question, of: Any = None) -> Question:
    """The same for what is due: rows that somebody holds now are left out, and met again at the next look."""
    locked = question.with_for_update(key_share=True, skip_locked=True, of=of)
    return locked.execution_options(populate_existing=True)
