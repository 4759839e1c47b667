"""What somebody says in a check-in stays with them: in modals of theirs, sealed at rest, and in no message at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.rules.checkins import OPTIONS, Answer, Question
from bot.services import checkins
from bot.slack.replies import ShowModal, UpdateModal, Wrong
from bot.views.checkins import ANSWERS, QUESTIONS, REFLECTION_MAX
from storage.models.checkins import Checkin, CheckinKind
from storage.models.outbox import OutboxRow
from tests.builders import House, texts_in
from tests.checking_in import Pair, checkin, live, paired
from tests.harmless import harm_in
from tests.taps import Taps

PULSE, HALF_TIME, FOLLOW_UP = CheckinKind.PULSE, CheckinKind.HALF_TIME, CheckinKind.FOLLOW_UP
REFLECTION = "Quokkareflection: I dread our meetings, and have told nobody."
VERBS = ("checkins.first", "checkins.second", "checkins.third")
HALF = {"often": "hardly", "useful": "not_yet", "change": "help", "confidence": "1", "ways": "change_ways"}


def reflected(house: House, words: str = REFLECTION) -> tuple[Pair, Taps, Checkin]:
    """Noor has answered a pulse, and kept a reflection with it."""
    pair = paired(house)
    live(house, pair, 31)
    noor, row = Taps(house, pair.noor), checkin(house, pair.noor, PULSE)
    for step in range(3):
        noor.press(VERBS[2], f"{row.id} {step}")
    noor.submit("checkins.keep_reflection", meta=row.id, words=words)
    house.settle()
    return pair, noor, row


def modal(reply: Any) -> dict[str, Any]:
    assert isinstance(reply, ShowModal | UpdateModal)
    return reply.modal.payload()


def what_i_said(noor: Taps, pair: Pair) -> dict[str, Any]:
    return modal(noor.press("checkins.said", pair.id).reply)


def told_life(house: House) -> Pair:
    """Everything the two can be asked, Noor's every answer the third, Tomás's the first, and words with each."""
    pair, noor, _ = reflected(house)
    tomas = Taps(house, pair.tomas)
    row = checkin(house, pair.tomas, PULSE)
    for step in range(3):
        tomas.press(VERBS[0], f"{row.id} {step}")
    live(house, pair, 64)
    half = checkin(house, pair.noor, HALF_TIME)
    noor.submit("checkins.look_back", meta=half.id, **HALF)
    noor.submit("checkins.keep_reflection", meta=half.id, words=REFLECTION)
    live(house, pair, 60)
    return pair


def test_no_choice_and_no_reflection_is_in_any_message_or_row(house: House) -> None:
    pair = told_life(house)
    assert {"checkins.pulse", "checkins.half_time"} <= {letter.kind for letter in house.letters}
    for letter in house.letters:
        said = list(texts_in(letter.payload))
        assert not [text for text in said if "Quokkareflection" in text], letter
    for row in house.rows(OutboxRow):
        assert row.payload is None or row.kind == "home"
        kept = json.dumps([row.kind, row.dedupe_key, row.reason, row.subject_id, row.facts])
        assert "Quokkareflection" not in kept
        assert not row.kind.startswith("checkins") or not row.facts, row
    assert len(house.act(pair.noor, checkins.said, pair.id).answered) == 2


def test_two_people_who_say_opposite_things_are_sent_the_same(house: House) -> None:
    pair = told_life(house)
    row, other = checkin(house, pair.noor, PULSE), checkin(house, pair.tomas, PULSE)
    last = {
        letter.slack_id: json.dumps(letter.payload)
        for letter in house.letters
        if letter.kind == "checkins.pulse" and "Thanks, noted" in letter.text
    }
    noor, tomas = last[pair.noor.slack_id], Taps(house, pair.tomas).press(VERBS[0], f"{other.id} 2").reply
    assert noor.replace(row.id, other.id) == json.dumps(tomas.message.payload())  # type: ignore[union-attr]  # a tap in a message is answered there


def test_a_button_says_what_it_offers_and_no_message_what_was_taken(house: House) -> None:
    told_life(house)
    for letter in house.letters:
        if letter.kind.startswith("checkins") and "Thanks, noted" in letter.text:
            assert not set(ANSWERS.values()) & set(texts_in(letter.payload)), letter


def test_the_partner_and_an_organiser_read_nothing_of_it(house: House) -> None:
    pair, _, row = reflected(house)
    ingrid = house.person("Ingrid Berg", is_primary_owner=True)
    for who in (pair.tomas, ingrid):
        for verb, value in (("said", pair.id), ("reflect", row.id), ("open", row.id)):
            shown = Taps(house, who).press(f"checkins.{verb}", value).reply
            view: Any = shown.modal if isinstance(shown, ShowModal) else shown
            assert "Quokkareflection" not in str(view)
    refused = Taps(house, pair.tomas).submit("checkins.keep_reflection", meta=row.id, words="mine now").reply
    assert isinstance(refused, Wrong)
    assert house.do(lambda tx: checkins.reflection(tx, checkins.by_id(tx, row.id))) == REFLECTION


def test_it_lies_sealed_in_the_file(house: House) -> None:
    reflected(house)
    path = Path(house.database.url.removeprefix("sqlite:///"))
    house.database.close()
    raw = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert b"Quokkareflection" not in raw
    assert b"hardly" not in raw
    assert "Tomás F".encode() in raw, "the file is the right one, and names are not sealed"


def test_what_i_said_is_there_for_me_also_after_the_end(house: House) -> None:
    pair = told_life(house)
    noor = Taps(house, pair.noor)
    shown = " ".join(texts_in(what_i_said(noor, pair)))
    for word in (REFLECTION, "Hardly", "I'd like help", "1, not yet", "Change something", "Seen by: you."):
        assert word in shown
    assert shown.index("Half-time") < shown.index("*Check-in*")


def test_nothing_said_yet_is_said_kindly(house: House) -> None:
    pair = paired(house)
    assert any("Nothing yet" in text for text in texts_in(what_i_said(Taps(house, pair.noor), pair)))


def test_a_reflection_can_be_read_again_changed_and_taken_away(either_house: House) -> None:
    pair, noor, row = reflected(either_house)
    opened = modal(noor.press("checkins.reflect", row.id).reply)
    assert REFLECTION in set(texts_in(opened))
    noor.submit("checkins.keep_reflection", meta=row.id, words="Better now.")
    assert "Better now." in set(texts_in(what_i_said(noor, pair)))
    emptied = noor.submit("checkins.keep_reflection", meta=row.id, words=None).reply
    assert "Better now." not in set(texts_in(modal(emptied)))
    assert either_house.current(row).reflection is None


def test_a_reflection_belongs_to_an_answered_check_in(house: House) -> None:
    pair = paired(house)
    live(house, pair, 31)
    noor, row = Taps(house, pair.noor), checkin(house, pair.noor, PULSE)
    assert isinstance(noor.submit("checkins.keep_reflection", meta=row.id, words="Too early").reply, Wrong)
    assert house.current(row).reflection is None
    for step in range(3):
        noor.press(VERBS[0], f"{row.id} {step}")
    assert "Too early" in set(texts_in(modal(noor.press("checkins.reflect", row.id).reply))), "nothing typed is lost"


def test_three_thousand_characters_fit_and_one_more_is_refused_with_nothing_lost(house: House) -> None:
    pair, noor, row = reflected(house, "w" * REFLECTION_MAX)
    assert "w" * REFLECTION_MAX in set(texts_in(what_i_said(noor, pair)))
    refused = noor.submit("checkins.keep_reflection", meta=row.id, words="x" * (REFLECTION_MAX + 1)).reply
    assert refused == Wrong({"words": "That's 3,001 characters, and 3,000 fit here. Please shorten it a little."})


@pytest.mark.parametrize("words", ["<!channel> *hello* <@U1>", "`</script>` &amp;", "\u202egnitteg"])
def test_hostile_words_are_only_words(house: House, words: str) -> None:
    pair, noor, _ = reflected(house, words)
    shown = what_i_said(noor, pair)
    assert harm_in(shown, set()) == []
    assert words.replace("\u202e", "") in set(texts_in(shown))


def test_every_question_and_answer_has_its_words_and_no_two_of_a_question_sound_alike() -> None:
    assert set(ANSWERS) == set(Answer)
    assert set(QUESTIONS) == set(Question)
    assert all(len({ANSWERS[answer] for answer in options}) == len(options) for options in OPTIONS.values())
