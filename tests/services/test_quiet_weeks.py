"""Weeks as people live them: never more than three unasked messages in seven days, one of them the digest."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from bot.news import NEWS
from bot.outbox.entries import Entry
from bot.rules.days import zone_named
from bot.rules.news import DIGEST, KINDS
from bot.rules.policy import DAY_ENDS, DAY_STARTS, UNASKED_A_WEEK
from bot.rules.preferences import Choice
from bot.services import agreements, feedback, meetings, owing, preferences
from bot.slack.blocks import Message, section
from bot.slack.text import md
from storage.database import Tx
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow, Urgency
from storage.models.preferences import Attention
from storage.models.relationships import Relationship
from tests.builders import House, Letter
from tests.weeks import QUIET, paired, worded, words

SEVEN = timedelta(days=7)
WEEKS = 8


def unasked(house: House, who: Member) -> list[Letter]:
    """What somebody got that they had not asked for, the digest included."""
    return [letter for letter in house.read_by(who) if KINDS[letter.kind].urgency is Urgency.UNASKED]


def local(letter: Letter, who: Member) -> datetime:
    """When it came, on the reader's own clock."""
    return letter.at.astimezone(zone_named(who.zone))


def busiest(days: Sequence[date]) -> int:
    """The most that came within any seven days in a row."""
    return max((sum(day <= other < day + SEVEN for other in days) for day in days), default=0)


def wrong_with(house: House, who: Member) -> list[str]:
    """Where somebody was told too much, at the wrong hour, or got two digests within seven days."""
    letters = unasked(house, who)
    days = [local(letter, who).date() for letter in letters]
    digests = [local(letter, who).date() for letter in letters if KINDS[letter.kind].rank == DIGEST]
    others = [local(each, who).date() for each in letters if KINDS[each.kind].rank != DIGEST]
    hours = [local(letter, who) for letter in letters]
    off = [at for at in hours if at.weekday() > 4 or not DAY_STARTS.value <= at.time() < DAY_ENDS.value]
    return [
        *([f"{busiest(days)} in a week"] if busiest(days) > UNASKED_A_WEEK.value else []),
        *([f"{busiest(others)} besides the digest"] if busiest(others) >= UNASKED_A_WEEK.value else []),
        *(f"digests on {a} and {b}" for a, b in pairwise(digests) if b - a < SEVEN),
        *(f"at {at:%a %H:%M}" for at in off),
    ]


@pytest.fixture
def nagging(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kind of unasked news whose words are the test's own, as a message and as a line."""
    worded(monkeypatch)

    def say(_tx: Tx, row: OutboxRow, _to: Member) -> Message:
        text = md("Line about {subject}.", subject=row.subject_id)
        return Message(text, (section(text),))

    monkeypatch.setitem(NEWS, QUIET, Entry(lambda *_: True, say))


def nag(house: House, who: Member, *subjects: str) -> None:
    for subject in subjects:
        house.act(who, _owe, subject)


def _owe(tx: Tx, to: Member, subject: str) -> None:
    owing.post(tx, QUIET, to, subject)


def mentoring(house: House, zone: str = "Europe/Lisbon") -> tuple[Member, Member, Member]:
    """A mentor with two mentees, who live elsewhere."""
    tomas = house.mentor("Tomás F", zone=zone)
    noor, mateo = house.person("Noor H", "Asia/Tokyo"), house.person("Mateo C", "America/New_York")
    for mentee in (noor, mateo):
        paired(house, mentee, tomas)
    return tomas, noor, mateo


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_two_months_in_which_nobody_does_anything_are_quiet(house: House, zone: str) -> None:
    people = mentoring(house, zone)
    house.forward(weeks=WEEKS)
    assert {who.name: wrong_with(house, who) for who in people} == {who.name: [] for who in people}


def book_fortnights(house: House, mentee: Member, hour: int, first: int) -> None:
    """Four meetings two weeks apart, booked by the mentee at once, as keen people do."""
    pair_id = house.rows(Relationship, mentee_id=mentee.id)[0].id
    for number in range(4):
        day = (house.now + timedelta(days=first + 14 * number)).date()
        house.act(mentee, meetings.plan, pair_id, day, time(hour), 45, "")


def say_they_met(house: House, mentees: Sequence[Member]) -> None:
    """Each mentee answers what she was asked, on the day."""
    for mentee in mentees:
        for meeting in house.rows(Meeting, state=MeetingState.PLANNED):
            if meeting.ask_at is None and meeting.starts_at < house.now:
                mine = house.rows(Relationship, id=meeting.relationship_id)[0].mentee_id == mentee.id
                if mine:
                    house.act(mentee, feedback.met, meeting.id)


def test_a_normal_week_of_a_mentor_with_two_mentees_brings_two_reminders_and_one_digest_at_most(house: House) -> None:
    """Both pairs meet every two weeks, in the same week, and say so; nothing else may reach him from the second on."""
    tomas = house.mentor("Tomás F")
    mentees = [house.person("Noor H"), house.person("Mateo C", "Africa/Lagos")]
    for number, mentee in enumerate(mentees):
        paired(house, mentee, tomas)
        house.act(mentee, agreements.sign_prefilled, house.rows(Relationship, mentee_id=mentee.id)[0].id)
        book_fortnights(house, mentee, 14 + number, 3)
    house.settle()
    for pair in house.rows(Relationship):
        house.act(tomas, agreements.sign_prefilled, pair.id, 1)
    for _ in range(28):
        house.forward(days=1)
        say_they_met(house, mentees)
    begins = house.now - timedelta(days=21)
    came = [letter for letter in house.read_by(tomas) if letter.at >= begins]
    weeks = [[x.kind for x in came if 0 <= (x.at - begins).days - 7 * week < 7] for week in range(3)]
    for kinds in weeks:
        assert kinds.count("meetings.reminded") <= 2
        assert kinds.count("digests.weekly") <= 1
        assert set(kinds) <= {"meetings.reminded", "digests.weekly"}, kinds
    assert any(kinds.count("meetings.reminded") == 2 for kinds in weeks), "there were meetings to remind of"
    assert wrong_with(house, tomas) == []


@pytest.mark.usefixtures("nagging")
def test_what_does_not_fit_becomes_lines_and_nothing_is_lost_or_said_twice(house: House) -> None:
    tomas = house.mentor("Tomás F")
    subjects = [f"subject-{week}-{number}" for week in range(4) for number in range(5)]
    for week in range(4):
        nag(house, tomas, *subjects[week * 5 : week * 5 + 5])
        house.forward(days=7)
    house.forward(weeks=2)
    assert wrong_with(house, tomas) == []
    said = [letter.text for letter in house.read_by(tomas, QUIET)] + words(house, tomas)
    times = {subject: sum(text.count(f"Line about {subject}.") for text in said) for subject in subjects}
    assert times == dict.fromkeys(subjects, 1)
    assert len(house.read_by(tomas, QUIET)) == 2 * 4


@pytest.mark.usefixtures("nagging")
def test_the_digest_keeps_its_place_however_much_else_there_is(house: House) -> None:
    tomas = house.mentor("Tomás F")
    for day in range(28):
        nag(house, tomas, f"day-{day}-a", f"day-{day}-b")
        house.forward(days=1)
    assert wrong_with(house, tomas) == []
    assert len(words(house, tomas)) == 4


@pytest.mark.usefixtures("nagging")
def test_only_what_was_asked_for_is_nothing_unasked_at_all(house: House) -> None:
    tomas, *_ = mentoring(house)
    house.act(tomas, preferences.save, Choice(Attention.ONLY_ASKED, 0, 9, None))
    nag(house, tomas, "a", "b", "c")
    house.forward(weeks=WEEKS)
    assert unasked(house, tomas) == []


@pytest.mark.usefixtures("nagging")
def test_away_is_silence_and_the_first_digest_after_it_tells_what_waited(house: House) -> None:
    tomas = house.mentor("Tomás F")
    house.act(tomas, preferences.save, Choice(Attention.EVERYTHING, 0, 9, date(2027, 3, 23)))
    for day in range(14):
        nag(house, tomas, f"day-{day}")
        house.forward(days=1)
    house.forward(days=7, hours=13)
    assert unasked(house, tomas) == []
    house.forward(days=8)
    assert [text.count("Line about") for text in words(house, tomas)] == [7]
    assert wrong_with(house, tomas) == []


def test_the_count_would_notice_too_much(house: House) -> None:
    tomas = house.mentor("Tomás F")
    monday = house.now
    for hours in (0, 1, 2, 24 * 5):
        house.letters.append(_letter(QUIET, tomas, monday + timedelta(hours=hours)))
    for days in (0, 6):
        house.letters.append(_letter("digests.weekly", tomas, monday + timedelta(days=days)))
    said = wrong_with(house, tomas)
    assert said[:3] == ["6 in a week", "4 besides the digest", "digests on 2027-03-01 and 2027-03-07"]
    assert said[3:] == ["at Sat 10:00", "at Sun 10:00"]


def _letter(kind: str, who: Member, at: datetime) -> Letter:
    return Letter(kind, Op.POST, who.slack_id, at, {"text": "words"})
