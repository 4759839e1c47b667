"""A meeting moved or called off, before, while and after people are told of it: nobody is sent the old hour."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import MeetingIsOverError, MeetingMovedError, MomentTakenError, PastMomentError
from bot.news import NEWS
from bot.outbox.parcels import Parcel
from bot.outbox.rows import Rows
from bot.services import meetings
from bot.slack.replies import Wrong
from storage.database import Database, Tx
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState
from storage.models.relationships import RelationshipState
from storage.queries import relationships
from tests.builders import SECONDS, House, fresh
from tests.paired import Paired, paired, words_of

THURSDAY = datetime(2027, 3, 4, 10, 0, tzinfo=UTC)
FRIDAY = datetime(2027, 3, 5, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def told(pair: Paired, who: Member, kind: str) -> list[str]:
    return [letter.text for letter in pair.house.read_by(who, kind)]


def until(house: House, moment: datetime) -> None:
    house.forward(seconds=(moment - house.now).total_seconds())


def test_both_are_reminded_a_day_before_and_an_hour_before_the_first(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    until(house, THURSDAY - DAY)
    for who, hour in ((pair.noor, "10:00 in Lisbon"), (pair.tomas, "11:00 in Berlin")):
        (text,) = told(pair, who, "meetings.reminded")
        assert f"Thu 4 Mar, {hour}, where your Slack is now. Your agenda is empty." in text
    assert "Add a line" in words_of(house.read_by(pair.noor, "meetings.reminded")[0].payload)
    until(house, THURSDAY)
    for who in (pair.noor, pair.tomas):
        (letter,) = house.read_by(who, "meetings.soon")
        assert letter.at == THURSDAY - timedelta(hours=1)
        assert "first meeting" in letter.text


def test_each_is_reminded_in_their_own_hours_and_never_after_it_began(house: House) -> None:
    pair = paired(house, "America/New_York", "Asia/Tokyo")
    monday = datetime(2027, 3, 8, 23, 30, tzinfo=UTC)
    pair.book(monday)
    until(house, monday + DAY)
    sent = {who.name: house.read_by(who, "meetings.reminded")[0].at for who in (pair.noor, pair.tomas)}
    assert sent == {
        "Noor Haddad": datetime(2027, 3, 5, 21, 45, tzinfo=UTC),
        "Tomás Ferreira": datetime(2027, 3, 5, 7, 45, tzinfo=UTC),
    }
    assert all(at <= monday - DAY for at in sent.values())


def test_a_reminder_that_could_not_go_before_it_began_does_not_go_at_all(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    house.settle()
    house.now = THURSDAY - DAY
    house.sweep()
    house.now = THURSDAY
    house.settle()
    for who in (pair.noor, pair.tomas):
        assert not told(pair, who, "meetings.reminded") + told(pair, who, "meetings.soon")


def test_a_later_meeting_has_no_last_reminder(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    until(house, THURSDAY + timedelta(hours=2))
    pair.taps(pair.noor).press("meetings.met", pair.meeting().id)
    house.act(pair.noor, meetings.take, pair.id, THURSDAY + 7 * DAY)
    until(house, THURSDAY + 8 * DAY)
    assert len(told(pair, pair.noor, "meetings.soon")) == 1
    assert len(told(pair, pair.noor, "meetings.reminded")) == 2


def test_a_move_is_told_with_the_new_hour_and_a_new_reminder_comes_once(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    house.settle()
    pair.move(row, FRIDAY)
    house.forward(days=5)
    assert told(pair, pair.tomas, "meetings.moved") == [
        (
            "Your meeting with Noor Haddad is now on Fri 5 Mar, 15:00 in Berlin, where your Slack is now, "
            "for 30 minutes. They moved it."
        )
    ]
    for who in (pair.noor, pair.tomas):
        (text,) = told(pair, who, "meetings.reminded")
        assert "Fri 5 Mar" in text
        assert len(told(pair, who, "meetings.soon")) == 1
    assert not told(pair, pair.noor, "meetings.moved")


def test_a_meeting_moved_before_its_partner_heard_of_it_is_told_once_and_as_new(house: House) -> None:
    pair = paired(house)
    house.now = datetime(2027, 3, 2, 21, 0, tzinfo=UTC)
    row = pair.book(THURSDAY)
    pair.move(row, FRIDAY)
    until(house, FRIDAY - timedelta(hours=12))
    assert not told(pair, pair.tomas, "meetings.moved")
    (text,) = told(pair, pair.tomas, "meetings.planned")
    assert "Fri 5 Mar, 15:00" in text


def test_a_meeting_called_off_before_its_partner_heard_of_it_is_never_heard_of(house: House) -> None:
    pair = paired(house)
    house.now = datetime(2027, 3, 2, 21, 0, tzinfo=UTC)
    row = pair.book(THURSDAY)
    house.act(pair.noor, meetings.cancel, row.id)
    house.forward(days=5)
    assert not house.read_by(pair.tomas)


def due_reminder(house: House, pair: Paired) -> tuple[Meeting, OutboxRow]:
    """A day before: the sweep has owed Tomás his reminder, and it has not gone out."""
    row = pair.book(THURSDAY)
    house.settle()
    house.now = THURSDAY - DAY
    house.sweep()
    (owed,) = house.rows(OutboxRow, kind="meetings.reminded", member_id=pair.tomas.id)
    return row, owed


def prepared(house: House, owed: OutboxRow) -> tuple[Rows, Parcel]:
    rows = Rows(NEWS, house.vault)
    parcel = house.do(lambda tx: rows.prepare(tx.session, tx.workspace_id, owed.id, tx.now))
    assert parcel is not None
    return rows, parcel


def test_a_reminder_that_was_owed_when_the_meeting_moved_is_not_sent(house: House) -> None:
    pair = paired(house)
    row, owed = due_reminder(house, pair)
    pair.move(row, FRIDAY)
    house.settle()
    assert house.current(owed).state == RowState.DROPPED
    house.forward(days=4)
    (text,) = told(pair, pair.tomas, "meetings.reminded")
    assert "Fri 5 Mar" in text


def test_a_reminder_on_its_way_when_the_meeting_moved_is_not_sent_a_second_time(house: House) -> None:
    pair = paired(house)
    row, owed = due_reminder(house, pair)
    rows, parcel = prepared(house, owed)
    assert "Thu 4 Mar" in parcel.payload["text"]
    pair.move(row, FRIDAY)
    house.do(lambda tx: rows.again(tx.session, parcel, tx.now, None))
    house.forward(days=4)
    assert house.current(owed).state == RowState.DROPPED
    (text,) = told(pair, pair.tomas, "meetings.reminded")
    assert "Fri 5 Mar" in text


def test_a_reminder_that_went_out_as_the_meeting_moved_is_brought_up_to_date(house: House) -> None:
    pair = paired(house)
    row, owed = due_reminder(house, pair)
    rows, parcel = prepared(house, owed)
    pair.move(row, FRIDAY)
    house.do(lambda tx: rows.done(tx.session, parcel, tx.now, "D1", "1.1"))
    house.forward(minutes=1)
    updates = [e for e in house.letters if e.op == "update" and e.kind == "meetings.reminded"]
    (mine,) = [update for update in updates if update.slack_id == pair.tomas.slack_id]
    assert "Fri 5 Mar, 15:00" in mine.text
    assert mine.payload["text"] == mine.text
    house.forward(days=4)
    (text,) = told(pair, pair.tomas, "meetings.reminded")
    assert "Fri 5 Mar" in text


def test_a_reminder_sent_before_the_meeting_moved_shows_the_new_hour(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    until(house, THURSDAY - DAY)
    pair.move(row, FRIDAY)
    house.settle()
    updated = [e for e in house.letters if e.op == "update" and e.kind == "meetings.reminded"]
    assert {e.slack_id for e in updated} == {pair.noor.slack_id, pair.tomas.slack_id}
    assert all("Fri 5 Mar" in e.text for e in updated)


def test_a_change_of_zone_the_day_before_moves_no_meeting_and_shows_the_new_place(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    house.settle()
    house.now = THURSDAY - DAY - timedelta(hours=1)
    house.do(lambda tx: setattr(tx.session.get(Member, pair.tomas.id), "zone", "America/New_York"))
    house.forward(hours=23)
    assert pair.meeting().starts_at == THURSDAY
    (text,) = told(pair, pair.tomas, "meetings.reminded")
    assert "Thu 4 Mar, 05:00 in New York, where your Slack is now" in text


def test_a_meeting_across_a_change_of_the_clocks_keeps_its_own_hour(house: House) -> None:
    pair = paired(house, "Europe/Lisbon", "America/New_York")
    house.now = datetime(2027, 3, 25, 10, 0, tzinfo=UTC)
    fields = {"day": "2027-03-29", "time": "15:00", "minutes": "30", "place": ""}
    pair.taps(pair.noor).submit("meetings.plan", meta=pair.id, **fields)
    assert pair.meeting().starts_at == datetime(2027, 3, 29, 14, 0, tzinfo=UTC)
    house.forward(days=5)
    assert "Mon 29 Mar, 15:00 in Lisbon" in told(pair, pair.noor, "meetings.reminded")[0]
    assert "Mon 29 Mar, 10:00 in New York" in told(pair, pair.tomas, "meetings.reminded")[0]


def test_a_move_from_a_form_opened_before_another_move_is_refused_with_the_hour_it_has(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    pair.move(row, FRIDAY)
    fields = {"day": "2027-03-08", "time": "10:00", "minutes": "30"}
    shown = pair.taps(pair.tomas).submit("meetings.move_to", meta=f"{row.id} 1", **fields).reply
    assert isinstance(shown, Wrong)
    assert "is now Fri 5 Mar, 15:00" in shown.errors["day"]
    assert pair.meeting().starts_at == FRIDAY


def test_another_length_is_told_and_keeps_the_hour(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    house.settle()
    house.act(pair.noor, meetings.move, row.id, 1, THURSDAY.date(), THURSDAY.time(), 90)
    house.settle()
    (text,) = told(pair, pair.tomas, "meetings.moved")
    assert "Thu 4 Mar, 11:00 in Berlin, where your Slack is now, for 90 minutes." in text
    assert pair.meeting().ask_at == THURSDAY + DAY + timedelta(minutes=90)


def test_the_same_move_sent_twice_is_one(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    for _ in range(2):
        pair.move(row, FRIDAY)
    assert pair.meeting().version == 2


def test_a_meeting_moves_neither_into_the_past_nor_onto_another(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    house.act(pair.noor, meetings.plan, pair.id, FRIDAY.date(), FRIDAY.time(), 30, "")
    with pytest.raises(PastMomentError):
        pair.move(row, house.now - DAY)
    with pytest.raises(MomentTakenError):
        pair.move(row, FRIDAY)
    house.act(pair.noor, meetings.cancel, row.id)
    with pytest.raises(MeetingIsOverError):
        pair.move(row, FRIDAY + DAY)


def test_a_call_off_is_told_once_and_pressed_twice_changes_nothing(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    house.settle()
    for _ in range(2):
        assert "Called off: Thu 4 Mar, 10:00" in words_of(
            pair.taps(pair.noor).press("meetings.cancel", row.id).reply
        ).replace("*", "")
    house.forward(days=4)
    assert told(pair, pair.tomas, "meetings.cancelled") == [
        "Noor can't make Thu 4 Mar, 11:00 after all, so it is off. Shall we find another time?"
    ]
    assert not told(pair, pair.noor, "meetings.")
    assert not told(pair, pair.tomas, "meetings.reminded")


def test_a_call_off_after_it_began_asks_whether_they_met(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    house.now = THURSDAY + timedelta(minutes=5)
    assert "Did you and Noor meet" in words_of(pair.taps(pair.tomas).press("meetings.cancel", row.id).reply)
    assert pair.meeting().state == MeetingState.PLANNED


def test_nothing_is_sent_of_a_meeting_whose_pair_has_ended(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    house.settle()
    house.letters.clear()
    house.do(relationships.write, pair.id, {"state": RelationshipState.ENDED, "ended_at": house.now})
    house.forward(days=10)
    assert not [letter for letter in house.letters if letter.kind.startswith("meetings")]


Deed = Callable[[Tx], object]


@pytest.fixture
def doors(either_house: House) -> Iterator[list[Database]]:
    """Two ways into the house's database that know nothing of each other."""
    made = [Database(either_house.database.url) for _ in range(2)]
    yield made
    for door in made:
        door.close()


def at_once(house: House, doors: list[Database], *deeds: Deed) -> list[BaseException | None]:
    barrier, ends = threading.Barrier(len(deeds)), dict[int, BaseException | None]()

    def go(number: int) -> None:
        barrier.wait(SECONDS)
        ends[number] = doors[number].write(lambda session: deeds[number](house.tx(session))).exception(SECONDS)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return [ends[number] for number in range(len(deeds))]


def moving(who: Member, row: Meeting, to: datetime) -> Deed:
    args: Any = (row.id, row.version, to.date(), to.time(), 30)
    return lambda tx: meetings.move(tx, fresh(tx, who), *args)


def taking(pair: Paired, who: Member, at: datetime) -> Deed:
    return lambda tx: meetings.take(tx, fresh(tx, who), pair.id, at)


def cancelling(who: Member, row: Meeting) -> Deed:
    return lambda tx: meetings.cancel(tx, fresh(tx, who), row.id)


def test_both_moving_at_once_end_at_one_hour_and_the_slower_is_told(either_house: House, doors: list[Database]) -> None:
    house = either_house
    pair = paired(house, "UTC", "UTC")
    pair.book(THURSDAY)
    for number in range(1, 9):
        row = pair.meeting()
        outcome = at_once(
            house,
            doors,
            moving(pair.noor, row, THURSDAY + number * DAY),
            moving(pair.tomas, row, FRIDAY + number * DAY),
        )
        assert [type(end) for end in outcome if end] == [MeetingMovedError], outcome
        assert pair.meeting().version == row.version + 1


def test_two_hours_taken_at_once_are_one_meeting(either_house: House, doors: list[Database]) -> None:
    house = either_house
    pair = paired(house, "UTC", "UTC")
    for number in range(8):
        starts = [THURSDAY + number * timedelta(minutes=1), FRIDAY + number * timedelta(minutes=1)]
        outcome = at_once(
            house,
            doors,
            taking(pair, pair.noor, starts[0]),
            taking(pair, pair.tomas, starts[number % 2]),
        )
        assert outcome == [None, None]
        (row,) = house.rows(Meeting, state=MeetingState.PLANNED)
        house.act(pair.noor, meetings.cancel, row.id)


def test_a_move_and_a_call_off_at_once_end_in_one_of_the_two(either_house: House, doors: list[Database]) -> None:
    house = either_house
    pair = paired(house, "UTC", "UTC")
    for number in range(8):
        at = THURSDAY + number * timedelta(minutes=1)
        row = pair.book(at)
        outcome = at_once(
            house,
            doors,
            moving(pair.noor, row, at + DAY),
            cancelling(pair.tomas, row),
        )
        assert all(end is None or isinstance(end, MeetingIsOverError) for end in outcome), outcome
        assert house.current(row).state == MeetingState.CANCELLED
