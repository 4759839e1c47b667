"""What a digest says: what is so when it is read, at most seven lines, and never nothing."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.errors import NotYoursError
from bot.news import digests as news
from bot.rules.preferences import Choice
from bot.rules.profiles import Answers
from bot.services import agreements, preferences, profiles, requests
from bot.slack.text import Markup
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.meetings import MeetingState
from storage.models.members import Member
from storage.models.milestones import Milestone, MilestoneState
from storage.models.preferences import Attention
from storage.models.profiles import Side
from storage.models.relationships import NeverWith, Relationship
from storage.queries import digests as queries
from storage.queries import profiles as profile_queries
from tests.builders import House, texts_in
from tests.harmless import harm_in
from tests.weeks import QUIET, meets, next_of, note, paired, worded, words

HOSTILE = "<!channel> *<@U1>* `evil`"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Lines of one kind are worded; a subject in this set is no longer true."""
    return worded(monkeypatch)


def checkin(house: House, pair_id: str, of: Member) -> Checkin:
    return Checkin(
        workspace_id=house.workspace_id,
        relationship_id=pair_id,
        member_id=of.id,
        kind=CheckinKind.PULSE,
        number=90,
        due_at=house.now,
        state=CheckinState.ASKED,
        asked_at=house.now,
    )


def milestone(house: House, pair_id: str, by: Member, day: date) -> Milestone:
    return Milestone(
        workspace_id=house.workspace_id,
        relationship_id=pair_id,
        set_by=by.id,
        set_at=house.now,
        title=b"sealed",
        on_day=day,
    )


def test_everything_that_lies_ahead_is_a_line_in_the_readers_own_zone(either_house: House) -> None:
    house = either_house
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás F", zone="America/New_York", places=3)
    pair_id = paired(house, noor, tomas)
    days = (date(2027, 3, 7), date(2027, 3, 15), date(2027, 3, 16))
    house.forward(days=1)
    house.act(noor, agreements.sign_prefilled, pair_id)
    rows = [checkin(house, pair_id, tomas), *(milestone(house, pair_id, noor, day) for day in days)]
    house.do(lambda tx: tx.session.add_all(rows))
    meets(house, pair_id, noor, datetime(2027, 3, 11, 19, 0, tzinfo=UTC))
    meets(house, pair_id, noor, datetime(2027, 3, 20, 19, 0, tzinfo=UTC))
    house.forward(days=5)
    house.ask(house.person("Mateo C"), tomas)
    house.forward(days=1, hours=12)
    said = words(house, tomas)[-1]
    assert "*Thu 11 Mar, 14:00*: you meet Noor Haddad." in said
    assert "What you and Noor Haddad agreed on waits for your yes." in said
    assert "How it goes with Noor Haddad: three taps, still open." in said
    assert "*Mon 15 Mar*: a milestone with Noor Haddad." in said
    assert "*Mateo C* hopes for your word on *data analysis*" in said
    assert "20 Mar" not in said
    assert "7 Mar*" not in said
    assert said.count("a milestone") == 1
    hers = words(house, noor)[0]
    assert "*Thu 11 Mar, 19:00*: you meet Tomás F." in hers
    assert "waits for your yes" not in hers
    assert "three taps" not in hers


def test_nothing_to_say_sends_nothing_however_proud_one_may_be(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    pair_id = paired(house, noor, tomas)
    house.mentor("Grace M", teaches="public speaking")
    house.do(profile_queries.set_skills, noor.id, Side.LEARNS, [("Public speaking", "public speaking")])
    meets(house, pair_id, noor, house.now - timedelta(hours=1), MeetingState.MET)
    house.forward(days=7)
    assert not house.read_by(noor, "digests")
    assert next_of(house, noor) is not None


def test_what_was_done_is_told_as_counts_where_there_is_a_digest(house: House, lines: set[str]) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    pair_id = paired(house, noor, tomas)
    for day in (1, 2, 30):
        meets(house, pair_id, noor, house.now + timedelta(days=7 - day), MeetingState.MET)
    reached = Milestone(
        workspace_id=house.workspace_id,
        relationship_id=pair_id,
        set_by=noor.id,
        set_at=house.now,
        title=b"sealed",
        on_day=date(2027, 3, 5),
        state=MilestoneState.REACHED,
        reached_at=house.now + timedelta(days=5),
    )
    house.do(lambda tx: tx.session.add(reached))
    note(house, noor, "a")
    house.forward(days=7)
    assert "Three meetings so far, two of them this week. One milestone reached this week." in words(house, noor)[0]
    assert not lines


def test_lines_that_waited_come_once_and_those_no_longer_true_never(either_house: House, lines: set[str]) -> None:
    house = either_house
    tomas = house.mentor("Tomás F")
    for subject in ("a", "b"):
        note(house, tomas, subject)
    lines.add("b")
    house.forward(days=7)
    lines.clear()
    note(house, tomas, "c")
    house.forward(days=7)
    first, second = words(house, tomas)
    assert ("Line about a." in first, "Line about b." in first, "Line about c." in first) == (True, False, False)
    assert ("Line about a." in second, "Line about b." in second, "Line about c." in second) == (False, False, True)
    house.forward(days=7)
    assert len(words(house, tomas)) == 2


def test_a_line_that_came_twice_is_said_once(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    for key in ("first", "second"):
        note(house, tomas, "a", key)
    house.forward(days=14)
    assert [text.count("Line about a.") for text in words(house, tomas)] == [1]
    assert not lines


def test_more_lines_than_fit_wait_for_the_next_week(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    for number in range(9):
        note(house, tomas, f"s{number}")
    house.forward(days=14)
    assert [text.count("Line about") for text in words(house, tomas)] == [7, 2]
    assert not lines


def test_a_line_about_something_gone_has_no_words(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tomas = house.mentor("Tomás F")

    def gone(*_: object) -> Markup:
        raise NotYoursError

    monkeypatch.setitem(news.LINES, QUIET, gone)
    note(house, tomas, "a")
    house.forward(days=7)
    assert words(house, tomas) == []


def test_an_unknown_kind_of_line_stops_nobodys_digest(house: House, lines: set[str]) -> None:
    tomas = house.mentor("Tomás F")
    house.do(queries.note, tomas.id, "gatherings.old", "x", key="x", facts={})
    house.do(queries.note, tomas.id, "digests.weekly", "y", key="y", facts={})
    note(house, tomas, "a")
    house.forward(days=7)
    assert len(words(house, tomas)) == 1
    assert not lines


def test_who_is_away_or_wants_little_gets_none_and_the_lines_wait(house: House, lines: set[str]) -> None:
    tomas, grace = house.mentor("Tomás F"), house.mentor("Grace M")
    house.act(tomas, preferences.save, Choice(Attention.EVERYTHING, 0, 9, date(2027, 3, 9)))
    house.act(grace, preferences.save, Choice(Attention.ONLY_ASKED, 0, 9, None))
    for who in (tomas, grace):
        note(house, who, "a")
    house.forward(days=8)
    assert words(house, tomas) == words(house, grace) == []
    house.act(grace, preferences.save, Choice(Attention.EVERYTHING, 0, 9, None))
    house.forward(days=7)
    assert [text.count("Line about a.") for text in (*words(house, tomas), *words(house, grace))] == [1, 1]
    assert not lines


def test_organisers_read_counts_and_others_none_of_it(house: House) -> None:
    ingrid = house.person("Ingrid B", is_primary_owner=True)
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=1)
    house.ask(house.person("Mateo C"), tomas)
    house.forward(days=4)
    pair_id = paired(house, noor, tomas)
    house.do(lambda tx: setattr(tx.session.get(Relationship, pair_id), "quiet_step", 3))
    house.forward(days=3)
    assert "You organise: one pair has gone quiet, one search ended without a yes." in words(house, ingrid)[0]
    assert words(house, noor) == words(house, tomas) == []
    assert not [name for name in ("Noor", "Tomás", "Mateo") if name in words(house, ingrid)[0]]


def test_people_to_meet_take_turns_and_those_one_never_wants_are_not_among_them(
    either_house: House, lines: set[str]
) -> None:
    house = either_house
    noor = house.person("Noor H")
    house.act(noor, profiles.save, Answers("", "data analysis", "", "", 1, is_open=True))
    teachers = [
        house.mentor(name, teaches="Advanced data analysis, SQL") for name in ("Ada", "Bea", "Cy", "Dan", "Eve")
    ]
    full = house.mentor("Full", places=1)
    paired(house, house.person("Mateo"), full)
    away = house.mentor("Away")
    house.act(away, preferences.save, Choice(Attention.EVERYTHING, 0, 9, date(2027, 12, 24)))
    avoided = NeverWith(workspace_id=house.workspace_id, member_id=teachers[4].id, other_id=noor.id, noted_at=house.now)
    house.do(lambda tx: tx.session.add(avoided))
    for week in range(6):
        note(house, noor, f"w{week}")
        house.forward(days=7)
    met = [
        next((name for name in ["Ada", "Bea", "Cy", "Dan", "Eve", "Full", "Away"] if f"{name} knows" in text), "")
        for text in words(house, noor)
    ]
    named = [name for name in met if name]
    assert set(named) == {"Ada", "Bea", "Cy", "Dan"}
    assert not [1 for a, b in pairwise(met) if a and a == b]
    assert sum("/mentor peers" in text for text in words(house, noor)) == 1
    assert "knows Advanced data analysis" in " ".join(words(house, noor))
    assert not lines


def test_nobody_who_searches_or_has_a_mentor_for_it_is_shown_another(house: House, lines: set[str]) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    house.mentor("Grace M")
    paired(house, noor, tomas)
    mateo = house.person("Mateo")
    for who in (noor, mateo):
        note(house, who, "a")
    house.forward(days=6, hours=20)
    house.ask(mateo, tomas)
    house.forward(hours=8)
    assert not [text for who in (noor, mateo) for text in words(house, who) if "knows" in text]
    assert len(words(house, noor)) == len(words(house, mateo)) == 1
    assert not lines


def test_hostile_names_stay_harmless_and_no_typed_word_is_in_it(house: House, lines: set[str]) -> None:
    noor, tomas = house.person(HOSTILE), house.mentor(HOSTILE, places=5)
    house.forward(days=6)
    house.act(noor, requests.withdraw, house.ask(noor, tomas, note="Quokkanote, and nobody else's.").search_id)
    house.ask(house.person(HOSTILE), tomas, topic="<!here> *topic*", note="Quokkanote, and nobody else's.")
    house.forward(days=1)
    said = words(house, tomas)[0]
    assert "&lt;!here&gt;" in said
    assert harm_in(house.read_by(tomas, "digests")[0].payload, set()) == []
    assert not [bad for bad in ("Quokkanote", "Move from support") if bad in said]
    row = house.owed("digests.weekly")[0]
    assert set(row.facts) == {"day", "meet"}
    assert not lines


def test_at_most_seven_lines_and_five_buttons(house: House, lines: set[str]) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F", places=5)
    pair_id = paired(house, noor, tomas)
    for hour in range(9):
        meets(house, pair_id, noor, house.now + timedelta(days=9, hours=hour))
    for number in range(9):
        note(house, tomas, f"s{number}")
    house.forward(days=7)
    blocks = house.read_by(tomas, "digests")[0].payload["blocks"]
    said = " ".join(texts_in(blocks))
    assert said.count("•") == 7
    assert said.count("Line about") == 3
    assert len(next(block for block in blocks if block["type"] == "actions")["elements"]) <= 5
    assert not lines
