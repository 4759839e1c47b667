"""The same deeds as a person presses them: where they pressed decides what they see, and twice is once."""

import pytest

from bot.deeds import crashed, misread, refused
from bot.errors import AskIsOverError, NotForYouError, NotYoursError, TooLateToUndoError
from bot.rules.permissions import Standing
from bot.rules.requests import Declined
from bot.services import requests
from bot.slack.calls import Source
from bot.slack.forms import FormError
from bot.slack.replies import Nothing, OpenModal, Replace, ShowModal, Tell, UpdateModal, Wrong
from bot.slack.router import RouteKind
from storage.models.members import Member
from storage.models.requests import Ask, AskState, SearchState
from tests.builders import House, texts_in
from tests.taps import Taps


def asked(house: House) -> tuple[Taps, Taps, Ask]:
    """Noor has asked Tomás, and both have read so."""
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    ask = house.ask(noor, tomas)
    house.forward(minutes=1)
    return Taps(house, noor), Taps(house, tomas), ask


def texts(house: House, who: Member) -> list[str]:
    return [letter.text for letter in house.letters if letter.slack_id == who.slack_id]


def test_a_yes_pressed_in_the_message_changes_the_message_at_once(house: House) -> None:
    _, tomas, ask = asked(house)
    shown = tomas.press("requests.accept", ask.id).reply
    assert isinstance(shown, Replace)
    assert "You're Noor's mentor" in shown.message.text.value
    again = tomas.press("requests.accept", ask.id).reply
    assert again == shown


@pytest.mark.parametrize("place", [Source.MODAL, Source.HOME])
def test_a_yes_pressed_elsewhere_brings_the_message_up_to_date_too(house: House, place: Source) -> None:
    _, tomas, ask = asked(house)
    tomas.press("requests.accept", ask.id, source=place)
    house.forward(minutes=1)
    assert "You're Noor's mentor" in texts(house, tomas.who)[-1]


def test_a_withdrawal_pressed_on_home_brings_the_message_up_to_date_too(house: House) -> None:
    noor, _, ask = asked(house)
    noor.press("requests.withdraw", ask.search_id, source=Source.HOME)
    house.forward(minutes=1)
    assert "Withdrawn" in texts(house, noor.who)[-1]
    noor.press("requests.undo_withdraw", ask.search_id, source=Source.HOME)
    noor.press("requests.undo_withdraw", ask.search_id, source=Source.HOME)
    house.forward(minutes=1)
    assert "I've asked" in texts(house, noor.who)[-1]


def test_reading_a_note_shows_it_to_its_reader_alone(house: House) -> None:
    noor, tomas, ask = asked(house)
    shown = tomas.press("requests.read", ask.id).reply
    assert isinstance(shown, ShowModal)
    assert any("half an hour for a first chat" in text for text in texts_in(shown.modal.payload()))
    assert isinstance(noor.press("requests.read", ask.id).reply, Tell)


def test_no_is_two_taps_and_an_answered_request_asks_no_more(house: House) -> None:
    _, tomas, ask = asked(house)
    assert isinstance(tomas.press("requests.decline", ask.id).reply, OpenModal)
    tomas.submit("requests.say_no", meta=ask.id, reason="anything else", person=None)
    assert house.current(ask).reason == Declined.NO_REASON
    answered = tomas.press("requests.decline", ask.id).reply
    assert isinstance(answered, Replace)
    assert "Not this time, then" in answered.message.text.value
    for _ in range(2):
        tomas.press("requests.undo_decline", ask.id)
        assert house.current(ask).state == AskState.WAITING


def test_a_late_answer_is_for_the_mentee_alone_and_only_while_it_is_open(house: House) -> None:
    noor, tomas, ask = asked(house)
    with pytest.raises(AskIsOverError):
        house.act(noor.who, requests.take_late, ask.id)
    house.forward(days=4)
    tomas.press("requests.accept", ask.id)
    with pytest.raises(NotYoursError):
        house.act(tomas.who, requests.take_late, ask.id)
    for _ in range(2):
        noor.press("requests.leave_late", ask.id)
    assert house.current(ask).state == AskState.WITHDRAWN
    taken = noor.press("requests.take_late", ask.id).reply
    assert isinstance(taken, Tell | Replace)
    assert house.search_of(ask).state == SearchState.UNANSWERED


def test_an_offer_to_somebody_matched_meanwhile_is_over(house: House) -> None:
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas, grace)
    house.forward(days=3)
    house.act(tomas, requests.accept, ask.id)
    house.act(grace, requests.accept, house.ask_of(ask.search_id, grace).id)
    with pytest.raises(AskIsOverError):
        house.act(noor, requests.take_late, ask.id)


def test_a_no_cannot_be_undone_by_who_has_said_yes(house: House) -> None:
    _, tomas, ask = asked(house)
    tomas.press("requests.accept", ask.id)
    with pytest.raises(TooLateToUndoError):
        house.act(tomas.who, requests.undo_decline, ask.id)
    tomas.press("requests.undo_accept", ask.id)
    assert house.act(tomas.who, requests.undo_accept, ask.id).ask.state == AskState.WAITING


def test_asking_again_shows_the_search_that_runs(house: House) -> None:
    noor, _, _ = asked(house)
    for shown in (noor.type("find").reply, noor.press("find.start").reply):
        assert isinstance(shown, ShowModal)
        assert shown.modal.callback == "requests.running"


def test_what_was_begun_is_carried_on_or_begun_anew(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    first = noor.press("find.carry_on").reply
    assert isinstance(first, ShowModal)
    assert first.modal.callback == "find.search"
    noor.submit("find.search", topic="drawing", goal="Draw every day")
    carried = noor.press("find.carry_on").reply
    assert isinstance(carried, ShowModal)
    assert carried.modal.callback == "find.results"
    elsewhere = noor.press("find.elsewhere", source=Source.MODAL).reply
    assert isinstance(elsewhere, UpdateModal)
    assert "drawing" in set(texts_in(elsewhere.modal.payload()))
    forgotten = noor.press("find.forget").reply
    assert isinstance(forgotten, ShowModal)
    assert "drawing" not in set(texts_in(forgotten.modal.payload()))


def test_a_refusal_comes_where_the_person_is(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    for source, reply in ((Source.MESSAGE, Tell), (Source.HOME, OpenModal), (Source.MODAL, OpenModal)):
        assert isinstance(noor.press("requests.accept", "no such ask", source=source).reply, reply)
    fieldless = noor.incoming(RouteKind.FORM, "profiles.leave", view={"blocks": []})
    assert isinstance(refused(NotYoursError(), fieldless).reply, UpdateModal)
    event = noor.incoming(RouteKind.EVENT, "message")
    assert isinstance(refused(NotYoursError(), event).reply, Nothing)
    assert isinstance(crashed("1a2b3c4d", event).reply, Nothing)


def test_bots_and_the_gone_hear_nothing(house: House) -> None:
    command = Taps(house, house.person("Bot B", is_bot=True)).incoming(RouteKind.COMMAND, "find")
    for standing in (Standing.BOT, Standing.GONE):
        assert isinstance(refused(NotForYouError(standing), command).reply, Nothing)


def test_a_crash_and_a_misread_form_say_so_in_place(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    crash = crashed("1a2b3c4d", noor.incoming(RouteKind.COMMAND, "find", source=Source.COMMAND)).reply
    assert isinstance(crash, Tell)
    assert "1a2b3c4d" in crash.message.text.value
    view = {"blocks": [{"type": "input", "block_id": "topic"}]}
    form = noor.incoming(RouteKind.FORM, "find.search", view=view)
    for errors in ({"topic": ""}, {"unknown": "x"}):
        misreading = misread(FormError(errors), form)
        assert isinstance(misreading.reply, Wrong)
        assert set(misreading.reply.errors) == {"topic"}
        assert misreading.ack == {"response_action": "errors", "errors": dict(misreading.reply.errors)}
