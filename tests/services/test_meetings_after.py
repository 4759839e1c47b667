"""Did you meet, how was it: one yes for both, a no for oneself, and nothing of it anywhere else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.news import NEWS
from bot.rules.meetings import Score
from bot.services import meetings
from bot.slack.calls import Source
from bot.slack.replies import CloseAll, Replace, ShowModal, Wrong
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.meetings import Feedback, Meeting, MeetingState
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.models.preferences import Attention
from storage.models.relationships import Relationship, RelationshipState
from storage.queries import preferences, profiles, relationships
from tests.builders import House, texts_in
from tests.paired import Paired, paired, words_of

TUESDAY = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ENDS = TUESDAY + timedelta(minutes=30)
KIND = "meetings.did_you_meet"


def until(house: House, moment: datetime) -> None:
    house.forward(seconds=(moment - house.now).total_seconds())


def gone_by(house: House, when: datetime = ENDS + DAY) -> Paired:
    """A pair whose first meeting was on Tuesday, a day or more ago."""
    pair = paired(house)
    pair.book(TUESDAY)
    until(house, when)
    return pair


def press(pair: Paired, who: Member, verb: str, **more: Any) -> str:
    return words_of(pair.taps(who).press(verb, pair.meeting().id, **more).reply)


def test_the_mentee_is_asked_a_day_after_it_ended_and_the_mentor_a_day_later(house: House) -> None:
    pair = gone_by(house, ENDS + 2 * DAY)
    asked = {who.name: [letter.at for letter in house.read_by(who, KIND)] for who in (pair.noor, pair.tomas)}
    assert asked == {"Noor Haddad": [ENDS + DAY], "Tomás Ferreira": [ENDS + 2 * DAY]}
    assert house.read_by(pair.noor, KIND)[0].text == "Did you and Tomás meet on Tue 2 Mar, 10:00?"


@pytest.mark.parametrize("verb", ["meetings.met", "meetings.not_met"])
def test_a_mentor_is_not_asked_what_the_mentee_has_answered(house: House, verb: str) -> None:
    pair = gone_by(house)
    press(pair, pair.noor, verb)
    house.forward(days=7)
    assert not house.read_by(pair.tomas, KIND)


def test_one_yes_counts_for_both_and_for_once(house: House) -> None:
    pair = gone_by(house, ENDS + 2 * DAY)
    for who in (pair.noor, pair.tomas, pair.noor):
        assert "How much did it help you?" in press(pair, who, "meetings.met")
    row = pair.meeting()
    assert (row.state, row.answered_by) == (MeetingState.MET, pair.noor.id)
    (after,) = house.rows(Relationship)
    assert after.contact_at == house.now
    house.settle()
    update = [e for e in house.letters if e.op == "update" and e.slack_id == pair.tomas.slack_id and e.kind == KIND]
    assert "You and Noor met: noted." in update[-1].text


def test_a_no_is_never_shown_to_the_partner(house: House) -> None:
    pair = gone_by(house, ENDS + 2 * DAY)
    assert "that stays with me" in press(pair, pair.noor, "meetings.not_met")
    assert pair.meeting().state == MeetingState.MISSED
    house.forward(days=1)
    assert "that stays with me" not in " ".join(words_of(e.payload) for e in house.letters)
    mine, theirs = (
        house.act(who, lambda tx, me: meetings.of_pair(tx, pair.card(tx), me)) for who in (pair.noor, pair.tomas)
    )
    assert mine.unanswered is None
    assert theirs.unanswered is not None, "Tomás is asked as if nobody had said anything"
    assert "Move the meeting" in press(pair, pair.tomas, "meetings.move")
    agenda = pair.taps(pair.tomas).press("meetings.agenda", pair.meeting().id).reply
    assert isinstance(agenda, ShowModal)
    assert agenda.modal.submit == "Save"


def test_a_yes_after_the_others_no_counts(house: House) -> None:
    pair = gone_by(house, ENDS + 2 * DAY)
    press(pair, pair.noor, "meetings.not_met")
    press(pair, pair.tomas, "meetings.met")
    assert pair.meeting().state == MeetingState.MET
    assert "How much did it help you?" in press(pair, pair.noor, "meetings.not_met"), "and a no after it does not"


def test_a_no_of_both_asks_neither_again(house: House) -> None:
    pair = gone_by(house, ENDS + 2 * DAY)
    for who in (pair.noor, pair.tomas):
        press(pair, who, "meetings.not_met")
        assert "that stays with me" in press(pair, who, "meetings.not_met")
    for who in (pair.noor, pair.tomas):
        assert house.act(who, lambda tx, me: meetings.of_pair(tx, pair.card(tx), me)).unanswered is None


def test_we_moved_it_asks_again_after_the_new_hour(house: House) -> None:
    pair = gone_by(house)
    fields = {"day": "2027-03-05", "time": "10:00", "minutes": "30"}
    pair.taps(pair.noor).submit("meetings.move_to", meta=f"{pair.meeting().id} 1", **fields)
    assert "so I'll ask after that" in press(pair, pair.noor, "meetings.met")
    assert pair.meeting().state == MeetingState.PLANNED
    house.forward(days=6)
    assert len(house.read_by(pair.noor, KIND)) == 2
    assert "Fri 5 Mar" in house.read_by(pair.noor, KIND)[-1].text
    assert len(house.read_by(pair.tomas, "meetings.moved")) == 1


def test_the_tap_is_asked_in_the_same_message_and_then_only_thanked_for(house: House) -> None:
    pair = gone_by(house)
    asked = pair.taps(pair.noor).press("meetings.met", pair.meeting().id).reply
    assert isinstance(asked, Replace)
    assert "Seen by: you and nobody else until five people have answered. Never by your organisers." in words_of(asked)
    thanked = press(pair, pair.noor, "feedback.little")
    assert "Thanks, noted." in thanked
    assert "Not much" not in thanked
    assert "Thanks, noted." in press(pair, pair.noor, "meetings.met")


def test_what_was_chosen_is_shown_in_ones_own_modal_alone(house: House) -> None:
    pair = gone_by(house)
    press(pair, pair.noor, "meetings.met")
    press(pair, pair.noor, "feedback.little")
    shown = pair.taps(pair.noor).press("feedback.word", pair.meeting().id).reply
    assert isinstance(shown, ShowModal)
    (chosen,) = [e["element"]["initial_option"] for e in shown.modal.blocks if e.get("block_id") == "score"]
    assert chosen["value"] == Score.LITTLE
    sent = pair.taps(pair.noor).submit("feedback.save", meta=pair.meeting().id, score="some", words="Quokka: too fast")
    assert isinstance(sent.reply, CloseAll)
    assert "Quokka: too fast" in press(pair, pair.noor, "feedback.word")
    assert "has been answered for" in press(pair, pair.tomas, "feedback.word"), "Tomás has said nothing yet"
    house.forward(days=3)
    for letter in house.letters:
        assert not [text for text in texts_in(letter.payload) if "Quokka" in text], letter
    assert not [row for row in house.rows(OutboxRow) if "little" in str(row.facts) or "Quokka" in str(row.facts)]


def test_taps_and_words_lie_sealed(house: House) -> None:
    pair = gone_by(house)
    press(pair, pair.noor, "meetings.met")
    press(pair, pair.noor, "feedback.much")
    pair.taps(pair.noor).submit("feedback.save", meta=pair.meeting().id, score="much", words="Quokka")
    (row,) = house.rows(Feedback)
    assert b"much" not in row.score
    path = Path(house.database.url.removeprefix("sqlite:///"))
    house.database.close()
    raw = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert b"Quokka" not in raw


def test_words_too_long_and_scores_of_nobodys_making_are_refused_beside_their_field(house: House) -> None:
    pair = gone_by(house)
    press(pair, pair.noor, "meetings.met")
    press(pair, pair.noor, "feedback.much")
    for score, words, field in (("much", "x" * 2001, "words"), ("best", "", "score")):
        shown = pair.taps(pair.noor).submit("feedback.save", meta=pair.meeting().id, score=score, words=words).reply
        assert isinstance(shown, Wrong)
        assert set(shown.errors) == {field}


def test_who_was_not_asked_finds_the_tap_with_the_pair(house: House) -> None:
    pair = gone_by(house)
    press(pair, pair.noor, "meetings.met")

    def unrated() -> bool:
        return house.act(pair.tomas, lambda tx, me: meetings.of_pair(tx, pair.card(tx), me)).unrated is not None

    assert unrated()
    press(pair, pair.tomas, "feedback.much", source=Source.MODAL)
    assert not unrated()


def test_a_yes_after_the_pair_has_ended_is_kept_and_wakes_nothing(house: House) -> None:
    pair = gone_by(house)
    house.do(relationships.write, pair.id, {"state": RelationshipState.ENDED, "ended_at": house.now})
    assert "How much did it help you?" in press(pair, pair.noor, "meetings.met")
    assert house.rows(Relationship)[0].state == RelationshipState.ENDED


def test_no_tap_is_taken_for_a_meeting_that_did_not_take_place(house: House) -> None:
    pair = gone_by(house)
    assert "has been answered for" in press(pair, pair.noor, "feedback.much")
    assert not house.rows(Feedback)


def test_we_met_is_one_tap_and_one_meeting_however_often_it_is_pressed(house: House) -> None:
    pair = paired(house)
    for who in (pair.noor, pair.tomas, pair.noor):
        shown = words_of(pair.taps(who).press("meetings.log", pair.id, source=Source.MODAL).reply)
        assert "How much did it help you?" in shown
    row = pair.meeting()
    assert (row.state, row.starts_at, row.is_first) == (MeetingState.MET, house.now, True)
    house.forward(days=3)
    assert not house.read_by(pair.tomas, "meetings")
    pair.taps(pair.noor).press("meetings.log", pair.id)
    assert len(house.rows(Meeting)) == 2


def test_we_met_answers_for_a_meeting_just_gone_by(house: House) -> None:
    pair = gone_by(house)
    pair.taps(pair.tomas).press("meetings.log", pair.id)
    assert pair.meeting().state == MeetingState.MET


def asleep(tx: Tx, pair: Paired) -> None:
    tx.session.get_one(Relationship, pair.id).state = RelationshipState.ASLEEP


def test_a_sleeping_pair_that_met_wakes_and_one_whose_place_is_taken_has_met_all_the_same(house: House) -> None:
    pair = gone_by(house)
    house.do(asleep, pair)
    press(pair, pair.noor, "meetings.met")
    assert house.rows(Relationship)[0].state == RelationshipState.ACTIVE
    house.do(asleep, pair)
    house.forward(days=1)
    for _ in range(2):
        house.do(lambda tx: profiles.take_place(tx, pair.tomas.id))
    pair.taps(pair.noor).press("meetings.log", pair.id)
    assert [row.state for row in house.rows(Meeting)] == [MeetingState.MET] * 2
    assert house.rows(Relationship)[0].state == RelationshipState.ASLEEP


def test_who_wants_only_what_they_asked_for_is_not_asked(house: House) -> None:
    pair = paired(house)
    house.do(lambda tx: setattr(preferences.keep(tx, pair.noor.id), "attention", Attention.ONLY_ASKED))
    pair.book(TUESDAY)
    until(house, ENDS + 3 * DAY)
    assert not house.read_by(pair.noor, KIND)
    assert house.act(pair.noor, lambda tx, me: meetings.of_pair(tx, pair.card(tx), me)).unanswered is not None


def test_the_question_fits_a_digest_until_it_is_answered(house: House) -> None:
    pair = gone_by(house)
    row = DigestLine(
        workspace_id=house.workspace_id,
        member_id=pair.noor.id,
        kind=KIND,
        subject_id=pair.meeting().id,
        key="line",
        noted_at=house.now,
        facts={"version": "1"},
    )
    line = feedback_line(row, pair)
    assert line == "Did you and Tomás meet on Tue 2 Mar, 10:00? The Home tab takes your yes."
    press(pair, pair.noor, "meetings.met")
    assert feedback_line(row, pair) is None


def feedback_line(row: DigestLine, pair: Paired) -> str | None:
    worded = NEWS[KIND].line
    assert worded is not None
    said = pair.house.act(pair.noor, lambda tx, who: worded(tx, row, who))
    return said.value if said else None
