"""Somebody's clock is another: every stored moment that stands for a wall time follows, and a booked meeting stays."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, reset_tzpath

import pytest

from bot.rules.days import instant, rules_version, spread_of, zone_named
from bot.services import away, meetings, owing, requests, rounds
from bot.services import members as services
from storage.models.checkins import Checkin, CheckinKind
from storage.models.meetings import Meeting
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.models.preferences import Preferences
from storage.models.relationships import Relationship
from storage.models.requests import Ask
from storage.models.rounds import Round, RoundState
from storage.queries import marks, relationships
from tests.builders import HERE, House
from tests.checking_in import checkin
from tests.checking_in import paired as with_checkins
from tests.paired import paired

LISBON, TOKYO, DENVER = "Europe/Lisbon", "Asia/Tokyo", "America/Denver"
SUMMER = date(2027, 7, 5)
NIGHT = datetime(2027, 3, 1, 20, tzinfo=UTC)


def moves(house: House, who: Member, zone: str) -> Member:
    """Slack says somebody is in another zone, and everything follows."""
    moved = house.person(who.name, zone, slack_id=who.slack_id, is_primary_owner=who.is_primary_owner)
    house.do(services.follow_moves)
    assert house.rows(Member, id=who.id)[0].moved_at is None
    return moved


def owed(house: House, kind: str, who: Member) -> OutboxRow:
    (row,) = house.rows(OutboxRow, kind=kind, member_id=who.id)
    return row


def morning(day: int, zone: str, who: Member) -> datetime:
    return instant(date(2027, 3, day), time(9), zone) + spread_of(who.id)


@pytest.mark.parametrize(("zone", "day"), [(TOKYO, 2), (DENVER, 1)])
def test_what_waits_for_a_morning_waits_for_the_morning_there_and_back(house: House, zone: str, day: int) -> None:
    noor, house.now = house.person("Noor H"), NIGHT
    house.do(lambda tx: owing.post(tx, "requests.matched", noor, "s"))
    assert owed(house, "requests.matched", noor).due_at == morning(2, LISBON, noor)
    moves(house, noor, zone)
    there = morning(2, zone, noor) if day == 2 else NIGHT
    assert owed(house, "requests.matched", noor).due_at == there, "20:00 in Lisbon is the middle of Denver's day"
    moves(house, noor, LISBON)
    assert owed(house, "requests.matched", noor).due_at == morning(2, LISBON, noor)


def test_who_moves_twice_before_anything_followed_comes_from_the_first_zone(house: House) -> None:
    noor = house.person("Noor H")
    house.act(noor, away.announce, instant(date(2027, 3, 10), time(0), LISBON))
    house.person(noor.name, DENVER, slack_id=noor.slack_id)
    moves(house, noor, "Pacific/Auckland")
    (own,) = house.rows(Preferences, member_id=noor.id)
    assert own.away_until == instant(date(2027, 3, 10), time(0), "Pacific/Auckland")


@pytest.mark.parametrize("zone", [TOKYO, DENVER, "Pacific/Auckland", "Pacific/Pago_Pago"])
def test_the_day_to_be_back_stays_that_day_for_the_person_and_their_pairs(house: House, zone: str) -> None:
    two = paired(house)
    house.act(two.noor, away.announce, instant(date(2027, 3, 10), time(0), LISBON))
    moves(house, two.noor, zone)
    midnight = instant(date(2027, 3, 10), time(0), zone)
    assert house.rows(Preferences, member_id=two.noor.id)[0].away_until == midnight
    (pair,) = house.rows(Relationship)
    assert pair.away_until == midnight
    house.forward(days=1)
    told = house.read_by(two.tomas, "relationships.away")
    assert len(told) == 1, "the partner, who had not heard yet, hears it once"
    assert "10 Mar" in told[0].text


@pytest.mark.parametrize("zone", [TOKYO, DENVER])
def test_each_sides_own_hold_of_a_pair_keeps_its_day(house: House, zone: str) -> None:
    two = paired(house)
    house.act(two.noor, away.pause_pair, two.id, date(2027, 3, 20))
    house.act(two.tomas, away.pause_pair, two.id, date(2027, 3, 10))
    moves(house, two.noor, zone)
    (pair,) = house.rows(Relationship)
    assert pair.away_until == pair.mentee_hold_until == instant(date(2027, 3, 20), time(0), zone)
    moves(house, two.tomas, zone)
    (pair,) = house.rows(Relationship)
    assert (pair.away_by, pair.mentor_hold_until) == (two.noor.id, instant(date(2027, 3, 10), time(0), zone))
    house.act(two.noor, away.resume_pair, two.id)
    assert house.rows(Relationship)[0].away_until == instant(date(2027, 3, 10), time(0), zone)


@pytest.mark.parametrize("zone", [TOKYO, DENVER])
def test_checkins_come_on_the_same_day_in_the_morning_there(house: House, zone: str) -> None:
    pair = with_checkins(house)
    before = checkin(house, pair.noor, CheckinKind.PULSE).due_at.astimezone(zone_named(LISBON))
    theirs = [row.due_at for row in house.rows(Checkin, member_id=pair.tomas.id)]
    moves(house, pair.noor, zone)
    after = checkin(house, pair.noor, CheckinKind.PULSE).due_at.astimezone(zone_named(zone))
    assert (after.date(), after.time()) == (before.date(), time(9))
    assert [row.due_at for row in house.rows(Checkin, member_id=pair.tomas.id)] == theirs


@pytest.mark.parametrize("zone", [TOKYO, DENVER])
def test_a_booked_meeting_stays_and_its_reminder_and_question_follow(house: House, zone: str) -> None:
    two = paired(house, LISBON, LISBON)
    starts_at = datetime(2027, 3, 4, 10, tzinfo=UTC)
    two.book(starts_at)
    before = two.meeting()
    moves(house, two.noor, zone)
    after = two.meeting()
    assert after.starts_at == starts_at
    assert (after.remind_at, after.ask_mentor_at) != (before.remind_at, before.ask_mentor_at)
    assert after.remind_at is not None
    assert after.remind_at <= datetime(2027, 3, 3, 10, tzinfo=UTC), "the earlier of the two reminders"
    asks = after.ask_mentor_at
    assert asks is not None
    local = (asks - timedelta(days=1)).astimezone(zone_named(zone))
    assert time(9) <= local.time() < time(17), "a day after the mentee can hear it"


def test_a_reminder_that_is_owed_and_news_of_a_meeting_follow(house: House) -> None:
    two = paired(house, LISBON, DENVER)
    house.now = datetime(2027, 3, 1, 20, tzinfo=UTC)
    row = two.book(datetime(2027, 3, 4, 16, tzinfo=UTC), by=two.tomas)
    assert owed(house, "meetings.planned", two.noor).due_at == datetime(2027, 3, 2, 9, tzinfo=UTC)
    moves(house, two.noor, TOKYO)
    assert owed(house, "meetings.planned", two.noor).due_at == datetime(2027, 3, 2, 0, tzinfo=UTC)
    house.now = datetime(2027, 3, 3, 7, 50, tzinfo=UTC)
    house.sweep()
    reminded = owed(house, "meetings.reminded", two.tomas)
    assert reminded.due_at == row.starts_at - timedelta(days=1)
    moves(house, two.tomas, TOKYO)
    assert owed(house, "meetings.reminded", two.tomas).due_at == house.now, "a day before is the night there"


def test_the_days_to_answer_follow_the_mentor_and_never_run_out_by_it(house: House) -> None:
    noor, kenji = house.person("Noor H"), house.mentor("Kenji M", zone=TOKYO)
    ask = house.ask(noor, kenji)
    moves(house, kenji, DENVER)
    (now,) = house.rows(Ask, id=ask.id)
    assert now.asked_at == datetime(2027, 3, 1, 16, tzinfo=UTC), "nine in Denver comes before nine in Tokyo"
    assert now.due_at == datetime(2027, 3, 4, 16, tzinfo=UTC)
    house.forward(days=3, hours=1)
    moves(house, kenji, TOKYO)
    house.settle()
    assert house.act(kenji, requests.waiting_for), "the move alone lets nothing lapse"


def test_the_signed_last_day_stays_that_day(house: House) -> None:
    two = paired(house)
    ends = instant(SUMMER, time(12), LISBON)
    house.do(relationships.write, two.id, {"term_ends_at": ends, "closing_at": ends - timedelta(days=21)})
    moves(house, two.noor, TOKYO)
    (row,) = house.rows(Relationship)
    assert row.term_ends_at == instant(SUMMER, time(12), TOKYO)
    assert row.closing_at == row.term_ends_at - timedelta(days=21)


@pytest.mark.parametrize("zone", [TOKYO, DENVER])
def test_rounds_begin_on_the_organisers_morning_wherever_that_is(house: House, zone: str) -> None:
    ingrid = house.person("Ingrid O", is_primary_owner=True)
    people = [house.person(f"Peer {letter}") for letter in "AB"]
    for one in people:
        house.act(one, rounds.join)
    house.forward(days=8)
    moves(house, ingrid, zone)
    (planned,) = house.rows(Round, state=RoundState.PLANNED)
    (running,) = house.rows(Round, state=RoundState.RUNNING)
    assert planned.starts_at == running.ends_at == instant(date(2027, 3, 22), time(9), zone)
    asked = [owed(house, "rounds.ask_met", one).due_at.astimezone(zone_named(LISBON)) for one in people]
    assert {moment.strftime("%a") for moment in asked} == {"Fri"}
    moves(house, people[0], DENVER)
    there = owed(house, "rounds.ask_met", people[0]).due_at.astimezone(zone_named(DENVER))
    assert (there.strftime("%a"), there.hour) == ("Fri", 16)


@pytest.fixture
def without_summer(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Portugal abolishes its summer time, from the moment this is called to the end of the test."""
    (tmp_path / "Europe").mkdir()
    (tmp_path / LISBON).write_bytes(files("tzdata").joinpath("zoneinfo", "Etc", "UTC").read_bytes())
    yield lambda: _read_zones(tmp_path)
    _read_zones()


def _read_zones(*folders: Path) -> None:
    reset_tzpath(folders)
    ZoneInfo.clear_cache()
    zone_named.cache_clear()


def restart(house: House, version: str) -> bool:
    """What a start does with the edition of the zones it finds, and the sweep after it."""
    is_new = house.do(lambda tx: services.follow_rules(tx.session, tx.now, version))
    house.do(services.follow_moves)
    return is_new


def test_new_rules_of_a_zone_move_every_moment_that_stands_for_a_wall_time(
    either_house: House, without_summer: Callable[[], None]
) -> None:
    house = either_house
    pair = with_checkins(house)
    house.act(pair.noor, away.announce, instant(SUMMER, time(0), LISBON))
    house.act(pair.noor, away.announce, None)
    house.act(pair.tomas, away.announce, instant(SUMMER, time(0), LISBON))
    house.settle()
    assert restart(house, "before"), "the first start writes down what it found"
    before = {row.id: row.due_at for row in house.rows(Checkin) if row.due_at > datetime(2027, 4, 1, tzinfo=UTC)}
    without_summer()
    assert restart(house, "after")
    after = {row.id: row.due_at for row in house.rows(Checkin)}
    assert before
    assert {after[each] - before[each] for each in before} == {timedelta(hours=1)}
    (away_until,) = {row.away_until for row in house.rows(Preferences, member_id=pair.tomas.id)}
    assert away_until == datetime(2027, 7, 5, 0, tzinfo=UTC)
    assert house.do(lambda tx: marks.value_of(tx.session, "tzdata")) == "after"


def test_the_same_edition_changes_nothing_and_another_changes_nothing_where_the_rules_are_the_same(
    either_house: House,
) -> None:
    house = either_house
    pair = with_checkins(house)
    paired_meeting = house.act(pair.noor, meetings.take, pair.id, datetime(2027, 3, 4, 10, tzinfo=UTC))
    assert paired_meeting.card is not None
    house.settle()
    restart(house, rules_version())
    moments = everything(house)
    assert not restart(house, rules_version())
    assert restart(house, "2099.1")
    assert everything(house) == moments


def everything(house: House) -> list[object]:
    """Every moment that lies ahead, in every table that has any."""
    tables = (Checkin, Meeting, OutboxRow, Preferences, Relationship, Ask, Round)
    return [
        (table.__tablename__, getattr(row, "id", ""), name, value)
        for table in tables
        for row in house.rows(table)
        for name in row.__table__.columns.keys()  # noqa: SIM118  (a table's columns are no mapping)
        if isinstance(value := getattr(row, name), datetime)
    ]


def test_everybody_of_every_workspace_follows_new_rules(house: House) -> None:
    there = house.beside("T0THERE")
    people = [(place, place.person("Noor H")) for place in (house, there)]
    house.do(lambda tx: services.follow_rules(tx.session, tx.now, "new"))
    assert all(place.rows(Member, id=who.id)[0].moved_at is not None for place, who in people)
    assert house.workspace_id == HERE
