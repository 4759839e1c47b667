"""Proposing in two short steps: what fields refuse, what is kept, and who was first."""

from datetime import UTC, date, datetime

import pytest

from bot.errors import TermRefusedError
from bot.rules.agreements import Happened, Method, Terms
from bot.rules.rhythms import Rhythm
from bot.services import drafts, pairs
from bot.slack.replies import Wrong
from storage.models.agreements import Agreement
from storage.models.members import Member
from storage.queries import relationships
from tests.builders import GOAL, House, texts_in
from tests.services.agreeing import modal, propose, said, sign, signed_by_both, stands, states
from tests.services.pairing import Two, paired

CHOICES = {"rhythm": "weekly", "minutes": "30", "method": "phone", "reply_days": "1", "ends_on": "2027-10-01"}


def paired_with(two: Two, mentee: Member) -> str:
    ask = two.house.ask(mentee, two.tomas)
    two.mentor.press("requests.accept", ask.id)
    found = two.house.act(mentee, pairs.live_of)
    return found[0].id


def test_an_extended_term_is_what_the_next_change_starts_from(house: House) -> None:
    two = signed_by_both(house)
    far = datetime(2028, 6, 1, 17, tzinfo=UTC)
    house.do(lambda tx: relationships.write(tx, two.pair_id, {"term_ends_at": far}))
    assert stands(two).terms.ends_on == date(2028, 6, 1)
    assert propose(two, two.noor, 1, minutes=30).happened is Happened.PROPOSED


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-02-28", "That day has passed."),
        ("2027-03-20", "A term runs from one month to twelve."),
        ("2028-03-02", "A term runs from one month to twelve."),
        ("9999-12-31", "A term runs from one month to twelve."),
    ],
)
def test_a_term_too_short_too_long_or_past_is_refused_beside_its_field(house: House, day: str, words: str) -> None:
    two = paired(house)
    reply = two.mentee.submit("agreements.choose", f"{two.pair_id} 0", **(CHOICES | {"ends_on": day})).reply
    assert isinstance(reply, Wrong)
    assert reply.errors["ends_on"] == f"{words} Pick a day from Thu 1 Apr 2027 to Wed 1 Mar 2028."
    with pytest.raises(TermRefusedError):
        propose(two, two.noor, 0, ends_on=date.fromisoformat(day))
    assert not house.rows(Agreement)


def test_a_change_is_two_short_steps_and_what_was_picked_is_kept(house: House) -> None:
    two = paired(house)
    modal(two.mentee.press("agreements.change", two.pair_id).reply)
    second = two.mentee.submit("agreements.choose", f"{two.pair_id} 0", **CHOICES).reply
    assert "every week, 30 minutes, by phone" in said(second)
    assert GOAL in said(second)
    begun = modal(two.mentee.press("agreements.change", two.pair_id).reply).payload()
    assert "2027-10-01" in set(texts_in(begun)), "closing the form forgets nothing"
    reply = two.mentee.submit("agreements.propose", modal(second).meta, goal="Another goal", boundaries=None).reply
    assert "Signed by you." in said(reply)
    terms = stands(two).terms
    assert terms == Terms(Rhythm.WEEKLY, 30, Method.PHONE, 1, date(2027, 10, 1), "Another goal")
    assert house.count()["drafts"] == 0


@pytest.mark.parametrize(
    ("form", "fields", "wrong"),
    [
        ("agreements.propose", {"goal": "word " * 600, "boundaries": ""}, "goal"),
        ("agreements.propose", {"goal": "A goal", "boundaries": "word " * 600}, "boundaries"),
        ("agreements.propose", {"goal": "\x00 ...", "boundaries": ""}, "goal"),
        ("agreements.choose", CHOICES | {"rhythm": "daily"}, "rhythm"),
        ("agreements.choose", CHOICES | {"minutes": "31"}, "minutes"),
        ("agreements.choose", CHOICES | {"method": None}, "method"),
        ("agreements.choose", CHOICES | {"reply_days": "0"}, "reply_days"),
        ("agreements.choose", CHOICES | {"ends_on": None}, "ends_on"),
        ("agreements.choose", CHOICES | {"ends_on": "soon"}, "ends_on"),
    ],
)
def test_what_a_field_cannot_take_is_refused_under_it(
    house: House, form: str, fields: dict[str, object], wrong: str
) -> None:
    two = paired(house)
    reply = two.mentee.submit(form, f"{two.pair_id} 0", **fields).reply
    assert isinstance(reply, Wrong)
    assert reply.errors[wrong]
    assert not house.rows(Agreement)


def test_who_proposes_on_top_of_what_they_have_not_seen_is_shown_it_and_keeps_their_words(house: House) -> None:
    two = paired(house)
    second = two.mentee.submit("agreements.choose", f"{two.pair_id} 0", **CHOICES).reply
    propose(two, two.tomas, 0, method=Method.CHAT)
    reply = two.mentee.submit("agreements.propose", modal(second).meta, goal="My own words", boundaries="").reply
    assert "Tomás was a moment quicker; here is theirs." in said(reply)
    assert "by chat" in said(reply)
    assert states(two) == ["proposed"]
    again = two.mentee.press("agreements.change", two.pair_id).reply
    assert modal(again).meta == f"{two.pair_id} 1"
    second = two.mentee.submit("agreements.choose", modal(again).meta, **CHOICES).reply
    assert "My own words" in said(second)
    two.mentee.submit("agreements.propose", modal(second).meta, goal="My own words", boundaries="")
    assert stands(two).terms.goal == "My own words"
    assert states(two) == ["replaced", "proposed"]


def test_words_begun_before_the_others_proposal_do_not_pose_as_it(house: House) -> None:
    two = paired(house)
    two.mentee.submit("agreements.choose", f"{two.pair_id} 0", **CHOICES)
    propose(two, two.tomas, 0, method=Method.CHAT)
    opened = modal(two.mentee.press("agreements.change", two.pair_id).reply).payload()
    assert "2027-10-01" not in set(texts_in(opened))


def test_words_kept_for_one_pair_never_open_in_another(house: House) -> None:
    two = paired(house)
    mateo = house.person("Mateo Cruz")
    two.mentor.submit("agreements.choose", f"{two.pair_id} 0", **CHOICES)
    other = paired_with(two, mateo)
    opened = said(two.mentor.press("agreements.change", other).reply)
    assert "2027-10-01" not in opened


def test_proposing_what_stands_already_sends_nothing(house: House) -> None:
    two = signed_by_both(house)
    assert propose(two, two.tomas, 1).happened is Happened.SAME
    assert states(two) == ["signed"]


def test_no_draft_of_a_proposal_outlives_the_signature(house: House) -> None:
    two = paired(house)
    sign(two, two.tomas)
    two.mentee.submit("agreements.choose", f"{two.pair_id} 1", **CHOICES)
    assert house.count()["drafts"] == 1
    sign(two, two.noor, 1)
    assert house.count()["drafts"] == 0
    assert not house.act(two.noor, drafts.kept_words, f"agreements.propose {two.pair_id}")
