"""Check-ins as a person presses them: in a message, in a modal, twice, late, and where they should not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.rules.checkins import Tapped
from bot.services import checkins, pairs
from bot.slack.calls import Source
from bot.slack.replies import Replace, Reply, ShowModal, Tell, UpdateModal, Wrong
from storage.database import Database
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.members import Member
from storage.models.outbox import Op
from storage.models.relationships import RelationshipState
from storage.queries import checkins as queries
from storage.queries import relationships
from tests.builders import SECONDS, House, fresh, texts_in
from tests.checking_in import Pair, checkin, live, paired
from tests.taps import Taps

PULSE, HALF_TIME, FOLLOW_UP = CheckinKind.PULSE, CheckinKind.HALF_TIME, CheckinKind.FOLLOW_UP
FIRST, SECOND, THIRD = "checkins.first", "checkins.second", "checkins.third"
CHOSEN = {"often": "more", "useful": "very", "change": "all_good", "confidence": "4", "ways": "keep_ways"}


def asked(house: House, days: int = 31) -> tuple[Pair, Taps]:
    """Noor and Tomás have been asked the first pulse, and read so."""
    pair = paired(house)
    live(house, pair, days)
    return pair, Taps(house, pair.noor)


def said(house: House, row: Checkin) -> dict[str, str]:
    return house.do(queries.answers_of, house.current(row))


def words(reply: Reply) -> str:
    """Everything a reply shows."""
    shown: Any = reply
    view = shown.message if isinstance(reply, Replace | Tell) else shown.modal
    return " ".join(texts_in(view.payload()))


def updates(house: House, who: Taps, kind: str = "checkins") -> list[str]:
    house.settle()
    mine = [each for each in house.letters if each.slack_id == who.who.slack_id and each.op is Op.UPDATE]
    return [letter.text for letter in mine if letter.kind.startswith(kind)]


def test_three_taps_in_the_message_and_thanks(either_house: House) -> None:
    pair, noor = asked(either_house)
    row = checkin(either_house, pair.noor, PULSE)
    replies = [noor.press(verb, f"{row.id} {step}").reply for step, verb in enumerate((SECOND, FIRST, THIRD))]
    assert isinstance(replies[0], Replace)
    assert "Is it useful to you?" in words(replies[0])
    assert "anything you'd like changed?" in words(replies[1])
    assert said(either_house, row) == {"often": "more", "useful": "very", "change": "help"}
    ended = either_house.current(row)
    assert (ended.state, ended.step, ended.answered_at) == (CheckinState.ANSWERED, 3, either_house.now)


def test_asking_for_help_opens_people_to_talk_to_and_the_message_only_thanks(house: House) -> None:
    pair, noor = asked(house)
    row = checkin(house, pair.noor, PULSE)
    for step in range(2):
        noor.press(FIRST, f"{row.id} {step}")
    reply = noor.press(THIRD, f"{row.id} 2").reply
    assert isinstance(reply, ShowModal)
    assert "help.worry" in words(reply)
    assert updates(house, noor) == ["Thanks, noted. It stays with you."]
    again = noor.press(THIRD, f"{row.id} 2").reply
    assert isinstance(again, Replace)
    assert "Thanks, noted" in words(again)


def test_a_double_click_answers_one_question(either_house: House) -> None:
    pair, noor = asked(either_house)
    row = checkin(either_house, pair.noor, PULSE)
    shown = [noor.press(FIRST, f"{row.id} 0").reply, noor.press(THIRD, f"{row.id} 0").reply]
    assert shown[0] == shown[1]
    assert said(either_house, row) == {"often": "often_enough"}
    assert either_house.current(row).step == 1


@pytest.mark.parametrize("step", ["1", "2", "3", "-1", "", "00", "x", "0 0"])
def test_a_tap_out_of_order_answers_nothing_and_shows_how_it_stands(house: House, step: str) -> None:
    pair, noor = asked(house)
    row = checkin(house, pair.noor, PULSE)
    reply = noor.press(FIRST, f"{row.id} {step}").reply
    assert isinstance(reply, Replace)
    assert "meeting often enough" in words(reply)
    assert (said(house, row), house.current(row).step) == ({}, 0)


def test_of_presses_that_race_for_a_step_one_wins(either_house: House) -> None:
    house, (pair, _) = either_house, asked(either_house)
    row = checkin(house, pair.noor, PULSE)
    doors = [Database(house.database.url) for _ in range(4)]
    try:
        presses = [door.write(pressing(house, pair.noor, f"{row.id} 0", n % 3)) for n, door in enumerate(doors)]
        tapped = [press.result(SECONDS) for press in presses]
    finally:
        for door in doors:
            door.close()
    assert {each.card.checkin.step for each in tapped} == {1}
    assert len(said(house, row)) == house.current(row).step == 1


def pressing(house: House, who: Member, value: str, choice: int) -> Callable[[Any], Tapped]:
    return lambda session: checkins.tap(house.tx(session), fresh(house.tx(session), who), value, choice)


@pytest.mark.parametrize("deed", [FIRST, "checkins.open", "checkins.reflect"])
def test_the_other_sides_check_in_is_nobody_elses(house: House, deed: str) -> None:
    pair, noor = asked(house)
    row = checkin(house, pair.tomas, PULSE)
    for value in (f"{row.id} 0", row.id, "", "no such id 0"):
        assert "isn't yours" in words(noor.press(deed, value).reply)
    assert said(house, row) == {}
    assert house.current(row).step == 0


def test_what_is_only_planned_cannot_be_answered(house: House) -> None:
    pair, noor = asked(house, days=3)
    row = checkin(house, pair.noor, PULSE)
    assert "isn't yours" in words(noor.press(FIRST, f"{row.id} 0").reply)
    assert "isn't yours" in words(noor.press("checkins.open", row.id).reply)


def test_a_stranger_to_the_pair_reads_nothing_of_it(house: House) -> None:
    pair, _ = asked(house)
    grace = Taps(house, house.person("Grace M"))
    assert "isn't yours" in words(grace.press("checkins.said", pair.id).reply)


def test_the_check_in_of_a_pair_that_ended_meanwhile_asks_no_more(house: House) -> None:
    pair, noor = asked(house)
    row = checkin(house, pair.noor, PULSE)
    noor.press(FIRST, f"{row.id} 0")
    house.do(relationships.write, pair.id, {"state": RelationshipState.ENDED, "ended_at": house.now})
    for value in ("1", "0"):
        assert "has come to its end" in words(noor.press(SECOND, f"{row.id} {value}").reply)
    assert "has come to its end" in words(noor.press("checkins.open", row.id).reply)
    assert said(house, row) == {"often": "often_enough"}


def test_the_check_in_about_somebody_deactivated_asks_no_more(house: House) -> None:
    pair, noor = asked(house)
    row = checkin(house, pair.noor, PULSE)
    house.do(lambda tx: setattr(fresh(tx, pair.tomas), "is_gone", True))
    assert "has come to its end" in words(noor.press(FIRST, f"{row.id} 0").reply)
    assert house.act(pair.noor, checkins.waiting_for) == []


def test_an_old_message_after_the_next_check_in_says_so(house: House) -> None:
    pair, noor = asked(house, days=95)
    row = checkin(house, pair.noor, PULSE)
    assert "A newer check-in took this one's place" in words(noor.press(FIRST, f"{row.id} 0").reply)
    assert said(house, row) == {}


def test_one_who_is_away_may_answer_all_the_same(house: House) -> None:
    pair, noor = asked(house)
    house.do(relationships.write, pair.id, {"away_until": house.now + timedelta(days=30)})
    row = checkin(house, pair.noor, PULSE)
    noor.press(FIRST, f"{row.id} 0")
    assert said(house, row) == {"often": "often_enough"}


def test_answering_is_no_contact_between_the_two(house: House) -> None:
    pair, noor = asked(house)
    before = house.do(relationships.by_id, pair.id)
    noor.press(FIRST, f"{checkin(house, pair.noor, PULSE).id} 0")
    after = house.do(relationships.by_id, pair.id)
    assert before is not None
    assert after is not None
    assert (before.contact_at, before.quiet_at) == (after.contact_at, after.quiet_at)


def test_everything_can_be_answered_from_the_pair_and_the_message_follows(house: House) -> None:
    pair, noor = asked(house)
    facts = house.do(lambda tx: checkins.of_pair(tx, pairs.card_of(tx, pair.id), fresh(tx, pair.noor)))
    assert facts.waiting is not None
    row = facts.waiting.checkin
    opened = noor.press("checkins.open", row.id, source=Source.MODAL).reply
    assert isinstance(opened, ShowModal)
    assert "meeting often enough" in words(opened)
    for step in range(2):
        reply = noor.press(FIRST, f"{row.id} {step}", source=Source.MODAL).reply
        assert isinstance(reply, ShowModal)
    assert "anything you'd like changed?" in words(reply)
    assert updates(house, noor)[-1] == "Is there anything you'd like changed?"
    assert "help.worry" in words(noor.press(THIRD, f"{row.id} 2", source=Source.MODAL).reply)
    assert updates(house, noor)[-1].startswith("Thanks, noted")
    facts = house.do(lambda tx: checkins.of_pair(tx, pairs.card_of(tx, pair.id), fresh(tx, pair.noor)))
    assert (facts.waiting, facts.has_said) == (None, True)


def half_time(house: House) -> tuple[Pair, Taps, Checkin]:
    pair, noor = asked(house, days=95)
    return pair, noor, checkin(house, pair.noor, HALF_TIME)


def test_half_time_is_one_message_and_one_screen(either_house: House) -> None:
    _, noor, row = half_time(either_house)
    opened = noor.press("checkins.open", row.id).reply
    assert isinstance(opened, ShowModal)
    assert len([block for block in opened.modal.blocks if block["type"] == "input"]) == 5
    noted = noor.submit("checkins.look_back", meta=row.id, **CHOSEN).reply
    assert isinstance(noted, UpdateModal)
    assert not {"help.worry", "agreements.read"} & set(texts_in(noted.modal.payload()))
    assert said(either_house, row) == CHOSEN
    assert either_house.current(row).state == CheckinState.ANSWERED
    assert updates(either_house, noor, "checkins.half_time")[-1].startswith("Thanks, noted")


def test_a_wish_to_change_leads_to_the_agreement_and_one_for_help_to_people(house: House) -> None:
    pair, noor, row = half_time(house)
    wishes = CHOSEN | {"ways": "change_ways", "change": "help"}
    noted = noor.submit("checkins.look_back", meta=row.id, **wishes).reply
    assert {"help.worry", "agreements.read", pair.id} <= set(words(noted).split())


def test_half_time_is_answered_once(house: House) -> None:
    _, noor, row = half_time(house)
    noor.submit("checkins.look_back", meta=row.id, **CHOSEN)
    again = noor.submit("checkins.look_back", meta=row.id, **(CHOSEN | {"often": "hardly"})).reply
    assert "Thanks, noted" in words(again)
    assert said(house, row) == CHOSEN
    opened = noor.press("checkins.open", row.id).reply
    assert "Thanks, noted" in words(opened)


def test_half_time_is_not_answered_by_taps_nor_a_pulse_by_its_form(house: House) -> None:
    pair, noor, row = half_time(house)
    assert "Would you look back" in words(noor.press(FIRST, f"{row.id} 0").reply)
    assert said(house, row) == {}
    pulse = checkin(house, pair.noor, PULSE)
    refused = noor.submit("checkins.look_back", meta=pulse.id, **CHOSEN).reply
    assert isinstance(refused, Wrong)


@pytest.mark.parametrize(("field", "value"), [("often", "very"), ("confidence", "6"), ("ways", None), ("change", "")])
def test_an_answer_that_is_none_of_the_choices_is_asked_again_and_the_rest_is_kept(
    house: House, field: str, value: str | None
) -> None:
    _, noor, row = half_time(house)
    refused = noor.submit("checkins.look_back", meta=row.id, **(CHOSEN | {field: value})).reply
    assert refused == Wrong({field: "Please pick one of these."})
    assert house.current(row).state == CheckinState.ASKED


def test_the_follow_up_has_words_of_its_own(house: House) -> None:
    pair = paired(house)
    house.do(relationships.write, pair.id, {"state": RelationshipState.ENDED, "ended_at": house.now})
    house.do(lambda tx: checkins.plan_follow_up(tx, pairs.card_of(tx, pair.id), tx.now + timedelta(days=1)))
    house.forward(days=2)
    noor, row = Taps(house, pair.noor), checkin(house, pair.noor, FOLLOW_UP)
    assert "still in touch" in house.read_by(pair.noor, "checkins.follow_up")[0].text
    for step, verb in enumerate((SECOND, FIRST, THIRD)):
        reply = noor.press(verb, f"{row.id} {step}").reply
    assert "Thanks, noted" in words(reply)
    assert said(house, row) == {"in_touch": "now_and_then", "helped": "a_lot", "recommend": "would_not"}
