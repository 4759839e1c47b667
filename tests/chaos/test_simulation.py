"""The real state machine under every misfortune, thousands of runs; and broken ones, each of them caught."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

import pytest

from bot.outbox import machine
from bot.outbox.machine import Begin, Event, Standing, Step, Timing
from storage.models.outbox import RowState
from tests.chaos.played import Answer, Message, Played
from tests.chaos.simulator import Odds, Simulation, first_bad

SEEDS, ALL_SEEDS, CHUNK = 3_000, 100_000, 5_000
ENOUGH = 5_000
Patch = pytest.MonkeyPatch
HAPPENS = (
    "Unclear",
    "Blind",
    "is_hopeless=True",
    "Found",
    "Absent",
    "is_counted=False",
    "Refused",
    "Cancel",
    "'no longer true'",
    "'nothing to update'",
    "Postpone",
    "Orphaned",
    "Suspected",
    "sent again",
    "an update is accepted",
)


def test_no_run_loses_doubles_or_leaves_a_message(*, full: bool) -> None:
    seeds = ALL_SEEDS if full else SEEDS
    chunks = [range(start, min(start + CHUNK, seeds)) for start in range(0, seeds, CHUNK)]
    if full:
        with ProcessPoolExecutor(2) as pool:
            bad = [found for found in pool.map(first_bad, chunks) if found]
    else:
        bad = [found for chunk in chunks if (found := first_bad(chunk))]
    assert bad == []


def test_the_misfortunes_do_happen() -> None:
    """A simulator in which nothing goes wrong proves nothing."""
    stories = list(chain.from_iterable(_stories(seed) for seed in range(300)))
    for happened in HAPPENS:
        assert any(happened in line for line in stories), happened


def _stories(seed: int) -> list[str]:
    run = Simulation(seed)
    run.run()
    return [line for message in run.messages for line in message.story]


def test_one_seed_is_one_run() -> None:
    assert all(_stories(seed) == _stories(seed) for seed in range(20))


def _step_with(
    change: Callable[[Standing, Event, Step], Step],
) -> Callable[[Standing, Event, datetime, Timing], Step | None]:
    """The real step, with something changed about what it gives."""
    real = machine.step

    def changed(row: Standing, event: Event, now: datetime, timing: Timing = machine.TIMING) -> Step | None:
        step = real(row, event, now, timing)
        return step and change(row, event, step)

    return changed


def _no_reconcile(patch: Patch) -> None:
    patch.setattr(Simulation, "look", lambda *_: (Answer.YES, False, 1.0))


def _mark_first(patch: Patch) -> None:
    def change(_: Standing, event: Event, step: Step) -> Step:
        return replace(step, row=replace(step.row, state=RowState.DONE)) if isinstance(event, Begin) else step

    patch.setattr(machine, "step", _step_with(change))


def _no_intent(patch: Patch) -> None:
    def change(row: Standing, event: Event, step: Step) -> Step:
        kept = replace(row, lease_until=step.row.lease_until, owner=step.row.owner)
        return replace(step, row=kept) if isinstance(event, Begin) else step

    patch.setattr(machine, "step", _step_with(change))


def _no_deadline(patch: Patch) -> None:
    patch.setattr(machine, "may_call", lambda *_: True)


def _no_fence(patch: Patch) -> None:
    patch.setattr(machine, "is_owned", lambda row, _: row.state is RowState.SENDING)


def _stale_looks(patch: Patch) -> None:
    patch.setattr(machine, "_is_about", lambda *_: True)


def _again_without_a_look(patch: Patch) -> None:
    def again(row: Standing, now: datetime, timing: Timing) -> Step:
        return machine._again(row, now, timedelta(0), timing)  # noqa: SLF001  (broken on purpose)

    patch.setattr(machine, "_given_up", again)


def _never_again(patch: Patch) -> None:
    def over(row: Standing, now: datetime, _: Timing) -> Step:
        return machine._over(row, RowState.DROPPED, now, reason="nobody can look")  # noqa: SLF001  (broken on purpose)

    patch.setattr(machine, "_given_up", over)


def _overtaking(patch: Patch) -> None:
    patch.setattr(Played, "_is_in_hand", lambda *_: False)


def _first_words(patch: Patch) -> None:
    """An update says what was so when it was owed."""
    words: dict[Message, int] = {}
    patch.setattr(Played, "_words", lambda _, message: words.setdefault(message, message.subject.version))


def _forgotten_target(patch: Patch) -> None:
    patch.setattr(Played, "_may_come", lambda _, target: target.words is not None)


def _true_for_ever(patch: Patch) -> None:
    real = Played._why_not  # noqa: SLF001  (broken on purpose)

    def why_not(played: Played, message: Message, now: datetime) -> str:
        return "" if message.row.first_tried_at else real(played, message, now)

    patch.setattr(Played, "_why_not", why_not)


def _local_lease(patch: Patch) -> None:
    """A lease is over when it is by the clock of whoever looks."""
    real = machine.settles_at

    def settles_at(row: Standing, timing: Timing = machine.TIMING) -> datetime | None:
        return row.lease_until if row.state is RowState.SENDING else real(row, timing)

    patch.setattr(machine, "settles_at", settles_at)


def _unpatched(_: Patch) -> None:
    """What is wrong lies in the run's own numbers."""


class TakesOver(Simulation):
    """Every process believes itself alone."""

    def run(self) -> list[str]:
        """Begin as two."""
        self._start("another", 1.0)
        return Simulation.run(self)


HASTY = Timing(settle=timedelta(0))
BUSY = Odds(changes=1, alone=0)
APART = Odds(lag_seconds=0, apart_seconds=15, alone=0, freeze=0.1, frozen_seconds=(85, 105))
MUTANTS: dict[str, tuple[Callable[[Patch], None], Callable[[int], Simulation]]] = {
    "no reconciliation": (_no_reconcile, Simulation),
    "marked before it is sent": (_mark_first, Simulation),
    "no intent": (_no_intent, Simulation),
    "no deadline": (_no_deadline, Simulation),
    "a look at an earlier attempt counts": (_stale_looks, Simulation),
    "no settling": (_unpatched, partial(Simulation, timing=HASTY)),
    "no fence": (_no_fence, Simulation),
    "a history that lags longer than is waited": (_unpatched, partial(Simulation, odds=Odds(lag_seconds=60))),
    "sent again without a word where nobody can look": (_again_without_a_look, Simulation),
    "never sent again where nobody can look": (_never_again, Simulation),
    "updates that overtake each other": (_overtaking, partial(Simulation, odds=BUSY)),
    "an update with the words of its first attempt": (_first_words, Simulation),
    "an update of what is in doubt is let go": (_forgotten_target, Simulation),
    "asked for its reason the first time alone": (_true_for_ever, Simulation),
    "taken over while another lives": (_unpatched, partial(TakesOver, odds=Odds(alone=1))),
    "a lease by the local clock": (_local_lease, partial(Simulation, odds=APART)),
    "clocks further apart than is waited": (_unpatched, partial(Simulation, odds=Odds(apart_seconds=60))),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_each_mutant_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    patch, make = MUTANTS[name]
    patch(monkeypatch)
    found = first_bad(range(ENOUGH), make)
    assert found is not None, "a machine that breaks this rule would pass"
    record_property(name, f"first bad seed {found[0]}: {found[1]}")


def test_a_lease_by_the_local_clock_breaks_by_the_clocks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What catches it is that clocks differ, and nothing else of the run; the real machine bears that they do."""
    assert first_bad(range(1_000), partial(Simulation, odds=APART)) is None
    _local_lease(monkeypatch)
    assert first_bad(range(1_000), partial(Simulation, odds=replace(APART, apart_seconds=0))) is None
