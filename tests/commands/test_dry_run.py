"""What is foretold is what is then sent; and foretelling changes nothing, sends nothing and shows nothing private."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands.dry_run import Future
from bot.commands.world import World, start_world
from bot.rules.news import KINDS
from bot.views.reasons import REASONS
from storage import copying
from storage.database import Database
from storage.models.outbox import POSTING
from tests.builders import NOTE, House, sqlite_in
from tests.journeys.acts import ask, person

DAYS = timedelta(days=14)


def test_every_kind_of_message_has_its_reason() -> None:
    assert set(REASONS) == set(KINDS)


def foretold(house: House, folder: Path) -> list[tuple[str, str]]:
    """(kind, day) of everything a copy would send in the next days."""
    folder.mkdir()
    url = sqlite_in(folder)
    with copying.opened(house.database.url) as source, copying.opened(url) as target:
        copying.copy(source, target)
    future = Future(Database(url), house.vault, house.now)
    try:
        return [(each.kind, f"{each.at:%d %b}") for each in future.play(DAYS)]
    finally:
        future.database.close()


def test_what_is_foretold_is_what_is_sent_when_nobody_acts(either_house: House, tmp_path: Path) -> None:
    house = either_house
    mentors = [house.mentor(f"Mentor {number}") for number in range(3)]
    for number in range(4):
        house.ask(house.person(f"Person {number}"), *mentors)
    before = house.count()
    said = foretold(house, tmp_path / "copy")
    assert house.count() == before, "the real house is as it was"
    assert len(said) > 20
    house.forward(days=14)
    sent = [(letter.kind, f"{letter.at:%d %b}") for letter in house.letters if letter.op in POSTING]
    assert sorted(said) == sorted(sent)


async def test_a_playground_that_was_moved_ahead_can_be_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world: World = await start_world(tmp_path)
    await ask(world, "noor", "Tomás")
    await person(world, "tomas").message(containing="would like you as a mentor")
    await world.stop()
    monkeypatch.chdir(tmp_path)
    assert main(["dry-run", "--days", "7", "--home", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "Tomás Ferreira  (promised, requests.reminded): a request still waits for their answer" in told
    assert "in Europe/Lisbon" in told
    assert NOTE not in told
    assert main(["dry-run", "--json", "--home", str(tmp_path)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"at", "to", "kind", "urgency", "why", "first_line"} <= set(lines[0])


@pytest.mark.parametrize("days", ["0", "-1", "400"])
def test_a_span_that_makes_no_sense_is_refused_with_one_that_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], days: str
) -> None:
    assert main(["dry-run", "--days", days, "--home", str(tmp_path)]) == 2
    assert "--days 14" in capsys.readouterr().err


def test_where_nothing_was_ever_started_there_is_nothing_to_foretell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dry-run", "--home", str(tmp_path)]) == 2
    assert "Start mentorbot once" in capsys.readouterr().err
