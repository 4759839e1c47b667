"""Who has nothing that waits is not asked about one thing after another, and nobody who has anything is left out."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from sqlalchemy import event, update

from bot.rules.days import instant
from bot.services import away, owing
from bot.services import members as services
from bot.services.digests import send_due
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.models.preferences import Preferences
from storage.queries import members, whose
from tests.builders import House
from tests.weeks import note, paired

Alone = Callable[[House, Member], object]


def a_mentee(house: House, who: Member) -> None:
    paired(house, who, house.mentor("Tomás F"))


def a_mentor(house: House, who: Member) -> None:
    paired(house, house.person("Ana P"), who)


def asked(house: House, who: Member) -> None:
    house.ask(house.person("Ana P"), who)


def away_until_next_week(house: House, who: Member) -> None:
    house.act(who, away.announce, instant((house.now + timedelta(days=9)).date(), time(0), who.zone))


def owed_a_message(house: House, who: Member) -> None:
    house.do(lambda tx: owing.post(tx, "requests.matched", who, "s"))


def with_a_line(house: House, who: Member) -> None:
    note(house, who, "one")


IN_BOTH = (a_mentee, a_mentor, asked)


@pytest.mark.parametrize("alone", [*IN_BOTH, away_until_next_week, owed_a_message])
def test_whoever_has_a_moment_that_waits_is_among_those_who_are_asked(either_house: House, alone: Alone) -> None:
    assert found(either_house, alone, whose.with_moments) == {"Noor H"}


@pytest.mark.parametrize("alone", [*IN_BOTH, with_a_line])
def test_whoever_may_have_something_to_hear_is_among_those_who_are_asked(either_house: House, alone: Alone) -> None:
    assert found(either_house, alone, whose.with_news) == {"Noor H"}


def found(house: House, alone: Alone, question: Callable[[Tx, list[str]], frozenset[str]]) -> set[str]:
    """The names of those a question finds, of one who has this and nothing else, and of one who has nothing."""
    them = [house.mentor(name) for name in ("Noor H", "Kai N")]
    alone(house, them[0])
    if alone is not owed_a_message:
        house.do(lambda tx: tx.session.execute(update(OutboxRow).values(state="done")))
    return {house.rows(Member, id=each)[0].name for each in house.do(question, [who.id for who in them])}


def statements(house: House, deed: Callable[[Tx], object]) -> int:
    """How many a deed takes."""
    seen: list[str] = []

    def note_it(_c: object, _cursor: object, sentence: str, *_: object) -> None:
        seen.append(sentence)

    event.listen(house.database.engine, "before_cursor_execute", note_it)
    try:
        house.do(deed)
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note_it)
    return len(seen)


def all_follow(house: House) -> int:
    house.do(lambda tx: members.all_move(tx.session, tx.now))
    return statements(house, services.follow_moves)


def all_gather(house: House) -> int:
    house.do(lambda tx: tx.session.execute(update(Preferences).values(next_digest_at=house.now)))
    return statements(house, lambda tx: send_due(tx, lambda *_: None))


@pytest.mark.parametrize("all_do", [all_follow, all_gather])
def test_each_who_has_nothing_costs_one_statement_more_and_not_ten(
    house: House, all_do: Callable[[House], int]
) -> None:
    for number in range(2):
        house.mentor(f"Few {number}")
    house.sweep()
    few = all_do(house)
    for number in range(6):
        house.mentor(f"More {number}")
    house.sweep()
    assert all_do(house) - few == 6, "the day of the last digest"
