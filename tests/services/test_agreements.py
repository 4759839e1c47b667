"""Agreements as the two press them: one tap signs, a change holds when both have signed, nobody is misled."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.errors import NotYoursError, PairIsOverError
from bot.rules.agreements import Happened, Method, Stage, Terms
from bot.rules.pairs import PROMISE
from bot.rules.rhythms import Rhythm
from bot.services import agreements, pairs
from bot.slack.replies import Tell, Wrong
from storage.models.agreements import Agreement, AgreementState
from storage.models.members import Member
from storage.models.outbox import Op, OutboxRow
from storage.queries import relationships
from tests.builders import GOAL, House, texts_in
from tests.harmless import harm_in
from tests.services.agreeing import modal, propose, said, sign, signed_by_both, stands, states
from tests.services.pairing import Two, paired

WILD = "<!channel> *<@U1>* <https://evil.example|bank>"


def propose_as(two: Two, who: Member) -> None:
    two.house.act(who, agreements.propose, two.pair_id, stands(two).terms, 1)


def test_an_agreement_comes_prefilled_from_the_request_and_the_defaults(house: House) -> None:
    two = paired(house)
    terms = stands(two).terms
    assert terms == Terms(Rhythm.EASING, 45, Method.VIDEO, 2, date(2027, 9, 1), GOAL)
    assert stands(two).stage is Stage.NOTHING
    assert not house.rows(Agreement)


def test_one_tap_proposes_the_prefilled_terms_signed_and_one_tap_of_the_other_makes_it_hold(house: House) -> None:
    two = paired(house)
    reply = two.mentee.press("agreements.sign_here", f"{two.pair_id} 0").reply
    assert "Signed by you. Tomás gets it" in said(reply)
    assert GOAL in said(reply)
    house.forward(minutes=1)
    [letter] = house.read_by(two.tomas, "agreements.proposed")
    assert letter.text == "Noor signed an agreement for the two of you. Does it suit you?"
    assert "every two weeks for eight weeks, then monthly, 45 minutes, by video" in " ".join(texts_in(letter.payload))
    assert "Signed by you both" in said(two.mentor.press("agreements.sign_here", f"{two.pair_id} 1").reply)
    [row] = house.rows(Agreement)
    assert (row.state, row.terms) == (AgreementState.SIGNED, PROMISE)
    assert row.mentee_signed_at is not None
    assert row.mentor_signed_at is not None
    assert two.pair.mentee_promised_at
    assert two.pair.mentor_promised_at
    house.forward(minutes=1)
    assert [each.text for each in house.read_by(two.noor, "agreements.signed")] == [
        "Tomás signed your agreement, so it holds now. I keep quiet as long as you meet as agreed."
    ]


def test_the_mentor_may_propose_as_well(house: House) -> None:
    two = paired(house)
    assert sign(two, two.tomas).happened is Happened.PROPOSED
    assert (stands(two, two.tomas).stage, stands(two).stage) == (Stage.MINE, Stage.THEIRS)
    assert sign(two, two.noor, 1).happened is Happened.SIGNED
    house.forward(minutes=1)
    assert len(house.read_by(two.tomas, "agreements.signed")) == 1


def test_sign_in_a_message_says_what_came_of_it_and_leaves_the_message_alone(house: House) -> None:
    two = paired(house)
    first = two.mentee.press("agreements.sign", f"{two.pair_id} 0").reply
    assert isinstance(first, Tell)
    assert first.message.text.value.startswith("Signed by you. Tomás gets it")
    assert GOAL not in set(texts_in(first.message.payload())), "a goal stands in no message, not even one's own"
    propose(two, two.tomas, 1, minutes=60)
    stale = two.mentee.press("agreements.sign", f"{two.pair_id} 1").reply
    assert isinstance(stale, Tell)
    said_now = " ".join(texts_in(stale.message.payload()))
    assert "Nothing was signed" in said_now
    assert "agreements.read" in said_now
    assert "agreements.sign" not in said_now, "a newer version is read before it is signed"


@pytest.mark.parametrize("version", [0, 1])
def test_a_double_click_on_sign_signs_once(house: House, version: int) -> None:
    two = paired(house)
    if version:
        sign(two, two.tomas)
    for _ in range(3):
        modal(two.mentee.press("agreements.sign_here", f"{two.pair_id} {version}").reply)
    house.forward(minutes=1)
    assert len(house.rows(Agreement)) == 1
    assert states(two) == ["signed" if version else "proposed"]
    assert len(house.read_by(two.tomas, "agreements")) == 1


def test_a_prefilled_sign_button_signs_nothing_once_the_other_has_proposed(house: House) -> None:
    two = paired(house)
    propose(two, two.tomas, 0, rhythm=Rhythm.WEEKLY)
    reply = two.mentee.press("agreements.sign_here", f"{two.pair_id} 0").reply
    assert "Tomás proposed another version meanwhile. Nothing was signed. This is the newest." in said(reply)
    assert "every week" in said(reply)
    assert f"{two.pair_id} 1" in said(reply), "the newest can be signed from here"
    assert states(two) == ["proposed"]


def test_signing_an_old_version_signs_nothing_and_shows_the_newest(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    propose(two, two.noor, 1, minutes=60)
    shown = sign(two, two.tomas, 1)
    assert (shown.happened, shown.stage, shown.newest) == (Happened.NEWER, Stage.THEIRS, 2)
    assert states(two) == ["replaced", "proposed"]
    assert sign(two, two.tomas, 2).happened is Happened.SIGNED
    assert sign(two, two.tomas, 1).happened is Happened.NEWER, "late is kind too"
    assert sign(two, two.tomas, 2).happened is Happened.NOTHING
    own = propose(two, two.tomas, 2, minutes=30)
    assert own.happened is Happened.PROPOSED
    assert "a newer version of yours" in said(two.mentor.press("agreements.sign_here", f"{two.pair_id} 2").reply)


@pytest.mark.parametrize("number", ["x", "-1", "99999999999999999999", "", "²"])
def test_a_button_that_names_no_version_signs_nothing(house: House, number: str) -> None:
    two = paired(house)
    sign(two, two.tomas)
    modal(two.mentee.press("agreements.sign_here", f"{two.pair_id} {number}").reply)
    assert states(two) == ["proposed"]


def test_a_change_to_an_unsigned_proposal_takes_its_place_and_its_message_loses_its_button(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    house.forward(minutes=1)
    assert propose(two, two.tomas, 1, method=Method.PHONE).happened is Happened.PROPOSED
    house.forward(minutes=1)
    assert states(two) == ["replaced", "proposed"]
    updates = [each for each in house.letters if each.op is Op.UPDATE and each.kind == "agreements.proposed"]
    assert [each.text for each in updates] == ["A newer version of your agreement with Noor took this one's place."]
    assert "agreements.sign" not in set(texts_in(updates[0].payload))
    [letter] = house.read_by(two.noor, "agreements.proposed")
    assert "by phone" in " ".join(texts_in(letter.payload))


def test_a_change_to_a_signed_agreement_holds_only_when_both_signed_it(house: House) -> None:
    two = signed_by_both(house)
    propose(two, two.tomas, 1, rhythm=Rhythm.WEEKLY)
    assert house.do(pairs.rhythm_of, two.pair_id) is Rhythm.EASING
    assert "Version 1 holds until then." in said(two.mentee.press("agreements.read", two.pair_id).reply)
    sign(two, two.noor, 2)
    assert states(two) == ["past", "signed"]
    assert house.do(pairs.rhythm_of, two.pair_id) is Rhythm.WEEKLY
    listed = said(two.mentee.press("agreements.history", two.pair_id).reply)
    assert "*Version 2*, signed by both on Mon 1 Mar" in listed
    assert "*Version 1*, signed by both on Mon 1 Mar; a newer one has taken over" in listed
    assert "by video" in said(two.mentee.press("agreements.version", f"{two.pair_id} 1").reply)
    assert isinstance(two.mentee.press("agreements.version", f"{two.pair_id} 7").reply, Tell)


def test_the_signed_rhythm_and_day_set_the_reminders_and_the_term(house: House) -> None:
    two = paired(house)
    before = two.pair
    sign(two, two.noor)
    sign(two, two.tomas, 1)
    assert (two.pair.term_ends_at, two.pair.closing_at) == (before.term_ends_at, before.closing_at)
    propose(two, two.noor, 1, rhythm=Rhythm.WEEKLY, ends_on=date(2027, 12, 1))
    sign(two, two.tomas, 2)
    assert two.pair.contact_due_at == two.pair.started_at + timedelta(days=7)
    assert two.pair.term_ends_at == datetime(2027, 12, 1, 12, tzinfo=UTC)
    assert two.pair.closing_at == datetime(2027, 11, 10, 12, tzinfo=UTC)


def test_a_proposal_whose_last_day_has_come_cannot_be_signed_any_more(house: House) -> None:
    two = paired(house)
    propose(two, two.noor, 0, ends_on=date(2027, 4, 1))
    house.now = datetime(2027, 4, 1, 10, tzinfo=UTC)
    reply = two.mentor.press("agreements.sign", f"{two.pair_id} 1").reply
    assert isinstance(reply, Tell)
    assert "That day has passed" in reply.message.text.value
    assert states(two) == ["proposed"]


@pytest.mark.parametrize("action", ["sign", "change", "read", "history"])
def test_a_strangers_button_and_a_guessed_id_are_refused(house: House, action: str) -> None:
    two = paired(house)
    sign(two, two.noor)
    grace = Two(house, house.person("Grace M"), two.tomas, two.pair_id)
    for value in (f"{two.pair_id} 1" if action == "sign" else two.pair_id, "nothing 1", ""):
        assert isinstance(grace.mentee.press(f"agreements.{action}", value).reply, Tell)
    with pytest.raises(NotYoursError):
        propose_as(two, grace.noor)
    assert states(two) == ["proposed"]


def test_the_proposers_own_tap_does_not_sign_for_the_other(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    assert sign(two, two.noor, 1).stage is Stage.MINE
    assert states(two) == ["proposed"]


def test_in_a_pair_that_ended_nothing_is_signed_and_all_can_still_be_read(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    house.forward(minutes=1)
    two.end()
    with pytest.raises(PairIsOverError):
        sign(two, two.tomas, 1)
    with pytest.raises(PairIsOverError):
        propose(two, two.tomas, 1)
    second = two.mentor.submit("agreements.propose", f"{two.pair_id} 1", goal="Words of mine", boundaries="").reply
    assert isinstance(second, Wrong)
    assert "come to an end" in second.errors["goal"]
    shown = two.mentor.press("agreements.read", two.pair_id).reply
    assert "come to an end" in said(shown)
    assert "agreements.sign" not in set(texts_in(modal(shown).payload()))
    house.forward(days=20)
    assert not house.read_by(two.tomas, "agreements.unsigned")


def test_a_partner_gone_between_two_clicks_ends_the_signing_kindly(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    house.do(lambda tx: setattr(tx.session.get(Member, two.noor.id), "is_gone", True))
    reply = two.mentor.press("agreements.sign", f"{two.pair_id} 1").reply
    assert isinstance(reply, Tell)
    assert "come to an end" in reply.message.text.value
    assert house.rows(Agreement)[0].state == AgreementState.PROPOSED


def test_after_two_weeks_both_hear_once_that_it_could_be_signed_as_it_stands(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    house.forward(days=30)
    [to_tomas], [to_noor] = (house.read_by(who, "agreements.unsigned") for who in (two.tomas, two.noor))
    assert "Would it do as it stands?" in to_tomas.text
    assert "Sign as it stands" in set(texts_in(to_tomas.payload))
    assert "waits for Tomás, whom I've asked again" in to_noor.text
    assert to_tomas.at >= two.pair.started_at + timedelta(days=14)
    sign(two, two.tomas, 1)
    house.forward(minutes=1)
    updated = [each for each in house.letters if each.op is Op.UPDATE and each.kind == "agreements.unsigned"]
    assert len(updated) == 2
    assert not [each for each in updated if "agreements.sign" in set(texts_in(each.payload))]


def test_what_was_signed_or_replaced_in_time_is_not_brought_up(house: House) -> None:
    two = signed_by_both(house)
    propose(two, two.noor, 1, minutes=30)
    house.forward(days=10)
    propose(two, two.noor, 2, minutes=60)
    house.forward(days=6)
    assert not house.read_by(two.tomas, "agreements.unsigned")


def test_an_away_pair_is_asked_when_it_is_back(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    back = house.now + timedelta(days=25)
    house.do(lambda tx: relationships.write(tx, two.pair_id, {"away_until": back}))
    house.forward(days=24)
    assert not house.read_by(two.tomas, "agreements.unsigned")
    house.forward(days=4)
    assert len(house.read_by(two.tomas, "agreements.unsigned")) == 1


def test_the_goal_and_the_boundaries_never_become_a_message_and_do_no_harm_in_a_modal(house: House) -> None:
    two = paired(house)
    propose(two, two.noor, 0, goal=f"{WILD} Quokkagoal", boundaries=f"{WILD} Quokkaline")
    house.forward(days=15)
    sign(two, two.tomas, 1)
    house.forward(days=1)
    shown = modal(two.mentor.press("agreements.read", two.pair_id).reply).payload()
    assert "Quokkagoal" in " ".join(texts_in(shown))
    assert not harm_in(shown, set())
    assert {each.kind for each in house.letters} >= {"agreements.proposed", "agreements.unsigned", "agreements.signed"}
    for letter in house.letters:
        assert "Quokka" not in " ".join(texts_in(letter.payload)) or letter.kind == "home", letter
    assert "Quokka" not in str([row.facts for row in house.rows(OutboxRow)])
    assert not [row for row in house.rows(Agreement) if b"Quokka" in row.goal + (row.boundaries or b"")]


def test_the_text_on_confidentiality_names_the_version_that_is_promised(house: House) -> None:
    text = agreements.confidentiality()
    assert text.version == PROMISE
    assert text.paragraphs[0] == "What we say stays between us, except where somebody's safety is at stake."
    two = paired(house)
    assert text.paragraphs[0] in said(two.mentee.press("agreements.read", two.pair_id).reply)


def test_an_agreement_of_another_workspace_does_not_exist(house: House) -> None:
    two = paired(house)
    sign(two, two.noor)
    there = house.beside("T0THERE")
    other = paired(there)
    with pytest.raises(NotYoursError):
        there.act(other.tomas, agreements.sign_prefilled, two.pair_id, 1)
    version_id = house.rows(Agreement)[0].id
    with pytest.raises(NotYoursError):
        there.do(agreements.version_page, version_id, other.tomas)
    there.forward(days=20)
    assert house.rows(Agreement)[0].nudge_at is not None
