"""Asking the rows when something is next due: many questions in one statement, so that an idle look costs one trip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, Text, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.visitors import cloned_traverse

from storage.database import Tx
from storage.models.base import UtcDateTime
from storage.models.workspaces import Workspace
from storage.queries import workspaces

Asked: TypeAlias = Callable[[Tx], datetime | None]
HERE: BindParameter[str] = bindparam("here", type_=Text())
NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
AFTER: BindParameter[str] = bindparam("after", type_=Text())
UPTO: BindParameter[str] = bindparam("upto", type_=Text())
LENGTH: BindParameter[int] = bindparam("length", type_=Integer())
SILENT: Select[Any] = select(Workspace.silent_since).where(Workspace.id == HERE)
AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """When something is next due here: asked by itself like a function, or with others in one statement."""

    statement: Select[Any]
    after: timedelta = AT_ONCE
    waits_in_silence: bool = False

    def __call__(self, tx: Tx) -> datetime | None:
        """The moment, or None while there is nothing to wait for."""
        return ask_all(tx, [self])[0]

    def later(self, by: timedelta) -> "Question":
        """The same, and what is due is due so much after what the rows say."""
        return replace(self, after=self.after + by)

    def read(self, found: datetime | None, silent: datetime | None) -> datetime | None:
        """The moment, from what the rows said, and since when organisers have silenced the bot."""
        is_hushed = self.waits_in_silence and silent is not None
        return None if found is None or is_hushed else found + self.after


@dataclass(frozen=True, slots=True)
class Stretch:
    """People from one id, that one not included, up to another; without one, to the last of them."""

    after: str = ""
    upto: str | None = None

    def holds(self, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Whether the id in this column is in it."""
        return column > self.after if self.upto is None else and_(column > self.after, column <= self.upto)


EVERYBODY = Stretch()


def peek(
    crowd: Select[str], column: InstrumentedAttribute[str], question: Select[Any]
) -> Callable[[Tx, str, int], tuple[Stretch, bool]]:
    """How to come through a crowd of ids: the next so many, and whether any of them, by `column`, a question finds."""
    ids = crowd.selected_columns[0]
    few = crowd.where(ids > AFTER).order_by(ids).limit(LENGTH).cte("few")
    last = select(func.max(few.c[0])).scalar_subquery()
    count = select(func.count()).select_from(few).scalar_subquery()
    statement = select(last, count, question.where(column > AFTER, column <= last).exists())

    def at_the_next(tx: Tx, after: str, length: int) -> tuple[Stretch, bool]:
        upto, found, may_be = tx.session.execute(statement, tx.given(after=after, length=length)).one()
        return Stretch(after, upto if found == length else None), may_be

    return at_the_next


def search(column: InstrumentedAttribute[str], question: Select[Any]) -> Callable[[Tx, Stretch], bool]:
    """How to look through a stretch: whether anybody in it, by the id in this column, is found by a question."""
    onwards = question.where(column > AFTER).limit(1)
    within = onwards.where(column <= UPTO)

    def finds(tx: Tx, among: Stretch) -> bool:
        statement = onwards if among.upto is None else within
        return tx.session.scalar(statement, tx.given(after=among.after, upto=among.upto)) is not None

    return finds


def earliest(column: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> Question:
    """The earliest moment in a column, over the rows of which this is true."""
    here = column.class_.workspace_id == HERE
    return Question(select(func.min(column)).where(here, column.is_not(None), *conditions))


def ask_all(tx: Tx, asked: Sequence[Asked]) -> list[datetime | None]:
    """What each of these answers here and now; whatever is a question goes into one statement."""
    statement = _together(tuple(each.statement for each in asked if isinstance(each, Question)))
    silent, *rest = tx.session.execute(statement, tx.given(now=tx.now)).one()
    found = iter(rest)
    return [each.read(next(found), silent) if isinstance(each, Question) else each(tx) for each in asked]


def unless_silent_here(asked: Asked) -> Asked:
    """The same, but nothing is due while organisers have silenced the bot."""
    if isinstance(asked, Question):
        return replace(asked, waits_in_silence=True)
    return lambda tx: None if workspaces.is_silenced(tx) else asked(tx)


@lru_cache(maxsize=256)
def _together(statements: tuple[Select[Any], ...]) -> Select[Any]:
    return SILENT.add_columns(*(_spelt_out(each).scalar_subquery() for each in statements))


def _spelt_out(statement: Select[Any]) -> Select[Any]:
    """The same with its constants in the text: a plan made once for all values can use no index of a part of them."""

    def spell_out(constant: BindParameter[Any]) -> None:
        constant.literal_execute = constant.literal_execute or not constant.required

    return cloned_traverse(statement, {}, {"bindparam": spell_out})
