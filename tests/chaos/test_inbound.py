"""What comes in twice, at once, in several processes, or after a crash, has one effect."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.deeds import Deeds, Outcome
from bot.slack.incoming import Incoming, read_event, read_submission
from handlers import ROUTES
from storage.database import Database
from storage.models.members import Member
from storage.queries import inbox
from tests.builders import SECONDS, TOPIC, House, open_house

EVENTS, REPLICAS, DELIVERIES = 100, 3, 2


@pytest.fixture
def crowd(database_url: str) -> Iterator[House]:
    """A house many come to at once."""
    with open_house(database_url) as house:
        yield house


@contextmanager
def replicas(house: House) -> Iterator[list[Database]]:
    """As many processes as may share this kind of database, each with connections of its own."""
    doors = [Database(house.database.url) for _ in range(1 if house.database.is_sqlite else REPLICAS)]
    try:
        yield doors
    finally:
        for door in doors:
            door.close()


def typed(who: Member, number: int) -> dict[str, object]:
    event = {"type": "message", "channel_type": "im", "user": who.slack_id, "ts": f"{number}.1", "text": "hello"}
    return {"team_id": "T0HERE", "event_id": f"Ev{number}", "event": event}


def test_a_hundred_events_in_three_processes_twice_each_are_a_hundred_effects(crowd: House) -> None:
    house, deeds = crowd, Deeds(ROUTES, crowd.vault)
    people = [house.person(f"Person {number}") for number in range(EVENTS)]
    bodies = [typed(who, number) for number, who in enumerate(people)]

    def deliver(door: Database, body: dict[str, object]) -> bool:
        """As the shell does: written down and acknowledged, then the work in a second transaction."""
        key = f"event:{body['event_id']}"
        is_new = door.write(lambda s: inbox.take_in(deeds.tx(s, house.workspace_id, house.now), key, json.dumps(body)))
        if not is_new.result(SECONDS):
            return False
        incoming = replace(read_event(body), workspace_id=house.workspace_id)
        work = door.write(lambda s: deeds.carry_out(s, incoming, deeds.route(incoming), house.now))
        return work.result(SECONDS) is not None

    with replicas(house) as doors, ThreadPoolExecutor(16) as pool:
        jobs = [pool.submit(deliver, door, body) for body in bodies for door in doors for _ in range(DELIVERIES)]
        assert sum(job.result(SECONDS) for job in jobs) == EVENTS
    assert len(house.owed("help.typed")) == EVENTS
    assert house.do(lambda tx: inbox.waiting(tx.session)) == 0


def test_an_event_taken_up_by_many_after_a_crash_is_dealt_with_once(crowd: House) -> None:
    house, deeds = crowd, Deeds(ROUTES, crowd.vault)
    people = [house.person(f"Person {number}") for number in range(20)]
    for number, who in enumerate(people):
        body = typed(who, number)
        house.do(inbox.take_in, f"event:{body['event_id']}", json.dumps(body))

    def take_up(door: Database) -> int:
        def take(session: object) -> list[str]:
            return inbox.take_up(deeds.tx(session, house.workspace_id, house.now), [house.now])  # type: ignore[arg-type]  # a session

        found = door.write(take).result(SECONDS)
        for payload in found:
            incoming = replace(read_event(json.loads(payload)), workspace_id=house.workspace_id)
            door.write(lambda s, i=incoming: deeds.carry_out(s, i, deeds.route(i), house.now)).result(SECONDS)  # type: ignore[misc]  # a loop's own
        return len(found)

    with replicas(house) as doors, ThreadPoolExecutor(6) as pool:
        list(pool.map(take_up, doors * 2))
    assert len(house.owed("help.typed")) == len(people)
    assert house.do(lambda tx: inbox.waiting(tx.session)) == 0


def test_an_event_whose_work_was_done_is_not_done_again(crowd: House) -> None:
    noor, deeds = crowd.person("Noor H"), Deeds(ROUTES, crowd.vault)
    body = typed(noor, 1)
    crowd.do(inbox.take_in, "event:Ev1", json.dumps(body))
    incoming = replace(read_event(body), workspace_id=crowd.workspace_id)
    for _ in range(3):
        crowd.do(lambda tx: deeds.carry_out(tx.session, incoming, deeds.route(incoming), tx.now))
    assert len(crowd.owed("help.typed")) == 1


def submission(who: Member) -> Incoming:
    values = {"topic": {"topic": {"type": "plain_text_input", "value": TOPIC}}}
    values["goal"] = {"goal": {"type": "plain_text_input", "value": "Move into a data role"}}
    view = {
        "id": "V1",
        "hash": "1.a",
        "callback_id": "find.search",
        "private_metadata": "",
        "state": {"values": values},
    }
    body = {"user": {"id": who.slack_id, "team_id": "T0HERE"}, "team": {"id": "T0HERE"}, "trigger_id": "1.1"}
    return read_submission(body | {"view": view | {"blocks": []}})


async def test_a_submission_sent_many_times_at_once_has_one_effect_and_one_answer(crowd: House) -> None:
    noor, deeds = crowd.person("Noor H"), Deeds(ROUTES, crowd.vault)
    crowd.mentor("Amara O")
    incoming = replace(submission(noor), workspace_id=crowd.workspace_id)

    def send(door: Database) -> "asyncio.Future[Outcome]":
        return asyncio.wrap_future(door.write(lambda s: deeds.carry_out(s, incoming, deeds.route(incoming), crowd.now)))

    with replicas(crowd) as doors:
        outcomes: Sequence[Outcome] = await asyncio.gather(*(send(door) for door in doors * 6))
    answers = {json.dumps(outcome.ack, sort_keys=True) for outcome in outcomes}
    assert len(answers) == 1
    assert "Amara O" in answers.pop()
    assert crowd.count()["searches"] == 1
