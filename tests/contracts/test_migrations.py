"""A migrated database is what the models say, on both databases, and a filled one loses nothing on the way."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from bot.services import requests
from storage.migrations import run as migrations
from storage.models.all import METADATA
from storage.models.base import new_id
from storage.queries import drafts, inbox
from tests.builders import open_house
from tests.contracts.rest import write_to_the_rest

REVISIONS = tuple(script.revision for script in ScriptDirectory(str(migrations.HERE)).walk_revisions())[::-1]
KEPT_BY_ALEMBIC = "alembic_version"
OF_NO_WORKSPACE = {"workspaces", "marks", "signatures"}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def shape(connection: Connection) -> dict[str, list[str]]:
    """Every table's columns, constraints, CHECKs and indexes, partial ones with their condition, in one normal form."""
    dialect, looked = connection.dialect.name, inspect(connection)
    found = {
        name: sorted(
            [_said(each) for each in looked.get_columns(name)]
            + [f"primary {_said(looked.get_pk_constraint(name))}"]
            + [f"unique {_said(each)}" for each in looked.get_unique_constraints(name)]
            + [f"foreign {_said(each)}" for each in looked.get_foreign_keys(name)]
            + [f"check {_said(each)}" for each in looked.get_check_constraints(name)]
        )
        for name in looked.get_table_names()
        if name != KEPT_BY_ALEMBIC
    }
    return found | {"indexes": sorted(_indexes(connection, dialect))}


def _indexes(connection: Connection, dialect: str) -> list[str]:
    """Indexes as the database itself writes them: Alembic's comparison does not see a WHERE."""
    question = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    }[dialect]
    return [" ".join(row.split()).replace('"', "") for row in connection.scalars(text(question))]


def _said(thing: Any) -> str:
    said = re.sub(r"\s+", " ", str(sorted((key, str(value)) for key, value in dict(thing).items())))
    return said.replace('\\"', "").lower()


def differences(url: str, other: str) -> list[str]:
    """Everything one database has and the other has not."""
    with connected(url) as one, connected(other) as two:
        mine, theirs = shape(one), shape(two)
    names = sorted(mine.keys() | theirs.keys())
    return [f"{name}: {line}" for name in names for line in {*mine.get(name, ())} ^ {*theirs.get(name, ())}]


@contextmanager
def created(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A second database of the same kind, made from the models themselves."""
    other = (
        f"sqlite:///{tmp_path / 'created.db'}" if url.startswith("sqlite") else request.getfixturevalue("postgres_url")
    )
    with connected(other) as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
    yield other


def test_a_migrated_database_is_what_the_models_say(
    empty_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    migrations.upgrade(empty_url)
    with created(empty_url, request, tmp_path) as other:
        assert differences(empty_url, other) == []
        with connected(empty_url) as connection:
            assert len(shape(connection)) == len(METADATA.tables) + 1
            connection.execute(text("DROP INDEX one_open_search"))
        found = differences(empty_url, other)
    assert len(found) == 1
    assert "one_open_search" in found[0]
    assert "state = 'open'" in found[0].replace("::text", "").replace("(", "").replace(")", "")


def test_a_check_that_is_missing_would_be_found(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("with", "without")]
    for url, check in zip(urls, ("CONSTRAINT c CHECK (taken >= 0)", "CONSTRAINT c CHECK (taken >= 1)"), strict=True):
        with connected(url) as connection:
            connection.execute(text(f"CREATE TABLE places (taken INTEGER, {check})"))
    assert len(differences(*urls)) == 2


def filled(url: str) -> dict[str, int]:
    """A house with a row in every table, and how many."""
    with open_house(url) as house:
        noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
        house.act(tomas, requests.accept, house.ask(noor, tomas, grace).id)
        house.do(_write_to_the_rest, noor.id)
        house.forward(minutes=1)
        write_to_the_rest(house)
        return house.count()


def _write_to_the_rest(tx: Any, member_id: str) -> None:
    drafts.keep(tx, member_id, "find.send", {"note": "kept words"})
    inbox.take_in(tx, "event:1", "{}")


def rows_in(url: str) -> dict[str, int]:
    with connected(url) as connection:
        names = [name for name in inspect(connection).get_table_names() if name != KEPT_BY_ALEMBIC]
        return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}  # noqa: S608  (our own names)


def test_a_filled_database_keeps_every_row_through_every_revision(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    before = filled(empty_url)
    assert min(before.values()) > 0, "every table has a row"
    kept = set(before)
    assert rows_in(empty_url) == before
    for revision in [*REVISIONS[-2::-1], *REVISIONS[1:]]:
        _go_to(empty_url, revision)
        now = rows_in(empty_url)
        assert now == {name: before[name] if name in kept else 0 for name in now}, revision
        kept &= now.keys()
    assert rows_in(empty_url).keys() == before.keys()


def _go_to(url: str, revision: str) -> None:
    if revision < (migrations.revision_of(url) or ""):
        migrations.downgrade(url, revision)
    else:
        migrations.upgrade(url, revision)


def test_going_back_to_nothing_and_forth_again_gives_a_house_one_can_live_in(empty_url: str) -> None:
    assert migrations.upgrade(empty_url)
    migrations.downgrade(empty_url, "base")
    assert rows_in(empty_url) == {}
    assert migrations.revision_of(empty_url) is None
    assert migrations.upgrade(empty_url)
    assert not migrations.upgrade(empty_url), "there is nothing left to do"
    assert filled(empty_url)["relationships"] == 1


def test_what_two_at_once_left_torn_is_mended_before_the_database_refuses_it(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    filled(empty_url)
    migrations.downgrade(empty_url, "0007")
    with connected(empty_url) as connection:
        pairs = Table("relationships", MetaData(), autoload_with=connection)
        row = dict(connection.execute(pairs.select().where(pairs.c.state == "active")).mappings().one())
        two, until = {"mentee_id": row["mentor_id"], "mentor_id": row["mentee_id"]}, row["started_at"]
        connection.execute(pairs.insert().values(row | two | {"id": new_id(), "ended_at": until}))
        connection.execute(pairs.update().values(away_until=until, away_by=row["mentee_id"], ended_by=row["mentor_id"]))
        connection.execute(text("UPDATE profiles SET taken = 1, places = 1"))
    migrations.upgrade(empty_url)
    with connected(empty_url) as connection:
        pairs = Table("relationships", MetaData(), autoload_with=connection)
        kept, undone = connection.execute(pairs.select().order_by(pairs.c.id)).mappings()
        assert (kept["state"], undone["state"], kept["couple"]) == ("active", "undone", undone["couple"])
        assert (kept["ended_by"], kept["mentee_hold_until"], kept["mentor_hold_until"]) == (None, until, None)
        taken = connection.execute(text("SELECT member_id, taken FROM profiles"))
        assert {who for who, held in taken if held} == {row["mentor_id"]}


HANGING = {
    "meetings": ("planned", "cancelled", ("remind_at", "soon_at", "ask_at", "ask_mentor_at")),
    "checkins": ("planned", "let_go", ()),
    "milestones": ("open", "open", ("due_at",)),
    "agreements": ("proposed", "proposed", ("nudge_at",)),
    "introductions": ("drafted", "dropped", ("due_at",)),
}
OPS = ("post", "update")


def test_nothing_hangs_on_the_pair_that_was_undone_and_all_of_the_one_that_stays_does(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    filled(empty_url)
    migrations.downgrade(empty_url, "0007")
    with connected(empty_url) as connection:
        kept = _rows(connection, "relationships", "state = 'active'")[0]
        undone = _again(connection, "relationships", kept, _swapped(kept))
        _owe(connection, kept["id"], undone, *(_hang(connection, name, kept, undone) for name in HANGING))
    migrations.upgrade(empty_url)
    with connected(empty_url) as connection:
        for name, (before, after, moments) in HANGING.items():
            mine, gone = (_rows(connection, name, f"relationship_id = '{pair}'") for pair in (kept["id"], undone))
            assert ({row["state"] for row in mine}, {row["state"] for row in gone}) == ({before}, {after}), name
            assert all(row[moment] is not None for row in mine for moment in moments), name
            assert all(row[moment] is None for row in gone for moment in moments), name
        owed = _rows(connection, "outbox", "kind = 'x'")
        dropped = [row for row in owed if row["op"] == "post" and row["subject_id"] != kept["id"]]
        assert len(dropped) == len(HANGING) + 1
        assert {(row["state"], row["payload"], row["done_at"] is None) for row in dropped} == {("dropped", None, False)}
        assert {row["state"] for row in owed if row not in dropped} == {"pending"}


def _rows(connection: Connection, name: str, where: str) -> list[dict[str, Any]]:
    table = Table(name, MetaData(), autoload_with=connection)
    return [dict(row) for row in connection.execute(table.select().where(text(where)).order_by("id")).mappings()]


def _again(connection: Connection, name: str, row: dict[str, Any], changes: dict[str, Any]) -> str:
    """The same row once more, with an id of its own."""
    table = Table(name, MetaData(), autoload_with=connection)
    new = row | {"id": new_id()} | changes
    connection.execute(table.insert().values(new))
    return str(new["id"])


def _swapped(pair: dict[str, Any]) -> dict[str, Any]:
    return {"mentee_id": pair["mentor_id"], "mentor_id": pair["mentee_id"]}


def _hang(connection: Connection, name: str, pair: dict[str, Any], other: str) -> str:
    """Let everything of a pair wait for a moment, and the same of the other; the other's last."""
    moments = dict.fromkeys(HANGING[name][2], pair["started_at"])
    last = ""
    for row in _rows(connection, name, f"relationship_id = '{pair['id']}'"):
        swapped = _swapped(row) if "mentee_id" in row else {}
        last = _again(connection, name, row | moments, {"relationship_id": other} | swapped)
    if moments:
        table = Table(name, MetaData(), autoload_with=connection)
        connection.execute(table.update().values(moments))
    return last


def _owe(connection: Connection, *subjects: str) -> None:
    """A message and an update about each of these."""
    row = _rows(connection, "outbox", "op = 'post'")[0] | {
        "kind": "x",
        "state": "pending",
        "payload": b"x",
        "done_at": None,
    }
    for subject in subjects:
        for op in OPS:
            _again(connection, "outbox", row, {"op": op, "subject_id": subject, "dedupe_key": f"{subject} {op}"})


def test_the_head_is_the_last_revision_and_numbers_go_up() -> None:
    assert REVISIONS[-1] == migrations.HEAD
    assert list(REVISIONS) == sorted(REVISIONS)
    names = sorted(path.name for path in (migrations.HERE / "versions").glob("*.py"))
    assert [name.split("_")[0] for name in names] == list(REVISIONS)


def test_a_database_from_tomorrow_is_left_alone(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    with connected(empty_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrations.NewerThanProgramError, match="9999"):
        migrations.upgrade(empty_url)
    assert migrations.revision_of(empty_url) == "9999"


def test_a_sqlite_file_is_copied_aside_before_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "mentorbot.db"
    url = f"sqlite:///{path}"
    migrations.upgrade(url)
    assert not list(tmp_path.glob("*before*")), "a new file has nothing to keep"
    count = filled(url)
    migrations.downgrade(url, "base")
    copy = next(tmp_path.glob("*before*"))
    assert rows_in(f"sqlite:///{copy}") == count
    assert copy.stat().st_mode == path.stat().st_mode


def test_rows_that_point_nowhere_stop_a_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mentorbot.db'}"
    migrations.upgrade(url)
    filled(url)
    with connected(url) as connection:
        migrations._check_references(connection)  # noqa: SLF001  (no revision of ours breaks a row)
        connection.execute(text("DELETE FROM members"))
        with pytest.raises(RuntimeError, match="rows pointing nowhere"):
            migrations._check_references(connection)  # noqa: SLF001  (the same)


def test_every_table_of_a_workspace_belongs_to_one_and_can_be_pointed_at_only_from_inside_it() -> None:
    for name, table in METADATA.tables.items():
        if name in OF_NO_WORKSPACE:
            continue
        targets = {key.target_fullname for key in table.foreign_keys}
        crossing = {each for each in targets if each.endswith(".id") and f"{each[:-3]}.workspace_id" not in targets}
        assert crossing <= {"workspaces.id"}, f"{name} points across workspaces"
        assert not table.c.workspace_id.nullable
