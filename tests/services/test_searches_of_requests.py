"""How a search goes from name to name, and how it ends: silence, reminders, withdrawals, late answers, day 24."""

from datetime import timedelta

import pytest

from bot.errors import AskIsOverError, NotYoursError, SearchIsOverError, TooLateToUndoError
from bot.rules.days import spread_of
from bot.rules.profiles import Answers
from bot.rules.requests import Declined
from bot.services import profiles, requests
from bot.views import requests as views
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.models.relationships import Relationship
from storage.models.requests import Ask, AskState, Search, SearchState
from storage.queries import requests as queries
from tests.builders import House, texts_in

NAMES = ("Tomás F", "Grace M", "Amara O", "Priya N", "Kenji M")


def asked(house: House, names: int = 2) -> tuple[Member, list[Member], Ask]:
    """Noor asks the first of some mentors; the others wait in line."""
    noor, mentors = house.person("Noor Haddad"), [house.mentor(name) for name in NAMES[:names]]
    return noor, mentors, house.ask(noor, *mentors)


def shown(house: House, search_id: str) -> str:
    """The mentee's own message about a search, as it stands now."""

    def look(tx: object) -> str:
        search = queries.search(tx, search_id)  # type: ignore[arg-type]
        assert search is not None
        return views.sent(requests.search_card_of(tx, search)).text.value  # type: ignore[arg-type]

    return house.do(look)


def test_three_silent_working_days_bring_one_reminder_and_then_the_next_name(house: House) -> None:
    noor, (tomas, grace), ask = asked(house)
    house.forward(hours=23, minutes=59)
    assert not house.read_by(tomas, "requests.reminded")
    house.forward(minutes=1)
    assert len(house.read_by(tomas, "requests.reminded")) == 1
    house.forward(days=2, minutes=-1)
    assert house.current(ask).state == AskState.WAITING
    house.forward(minutes=1)
    assert house.current(ask).state == AskState.LAPSED
    assert "weeks get full" in house.read_by(noor, "requests.moved_on")[0].text
    assert len(house.read_by(grace, "requests.asked")) == 1
    assert len(house.read_by(tomas, "requests.reminded")) == 1


def test_a_weekend_does_not_count_as_silence(house: House) -> None:
    house.now += timedelta(days=3)
    _, _, ask = asked(house)
    assert ask.due_at == house.now + timedelta(days=5), "Thursday, so Friday, Monday, and Tuesday at the same hour"


def test_a_mentor_far_away_is_asked_in_their_own_morning(house: House) -> None:
    noor, kenji = house.person("Noor Haddad"), house.mentor("Kenji Mori", zone="Asia/Tokyo")
    ask = house.ask(noor, kenji)
    assert ask.asked_at == house.now.replace(day=2, hour=0), "nine in Tokyo is midnight in London"
    assert "is away from work now" in shown(house, ask.search_id)
    house.forward(hours=13)
    assert not house.read_by(kenji)
    assert not house.act(kenji, requests.waiting_for)
    house.forward(hours=1.5)
    assert [letter.at for letter in house.read_by(kenji, "requests.asked")] == [ask.asked_at + spread_of(kenji.id)]
    assert house.act(kenji, requests.waiting_for)


def test_a_search_nobody_answers_closes_by_day_24(house: House) -> None:
    noor, mentors, ask = asked(house, names=5)
    house.forward(days=24)
    search = house.search_of(ask)
    assert search.state == SearchState.UNANSWERED
    assert search.ended_at is not None
    assert search.ended_at <= search.opened_at + timedelta(days=24)  # type: ignore[operator]  # it was opened
    assert len(house.read_by(noor, "requests.unanswered")) == 1
    assert [len(house.read_by(mentor, "requests.asked")) for mentor in mentors] == [1] * 5
    house.forward(days=30)
    assert len(house.read_by(noor, "requests.unanswered")) == 1


def test_a_search_begun_on_a_friday_evening_closes_by_day_24_too(house: House) -> None:
    house.now += timedelta(days=4, hours=10)
    _, _, ask = asked(house, names=5)
    house.forward(days=25)
    search = house.search_of(ask)
    assert search.state == SearchState.UNANSWERED
    assert search.ended_at is not None
    assert search.ended_at <= search.closes_at  # type: ignore[operator]  # it was opened


def test_withdrawing_reaches_the_mentor_only_after_ten_minutes(house: House) -> None:
    noor, (tomas, _), ask = asked(house)
    house.forward(minutes=1)
    house.act(noor, requests.withdraw, ask.search_id)
    house.forward(minutes=9)
    assert len([letter for letter in house.letters if letter.slack_id == tomas.slack_id]) == 1
    house.forward(minutes=1)
    last = [letter for letter in house.letters if letter.slack_id == tomas.slack_id][-1]
    assert "no longer looking" in last.text
    assert house.current(ask).state == AskState.WITHDRAWN


def test_a_withdrawal_taken_back_leaves_no_trace(house: House) -> None:
    noor, (tomas, _), ask = asked(house)
    house.act(noor, requests.withdraw, ask.search_id)
    house.forward(minutes=9)
    house.act(noor, requests.undo_withdraw, ask.search_id)
    house.forward(minutes=30)
    assert house.search_of(ask).state == SearchState.OPEN
    assert all("no longer looking" not in letter.text for letter in house.letters)
    house.act(tomas, requests.accept, ask.id)
    assert house.search_of(ask).state == SearchState.MATCHED


def test_a_mentor_who_looked_meanwhile_has_their_buttons_back_after_a_withdrawal_is_undone(house: House) -> None:
    noor, (tomas, _), ask = asked(house)
    house.forward(minutes=1)
    house.act(noor, requests.withdraw, ask.search_id)
    assert house.act(tomas, requests.accept, ask.id).ask.state == AskState.WAITING, "it shows how things stand"
    house.act(noor, requests.undo_withdraw, ask.search_id)
    house.forward(minutes=1)
    last = [letter for letter in house.letters if letter.slack_id == tomas.slack_id][-1]
    assert "requests.accept" in set(texts_in(last.payload))


def test_a_withdrawal_stands_after_ten_minutes(house: House) -> None:
    noor, _, ask = asked(house)
    house.act(noor, requests.withdraw, ask.search_id)
    house.forward(minutes=10)
    with pytest.raises(TooLateToUndoError):
        house.act(noor, requests.undo_withdraw, ask.search_id)
    with pytest.raises(SearchIsOverError):
        house.act(noor, requests.rewrite, ask.search_id, "Other words, long enough to be a note.")


def test_a_withdrawal_cannot_be_taken_back_beside_a_new_search(house: House) -> None:
    noor, (_, grace), ask = asked(house)
    house.act(noor, requests.withdraw, ask.search_id)
    house.ask(noor, grace)
    with pytest.raises(TooLateToUndoError):
        house.act(noor, requests.undo_withdraw, ask.search_id)


@pytest.mark.parametrize("meanwhile", ["declined", "lapsed", "gone"])
def test_a_search_taken_back_goes_on_where_its_name_fell_away_meanwhile(house: House, meanwhile: str) -> None:
    noor, (tomas, grace), ask = asked(house)
    if meanwhile == "lapsed":
        house.forward(days=2, hours=23, minutes=55)
    if meanwhile == "declined":
        house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
        house.forward(minutes=5)
    house.act(noor, requests.withdraw, ask.search_id)
    if meanwhile == "gone":
        house.do(lambda tx: _deactivate(tx, tomas))
    house.forward(minutes=7)
    house.act(noor, requests.undo_withdraw, ask.search_id)
    house.forward(minutes=5)
    assert house.ask_of(ask.search_id, grace).state == AskState.WAITING
    assert len(house.read_by(noor, "requests.moved_on")) == 1
    assert "Grace M" in house.read_by(noor, "requests.moved_on")[0].text


def _deactivate(tx: object, member: Member) -> None:
    found = tx.session.get(Member, member.id)  # type: ignore[attr-defined]
    found.is_gone = True


def test_other_peoples_searches_are_refused_like_ones_that_never_were(house: House) -> None:
    _, (tomas, _), ask = asked(house)
    before = house.count()
    for deed in (requests.withdraw, requests.undo_withdraw, requests.open_search):
        for search_id in (ask.search_id, "no such search"):
            with pytest.raises(NotYoursError):
                house.act(tomas, deed, search_id)
    with pytest.raises(NotYoursError):
        house.act(tomas, requests.rewrite, ask.search_id, "Words of somebody else, long enough.")
    assert house.count() == before


def test_a_rewritten_note_is_what_the_mentor_reads(house: House) -> None:
    noor, (tomas, _), ask = asked(house)
    house.act(noor, requests.rewrite, ask.search_id, "Other words, after a night's sleep.")
    assert house.act(tomas, requests.own_ask, ask.id).note == "Other words, after a night's sleep."


def late(house: House) -> tuple[Member, list[Member], Ask]:
    """Tomás said yes after his time; Grace is being asked."""
    noor, (tomas, grace), ask = asked(house)
    house.forward(days=3)
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=1)
    return noor, [tomas, grace], ask


def test_a_late_yes_is_offered_and_taken(house: House) -> None:
    noor, (tomas, grace), ask = late(house)
    assert house.current(ask).state == AskState.OFFERED
    assert len(house.read_by(noor, "requests.late_yes")) == 1
    house.act(noor, requests.take_late, ask.id)
    house.act(noor, requests.take_late, ask.id)
    assert house.search_of(ask).state == SearchState.MATCHED
    assert [pair.mentor_id for pair in house.rows(Relationship)] == [tomas.id]
    assert house.ask_of(ask.search_id, grace).state == AskState.WITHDRAWN
    assert [p.taken for p in house.rows(Profile, member_id=tomas.id)] == [1]


def test_nobody_can_take_a_mentor_who_never_said_yes(house: House) -> None:
    noor, (tomas, grace), ask = asked(house)
    house.forward(days=3)
    for claimed in (ask, house.ask_of(ask.search_id, grace)):
        with pytest.raises(AskIsOverError):
            house.act(noor, requests.take_late, claimed.id)
    house.act(noor, requests.withdraw, ask.search_id)
    house.forward(minutes=11)
    for mentor in (tomas, grace):
        with pytest.raises(AskIsOverError):
            house.act(noor, requests.take_late, house.ask_of(ask.search_id, mentor).id)
    assert not house.rows(Relationship)


def test_a_late_yes_left_is_said_kindly_and_not_offered_twice(house: House) -> None:
    noor, (tomas, _), ask = late(house)
    house.act(noor, requests.leave_late, ask.id)
    house.forward(minutes=1)
    last = [letter for letter in house.letters if letter.slack_id == tomas.slack_id][-1]
    assert "no longer looking" not in last.text
    assert "requests.accept" not in set(texts_in(last.payload)), "no button that leads nowhere"
    house.act(tomas, requests.accept, ask.id)
    house.forward(minutes=1)
    assert len(house.read_by(noor, "requests.late_yes")) == 1
    assert "You stayed" in house.do(lambda tx: views.late_yes(requests.card_of(tx, ask.id)).text.value)


def test_a_late_yes_to_somebody_matched_meanwhile_is_told_so(house: House) -> None:
    _, (tomas, grace), ask = asked(house)
    house.forward(days=3)
    house.act(grace, requests.accept, house.ask_of(ask.search_id, grace).id)
    card = house.act(tomas, requests.accept, ask.id)
    assert "requests.accept" not in set(texts_in(views.asked(card).payload()))


def test_a_late_yes_to_a_search_of_long_ago_is_over(house: House) -> None:
    noor, (tomas,), ask = asked(house, names=1)
    house.forward(days=4)
    house.ask(noor, house.mentor("Grace M"))
    with pytest.raises(AskIsOverError):
        house.act(tomas, requests.accept, ask.id)


def test_a_late_yes_is_not_offered_to_somebody_who_left(house: House) -> None:
    noor, (tomas,), ask = asked(house, names=1)
    house.forward(days=4)
    house.act(noor, profiles.leave)
    house.forward(minutes=15)
    with pytest.raises(AskIsOverError):
        house.act(tomas, requests.accept, ask.id)


def test_a_late_yes_from_somebody_who_became_the_mentor_meanwhile_changes_nothing(house: House) -> None:
    noor, (tomas,), ask = asked(house, names=1)
    house.forward(days=3)
    house.act(tomas, requests.accept, ask.id)
    again = house.ask(noor, tomas)
    house.act(tomas, requests.accept, again.id)
    with pytest.raises(AskIsOverError):
        house.act(noor, requests.take_late, ask.id)
    assert len(house.rows(Relationship)) == 1


def test_a_late_yes_from_a_mentor_who_is_full_by_then_changes_nothing(house: House) -> None:
    noor, mateo, tomas = house.person("Noor H"), house.person("Mateo C"), house.mentor("Tomás F", places=1)
    first, second = house.ask(noor, tomas), house.ask(mateo, tomas)
    house.forward(hours=1)
    house.act(tomas, requests.accept, second.id)
    house.forward(days=3)
    house.act(tomas, requests.accept, first.id)
    before = house.count()
    with pytest.raises(AskIsOverError):
        house.act(noor, requests.take_late, first.id)
    assert house.count() == before


def test_the_mentees_message_names_the_mentor_who_was_taken_late(house: House) -> None:
    noor, (_, grace), ask = late(house)
    house.act(grace, requests.decline, house.ask_of(ask.search_id, grace).id, Declined.NO_ROOM, None)
    house.act(noor, requests.take_late, ask.id)
    assert shown(house, ask.search_id).startswith("Tomás F is your mentor")


def test_names_that_cannot_be_asked_any_more_are_passed_over_in_silence(house: House) -> None:
    noor, (tomas, grace, amara), ask = asked(house, names=3)
    house.do(lambda tx: _deactivate(tx, grace))
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    house.forward(minutes=11)
    assert house.ask_of(ask.search_id, grace).state == AskState.PASSED
    assert house.ask_of(ask.search_id, amara).state == AskState.WAITING
    assert all("Grace" not in letter.text for letter in house.read_by(noor))


def test_a_name_that_is_full_or_resting_when_its_turn_comes_is_passed_over_too(house: House) -> None:
    _, (tomas, grace, amara, priya), ask = asked(house, names=4)
    house.act(amara, profiles.save, Answers("data analysis", "", "", "", 2, is_open=False))
    house.act(grace, profiles.save, Answers("data analysis", "", "", "", 1, is_open=True))
    house.act(grace, requests.accept, house.ask(house.person("Mateo C"), grace).id)
    house.act(tomas, requests.decline, ask.id, Declined.NO_ROOM, None)
    house.forward(minutes=11)
    states = [house.ask_of(ask.search_id, mentor).state for mentor in (grace, amara, priya)]
    assert states == [AskState.PASSED, AskState.PASSED, AskState.WAITING]


def test_a_decline_by_the_last_name_ends_the_search_with_ways_on(house: House) -> None:
    noor, (tomas,), ask = asked(house, names=1)
    house.act(tomas, requests.decline, ask.id, Declined.NO_REASON, None)
    house.forward(minutes=11)
    end = house.read_by(noor, "requests.unanswered")[0]
    assert house.rows(Search)[0].state == SearchState.UNANSWERED
    assert {"find.start", "help.ways"} <= set(texts_in(end.payload))
