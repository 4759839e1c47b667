"""Two workspaces that live at random: what must always hold is asked after every step, of the tables themselves."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.outbox.parcels import Parcels
from bot.services import requests
from storage.queries import erasure, profiles
from tests.builders import GOAL, TOPIC, open_house, sqlite_in
from tests.chaos.life import town
from tests.chaos.life.things import BUTTONS, EARLY, LATE, PLAIN, Thing, things
from tests.chaos.life.town import THERE, ZONES, Fingers, Town

SMALL, FULL = (6, 20), (500, 50)
NOTE, WORD, REFLECTION = "Quokka is why I want to learn this.", "Wombat was not kind to me.", "Numbat is what I fear."
SECRETS = ("Quokka", "Wombat", "Numbat")
NOBODYS = ("Wombat", "Numbat")

FATES = ("moves", "moves", "moves", "leaves", "goes")
houses, numbers = st.integers(0, 1), st.integers(0, 59)
# Mostly somebody it is for, now and then somebody else.
whose = st.sampled_from((0, 0, 1, 1, 2, 3, 4))


class Life(RuleBasedStateMachine):
    """People of two workspaces ask, answer, meet, pause, leave and come back, and time passes."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        url = sqlite_in(Path(self._open.enter_context(TemporaryDirectory(prefix="life-"))))
        self.town = Town.of(self._open.enter_context(open_house(url)))
        self._begin_well()

    def _begin_well(self) -> None:
        """A pair with all a pair has, and a request that waits in each, so that no story begins at nothing."""
        self.ask(0, 4, 0, 1)
        self.accept(0, 0)
        self.meet(0, 0, 0, 3, 12)
        self.set_a_milestone(0, 0, 1, 5)
        self.introduce(0, 0, 1, 1)
        self.press(0, 0, 0, "versions", 0)
        self.ask(0, 3, 2, 1)
        self.ask(1, 2, 1, 0)

    def teardown(self) -> None:
        """See that all that is owed has found its end, unless the story broke off, then close the houses."""
        try:
            if sys.exc_info()[0] is None:
                self._end_silences()
                self.town.forward(hours=3)
                self.all_is_well()
                assert self.town.in_doubt() == []
        finally:
            self.close()

    def close(self) -> None:
        """Close the houses."""
        self._open.close()

    def _end_silences(self) -> None:
        for house in self.town.houses:
            self.town.tap(house, 0).press("silence.end")

    # -- helpers -----------------------------------------------------------------------------------------

    def _pick(self, where: int, kind: str, nth: int, who: int) -> tuple[Fingers, Thing] | None:
        """A thing, a new one rather than an old, and somebody to do something with it."""
        house = self.town.houses[where]
        found = things(house, kind)
        if not found:
            return None
        thing = found[nth % min(len(found), 4) if nth % 3 else nth % len(found)]
        known = who < len(thing.people)
        return (self.town.of_id(house, thing.people[who]) if known else self.town.tap(house, who + nth)), thing

    def _press(self, found: tuple[Fingers, Thing] | None, button: str) -> None:
        """Press it; from somebody whom it does not concern, nothing may come of it."""
        if found is None:
            return
        fingers, thing = found
        before = None if fingers.who.id in thing.people else self.town.all_but_deliveries()
        fingers.press(button, thing.value)
        assert before in (None, self.town.all_but_deliveries()), f"{button} worked for somebody it is not for"

    def _has(self, kind: str) -> bool:
        return any(things(house, kind) for house in self.town.houses)

    # -- what people do ----------------------------------------------------------------------------------

    @rule(where=houses, who=numbers, other=numbers, third=numbers)
    def ask(self, where: int, who: int, other: int, third: int) -> None:
        """From the two questions to a sent note."""
        house, people = self.town.houses[where], self.town.people[self.town.houses[where].workspace_id]
        mentee = self.town.tap(house, who)
        mentee.submit("find.search", topic=TOPIC, goal=GOAL)
        begun = [each for each in things(house, "searches") if each.people == (mentee.who.id,)]
        named = [people[number % len(people)].id for number in (other, third)]
        for search in begun:
            mentee.submit("find.send", meta=f"{search.value} {named[0]}", note=NOTE, others=[named[1]])

    @rule(where=houses, nth=numbers, who=whose, kind=st.sampled_from(EARLY), button=numbers)
    def press(self, where: int, nth: int, who: int, kind: str, button: int) -> None:
        """A button of a request, a pair, a meeting or an agreement."""
        self._press(self._pick(where, kind, nth, who), BUTTONS[kind][button % len(BUTTONS[kind])])

    @precondition(lambda self: self._has("pairs") or self._has("groups"))
    @rule(where=houses, nth=numbers, who=whose, kind=st.sampled_from(LATE), button=numbers)
    def press_later(self, where: int, nth: int, who: int, kind: str, button: int) -> None:
        """A button of what comes after a yes."""
        self._press(self._pick(where, kind, nth, who), BUTTONS[kind][button % len(BUTTONS[kind])])

    @rule(where=houses, nth=numbers)
    def accept(self, where: int, nth: int) -> None:
        """Whoever is asked says yes."""
        found = self._pick(where, "asks", nth, 0)
        if found is not None:
            found[0].press("requests.accept", found[1].value)

    @rule(where=houses, nth=numbers, other=numbers)
    def decline(self, where: int, nth: int, other: int) -> None:
        """Whoever is asked says no, perhaps with somebody else in mind."""
        found = self._pick(where, "asks", nth, 0)
        if found is not None:
            people = self.town.people[self.town.houses[where].workspace_id]
            person = people[other % len(people)].slack_id if other % 2 else None
            found[0].submit("requests.say_no", meta=found[1].value, reason="no_reason", person=person)

    @precondition(lambda self: self._has("pairs"))
    @rule(where=houses, nth=numbers, who=whose, days=st.integers(-1, 40), hour=st.integers(0, 23))
    def meet(self, where: int, nth: int, who: int, days: int, hour: int) -> None:
        """Plan a meeting, by day, by hour."""
        found = self._pick(where, "pairs", nth, who)
        if found is not None:
            day = f"{self.town.houses[0].now + timedelta(days=days):%Y-%m-%d}"
            found[0].submit("meetings.plan", found[1].value, day=day, time=f"{hour:02}:00", minutes="30", place="")

    @precondition(lambda self: self._has("meetings"))
    @rule(where=houses, nth=numbers, who=whose)
    def say_how_it_was(self, where: int, nth: int, who: int) -> None:
        """A word on a meeting, which nobody else reads."""
        found = self._pick(where, "meetings", nth, who)
        if found is not None:
            found[0].submit("feedback.save", meta=found[1].value, score="much", words=WORD)

    @precondition(lambda self: self._has("checkins"))
    @rule(where=houses, nth=numbers)
    def check_in(self, where: int, nth: int) -> None:
        """Answer all of a check-in, and reflect on it."""
        for number in range(3):
            found = self._pick(where, "checkins", nth, 0)
            if found is not None:
                found[0].press("checkins.first", found[1].value)
                meta = found[1].value.partition(" ")[0]
                found[0].submit("checkins.keep_reflection", meta=meta, words=REFLECTION) if number else None

    @precondition(lambda self: self._has("pairs"))
    @rule(where=houses, nth=numbers, who=whose, days=st.integers(0, 120))
    def set_a_milestone(self, where: int, nth: int, who: int, days: int) -> None:
        """A day the two set."""
        found = self._pick(where, "pairs", nth, who)
        if found is not None:
            day = f"{self.town.houses[0].now + timedelta(days=days):%Y-%m-%d}"
            found[0].submit("milestones.save", meta=found[1].value, template="own", title="First talk", day=day)

    @precondition(lambda self: self._has("pairs"))
    @rule(where=houses, nth=numbers, who=whose, other=numbers)
    def introduce(self, where: int, nth: int, who: int, other: int) -> None:
        """A mentor introduces a mentee; the mentee may agree at once."""
        found = self._pick(where, "pairs", nth, who)
        if found is None:
            return
        people = self.town.people[self.town.houses[where].workspace_id]
        words: dict[str, Any] = {"why": NOTE, "wish": NOTE}
        contact = people[other % len(people)].slack_id
        found[0].submit("introductions.propose", found[1].value, contact=contact, minutes="20", place=None, **words)
        drafted = self._pick(where, "introductions", 0, 1)
        if drafted is not None and other % 3:
            drafted[0].submit("introductions.agree", meta=drafted[1].value, **words)

    @precondition(lambda self: self._has("pairs"))
    @rule(where=houses, nth=numbers, who=whose, way=st.sampled_from(("stop", "new", "pause")), never=st.booleans())
    def stop(self, where: int, nth: int, who: int, way: str, *, never: bool) -> None:
        """Take one of the ways out."""
        found = self._pick(where, "pairs", nth, who)
        if found is not None:
            found[0].submit("relationships.leave", meta=found[1].value, way=way, never=["never"] if never else [])

    @precondition(lambda self: self._has("pairs"))
    @rule(where=houses, nth=numbers, who=whose, days=st.integers(0, 60))
    def pause(self, where: int, nth: int, who: int, days: int) -> None:
        """Put one pair on hold."""
        found = self._pick(where, "pairs", nth, who)
        if found is not None:
            day = f"{self.town.houses[0].now + timedelta(days=days):%Y-%m-%d}"
            found[0].submit("preferences.pause", meta=found[1].value, away=day)

    @rule(where=houses, who=numbers, days=st.integers(0, 60), quiet=st.booleans())
    def go_away(self, where: int, who: int, days: int, *, quiet: bool) -> None:
        """Be away for some days, or here again; hear everything, or only what was asked for."""
        away = f"{self.town.houses[0].now + timedelta(days=days):%Y-%m-%d}" if days > 5 else None
        attention = "only_asked" if quiet and days % 3 == 0 else "everything"
        fields: dict[str, Any] = {"attention": attention, "day": str(days % 5), "hour": str(9 + days % 8), "away": away}
        self.town.tap(self.town.houses[where], who).submit("preferences.save", **fields)

    @rule(where=houses, who=numbers, places=st.integers(1, 3), is_open=st.booleans())
    def change_places(self, where: int, who: int, places: int, *, is_open: bool) -> None:
        """Take on more or fewer, or nobody new; this also joins, and comes back."""
        room = f"{'open' if is_open else 'closed'}-{places}"
        self.town.tap(self.town.houses[where], who).submit("profiles.save", teaches=TOPIC, room=room)

    @rule(where=houses, who=numbers, button=st.sampled_from(PLAIN))
    def press_at_home(self, where: int, who: int, button: str) -> None:
        """A button that is about nobody else."""
        self.town.tap(self.town.houses[where], who).press(button)

    @rule(where=houses, who=st.integers(1, 2), what=st.sampled_from(FATES), zone=st.sampled_from(ZONES))
    def befall(self, where: int, who: int, what: str, zone: str) -> None:
        """Somebody leaves mentoring; or their account is closed, or open again; or they are elsewhere."""
        house = self.town.houses[where]
        member = self.town.people[house.workspace_id][who]
        if what == "leaves":
            self.town.tap(house, who).submit("profiles.leave")
        else:
            house.person(member.name, zone, slack_id=member.slack_id, is_gone=what == "goes")

    @rule(where=houses)
    def begin_again(self, where: int) -> None:
        """A whole workspace is forgotten, and begins again: nothing of it may be left anywhere."""
        stayed = self.town.forget(self.town.houses[where])
        assert stayed == [], stayed

    # -- what Slack and strangers do ---------------------------------------------------------------------

    @rule()
    def come_twice(self) -> None:
        """Slack delivers the last thing once more: nothing may change by it.

        What was refused left nothing behind, not even that it came; meanwhile it may be taken, and then once.
        """
        for house, incoming in list(self.town.last):
            fingers = Fingers(house, self.town.people[house.workspace_id][0], self.town.last)
            if not self.town.remembers(house, incoming):
                fingers.told(incoming)
            before = house.count()
            fingers.told(incoming)
            assert house.count() == before, f"{incoming.id} had an effect twice"

    @rule(where=houses, nth=numbers, kind=st.sampled_from(tuple(BUTTONS)), button=numbers, who=numbers)
    def reach_across(self, where: int, nth: int, kind: str, button: int, who: int) -> None:
        """Somebody presses what belongs to the other workspace: nothing may come of it, there or here."""
        there, here = self.town.houses[where], self.town.houses[1 - where]
        found = things(there, kind)
        if found:
            button_id = BUTTONS[kind][button % len(BUTTONS[kind])]
            self._press((self.town.tap(here, who), found[nth % len(found)]), button_id)

    @rule(
        delta=st.sampled_from(({"minutes": 4}, {"minutes": 11}, {"hours": 5}, {"days": 1}, {"days": 4}, {"days": 12}))
    )
    def time_passes(self, delta: dict[str, float]) -> None:
        """A while, with everything that falls due in it."""
        self.town.forward(**delta)

    @precondition(lambda self: self._has("pairs"))
    @rule(days=st.sampled_from((2, 6, 15, 31)))
    def weeks_pass(self, days: int) -> None:
        """Long enough for meetings, silences, check-ins and the end of a term."""
        self.town.forward(days=days)

    # -- what must always hold ---------------------------------------------------------------------------

    @invariant()
    def all_is_well(self) -> None:
        """No row is half-written, nobody is known next door, and private words stand nowhere."""
        wrongs = self.town.wrongs(*SECRETS)
        assert wrongs == [], wrongs
        letters = self.town.houses[0].letters
        assert [each for each in letters if any(word in str(each.payload) for word in NOBODYS)] == []
        letters.clear()


@pytest.fixture
def life() -> Iterator[Life]:
    """A life by hand."""
    begun = Life()
    yield begun
    begun.close()


def test_a_place_that_is_not_counted_is_named(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "take_place", lambda *_: True)
    life.accept(1, 0)
    with pytest.raises(AssertionError, match="a mentor's places in use"):
        life.all_is_well()


def test_a_message_without_a_reason_is_named(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.town.forward(hours=14)
    life.ask(1, 0, 1, 1)
    mentee = life.town.tap(life.town.houses[1], 0)
    mentee.press("requests.withdraw", things(life.town.houses[1], "searches")[0].value)
    monkeypatch.setattr(Parcels, "_why_not", lambda *_: "")
    with pytest.raises(AssertionError, match="there is no reason for it any more"):
        life.town.forward(days=2)


def test_a_button_that_works_for_anybody_is_named(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "own_ask", lambda tx, _, ask_id: requests.card_of(tx, ask_id))
    with pytest.raises(AssertionError, match="worked for somebody it is not for"):
        life.press(1, 0, 3, "asks", 0)


def test_a_private_word_where_it_can_be_read_is_named(life: Life) -> None:
    life.town.houses[0].do(lambda tx: tx.session.execute(text("UPDATE profiles SET goal = :it"), {"it": REFLECTION}))
    with pytest.raises(AssertionError, match="Numbat stands readable"):
        life.all_is_well()


def test_somebody_of_next_door_is_named(life: Life) -> None:
    stranger = life.town.people[THERE][0].id
    change = text("UPDATE outbox SET facts = :it WHERE workspace_id = :w")
    life.town.houses[0].do(
        lambda tx: tx.session.execute(change, {"it": f'{{"next": "{stranger}"}}', "w": tx.workspace_id})
    )
    with pytest.raises(AssertionError, match="stands in a row of T0HERE"):
        life.all_is_well()


def test_a_message_sent_twice_is_named(life: Life) -> None:
    life.town.forward(hours=1)
    again = text(
        "UPDATE outbox SET state = 'pending', due_at = '2027-03-01 10:30', expires_at = NULL WHERE op = 'post'"
    )
    life.town.houses[0].do(lambda tx: tx.session.execute(again))
    with pytest.raises(AssertionError, match="was sent twice"):
        life.town.forward(minutes=5)


def test_a_workspace_that_is_forgotten_leaves_nothing_and_begins_again(life: Life) -> None:
    life.town.tap(life.town.houses[1], 0).press("silence.begin")
    life.begin_again(1)
    life.all_is_well()
    life.ask(1, 0, 1, 1)
    life.town.forward(hours=1)
    assert [letter for letter in life.town.houses[0].letters if letter.kind == "requests.sent"] != []


LEFT_BEHIND = {
    "stands readable": "UPDATE workspaces SET silent_by = :id WHERE id = :place",
    "Uma stands readable": "INSERT INTO marks (name, value) VALUES ('who', 'Uma')",
    "a row of T0THERE stayed": """INSERT INTO buckets (id, workspace_id, name, per_second, full_at, free_at, failures)
        VALUES ('b', :place, 'posts', 1, '2027-03-01', '2027-03-01', 0)""",
    "rows of next door went along": "UPDATE profiles SET goal = ''",
}


@pytest.mark.parametrize("named", LEFT_BEHIND)
def test_what_is_left_of_somebody_forgotten_is_named(life: Life, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    facts = {"place": THERE, "id": life.town.people[THERE][0].id}

    def forget(session: Session, workspace_id: str) -> None:
        erasure.forget_workspace(session, workspace_id)
        session.execute(text(LEFT_BEHIND[named]), {key: facts[key] for key in facts if f":{key}" in LEFT_BEHIND[named]})

    monkeypatch.setattr(town, "forget_workspace", forget)
    with pytest.raises(AssertionError, match=named):
        life.begin_again(1)


@pytest.mark.timeout(7200)
def test_two_workspaces_live_and_nothing_ever_breaks(full: bool) -> None:  # noqa: FBT001  (pytest hands it over)
    examples, steps = FULL if full else SMALL
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not full,
            phases=(Phase.generate, Phase.shrink) if full else (Phase.generate,),
            report_multiple_bugs=False,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
