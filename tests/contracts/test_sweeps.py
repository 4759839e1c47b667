"""Whatever the bot does unasked, done twice it does nothing new, and then waits for a moment still to come."""

import importlib
import importlib.util
from collections.abc import Callable
from types import ModuleType

import pytest

from bot.services import help as help_
from bot.services import owing
from bot.sweeps import FEATURES, TIMETABLE
from bot.sweeps.timetable import Sweep
from storage.database import Tx
from storage.queries import members
from tests.builders import House
from tests.fills import first_match

FILLS = "tests.fills"
SILENT = "SILENT"  # the names of a fill's sweeps that change rows and tell nobody


def fill_of(feature: ModuleType) -> ModuleType:
    """What makes a feature's sweeps due: `tests/fills/<feature>.py`, else the story of a first match."""
    name = f"{FILLS}.{feature.__name__.split('.')[-1]}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else first_match


FILL: dict[str, ModuleType] = {sweep.name: fill_of(feature) for feature in FEATURES for sweep in feature.SWEEPS}
QUIETLY = {name for module in FILL.values() for name in getattr(module, SILENT, ())} | {"forget old deliveries"}


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
    FILL[sweep.name].fill(house)
    due, before = house.do(sweep.next_due), house.count()
    if sweep.name != "forget old deliveries":
        assert due is not None
        assert due <= house.now
        assert house.do(sweep.run) > 0
        assert house.count()["outbox"] > before["outbox"] or sweep.name in QUIETLY
    assert repeats(house, sweep) == []


@pytest.mark.parametrize("fill", {module.__name__: module.fill for module in FILL.values()}.values())
def test_all_sweeps_together_come_to_rest(house: House, fill: Callable[[House], None]) -> None:
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
    first_match.fill(house)
    house.forward(days=20)
    house.sweep()
    assert house.count()["inbox"] == 0
