"""Digests come once a week on everybody's own morning, wherever that is, and a missed one loses nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.rules.preferences import Choice
from bot.services import away, digests, preferences, profiles
from storage.models.outbox import OutboxRow, RowState
from storage.models.preferences import Attention, Preferences
from storage.models.rounds import Peer
from storage.queries import digests as queries
from storage.queries import outbox
from tests.builders import House
from tests.contracts.test_workspace import watching
from tests.weeks import local_days, meets, move_to, next_of, note, paired, worded, words

SPRING = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
AUTUMN = datetime(2027, 10, 18, 17, 0, tzinfo=UTC)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Lines of one kind are worded; a subject in this set is no longer true."""
    return worded(monkeypatch)


@pytest.mark.parametrize("begins", [SPRING, AUTUMN], ids=["clocks forward", "clocks back"])
def test_four_weeks_in_three_zones_bring_four_mondays_between_nine_and_ten(house: House, begins: datetime) -> None:
    house.now = begins
    noor = house.person("Noor H", "Europe/Lisbon")
    mentors = [house.mentor("Tomás F", zone="America/New_York"), house.mentor("Grace M", zone="Australia/Sydney")]
    for mentor in mentors:
        pair_id = paired(house, noor, mentor)
        for week in range(5):
            meets(house, pair_id, noor, house.now + timedelta(weeks=week, days=3))
    house.forward(days=29)
    for who in (noor, *mentors):
        came = local_days(house, who)
        assert len(came) == 4
        assert {(moment.weekday(), moment.hour) for moment in came} == {(0, 9)}
        assert len({moment.minute for moment in came}) == 1, "the same minute every week"
        assert [(b.date() - a.date()).days for a, b in pairwise(came)] == [7, 7, 7]


def _missed_by_the_sweep(house: House, due: datetime) -> None:
    house.now = due + timedelta(hours=1, minutes=1)


def _owed_and_not_sent(house: House, due: datetime) -> None:
    house.now = due
    house.sweep()
    assert len(house.owed("digests.weekly")) == 1
    house.now = due + timedelta(hours=1, minutes=1)


def _refused_by_slack(house: House, due: datetime) -> None:
    _owed_and_not_sent(house, due)
    row = house.owed("digests.weekly")[0]
    house.do(lambda tx: setattr(tx.session.get(OutboxRow, row.id), "state", RowState.DEAD))


@pytest.mark.parametrize("how", [_missed_by_the_sweep, _owed_and_not_sent, _refused_by_slack])
def test_a_missed_digest_is_not_sent_late_and_its_lines_come_next_week(
    house: House, lines: set[str], how: Callable[[House, datetime], None]
) -> None:
    tomas = house.mentor("Tomás F")
    note(house, tomas, "a")
    house.settle()
    due = next_of(house, tomas)
    assert due is not None
    how(house, due)
    house.forward(days=2)
    assert words(house, tomas) == []
    assert next_of(house, tomas) == due + timedelta(days=7)
    house.forward(days=5)
    assert [text.count("Line about a.") for text in words(house, tomas)] == [1]
    assert not lines


def test_lines_of_a_digest_assumed_sent_do_not_come_again(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    note(house, tomas, "a")
    house.settle()
    house.now = next_of(house, tomas) or house.now
    house.sweep()
    row = house.owed("digests.weekly")[0]
    values = {"state": RowState.DROPPED, "reason": queries.ASSUMED_SENT}
    house.do(outbox.advance, row, values)
    house.forward(days=8)
    assert words(house, tomas) == []
    assert not lines


def test_a_digest_that_lost_its_reasons_on_the_way_is_not_sent(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    note(house, tomas, "a")
    house.settle()
    house.now = next_of(house, tomas) or house.now
    house.sweep()
    lines.add("a")
    house.forward(days=8)
    assert words(house, tomas) == []


@pytest.mark.parametrize(
    ("from_zone", "to_zone"),
    [
        ("Europe/Lisbon", "Asia/Tokyo"),
        ("Asia/Tokyo", "America/Los_Angeles"),
        ("America/Los_Angeles", "Asia/Tokyo"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
    ],
)
def test_a_move_the_day_before_brings_the_digest_on_the_new_monday_morning(
    house: House, lines: set[str], from_zone: str, to_zone: str
) -> None:
    house.now = datetime(2027, 3, 1, 23, 0, tzinfo=UTC)
    tomas = house.mentor("Tomás F", zone=from_zone)
    for number in range(30):
        note(house, tomas, f"s{number}")
    house.forward(days=5, hours=10)
    tomas = move_to(house, tomas, to_zone)
    house.forward(days=10)
    came = local_days(house, tomas)
    assert [(moment.weekday(), moment.hour) for moment in came] == [(0, 9), (0, 9)]
    assert not lines


@pytest.mark.parametrize("hours", [1, 20, 60, 150])
def test_a_move_right_after_a_digest_brings_no_second_one_within_seven_lived_days(
    house: House, lines: set[str], hours: int
) -> None:
    tomas = house.mentor("Tomás F", zone="Pacific/Kiritimati")
    for number in range(30):
        note(house, tomas, f"s{number}")
    house.forward(days=6)
    while not words(house, tomas):
        house.forward(hours=1)
    house.forward(hours=hours)
    tomas = move_to(house, tomas, "Pacific/Pago_Pago")
    house.forward(days=9)
    days = [date.fromisoformat(str(row.facts["day"])) for row in house.owed("digests.weekly")]
    assert all((b - a).days >= 7 for a, b in pairwise(days))
    assert len(days) >= 2
    assert not lines


def test_a_move_nobody_replanned_for_still_waits_for_own_hours(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    note(house, tomas, "a")
    house.settle()
    house.person(tomas.name, "Asia/Tokyo", slack_id=tomas.slack_id)
    house.forward(days=8)
    came = [moment.hour for moment in local_days(house, replace(tomas, zone="Asia/Tokyo"))]
    assert came == [9]
    assert not lines


def test_the_day_changed_to_today_after_its_hour_means_next_week(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    for number in range(20):
        note(house, tomas, f"s{number}")
    house.forward(days=9)
    assert [moment.date() for moment in local_days(house, tomas)] == [date(2027, 3, 8)]
    house.act(tomas, preferences.save, Choice(Attention.EVERYTHING, house.now.weekday(), 9, None))
    house.forward(days=8)
    assert [moment.date() for moment in local_days(house, tomas)] == [date(2027, 3, 8), date(2027, 3, 17)]
    assert not lines


def test_changing_the_day_every_day_brings_no_more_than_one_a_week(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    for number in range(90):
        note(house, tomas, f"s{number}")
    for day in range(28):
        house.act(tomas, preferences.save, Choice(Attention.EVERYTHING, (day + 1) % 5, 9 + day % 8, None))
        house.forward(days=1)
    came = [moment.date() for moment in local_days(house, tomas)]
    assert all((b - a).days >= 7 for a, b in pairwise(came))
    assert not lines


def test_everybody_of_the_programme_is_planned_for_and_nobody_else(either_house: House) -> None:
    house = either_house
    house.person("Stranger S")
    house.person("Bot B", is_bot=True)
    house.person("Guest G", is_guest=True)
    tomas, peer, ingrid = house.mentor("Tomás F"), house.person("Peer P"), house.person("Ingrid", is_primary_owner=True)
    peers = [Peer(workspace_id=house.workspace_id, member_id=peer.id, joined_at=house.now)]
    left = Peer(workspace_id=house.workspace_id, member_id=house.person("Left L").id, joined_at=house.now)
    left.left_at = house.now
    house.do(lambda tx: tx.session.add_all([*peers, left]))
    house.sweep()
    planned = {row.member_id for row in house.rows(Preferences) if row.next_digest_at is not None}
    assert planned == {tomas.id, peer.id, ingrid.id}
    assert house.do(digests.has_unplanned) is False


def test_who_left_gets_no_digest_and_is_planned_no_more(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    note(house, tomas, "a")
    house.forward(days=1)
    house.act(tomas, profiles.leave)
    house.forward(days=10)
    assert words(house, tomas) == []
    assert next_of(house, tomas) is None
    assert not lines


def test_two_workspaces_in_one_database_know_nothing_of_each_other(either_house: House, lines: set[str]) -> None:
    houses = either_house, either_house.beside("T0THERE")
    told = {}
    with watching() as loose:
        for house in houses:
            ingrid = house.person("Ingrid B", is_primary_owner=True)
            noor, tomas = house.person("Noor H"), house.mentor(f"Tomás {house.workspace_id}")
            pair_id = paired(house, noor, tomas)
            meets(house, pair_id, noor, house.now + timedelta(days=9))
            note(house, tomas, "a", "the same key")
            house.act(noor, away.pause_pair, pair_id, date(2027, 3, 4))
            told[house.workspace_id] = noor, ingrid
        for house in houses:
            house.forward(days=8)
    for house in houses:
        noor, ingrid = told[house.workspace_id]
        assert [f"you meet Tomás {house.workspace_id}" in text for text in words(house, noor)] == [True]
        assert words(house, ingrid) == []
    assert [each for each in loose if "FROM outbox" not in each] == []
    assert not lines
