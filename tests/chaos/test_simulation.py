"""The real state machine under every misfortune, thousands of runs; and seven broken ones, each of them caught."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

import pytest

from bot.outbox import machine
from bot.outbox.machine import Absent, Begin, Event, Standing, Step, Timing
from storage.models.outbox import RowState
from tests.chaos.simulator import Odds, Simulation, first_bad

SEEDS, ALL_SEEDS, CHUNK = 3_000, 100_000, 5_000
ENOUGH = 5_000
Patch = pytest.MonkeyPatch


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
    stories = list(chain.from_iterable(_stories(seed) for seed in range(200)))
    for happened in ("Unclear", "Blind", "Found", "Absent", "is_counted=False", "Refused", "Cancel", "Postpone"):
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
    patch.setattr(Simulation, "_look", lambda _run, _message, tried_at: Absent(tried_at))


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


def _unpatched(_: Patch) -> None:
    """What is wrong lies in the run's own numbers."""


HASTY = Timing(settle=timedelta(0))
MUTANTS: dict[str, tuple[Callable[[Patch], None], Callable[[int], Simulation]]] = {
    "no reconciliation": (_no_reconcile, Simulation),
    "marked before it is sent": (_mark_first, Simulation),
    "no intent": (_no_intent, Simulation),
    "no deadline": (_no_deadline, Simulation),
    "a look at an earlier attempt counts": (_stale_looks, Simulation),
    "no settling": (_unpatched, partial(Simulation, timing=HASTY)),
    "no fence": (_no_fence, Simulation),
    "a history that lags longer than is waited": (_unpatched, partial(Simulation, odds=Odds(lag_seconds=60))),
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
