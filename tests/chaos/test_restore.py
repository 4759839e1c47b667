"""Yesterday's backup put back while the world went on: what was sent is not sent again, what was owed is not lost."""

import time
from argparse import Namespace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.commands import backups
from bot.settings import Settings, SettingsError
from storage import copying
from storage.migrations import run as migrations
from storage.models.inbox import InboxRow
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState
from storage.models.workspaces import Workspace
from storage.vault import new_key
from tests.builders import House, open_house
from tests.chaos.loops import CLEAN, loop, opened
from tests.chaos.programs import states, until

KEY = new_key()


def settings_for(url: str, home: Path, key: str = KEY) -> Settings:
    """What the commands are handed."""
    home.mkdir(exist_ok=True)
    return Settings(database_url=url, key=SecretStr(key), home=home, _env_file=None)


def named(command: str, *files: Path, fresh: bool = False) -> Namespace:
    return Namespace(command=command, rest=[str(file) for file in files], fresh=fresh)


@pytest.mark.timeout(120)
def test_a_backup_in_the_middle_of_everything_sends_nothing_twice_and_loses_nothing(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    with loop(database_url, 300, slow=0.05, lag=0.1) as under_way:
        ours, theirs = settings_for(database_url, tmp_path, under_way.key), tmp_path / "restored"
        lives = under_way.begin(kills=0, seed=1, patience=60)
        until("some were sent", database_url, RowState.DONE, 20)
        assert backups.back_up(ours, named("backup", file)) == 0
        before = _states_in(file, tmp_path)
        assert 0 < before.get("done", 0) < 300
        under_way.end(lives, 90)
        assert states(database_url) == {RowState.DONE: 300}
        theirs.mkdir()
        again = settings_for(f"sqlite:///{theirs / 'mentorbot.db'}", theirs, under_way.key)
        assert backups.restore(again, named("restore", file)) == 0
        assert states(again.database).get(RowState.UNKNOWN, 0) == 300 - before["done"]
        restored = type(under_way)(again.database, under_way.key, under_way.slack, under_way.ledger)
        assert restored.run(kills=0, seed=2, patience=60)["is_drained"]
        assert restored.reckoning() == CLEAN
        assert states(again.database) == {RowState.DONE: 300}, "each was found in Slack's history"


def _states_in(file: Path, tmp_path: Path) -> dict[str, int]:
    copy = tmp_path / "looked-at.db"
    copy.write_bytes(file.read_bytes())
    return states(f"sqlite:///{copy}")


def test_what_was_owed_and_never_sent_is_sent_after_a_restore(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    with loop(sqlite_url, 20, lag=0.1) as under_way:
        ours = settings_for(sqlite_url, tmp_path, under_way.key)
        assert backups.back_up(ours, named("backup", file)) == 0
        again = settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path, under_way.key)
        assert backups.restore(again, named("restore", file)) == 0
        restored = type(under_way)(again.database, under_way.key, under_way.slack, under_way.ledger)
        restored.run(kills=0, seed=2, patience=60)
        assert restored.reckoning() == CLEAN


def test_a_message_owed_anew_after_a_restore_is_looked_for_before_it_is_sent(either_house: House) -> None:
    house = either_house
    tomas = house.mentor("Tomás F")
    since = house.now - timedelta(hours=3)
    house.do(lambda tx: _restored(tx.session.get(Workspace, tx.workspace_id), since, house.now))
    ask = house.ask(house.person("Noor H"), tomas)
    assert house.deliver() == 0
    rows = [row for row in house.owed() if row.op == "post"]
    assert {(row.state, row.first_tried_at) for row in rows} == {(RowState.UNKNOWN, since)}
    assert ask.mentor_id == tomas.id
    house.now += timedelta(days=15)
    house.ask(house.person("Mateo R"), tomas)
    assert house.deliver() > 0, "two weeks later nothing is suspected any more"


def _restored(place: Workspace | None, since: object, now: object) -> None:
    assert place is not None
    place.restored_from, place.restored_at = since, now  # type: ignore[assignment]  # moments


def test_every_row_of_every_table_comes_back_from_either_kind_into_either(
    database_url: str, postgres_url_of_its_own: str, tmp_path: Path
) -> None:
    with open_house(database_url) as house:
        house.ask(house.person("Noor H"), house.mentor("Tomás F"))
        house.forward(minutes=1)
        before = {name: count for name, count in house.count().items() if name not in {"buckets", "signatures"}}
        asked = [(row.id, row.due_at, row.state, row.facts) for row in house.rows(OutboxRow)]
        backups.back_up(settings_for(database_url, tmp_path), named("backup", tmp_path / "b"))
        for target in (f"sqlite:///{tmp_path / 'back.db'}", postgres_url_of_its_own):
            backups.restore(settings_for(target, tmp_path), named("restore", tmp_path / "b"))
            with opened(target) as database:
                back = House(database, house.vault)
                assert {name: back.count()[name] for name in before} == before
                assert [(row.id, row.due_at, row.state, row.facts) for row in back.rows(OutboxRow)] == asked
                assert len(back.rows(InboxRow)) == before["inbox"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("no file", "There is no file"),
        ("no backup", "no backup of mentorbot's"),
        ("another key", "another key"),
        ("in use", "in use"),
        ("no name", "Name one file"),
    ],
)
def test_what_cannot_be_restored_is_said_in_a_sentence_and_changes_nothing(
    sqlite_url: str, tmp_path: Path, wrong: str, says: str
) -> None:
    file, target = tmp_path / "b", f"sqlite:///{tmp_path / 'back.db'}"
    with open_house(sqlite_url) as house:
        house.person("Noor H")
    backups.back_up(settings_for(sqlite_url, tmp_path), named("backup", file))
    if wrong == "no backup":
        file.write_bytes(b"something else" * 1000)
    key = new_key() if wrong == "another key" else KEY
    settings = settings_for(sqlite_url if wrong == "in use" else target, tmp_path, key)
    files = [] if wrong == "no name" else [tmp_path / "none" if wrong == "no file" else file]
    with pytest.raises(SettingsError, match=says):
        backups.restore(settings, named("restore", *files))
    if wrong != "in use":
        assert migrations.revision_of(target) is None


def test_a_backup_is_its_owners_alone_whole_and_never_over_another(sqlite_url: str, tmp_path: Path) -> None:
    file, settings = tmp_path / "b", settings_for(sqlite_url, tmp_path)
    backups.back_up(settings, named("backup", file))
    assert file.stat().st_mode & 0o777 == 0o600
    made = file.read_bytes()
    with pytest.raises(SettingsError, match="there already"):
        backups.back_up(settings, named("backup", file))
    assert file.read_bytes() == made
    time.sleep(0.01)
    assert backups.back_up(settings, named("backup", file, fresh=True)) == 0
    assert not list(tmp_path.glob(".backup-*"))
    with pytest.raises(SettingsError, match="does not exist"):
        backups.back_up(settings, named("backup", tmp_path / "no" / "b"))
    with pytest.raises(SettingsError, match="no database"):
        backups.back_up(settings_for(f"sqlite:///{tmp_path / 'none.db'}", tmp_path), named("backup", tmp_path / "c"))


def test_a_copy_sees_one_moment_whoever_writes_meanwhile(either_house: House) -> None:
    house = either_house
    house.person("Noor H")
    with copying.opened(house.database.url) as engine, copying.one_moment(engine) as reading:
        count = select(func.count()).select_from(Member)
        before = reading.scalar(count)
        house.person("Mateo R")
        assert reading.scalar(count) == before == 1
    assert len(house.rows(Member)) == 2


def test_a_restore_that_is_cut_off_leaves_nothing_that_could_be_sent(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(sqlite_url) as house:
        house.ask(house.person("Noor H"), house.mentor("Tomás F"))
    backups.back_up(settings_for(sqlite_url, tmp_path), named("backup", tmp_path / "b"))
    again = settings_for(f"sqlite:///{tmp_path / 'back.db'}", tmp_path)

    def cut(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(copying, "_doubt_what_was_owed", cut)
    with pytest.raises(KeyboardInterrupt):
        backups.restore(again, named("restore", tmp_path / "b"))
    assert states(again.database) == {}
    monkeypatch.undo()
    assert backups.restore(again, named("restore", tmp_path / "b")) == 0, "and can be done again"
    assert set(states(again.database)) <= {RowState.UNKNOWN, RowState.PENDING}
