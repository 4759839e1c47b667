"""Whatever the bot does unasked, done twice it does nothing new, and then waits for a moment still to come."""

from datetime import timedelta

import pytest

from bot.rules.requests import Declined
from bot.services import help as help_
from bot.services import owing, profiles, requests
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import Sweep
from storage.database import Tx
from storage.models.members import Member
from storage.queries import inbox, members
from tests.builders import House


def fill(house: House) -> None:
    """Something due for every sweep: a no, a withdrawal, a silence of one day and of three, a leave, somebody gone."""
    mentors = [house.mentor(f"Mentor {number}", places=3) for number in range(4)]
    house.do(inbox.take_in, "old", None)
    silent, reminded, gone = (house.person(name) for name in ("Silent", "Reminded", "Gone"))
    house.ask(silent, *mentors)
    house.act(mentors[1], requests.accept, house.ask(gone, mentors[1]).id)
    house.now += timedelta(days=3, hours=1)
    declined, withdrawn, leaver = (house.person(name) for name in ("Declined", "Withdrawn", "Leaver"))
    house.act(mentors[0], requests.decline, house.ask(declined, *mentors).id, Declined.NO_ROOM, None)
    house.act(withdrawn, requests.withdraw, house.ask(withdrawn, *mentors).search_id)
    house.act(mentors[1], requests.accept, house.ask(leaver, mentors[1]).id)
    house.act(leaver, profiles.leave)
    reminder = house.ask(reminded, *mentors[2:])
    house.do(lambda tx: _let_a_day_pass(tx, reminder.id))
    house.now += timedelta(minutes=15)
    house.do(lambda tx: setattr(tx.session.get(Member, gone.id), "is_gone", True))


def _let_a_day_pass(tx: Tx, ask_id: str) -> None:
    ask = requests.card_of(tx, ask_id).ask
    ask.remind_at = tx.now


def repeats(house: House, sweep: Sweep) -> list[str]:
    """What a sweep does that it should not: anything at all the second time, or waking for the past."""
    house.do(sweep.run)
    owed, count = house.count(), house.do(sweep.run)
    due = house.do(sweep.next_due)
    wrong = [f"{sweep.name} did {count} again"] if count else []
    wrong += [f"{sweep.name} owed more"] if house.count() != owed else []
    return wrong + ([f"{sweep.name} is due in the past"] if due is not None and due <= house.now else [])


@pytest.mark.parametrize("sweep", TIMETABLE, ids=lambda sweep: sweep.name)
def test_a_sweep_done_twice_does_nothing_new(house: House, sweep: Sweep) -> None:
    fill(house)
    due, before = house.do(sweep.next_due), house.count()
    if sweep.name != "forget old deliveries":
        assert due is not None
        assert due <= house.now
        assert house.do(sweep.run) > 0
        assert house.count()["outbox"] > before["outbox"]
    assert repeats(house, sweep) == []


def test_all_sweeps_together_come_to_rest(house: House) -> None:
    fill(house)
    house.settle()
    before = house.count()
    assert house.sweep() == 0
    assert house.count() == before


def test_a_sweep_that_repeats_itself_would_be_found(house: House) -> None:
    noor = house.person("Noor H")
    house.do(members.note_home, noor.id)

    def again(tx: Tx) -> int:
        owing.home(tx, noor.id)
        return 1

    wrong = Sweep("nag", lambda tx: tx.now, again)
    assert repeats(house, wrong) == ["nag did 1 again", "nag owed more", "nag is due in the past"]

    def answer(tx: Tx) -> int:
        help_.answer_typed(tx, noor, "1.1")
        return 0

    assert repeats(house, Sweep("answer", lambda _: None, answer)) == []


def test_the_inbox_forgets_what_cannot_come_again(house: House) -> None:
    fill(house)
    house.forward(days=20)
    house.sweep()
    assert house.count()["inbox"] == 0
