"""One budget over all features: what reaches somebody in a week, what becomes a line, what waits and what is let go."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outbox.entries import Entry
from bot.outbox.parcels import Parcel
from bot.outbox.rows import Rows
from bot.rules.attention import SEND, Judgement, Mood, Way, judge, week_began
from bot.rules.days import own_hours, spread_of, zone_named
from bot.rules.news import DIGEST, KINDS, comes_at_any_hour
from bot.rules.policy import UNASKED_A_WEEK
from bot.services import checkins, owing
from bot.slack.blocks import Message
from bot.slack.text import md
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import OutboxRow, RowState, Urgency
from storage.models.preferences import Attention
from storage.queries import preferences
from tests.builders import MONDAY, House, hasty
from tests.checking_in import paired

PLAIN = {kind: Entry(lambda *_: True, lambda *_: Message(md("News."), ())) for kind in KINDS}
PULSE, HALF_TIME, DIGEST_KIND = "checkins.pulse", "checkins.half_time", "digests.weekly"
PROMISED = "requests.matched"
UNASKED = sorted(kind for kind, rule in KINDS.items() if rule.urgency is Urgency.UNASKED)
BY_RANK = (
    "meetings.did_you_meet",
    "checkins.pulse",
    "relationships.quiet",
    "milestones.due",
    "rounds.ask_met",
    "digests.weekly",
)
ZONES = ("Europe/Lisbon", "America/Havana", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia", "America/New_York")
SENT_IN_TEST = st.lists(st.sampled_from(UNASKED), max_size=5)
MOMENTS = st.integers(0, 400 * 24).map(lambda hours: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


def owe(house: House, who: Member, *kinds: str) -> None:
    """Owe plain news, each about a subject of its own."""
    for kind in kinds:
        owe_one(house, who, kind, f"{kind} {next(house.numbers)}")


def owe_one(house: House, who: Member, kind: str, subject_id: str) -> None:
    house.do(lambda tx: owing.post(tx, kind, who, subject_id))


def deliver(house: House) -> list[str]:
    """Send all that is due now, by the courier's own rows; the kinds that went, in their order."""
    rows, sent = hasty(house.vault, PLAIN), []
    while parcel := house.do(lambda tx: rows.begin(tx.session, tx.workspace_id, tx.now, [])).parcel:
        send(house, rows, parcel)
        sent.append(parcel.kind)
    return sent


def send(house: House, rows: Rows, parcel: Parcel) -> None:
    ts = f"{next(house.numbers)}.1"
    house.do(lambda tx: rows.done(tx.session, parcel, tx.now, "D1", ts))


def sent_on(house: House, who: Member, moment: datetime, *kinds: str) -> list[str]:
    house.now = moment
    owe(house, who, *kinds)
    return deliver(house)


def lines(house: House) -> list[str]:
    return sorted(line.kind for line in house.rows(DigestLine))


def prefer(house: House, who: Member, **values: object) -> None:
    house.do(lambda tx: _prefer(tx, who, values))


def _prefer(tx: Tx, who: Member, values: dict[str, object]) -> None:
    own = preferences.keep(tx, who.id)
    for name, value in values.items():
        setattr(own, name, value)


def days(number: float) -> datetime:
    return MONDAY + timedelta(days=number)


def test_two_places_and_the_digests_and_the_rest_become_lines(either_house: House) -> None:
    noor = either_house.person("Noor H")
    assert sent_on(either_house, noor, days(0), PULSE, PULSE, PULSE) == [PULSE, PULSE]
    assert lines(either_house) == [PULSE]
    assert sent_on(either_house, noor, days(2), DIGEST_KIND) == [DIGEST_KIND]
    assert sent_on(either_house, noor, days(4), PULSE, DIGEST_KIND) == []
    assert lines(either_house) == [PULSE, PULSE], "a digest is never a line of another"


def test_the_digest_first_leaves_two_places_and_no_more(house: House) -> None:
    noor = house.person("Noor H")
    assert sent_on(house, noor, days(0), DIGEST_KIND, PULSE, HALF_TIME, PULSE) == [PULSE, HALF_TIME, DIGEST_KIND]
    assert lines(house) == [PULSE]


def test_what_becomes_a_line_says_why_it_was_not_sent_and_is_one_line_however_often(house: House) -> None:
    noor = house.person("Noor H")
    sent_on(house, noor, days(0), PULSE, PULSE)
    for _ in range(3):
        owe_one(house, noor, PULSE, "the same")
        deliver(house)
    row = house.rows(OutboxRow, subject_id="the same")[0]
    assert (row.state, row.reason, row.payload) == (RowState.DROPPED, "into the digest", None)
    assert [line.subject_id for line in house.rows(DigestLine)] == ["the same"]


def test_each_person_has_a_budget_of_their_own(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.person("Tomás F")
    sent_on(house, noor, days(0), PULSE, PULSE)
    assert sent_on(house, tomas, days(0), PULSE, PULSE) == [PULSE, PULSE]
    assert lines(house) == []


def test_promises_answers_and_updates_are_not_counted_and_never_wait_for_room(house: House) -> None:
    noor = house.person("Noor H")
    assert sent_on(house, noor, days(0), *[PROMISED] * 4, "help.typed", PULSE, PULSE).count(PROMISED) == 4
    assert lines(house) == []
    sent = house.rows(OutboxRow, kind=PULSE)[0]
    house.do(owing.update, PULSE, noor, sent.subject_id)
    assert [*deliver(house), *sent_on(house, noor, days(1), PROMISED)] == [PULSE, PROMISED]


def test_the_order_is_that_of_rank_when_a_morning_brings_several(either_house: House) -> None:
    noor = either_house.person("Noor H")
    either_house.now = days(-1)
    owe(either_house, noor, *reversed(BY_RANK))
    assert deliver(either_house) == [], "nothing on a Sunday"
    either_house.now = days(0).replace(hour=9, minute=30)
    assert deliver(either_house) == [*BY_RANK[:2], BY_RANK[-1]]
    assert lines(either_house) == sorted(BY_RANK[2:5])


def test_only_what_i_asked_for_lets_the_rest_go_without_a_line(house: House) -> None:
    noor = house.person("Noor H")
    prefer(house, noor, attention=Attention.ONLY_ASKED)
    assert sent_on(house, noor, days(0), PULSE, DIGEST_KIND, PROMISED) == [PROMISED]
    assert {row.reason for row in house.rows(OutboxRow, state=RowState.DROPPED)} == {"not wanted"}
    assert lines(house) == []


def test_away_holds_promises_until_back_and_turns_the_rest_into_lines(either_house: House) -> None:
    house, noor = either_house, either_house.person("Noor H")
    prefer(house, noor, away_until=days(28).replace(hour=0))
    assert sent_on(house, noor, days(0), PROMISED, PULSE, "help.typed") == ["help.typed"]
    assert lines(house) == [PULSE]
    assert sent_on(house, noor, days(27)) == []
    house.now = days(28).replace(hour=0)
    assert deliver(house) == [], "back at midnight, and read at nine"
    house.now = days(28).replace(hour=9) + spread_of(noor.id)
    assert deliver(house) == [PROMISED]


def test_an_absence_that_is_over_changes_nothing(house: House) -> None:
    noor = house.person("Noor H")
    prefer(house, noor, away_until=days(0))
    assert sent_on(house, noor, days(0), PULSE, PROMISED) == [PROMISED, PULSE]


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("monday", [1, 8, 22])
def test_the_week_is_seven_local_days_also_when_clocks_change(house: House, zone: str, monday: int) -> None:
    noor = house.person("Noor H", zone)

    def local(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2027, 3, day, hour, minute, tzinfo=zone_named(zone)).astimezone(UTC)

    assert sent_on(house, noor, local(monday, 16, 59), PULSE, PULSE) == [PULSE, PULSE]
    assert sent_on(house, noor, local(monday + 4, 16, 59), PULSE) == []
    assert sent_on(house, noor, local(monday + 7, 9, 30), PULSE, PULSE, PULSE) == [PULSE, PULSE]
    assert lines(house) == [PULSE, PULSE]


def test_real_pulses_share_the_budget_and_the_last_becomes_a_line_that_can_be_answered(house: House) -> None:
    noor = house.person("Noor H")
    every = [paired(house, name=f"Mentor {number}", learner=noor) for number in range(3)]
    house.now += timedelta(days=31)
    house.do(checkins.ask_due)
    assert house.deliver() > 0
    assert len(house.read_by(noor, "checkins.pulse")) == 2
    line = house.rows(DigestLine, member_id=noor.id)[0]
    waiting = house.act(noor, checkins.waiting_for)
    assert len(waiting) == len(every)
    assert line.subject_id in {card.checkin.id for card in waiting}


moods = st.builds(
    Mood,
    zone=st.sampled_from(ZONES),
    attention=st.sampled_from(Attention),
    away_until=st.none() | MOMENTS,
    sent=SENT_IN_TEST,
)


@given(kind=st.sampled_from(sorted(KINDS)), now=MOMENTS, mood=moods)
def test_every_judgement_keeps_to_its_class(kind: str, now: datetime, mood: Mood) -> None:
    judged, urgency = judge(kind, now, mood), KINDS[kind].urgency
    is_away = mood.away_until is not None and mood.away_until > now
    if urgency in {Urgency.ANSWER, Urgency.SAFETY}:
        assert judged == SEND
        return
    if judged.way is Way.SEND:
        assert not is_away
        assert comes_at_any_hour(kind) or own_hours(now, mood.zone) == now
    if urgency is Urgency.PROMISED:
        assert judged.way in {Way.SEND, Way.LATER}
    elif KINDS[kind].carries:
        assert judged.way is Way.DROP or not (is_away or mood.attention is Attention.ONLY_ASKED)
        assert judged.way is not Way.LINE
    else:
        assert judged.way is Way.LINE or not is_away
        assert is_away or (judged.way is Way.DROP) == (mood.attention is Attention.ONLY_ASKED)
    assert (judged.at is not None) == (judged.way is Way.LATER)


@given(kind=st.sampled_from(sorted(KINDS)), now=MOMENTS, mood=moods)
def test_what_waits_waits_for_a_moment_ahead_and_at_most_twice(kind: str, now: datetime, mood: Mood) -> None:
    asked = [now]
    while (judged := judge(kind, asked[-1], mood)).at is not None:
        asked.append(judged.at)
    assert all(one < other for one, other in pairwise(asked))
    assert len(asked) <= 3


@given(now=MOMENTS, zone=st.sampled_from(ZONES))
def test_the_week_begins_at_a_local_midnight_six_days_ago(now: datetime, zone: str) -> None:
    began = week_began(now, zone).astimezone(zone_named(zone))
    assert (now.astimezone(zone_named(zone)).date() - began.date()).days == 6
    assert began.time() in {time(0), time(0, 30), time(1)}, "later only where a clock skips midnight"


@settings(max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    begins=MOMENTS,
    news=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(UNASKED)), max_size=80),
)
def test_no_seven_local_days_hold_more_than_the_budget(
    zone: str, begins: datetime, news: Sequence[tuple[int, str]]
) -> None:
    sent: list[tuple[datetime, str]] = []
    for hours, kind in news:
        begins += timedelta(hours=hours)
        heard = [each for at, each in sent if at >= week_began(begins, zone)]
        mood = Mood(zone, Attention.EVERYTHING, None, heard)
        if judge(kind, begins, mood) == Judgement(Way.SEND):
            sent.append((begins, kind))
    for at, _ in sent:
        week = [kind for moment, kind in sent if week_began(at, zone) <= moment <= at]
        assert len(week) <= UNASKED_A_WEEK.value
        assert len([kind for kind in week if KINDS[kind].rank != DIGEST]) < UNASKED_A_WEEK.value
