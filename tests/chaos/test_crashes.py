"""Couriers that are killed again and again, on a network that fails: nothing lost, nothing twice, nothing stuck."""

import time

import pytest

from storage.migrations import run as migrations
from tests.chaos.lives import POINTS
from tests.chaos.loops import CLEAN, loop
from tests.postgres import database_in, durable_server

FAULTS = 0.12
ESSENTIAL = {"after intent", "before the deadline", "before the call", "after the call", "after looking"}
PROCESSES = {"sqlite": 1, "postgres": 2}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def crashing(request: pytest.FixtureRequest) -> tuple[str, int]:
    """A database of its own, and how many processes share it."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url_of_its_own")
    return url, PROCESSES[request.param]


@pytest.mark.timeout(2_700)
@pytest.mark.parametrize("faults", [0.0, FAULTS], ids=["network whole", "network failing"])
def test_killed_couriers_lose_and_double_nothing(
    crashing: tuple[str, int], faults: float, *, full: bool, record_property: object
) -> None:
    url, processes = crashing
    # On a network that never fails there is less to go wrong, and of every push less is asked there.
    kills = 1_000 if full else (150 if faults else 60)
    # No life comes to more than 40 points, seven for each message; the rest is sent by one that nobody ends.
    messages = (10 if full else 6) * kills
    with loop(url, messages, faults=faults, seed=7, lag=0.1) as under_way:
        report = under_way.run(kills=kills, seed=7, processes=processes, patience=2_400 if full else 150)
        assert under_way.reckoning() == CLEAN, report
    assert report["is_drained"], report
    assert report["kills"] == kills, report
    assert len(report["by_point"]) >= 8, "they died at nearly every point there is"
    if callable(record_property):
        record_property("report", report)


@pytest.mark.parametrize(("mutant", "wrong"), [("sends again blindly", "twice"), ("marks before it sends", "lost")])
def test_the_loop_notices_a_courier_that_does_it_wrong(sqlite_url: str, mutant: str, wrong: str) -> None:
    with loop(sqlite_url, 200, seed=3, lag=0.1) as under_way:
        under_way.run(kills=40, seed=3, mutant=mutant, patience=60, points=("after the call", "before the call"))
        assert under_way.reckoning()[wrong] != []


@pytest.mark.postgres
@pytest.mark.timeout(2_000)
def test_a_database_that_crashes_again_and_again_loses_and_doubles_nothing(*, full: bool) -> None:
    crashes, messages = (10, 4_000) if full else (3, 900)
    with durable_server() as (server, crash), database_in(server) as url:
        migrations.upgrade(url)
        with loop(url, messages, faults=0.04, seed=11, lag=0.1) as under_way:
            lives = under_way.begin(kills=0, seed=11, processes=3, patience=900 if full else 300)
            for _ in range(crashes):
                time.sleep(2.0)
                crash()
            report = under_way.end(lives, 900 if full else 300)
            assert under_way.reckoning() == CLEAN, report
    assert report["is_drained"], report


WINDOW = "before the call"


@pytest.mark.postgres
@pytest.mark.timeout(600)
@pytest.mark.parametrize("point", [point for point in POINTS if "problem" not in point and "opening" not in point])
def test_a_courier_that_freezes_past_its_lease_doubles_nothing_but_in_the_one_window(
    postgres_url_of_its_own: str, point: str, *, full: bool
) -> None:
    """Frozen between its look at the deadline and its first byte on the wire, nobody can tell it that it is late."""
    if point not in ESSENTIAL and not full:
        pytest.skip("every point is frozen at with --full")
    looks = "look" in point or "settl" in point
    with loop(
        postgres_url_of_its_own, 120 if full else (80 if looks else 24), faults=0.12 if looks else 0.0, seed=5, lag=0.1
    ) as under_way:
        report = under_way.run(kills=12 if full else 3, seed=5, processes=2, points=(point,), freeze=2.6, patience=120)
        found = under_way.reckoning()
    assert report["freezes"] >= 1, report
    assert (found["lost"], found["stuck"]) == ([], []), report
    assert point == WINDOW or found["twice"] == [], report


@pytest.mark.postgres
@pytest.mark.timeout(120)
def test_in_that_window_slacks_own_memory_of_repeats_would_help(postgres_url_of_its_own: str) -> None:
    with loop(postgres_url_of_its_own, 24, seed=5, lag=0.1, dedupes=True) as under_way:
        report = under_way.run(kills=3, seed=5, processes=2, points=(WINDOW,), freeze=2.6, patience=120)
        assert under_way.reckoning() == CLEAN, report
    assert report["freezes"] >= 1, report
