"""The kill switch: an organiser silences the bot everywhere; nothing is lost, nothing floods, and only they may."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import NotAnOrganiserError
from bot.rules.days import own_hours, spread_of
from bot.services import help as help_
from bot.services import home, owing, requests, silence
from bot.slack.replies import Tell
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow, RowState
from storage.models.relationships import Relationship
from storage.models.requests import Ask, AskState
from storage.models.workspaces import Workspace
from storage.queries import outbox
from tests.builders import House
from tests.checking_in import paired
from tests.taps import Taps
from tests.weeks import next_of, note, worded


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
    house.act(ingrid, silence.begin)
    house.do(lambda tx: owing.post(tx, "rounds.alone", tomas, "a"))
    house.forward(days=10)
    assert house.owed("rounds.alone")[0].state == RowState.PENDING, "nothing is lost while it is silent"
    house.act(ingrid, silence.end)
    house.forward(days=1)
    assert house.read_by(tomas, "rounds.alone") == []
    (row,) = house.owed("rounds.alone")
    assert (row.state, row.reason) == (RowState.DROPPED, "expired")


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
        with pytest.raises(NotAnOrganiserError):
            house.act(noor, deed)
    house.do(lambda tx: setattr(tx.session.get(Member, ingrid.id), "is_primary_owner", False))
    with pytest.raises(NotAnOrganiserError):
        house.act(ingrid, silence.begin)
    assert house.rows(Workspace)[0].silent_since is None


def test_one_workspaces_silence_is_not_anothers(either_house: House, ingrid: Member) -> None:
    there = either_house.beside("T0THERE")
    either_house.act(ingrid, silence.begin)
    tomas = there.mentor("Tomás F")
    there.ask(there.person("Noor H"), tomas)
    there.forward(minutes=1)
    assert len(there.read_by(tomas)) == 1


def test_updates_and_homes_still_follow_and_nothing_that_waits_counts_as_late(house: House) -> None:
    ingrid, noor = house.person("Ingrid S", is_primary_owner=True), house.person("Noor H")
    tomas = house.mentor("Tomás F")
    house.act(tomas, home.opened)
    house.act(ingrid, silence.begin)
    house.ask(noor, tomas)
    house.settle()
    house.do(owing.update, "requests.sent", noor, house.search_of(house.rows(Ask)[0]).id)
    house.settle()
    assert {Op.UPDATE, Op.PUBLISH_HOME} <= {letter.op for letter in house.letters}
    assert house.do(lambda tx: outbox.oldest_due(tx.session, tx.now)) is None
    assert house.do(lambda tx: outbox.next_due(tx.session, tx.now)) is None


def test_speaking_again_brings_the_rest_at_each_ones_own_moment(either_house: House, ingrid: Member) -> None:
    house = either_house
    people = [house.person(f"Person {number}") for number in range(8)]
    house.act(ingrid, silence.begin)
    for who in people:
        owe(house, "requests.matched", who)
    house.forward(days=4)
    house.act(ingrid, silence.end)
    due = {row.member_id: row.due_at for row in house.rows(OutboxRow, kind="requests.matched")}
    assert due == {who.id: own_hours(house.now + spread_of(who.id), who.zone) for who in people}
    assert len(set(due.values())) == len(people), "not all at once"


def owe(house: House, kind: str, who: Member) -> None:
    house.do(lambda tx: owing.post(tx, kind, who, f"{kind} of {who.id}"))


def test_after_a_month_of_silence_nobody_gets_more_than_the_budget(house: House) -> None:
    ingrid, pair = house.person("Ingrid S", is_primary_owner=True), paired(house)
    house.settle()
    house.act(ingrid, silence.begin)
    house.forward(days=45)
    house.letters.clear()
    house.act(ingrid, silence.end)
    house.forward(days=3)
    for who in (pair.noor, pair.tomas):
        assert len(house.rows(OutboxRow, member_id=who.id, urgency="unasked", state=RowState.DONE)) <= 3
        assert all(9 <= letter.at.hour < 17 for letter in house.read_by(who))


def test_nobody_runs_out_of_time_while_they_cannot_be_told(either_house: House, ingrid: Member) -> None:
    house = either_house
    noor, tomas, pair = house.person("Noor H"), house.mentor("Tomás F"), paired(house, name="Grace M")
    house.act(ingrid, silence.begin)
    ask, quiet_at = house.ask(noor, tomas), house.rows(Relationship, id=pair.id)[0].quiet_at
    house.forward(days=40)
    assert house.rows(Ask, id=ask.id)[0].state == AskState.WAITING
    house.act(ingrid, silence.end)
    assert ask.due_at is not None
    assert quiet_at is not None
    assert house.rows(Ask, id=ask.id)[0].due_at == ask.due_at + timedelta(days=40)
    assert house.rows(Relationship, id=pair.id)[0].quiet_at == quiet_at + timedelta(days=40)
    house.forward(days=2, hours=5)
    assert house.act(tomas, requests.waiting_for), "as many days to answer as before"
    assert len(house.read_by(tomas, "requests.asked")) == 1, "and told of it"


def test_a_digest_of_a_silent_week_is_not_sent_and_its_lines_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded(monkeypatch)
    ingrid, tomas = house.person("Ingrid S", is_primary_owner=True), house.mentor("Tomás F")
    house.settle()
    assert next_of(house, tomas) is not None
    note(house, tomas, "a")
    house.act(ingrid, silence.begin)
    house.forward(days=8)
    house.act(ingrid, silence.end)
    house.settle()
    assert house.read_by(tomas) == []
    assert [line.digest for line in house.rows(DigestLine, member_id=tomas.id)] == [""]
    house.forward(days=7)
    assert [letter.kind for letter in house.read_by(tomas)] == ["digests.weekly"]


def test_a_second_speaking_again_moves_nothing(house: House) -> None:
    ingrid = house.person("Ingrid S", is_primary_owner=True)
    house.act(ingrid, silence.begin)
    owe(house, "requests.matched", house.person("Noor H"))
    house.act(ingrid, silence.end)
    before = [row.due_at for row in house.owed()]
    house.now += timedelta(minutes=5)
    house.act(ingrid, silence.end)
    assert [row.due_at for row in house.owed()] == before


def test_who_organises_no_more_reads_why_and_others_only_that_it_is_silent(house: House) -> None:
    ingrid, noor = house.person("Ingrid S", is_primary_owner=True), house.person("Noor H")
    house.act(ingrid, silence.begin)
    for who, is_named in ((ingrid, True), (noor, False)):
        page = house.act(who, home.page)
        assert page.is_silenced
        assert (page.overview is not None) == is_named
    reply = Taps(house, noor).press("silence.end").reply
    assert isinstance(reply, Tell)
    assert "Only organisers can do this" in reply.message.text.value
    assert house.rows(Workspace)[0].silent_since is not None


def test_the_command_line_switches_it_too_and_says_how_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for what, says in (("on", "Silenced"), ("off", "speaks again"), ("status", "No workspace yet")):
        assert main(["silence", what, "--home", str(tmp_path)]) == 0
        assert says in capsys.readouterr().out
    assert main(["silence", "perhaps", "--home", str(tmp_path)]) == 2
    assert "status" in capsys.readouterr().err
