"""The kill switch: an organiser silences the bot everywhere; nothing is lost, nothing floods, and only they may."""

from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import NotYoursError
from bot.services import help as help_
from bot.services import silence
from storage.models.members import Member
from storage.models.outbox import RowState
from storage.models.workspaces import Workspace
from tests.builders import House


@pytest.fixture
def ingrid(either_house: House) -> Member:
    """Who owns the workspace, and so organises."""
    return either_house.person("Ingrid S", is_primary_owner=True)


def test_while_silenced_only_answers_go_and_afterwards_the_rest_does(either_house: House, ingrid: Member) -> None:
    house, tomas = either_house, either_house.mentor("Tomás F")
    house.act(ingrid, silence.begin)
    noor = house.person("Noor H")
    house.ask(noor, tomas)
    house.act(noor, help_.answer_typed, "1.1")
    house.forward(hours=3)
    assert house.read_by(tomas) == []
    assert {letter.kind for letter in house.read_by(noor)} == {"requests.sent", "help.typed"}
    house.act(ingrid, silence.end)
    house.forward(hours=1)
    assert [letter.kind for letter in house.read_by(tomas)] == ["requests.asked"]


def test_what_grows_too_old_in_the_silence_is_let_go_by_name(either_house: House, ingrid: Member) -> None:
    house, tomas = either_house, either_house.mentor("Tomás F")
    house.ask(house.person("Noor H"), tomas)
    house.act(ingrid, silence.begin)
    house.forward(days=30)
    house.act(ingrid, silence.end)
    house.forward(days=1)
    assert house.read_by(tomas, "requests.asked") == []
    (row,) = [row for row in house.owed("requests.asked") if row.op == "post"]
    assert (row.state, row.reason) in {(RowState.DROPPED, "expired"), (RowState.DROPPED, "no longer true")}


def test_a_second_tap_changes_nothing_and_its_name_stays(either_house: House, ingrid: Member) -> None:
    house, other = either_house, either_house.person("Ada L", is_primary_owner=True)
    house.act(ingrid, silence.begin)
    since = house.now
    house.forward(minutes=5)
    house.act(other, silence.begin)
    (place,) = house.rows(Workspace)
    assert (place.silent_since, place.silent_by) == (since, ingrid.id)
    house.act(other, silence.end)
    house.act(ingrid, silence.end)
    assert house.rows(Workspace)[0].silent_since is None


def test_only_who_organises_now_may_and_an_old_button_is_refused(either_house: House, ingrid: Member) -> None:
    house, noor = either_house, either_house.person("Noor H")
    for deed in (silence.begin, silence.end):
        with pytest.raises(NotYoursError):
            house.act(noor, deed)
    house.do(lambda tx: setattr(tx.session.get(Member, ingrid.id), "is_primary_owner", False))
    with pytest.raises(NotYoursError):
        house.act(ingrid, silence.begin)
    assert house.rows(Workspace)[0].silent_since is None


def test_one_workspaces_silence_is_not_anothers(either_house: House, ingrid: Member) -> None:
    there = either_house.beside("T0THERE")
    either_house.act(ingrid, silence.begin)
    tomas = there.mentor("Tomás F")
    there.ask(there.person("Noor H"), tomas)
    there.forward(minutes=1)
    assert len(there.read_by(tomas)) == 1


def test_the_command_line_switches_it_too_and_says_how_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for what, says in (("on", "Silenced"), ("off", "speaks again"), ("status", "No workspace yet")):
        assert main(["silence", what, "--home", str(tmp_path)]) == 0
        assert says in capsys.readouterr().out
    assert main(["silence", "perhaps", "--home", str(tmp_path)]) == 2
    assert "status" in capsys.readouterr().err
