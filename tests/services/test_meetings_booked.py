"""Hours proposed and taken, times chosen, places said: once each, in both zones, and refused kindly."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.errors import NotYoursError, PairIsOverError, PastMomentError, TooFarAheadError, UnsafePlaceError
from bot.rules.days import instant
from bot.rules.slots import epoch
from bot.services import meetings, requests
from bot.slack.replies import Reply, ShowModal, Tell, Wrong
from bot.slack.router import RouteKind
from bot.views.meetings import slot_rows
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.models.relationships import Relationship
from tests.builders import House
from tests.paired import Paired, paired, words_of
from tests.taps import Taps

THURSDAY = datetime(2027, 3, 4, 10, 0, tzinfo=UTC)
LINK = "https://zoom.us/j/123"


def gone(house: House, who: Member) -> None:
    house.do(lambda tx: setattr(tx.session.get(Member, who.id), "is_gone", True))


def planning(pair: Paired, day: str = "2027-03-04", hour: str = "10:00", **more: str) -> Reply:
    fields = {"day": day, "time": hour, "minutes": "45", "place": ""} | more
    return pair.taps(pair.noor).submit("meetings.plan", meta=pair.id, **fields).reply


def test_three_hours_are_proposed_and_one_tap_books_one(house: House) -> None:
    pair = paired(house)
    found = house.do(lambda tx: meetings.slots(tx, pair.card(tx)))
    assert len(found) == 3
    shown = pair.taps(pair.noor).press("meetings.take", f"{pair.id} {epoch(found[0])}").reply
    assert isinstance(shown, Tell)
    assert "Booked:" in words_of(shown)
    assert "for Tomás)" in words_of(shown)
    row = pair.meeting()
    assert (row.starts_at, row.minutes, row.is_first, row.state) == (found[0], 30, True, MeetingState.PLANNED)
    pair_row = house.rows(Relationship)[0]
    assert pair_row.plan_at is None
    assert pair_row.mentee_promised_at == house.now
    assert pair_row.mentor_promised_at == house.now, "a yes is the mentor's own promise"
    assert pair_row.contact_due_at is not None
    assert pair_row.contact_due_at >= found[0]


def test_the_partner_hears_the_hour_on_their_own_clock(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    house.settle()
    (told,) = house.read_by(pair.tomas, "meetings.planned")
    assert "Thu 4 Mar, 11:00 in Berlin, where your Slack is now" in told.text
    said = words_of(told.payload)
    assert all(label in said for label in ("Move it", "Add to the agenda", "Can't make it"))
    assert not house.read_by(pair.noor)


def test_an_hour_on_another_day_for_the_partner_says_so(house: House) -> None:
    pair = paired(house, "America/Los_Angeles", "Asia/Tokyo")
    rows = slot_rows(pair.id, [datetime(2027, 3, 4, 0, 30, tzinfo=UTC)], pair.noor, pair.tomas)
    assert rows[0]["text"]["text"] == "*Wed 3 Mar, 16:30 (Thu 4 Mar, 09:30 for Tomás)*"
    same = slot_rows(pair.id, [THURSDAY], pair.noor, pair.noor)
    assert same[0]["text"]["text"] == "*Thu 4 Mar, 02:00*"


def test_two_who_share_no_hour_are_asked_to_pick_one(house: House) -> None:
    pair = paired(house, "Asia/Tokyo", "America/Sao_Paulo")
    assert house.do(lambda tx: meetings.slots(tx, pair.card(tx))) == ()
    (row,) = slot_rows(pair.id, (), pair.noor, pair.tomas)
    assert row["elements"][0]["text"]["text"] == "Pick a time"


def test_the_same_hour_pressed_twice_by_either_is_one_meeting(house: House) -> None:
    pair = paired(house)
    value = f"{pair.id} {epoch(THURSDAY)}"
    for who in (pair.noor, pair.noor, pair.tomas):
        assert "Booked:" in words_of(pair.taps(who).press("meetings.take", value).reply)
    assert len(house.rows(Meeting)) == 1
    house.settle()
    assert len(house.read_by(pair.tomas, "meetings.planned")) == 1
    assert not house.read_by(pair.noor)


def test_another_hour_taken_while_one_is_booked_leaves_it_as_it_is(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    later = f"{pair.id} {epoch(THURSDAY + timedelta(days=1))}"
    shown = words_of(pair.taps(pair.tomas).press("meetings.take", later).reply)
    assert "already, so I left it at that" in shown
    assert pair.meeting().starts_at == THURSDAY


def test_an_hour_gone_by_is_refused_kindly_and_fresh_ones_are_offered(house: House) -> None:
    pair = paired(house)
    shown = words_of(pair.taps(pair.noor).press("meetings.take", f"{pair.id} {epoch(house.now)}").reply)
    assert "That hour has gone by. Fresh ones stand in the message now." in shown
    assert "Another time" in shown
    assert not house.rows(Meeting)


@pytest.mark.parametrize("value", ["", "x", "{pair} ", "{pair} soon", "{pair} -5", "{pair} 99999999999999"])
def test_a_button_of_nobodys_making_does_nothing(house: House, value: str) -> None:
    pair = paired(house)
    taps = pair.taps(pair.noor)
    with pytest.raises(NotYoursError):
        taps.run(taps.incoming(RouteKind.BUTTON, "meetings.take", value=value.format(pair=pair.id)))
    assert not house.rows(Meeting)


def test_hours_either_has_booked_with_others_are_not_proposed(house: House) -> None:
    pair = paired(house)
    before = house.do(lambda tx: meetings.slots(tx, pair.card(tx)))
    mateo = house.person("Mateo Cruz")
    house.act(pair.tomas, requests.accept, house.ask(mateo, pair.tomas).id)
    (other,) = house.rows(Relationship, mentee_id=mateo.id)
    house.act(mateo, meetings.take, other.id, before[0])
    assert before[0] not in house.do(lambda tx: meetings.slots(tx, pair.card(tx)))


def test_a_time_of_ones_own_is_by_ones_own_clock(house: House) -> None:
    pair = paired(house, "America/New_York")
    shown = planning(pair, hour="09:00", place=LINK, minutes="60")
    assert "Thu 4 Mar, 09:00 (15:00 for Tomás), 60 minutes" in words_of(shown)
    assert pair.meeting().starts_at == datetime(2027, 3, 4, 14, tzinfo=UTC)
    house.settle()
    (told,) = house.read_by(pair.tomas)
    assert LINK in words_of(told.payload)
    assert LINK not in told.text


def test_the_form_begins_tomorrow_and_says_whose_clock_it_is(house: House) -> None:
    pair = paired(house)
    shown = pair.taps(pair.noor).press("meetings.another", pair.id).reply
    assert isinstance(shown, ShowModal)
    said = words_of(shown)
    assert "2027-03-02" in said
    assert "on your own clock, in Lisbon" in said
    assert "what we say stays between us, except safety" in said
    assert "Seen by: the two of you." in said


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"day": "2027-03-01", "hour": "09:00"}, "day", "gone by"),
        ({"day": "2026-12-31"}, "day", "gone by"),
        ({"day": "2028-03-15"}, "day", "more than a year"),
        ({"day": "9999-12-31"}, "day", "more than a year"),
        ({"day": "someday"}, "day", "pick a day"),
        ({"hour": "noon"}, "time", "pick a time"),
        ({"minutes": "7"}, "minutes", "one of these lengths"),
        ({"place": "javascript:alert(1)"}, "place", "https://"),
        ({"place": "data:text/html,x"}, "place", "https://"),
        ({"place": "x" * 301}, "place", "301 characters"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(
    house: House, fields: dict[str, str], field: str, words: str
) -> None:
    pair = paired(house)
    shown = planning(pair, **fields)
    assert isinstance(shown, Wrong)
    assert words in shown.errors[field]
    assert not house.rows(Meeting)


def test_a_refused_plan_keeps_its_words(house: House) -> None:
    pair = paired(house)
    planning(pair, day="2026-01-01", hour="08:15", place=LINK)
    shown = words_of(pair.taps(pair.noor).press("meetings.another", pair.id).reply)
    assert LINK in shown
    assert "08:15" in shown
    planning(pair, place=LINK)
    assert LINK not in words_of(pair.taps(pair.noor).press("meetings.another", pair.id).reply)


def test_a_place_with_a_shout_in_it_shouts_at_nobody(house: House) -> None:
    pair = paired(house)
    planning(pair, place="<!channel> the café <@U1>")
    house.settle()
    (told,) = house.read_by(pair.tomas)
    said = words_of(told.payload)
    assert "&lt;!channel&gt; the café" in said
    assert "<!channel>" not in said


def test_a_partner_deactivated_between_two_clicks_is_named_kindly(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    gone(house, pair.tomas)
    value = {"meetings.take": f"{pair.id} {epoch(THURSDAY)}", "meetings.another": pair.id}
    for action in ("meetings.take", "meetings.another", "meetings.move", "meetings.link", "meetings.log"):
        own = pair.id if action == "meetings.log" else pair.meeting().id
        shown = pair.taps(pair.noor).press(action, value.get(action, own)).reply
        assert "has come to an end" in words_of(shown), action
    with pytest.raises(PairIsOverError):
        house.act(pair.noor, meetings.plan, pair.id, date(2027, 3, 5), time(9), 30, "")


def test_another_persons_meeting_is_not_ones_own(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    stranger = Taps(house, house.person("Mallory M"))
    for action in ("move", "link", "cancel", "agenda", "met", "not_met"):
        assert "isn't yours" in words_of(stranger.press(f"meetings.{action}", row.id).reply), action
    for action in ("much", "some", "little", "word"):
        assert "isn't yours" in words_of(stranger.press(f"feedback.{action}", row.id).reply), action
    for action in ("another", "log"):
        assert "isn't yours" in words_of(stranger.press(f"meetings.{action}", pair.id).reply), action
    assert "isn't yours" in words_of(stranger.press("meetings.take", f"{pair.id} {epoch(THURSDAY)}").reply)
    fields = {"day": "2027-03-05", "time": "10:00", "minutes": "30"}
    before = house.rows(Meeting)
    for outcome in (
        stranger.submit("meetings.move_to", meta=f"{row.id} 1", **fields),
        stranger.submit("meetings.plan", meta=pair.id, place="", **fields),
        stranger.submit("meetings.put_place", meta=row.id, place=LINK),
        stranger.submit("meetings.write_agenda", meta=f"{row.id} ", agenda="Mine"),
        stranger.submit("feedback.save", meta=row.id, score="much", words="x"),
    ):
        assert isinstance(outcome.reply, Wrong)
        assert any("isn't yours" in said for said in outcome.reply.errors.values())
    assert house.rows(Meeting) == before


def test_a_link_is_added_later_and_the_message_sent_before_shows_it(house: House) -> None:
    pair = paired(house)
    row = pair.book(THURSDAY)
    house.settle()
    assert "Where you meet" in words_of(pair.taps(pair.noor).press("meetings.link", row.id).reply)
    refused = pair.taps(pair.noor).submit("meetings.put_place", meta=row.id, place="javascript:alert(1)").reply
    assert isinstance(refused, Wrong)
    assert "place" in refused.errors
    pair.taps(pair.noor).submit("meetings.put_place", meta=row.id, place=LINK)
    house.settle()
    assert len(house.read_by(pair.tomas)) == 1, "nobody is told again"
    update = house.letters[-1]
    assert (update.kind, update.op, update.slack_id) == ("meetings.planned", "update", pair.tomas.slack_id)
    assert LINK in words_of(update.payload)
    assert pair.meeting().version == 1


def test_what_is_booked_for_before_their_next_working_day_reaches_them_at_once(house: House) -> None:
    pair = paired(house)
    house.now = datetime(2027, 3, 2, 21, 0, tzinfo=UTC)
    pair.book(datetime(2027, 3, 3, 8, 0, tzinfo=UTC))
    house.settle()
    assert len(house.read_by(pair.tomas, "meetings.planned")) == 1


def test_what_is_booked_at_night_for_another_day_waits_for_the_morning(house: House) -> None:
    pair = paired(house)
    house.now = datetime(2027, 3, 2, 21, 0, tzinfo=UTC)
    pair.book(THURSDAY)
    house.settle()
    assert not house.read_by(pair.tomas)
    house.forward(hours=11)
    assert len(house.read_by(pair.tomas, "meetings.planned")) == 1


@pytest.mark.parametrize(
    ("day", "wall", "shown"),
    [(date(2027, 3, 28), time(1, 30), "02:30"), (date(2027, 10, 31), time(1, 30), "01:30")],
)
def test_an_hour_the_clocks_skip_or_repeat_is_booked_and_said_as_it_is(
    house: House, day: date, wall: time, shown: str
) -> None:
    pair = paired(house)
    card = house.act(pair.noor, meetings.plan, pair.id, day, wall, 30, "")
    assert card.meeting.starts_at == instant(day, wall, "Europe/Lisbon")
    said = words_of(pair.taps(pair.noor).press("meetings.move", card.meeting.id).reply)
    assert shown in said


def test_the_same_moment_planned_twice_is_one_meeting(house: House) -> None:
    pair = paired(house)
    for _ in range(2):
        assert "Booked:" in words_of(planning(pair))
    assert len(house.rows(Meeting)) == 1


def test_refusals_carry_the_field_they_belong_beside(house: House) -> None:
    pair = paired(house)
    for day, place, refusal in (
        (date(2027, 2, 1), "", PastMomentError),
        (date(2029, 2, 1), "", TooFarAheadError),
        (date(2027, 3, 9), "ftp://x", UnsafePlaceError),
    ):
        with pytest.raises(refusal):
            house.act(pair.noor, meetings.plan, pair.id, day, time(9), 30, place)


def test_an_end_calls_off_what_is_ahead_and_tells_nobody_of_it(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    house.settle()
    house.letters.clear()
    assert house.do(lambda tx: meetings.cancel_all(tx, pair.card(tx))) == 1
    assert pair.meeting().state == MeetingState.CANCELLED
    house.forward(days=10)
    assert not house.read_by(pair.tomas, "meetings.")
    assert not house.read_by(pair.noor, "meetings.")
    assert "was called off" in words_of(house.letters[0].payload), "the message of before says so"


def test_somebody_away_has_their_meetings_called_off_and_the_partner_hears(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    house.settle()
    house.letters.clear()
    until = THURSDAY + timedelta(days=2)
    assert house.do(lambda tx: meetings.shift_for_away(tx, pair.card(tx), until, pair.noor)) == 1
    assert house.do(lambda tx: meetings.shift_for_away(tx, pair.card(tx), until, pair.noor)) == 0
    house.settle()
    (told,) = house.read_by(pair.tomas)
    assert told.kind == "meetings.cancelled"
    assert "Noor can't make Thu 4 Mar, 11:00 after all" in told.text
    assert not house.read_by(pair.noor)


def test_where_nobody_says_who_is_away_both_hear(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    house.settle()
    house.do(lambda tx: meetings.shift_for_away(tx, pair.card(tx), THURSDAY + timedelta(days=1)))
    house.settle()
    for who, name in ((pair.noor, "Tomás"), (pair.tomas, "Noor")):
        (told,) = house.read_by(who, "meetings.cancelled")
        assert f"with {name} is off" in told.text


def test_meetings_after_somebody_is_back_stay(house: House) -> None:
    pair = paired(house)
    pair.book(THURSDAY)
    until = THURSDAY - timedelta(hours=1)
    assert house.do(lambda tx: meetings.shift_for_away(tx, pair.card(tx), until, pair.noor)) == 0
    assert pair.meeting().state == MeetingState.PLANNED
