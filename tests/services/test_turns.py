"""A crowd looked through a few at a time: sweeping comes to everybody in turn, and asking moves nobody's turn."""

from sqlalchemy import select

from bot.services import profiles
from bot.sweeps import TIMETABLE
from bot.sweeps.timetable import Sweep, due_now, unless_silent
from bot.sweeps.turns import FEW, Turns
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.queries import digests, members, preferences, workspaces
from storage.queries.asking import HERE, peek
from tests.builders import House, fresh

A_FEW = 2
CROWD = 7
LOOKS = 4  # the last of seven, two at a time


def looking() -> Sweep:
    """The sweep for who is gone, as it is in a crowd a hundred times as large."""
    everybody = peek(select(Member.id).where(Member.workspace_id == HERE), Member.id, members.GONE_BUT_JOINED)
    turns = Turns(
        lambda tx, after, _: everybody(tx, after, A_FEW),
        lambda tx, few: bool(members.gone_but_joined(tx, few, limit=1)),
        profiles.settle_gone,
    )
    return Sweep("take out who is gone", turns.next_due, turns.run, look=turns.look)


def crowd(house: House) -> Member:
    """Mentors, of whom the one looked at last is gone; that one."""
    last = max((house.mentor(f"Mentor {number}") for number in range(CROWD)), key=lambda mentor: mentor.id)
    house.do(lambda tx: setattr(fresh(tx, last), "is_gone", True))
    return last


def looks_until_due(house: House, sweep: Sweep, asked: int = 0) -> int:
    """How many looks it takes to come to somebody, where it is asked so often before each."""
    for look in range(1, 2 * CROWD):
        for _ in range(asked):
            house.do(sweep.next_due)
        if house.do(due_now, [sweep]):
            return look
    return 0


def test_asking_tells_of_anybody_and_moves_nobodys_turn(either_house: House) -> None:
    crowd(either_house)
    assert [either_house.do(looking().next_due) for _ in range(2)] == [either_house.now] * 2
    assert [looks_until_due(either_house, looking(), asked) for asked in range(3)] == [LOOKS] * 3


def test_sweeping_comes_to_everybody_however_often_it_is_asked(either_house: House) -> None:
    last, sweep = crowd(either_house), looking()
    assert looks_until_due(either_house, sweep, asked=1) == LOOKS
    assert either_house.do(sweep.run) == 1
    assert either_house.rows(Profile, member_id=last.id)[0].left_settled_at == either_house.now
    assert either_house.do(sweep.next_due) is None


def test_a_silence_hushes_a_look_as_it_does_a_question(house: House) -> None:
    crowd(house)
    sweep = unless_silent(looking())
    assert house.do(sweep.next_due) == house.now
    house.do(workspaces.silence, None)
    assert house.do(sweep.next_due) is None
    assert looks_until_due(house, sweep) == 0


def test_the_last_of_a_real_crowd_is_come_to_while_it_is_asked_between_the_looks(house: House) -> None:
    [plans] = [sweep for sweep in TIMETABLE if sweep.name == "plan digests"]
    for number in range(FEW):
        house.person(f"Person {number}")
    last = house.mentor("Tomás F")
    house.do(lambda tx: digests.set_next(preferences.keep(tx, last.id), None))
    assert house.do(plans.next_due) == house.now, "whoever asks is told, wherever a look has come to"
    assert 1 <= looks_until_due(house, plans, asked=1) <= 2
    assert house.do(plans.run) == 1
