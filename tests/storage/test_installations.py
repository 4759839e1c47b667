"""Installations: sealed for their workspace and column, renewed by one alone, gone with the app and not before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.rules.policy import LEFT_KEPT
from bot.services import requests
from bot.services.installations import move_in, name_organisers
from storage.database import Tx
from storage.models.all import METADATA
from storage.models.installations import Installation
from storage.models.workspaces import Workspace
from storage.queries import erasure, installations, workspaces
from storage.queries.installations import Installed, Tokens
from storage.vault import UnreadableError
from tests.builders import HERE, House
from tests.contracts.rest import write_to_the_rest

ELSEWHERE = "T0ELSEWHERE"
ENDS = datetime(2027, 3, 1, 22, 0, tzinfo=UTC)
TOKENS = Tokens("xoxe.xoxb-1-" + "a" * 40, "xoxe-1-" + "b" * 40, ENDS)


def installed(workspace_id: str = HERE, tokens: Tokens = TOKENS) -> Installed:
    return Installed(workspace_id, "A1", "UBOT", "UNINA", "chat:write,im:history", tokens)


def install(house: House, what: Installed | None = None) -> None:
    house.do(lambda tx: move_in(tx.session, tx.vault, what or installed(), "Harbour", tx.now))


def read(house: House, workspace_id: str = HERE) -> Installed | None:
    return house.do(lambda tx: installations.of(tx.session, tx.vault, workspace_id))


def test_a_token_is_nowhere_in_the_database_as_it_is(either_house: House) -> None:
    install(either_house)
    kept = either_house.do(lambda tx: [tuple(row) for row in tx.session.execute(text("SELECT * FROM installations"))])
    assert kept
    assert "xox" not in repr([bytes(each) if isinstance(each, memoryview) else each for row in kept for each in row])
    assert read(either_house) == installed()
    assert "xox" not in repr(installed())


MISPLACED: dict[str, Callable[[Tx], None]] = {
    "another workspace's": lambda tx: _set(tx, ELSEWHERE, bot_token=_row(tx, HERE).bot_token),
    "the other column's": lambda tx: _set(tx, ELSEWHERE, bot_token=_row(tx, ELSEWHERE).refresh_token),
}


@pytest.mark.parametrize("name", MISPLACED)
def test_a_token_pasted_into_another_place_opens_no_door(either_house: House, name: str) -> None:
    install(either_house)
    install(either_house, installed(ELSEWHERE))
    either_house.do(MISPLACED[name])
    with pytest.raises(UnreadableError):
        read(either_house, ELSEWHERE)
    assert read(either_house) == installed()


def test_one_alone_asks_for_the_next_tokens(either_house: House) -> None:
    install(either_house)
    until = either_house.now + timedelta(seconds=30)

    def take(tx: Tx) -> bool:
        return installations.may_renew(tx.session, HERE, ENDS, tx.now, until)

    assert [either_house.do(take) for _ in range(2)] == [True, False]
    either_house.forward(seconds=31)
    assert either_house.do(take), "whoever had the right may have died with it"
    later = replace(TOKENS, bot="xoxe.xoxb-1-next", expires_at=ENDS + timedelta(hours=12))
    assert either_house.do(lambda tx: installations.renew(tx.session, tx.vault, HERE, later))
    either_house.forward(seconds=31)
    assert not either_house.do(take), "who saw the last pair has nothing to renew any more"
    assert read(either_house) == installed(tokens=later)


def test_what_was_uninstalled_meanwhile_is_not_renewed(either_house: House) -> None:
    install(either_house)
    assert either_house.do(lambda tx: installations.drop(tx.session, HERE, tx.now))
    assert not either_house.do(lambda tx: installations.renew(tx.session, tx.vault, HERE, TOKENS))
    assert read(either_house) is None


def test_old_news_of_leaving_takes_no_newer_tokens(either_house: House) -> None:
    left = either_house.now.replace(microsecond=0)
    either_house.forward(minutes=5)
    install(either_house)
    assert not either_house.do(lambda tx: installations.drop(tx.session, HERE, left))
    assert read(either_house) == installed()


def test_coming_back_keeps_who_organises_and_wakes_the_workspace(either_house: House) -> None:
    install(either_house)
    either_house.do(lambda tx: workspaces.leave(tx.session, HERE, tx.now))
    assert not either_house.do(lambda tx: workspaces.all_ids(tx.session))
    install(either_house, replace(installed(), by="USOMEBODYELSE"))
    (here,) = either_house.rows(Workspace)
    assert (here.left_at, here.organisers) == (None, ["UNINA"])


def test_whoever_comes_back_in_the_middle_of_it_keeps_what_is_there(either_house: House) -> None:
    install(either_house)
    people = [either_house.person(f"Person {number}") for number in range(6)]
    either_house.do(lambda tx: workspaces.leave(tx.session, HERE, tx.now))
    assert either_house.do(lambda tx: erasure.forget_some(tx.session, HERE, 2)) == 2
    install(either_house)
    before = either_house.count()
    assert either_house.do(lambda tx: erasure.forget_some(tx.session, HERE, 2)) == 0
    assert either_house.count() == before
    assert before["members"] >= len(people) - 2
    assert read(either_house) == installed()


def test_those_who_are_named_organise_beside_whoever_came_first(either_house: House) -> None:
    install(either_house)
    for named in (("UOPS", "UNINA"), ("UOTHER",), ()):
        either_house.do(lambda tx, named=named: name_organisers(tx.session, named))  # type: ignore[misc]
        (here,) = either_house.rows(Workspace)
        assert here.organisers == list(dict.fromkeys(("UNINA", *named)))


def test_a_workspace_that_was_left_is_forgotten_to_the_last_row_and_no_other(either_house: House) -> None:
    noor, tomas = either_house.person("Noor H"), either_house.mentor("Tomás F")
    either_house.act(tomas, requests.accept, either_house.ask(noor, tomas).id)
    write_to_the_rest(either_house)
    install(either_house, installed(ELSEWHERE))
    either_house.do(lambda tx: workspaces.leave(tx.session, HERE, tx.now))
    since = either_house.now
    either_house.forward(days=LEFT_KEPT.value.days)
    assert either_house.do(lambda tx: workspaces.homes(tx.session)) == {ELSEWHERE: None, HERE: since}
    assert either_house.do(lambda tx: workspaces.first_left(tx.session)) == since
    turns = [0]
    while gone := either_house.do(lambda tx: erasure.forget_some(tx.session, HERE, 2)):
        turns.append(gone)
    assert max(turns) <= 2
    assert {name: number for name, number in either_house.count().items() if name not in {"marks", "signatures"}} == {
        mapper: 0 for mapper in METADATA.tables if mapper not in {"marks", "signatures"}
    }
    assert read(either_house, ELSEWHERE) == installed(ELSEWHERE)
    assert either_house.do(lambda tx: workspaces.first_left(tx.session)) is None


def _row(tx: Tx, workspace_id: str) -> Installation:
    return tx.session.scalars(select(Installation).where(Installation.workspace_id == workspace_id)).one()


def _set(tx: Tx, workspace_id: str, **values: Any) -> None:
    tx.session.execute(update(Installation).where(Installation.workspace_id == workspace_id).values(**values))
