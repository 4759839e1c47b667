"""No question crosses workspaces: by its text, by the statement it runs, and by what comes back."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import BinaryExpression, BindParameter, Join, Table, and_, event, select
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.visitors import iterate

from bot.errors import NotYoursError
from bot.rules.requests import Declined
from bot.services import home, profiles, requests
from bot.slack.router import RouteKind
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.models.profiles import Profile
from storage.models.requests import Ask
from storage.queries import drafts, inbox, members, outbox, relationships
from storage.queries import profiles as profile_queries
from storage.queries import requests as request_queries
from tests.builders import House
from tests.reading import calls_of, parsed
from tests.taps import Taps

# The courier looks over all workspaces for what is due, and opens each row in its own; the command line counts.
# The rules of the world's zones change for everybody at once. Rows that are written together come from no table.
# A peek puts questions together that each name their workspace.
ACROSS = {
    "outbox.ready",
    "outbox.next_due",
    "outbox.begun_rows",
    "outbox.counts",
    "outbox.oldest_due",
    "outbox.last_owed",
    "outbox.reasons_since",
    "inbox.waiting",
    "members.all_move",
    "once._spread_out",
    "asking.peek",
}
WHOLE = {
    "workspaces",
    "erasure",
    "signatures",
}  # whose rows are the workspaces themselves, or are all removed on purpose


def unbound(module: str, tree: ast.Module) -> list[str]:
    """Functions that ask without naming the workspace, themselves or by a function of their own that does."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    naming = {name for name, node in functions.items() if "workspace_id" in ast.unparse(node)}
    asking = {name for name, node in functions.items() if any(calls_of(node, "select", "update", "delete"))}
    helped = {name for name, node in functions.items() if any(calls_of(node, *(naming & set(functions))))}
    return sorted({f"{module}.{name}" for name in asking - naming - helped} - ACROSS)


def test_every_question_names_its_workspace() -> None:
    found = {path.split("/")[-1].removesuffix(".py"): tree for path, tree in parsed("storage/queries").items()}
    assert [each for name, tree in found.items() if name not in WHOLE for each in unbound(name, tree)] == []
    wrong = "def everyone(tx):\n    select(M)\ndef here(tx):\n    select(M).where(M.workspace_id == tx.workspace_id)"
    assert unbound("members", ast.parse(wrong)) == ["members.everyone"]


def loose_tables(statement: Any) -> list[str]:
    """Tables a statement reads or changes without binding their workspace to a value, or to a table that is bound."""
    froms = statement.get_final_froms() if statement.is_select else [statement.table]
    conditions = [clause for clause in (statement.whereclause,) if clause is not None]
    conditions += [each.onclause for found in froms for each in iterate(found) if isinstance(each, Join)]
    pairs = [
        _workspaces(each) for clause in conditions for each in iterate(clause) if isinstance(each, BinaryExpression)
    ]
    bound = {name for names, is_to_a_value in pairs if is_to_a_value for name in names}
    linked = {name for names, _ in pairs if bound & names for name in names}
    tables = {each for found in froms for each in iterate(found) if isinstance(each, Table)}
    return sorted(t.name for t in tables if "workspace_id" in t.c and t.name not in bound | linked)


def _workspaces(comparison: BinaryExpression[Any]) -> tuple[set[str], bool]:
    """The tables whose workspace a comparison names, and whether it is compared to a value."""
    sides: list[Any] = [comparison.left, comparison.right]
    named = {
        side.table.name for side in sides if getattr(side, "name", "") == "workspace_id" and hasattr(side, "table")
    }
    return named, any(isinstance(side, BindParameter) for side in sides)


@contextmanager
def watching() -> Iterator[list[str]]:
    """Every statement that services run meanwhile, if it leaves a table unbound."""
    loose: list[str] = []

    def look(state: ORMExecuteState) -> None:
        if state.is_select or state.is_update or state.is_delete:
            loose.extend(
                f"{name} in {' '.join(str(state.statement).split())}" for name in loose_tables(state.statement)
            )

    event.listen(Session, "do_orm_execute", look)
    try:
        yield loose
    finally:
        event.remove(Session, "do_orm_execute", look)


def live(house: House, word: str) -> tuple[Member, Member, Ask]:
    """A little of everything in one workspace, all of it with one word in it."""
    noor, tomas = house.person(f"Noor {word}"), house.mentor(f"Tomás {word}", teaches=word)
    grace = house.mentor(f"Grace {word}", teaches=word)
    ask = house.ask(noor, tomas, grace, topic=word, note=f"{word}: a note that is long enough")
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    house.now = house.now.replace(minute=20)
    house.sweep()
    house.act(grace, requests.accept, house.ask_of(ask.search_id, grace).id)
    mateo = house.person(f"Mateo {word}")
    waiting = house.ask(mateo, tomas, topic=word)
    house.do(drafts.keep, mateo.id, "find.send", {"note": word})
    house.do(inbox.take_in, f"event:{word}", word)
    gone = house.mentor(f"Gone {word}")
    house.person(gone.name, slack_id=gone.slack_id, is_gone=True)
    return mateo, tomas, waiting


def test_every_statement_of_every_deed_binds_its_workspace(house: House) -> None:
    with watching() as loose:
        mateo, tomas, _ = live(house, "Quokka")
        for who in (mateo, tomas):
            house.act(who, home.page)
            house.act(who, profiles.leave_page)
        house.act(mateo, profiles.leave)
        house.forward(minutes=0)
    assert [each for each in loose if "FROM outbox" not in each] == []


def test_a_loose_statement_would_be_found() -> None:
    assert loose_tables(select(Member)) == ["members"]
    joined = select(Profile).join(Member, Member.id == Profile.member_id).where(Profile.workspace_id == "T1")
    assert loose_tables(joined) == ["members"]
    assert loose_tables(joined.where(Member.workspace_id == "T1")) == []
    linked = and_(Member.workspace_id == Profile.workspace_id, Member.id == Profile.member_id)
    assert loose_tables(select(Profile).join(Member, linked)) == ["members", "profiles"]
    assert loose_tables(select(Profile).join(Member, linked).where(Profile.workspace_id == "T1")) == []


QUESTIONS: dict[str, Callable[[Any], object]] = {
    "mentors": lambda tx: profile_queries.mentors(tx, besides=""),
    "joined": profile_queries.joined_count,
    "free places": profile_queries.free_places_count,
    "leavers": lambda tx: profile_queries.leavers(tx, tx.now),
    "waiting": lambda tx: request_queries.all_waiting(tx, 100),
    "lapsing": request_queries.lapsing,
    "to remind": request_queries.to_remind,
    "to settle": lambda tx: request_queries.to_settle(tx, tx.now),
    "withdrawals": lambda tx: request_queries.withdrawals_to_settle(tx, tx.now),
    "open count": request_queries.open_count,
    "pairs": lambda tx: relationships.all_live(tx, 100),
    "pair count": relationships.active_count,
    "owners": members.primary_owners,
    "gone": members.gone_but_joined,
    "unfinished": lambda tx: inbox.take_up(tx, [tx.now]),
    "given up": lambda tx: inbox.set_aside(tx, 1, tx.now),
    "overview": home.overview,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_word_of_one_workspace_is_in_no_answer_of_another(either_house: House, question: str) -> None:
    here, there = either_house, either_house.beside("T0THERE")
    live(there, "Wombat")
    assert "Wombat" in str(there.do(members.gone_but_joined)), "there is something to find"
    empty = str(here.do(QUESTIONS[question]))
    live(here, "Quokka")
    assert "Wombat" not in empty + str(here.do(QUESTIONS[question]))
    assert "Quokka" not in str(there.do(QUESTIONS[question]))


def test_ids_of_another_workspace_are_ids_of_nothing(house: House) -> None:
    there = house.beside("T0THERE")
    mateo, tomas, ask = live(there, "Wombat")
    noor, grace = house.person("Noor H"), house.mentor("Grace M")
    before = there.count()
    for deed in (requests.own_ask, requests.accept, requests.undo_accept, requests.undo_decline, requests.take_late):
        with pytest.raises(NotYoursError):
            house.act(grace, deed, ask.id)
    for deed_on_search in (requests.withdraw, requests.undo_withdraw, requests.open_search):
        with pytest.raises(NotYoursError):
            house.act(noor, deed_on_search, ask.search_id)
    assert house.do(members.by_ids, [mateo.id, tomas.id]) == {}
    assert house.do(members.by_id, tomas.id) is None
    assert house.do(drafts.kept, mateo.id, "find.send") == {}
    assert house.do(inbox.result_of, "event:Wombat") is None
    row = there.rows(OutboxRow)[0]
    assert not house.do(outbox.advance, row, {"reason": "x"})
    assert there.count() == before


def test_somebody_of_another_workspace_is_nobody_here(house: House) -> None:
    there = house.beside("T0THERE")
    mateo, *_ = live(there, "Wombat")
    with pytest.raises(NotYoursError):
        Taps(house, mateo).run(Taps(house, mateo).incoming(RouteKind.COMMAND, "find"))
