"""Bad input to introductions: whom one cannot ask, words that would do harm, and other people's buttons."""

from typing import Any

import pytest

from bot.slack.replies import Tell, UpdateModal, Wrong
from storage.models.introductions import Introduction, IntroductionState
from tests.builders import House, texts_in
from tests.harmless import harm_in
from tests.introduced import CHANNEL, WHY, WISH, Three, three
from tests.taps import Taps

HOSTILE = "<!channel> <https://evil.example|bank> <@U1> javascript:alert(1) \u202e *bold*"


@pytest.fixture
def them(house: House) -> Three:
    return three(house)


def refusal(them: Three, **fields: object) -> dict[str, str]:
    reply = them.propose(**fields)
    assert isinstance(reply, Wrong), reply
    assert them.house.rows(Introduction) == []
    return dict(reply.errors)


def test_oneself_is_refused_beside_the_field(them: Three) -> None:
    assert "That's you" in refusal(them, contact=them.mentor.slack_id)["contact"]


def test_ones_partner_is_refused(them: Three) -> None:
    assert "somebody new to them" in refusal(them, contact=them.mentee.slack_id)["contact"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_bot": True}, "is an app"),
        ({"is_guest": True}, "as a guest"),
        ({"is_stranger": True, "is_guest": True}, "from another organisation"),
        ({"is_gone": True}, "isn't here any more"),
    ],
)
def test_a_bot_a_guest_a_stranger_and_somebody_deactivated_are_refused(
    them: Three, facts: dict[str, Any], words: str
) -> None:
    who = them.house.person("Dana C", **facts)
    assert words in refusal(them, contact=who.slack_id)["contact"]


def test_slackbot_is_refused_whether_or_not_the_directory_shows_it(them: Three) -> None:
    assert "is an app" in refusal(them, contact="USLACKBOT")["contact"]
    them.house.person("Slackbot", slack_id="USLACKBOT", is_bot=True)
    assert "is an app" in refusal(them, contact="USLACKBOT")["contact"]


def test_somebody_the_directory_never_saw_is_refused_and_nobody_at_all_too(them: Three) -> None:
    assert "haven't met" in refusal(them, contact="U0NEVERSEEN")["contact"]
    assert "Pick a person" in refusal(them, contact=None)["contact"]


def test_a_refused_draft_keeps_its_words_for_the_next_try(them: Three) -> None:
    refusal(them, contact=them.mentor.slack_id, why="Words I took a while over.")
    again = them.taps(them.mentor).press("introductions.draft", them.pair.id).reply
    assert "Words I took a while over." in "\n".join(texts_in(again.modal.payload()))  # type: ignore[union-attr]


def test_three_thousand_characters_are_refused_and_not_cut(them: Three) -> None:
    errors = refusal(them, why="x" * 3000, wish="y" * 3000)
    assert set(errors) == {"why", "wish"}
    assert "3,000 characters" in errors["why"]


def test_words_that_say_nothing_are_refused(them: Three) -> None:
    assert set(refusal(them, why="...", wish="   ")) == {"why", "wish"}


@pytest.mark.parametrize("place", ["G0PRIVATE1", "D0DIRECT12", "#general", "U0SOMEBODY"])
def test_a_forged_private_channel_and_what_is_no_channel_are_refused(them: Three, place: str) -> None:
    assert "public channels" in refusal(them, place=place)["place"]


def test_minutes_nobody_offered_become_the_usual_ones(them: Three) -> None:
    assert isinstance(them.propose(minutes="600"), UpdateModal)
    assert them.row.minutes == 20


@pytest.mark.parametrize("place", ["", CHANNEL])
def test_hostile_words_are_harmless_wherever_they_are_posted(them: Three, place: str) -> None:
    asked = them.ask(place=place, why=HOSTILE)
    them.house.forward(minutes=1)
    them.taps(them.contact).press("introductions.yes", asked)
    them.house.forward(hours=1)
    known = {them.contact.slack_id, them.mentee.slack_id}
    letters = [*them.house.read_by(them.contact, "introductions"), *them.made()]
    assert len(letters) == 2
    for letter in letters:
        assert harm_in(letter.payload, known) == []
        assert "javascript:alert(1)" in "\n".join(texts_in(letter.payload))
        assert "https://evil.example" not in letter.text


def test_other_peoples_buttons_do_nothing(them: Three) -> None:
    drafted, stranger = them.draft(), them.house.person("Mateo C")
    for who in (them.contact, stranger):
        for verb in ("open", "rather_not", "take_back", "yes", "not_now", "never", "may_again", "what", "elsewhere"):
            assert isinstance(Taps(them.house, who).press(f"introductions.{verb}", drafted).reply, Tell), verb
    for who, form in ((them.mentor, "agree"), (them.contact, "agree"), (them.mentee, "put"), (stranger, "put")):
        fields = {"why": WHY, "wish": WISH} if form == "agree" else {"place": None}
        assert isinstance(Taps(them.house, who).submit(f"introductions.{form}", meta=drafted, **fields).reply, Wrong)
    assert them.row.state == IntroductionState.DRAFTED


def test_a_mentee_cannot_introduce_their_mentor_and_nobody_drafts_for_another_pair(them: Three) -> None:
    other = three(them.house)
    for who, pair in ((them.mentee, them.pair), (them.mentor, other.pair)):
        reply = Taps(them.house, who).submit(
            "introductions.propose",
            meta=pair.id,
            contact=them.contact.slack_id,
            why=WHY,
            wish=WISH,
            minutes="20",
            place=None,
        )
        assert isinstance(reply.reply, Wrong)
    assert them.house.rows(Introduction) == []


def test_another_workspaces_introduction_is_nobodys(them: Three) -> None:
    asked = them.ask()
    beside = three(them.house.beside("T0THERE"))
    assert isinstance(beside.taps(beside.contact).press("introductions.yes", asked).reply, Tell)


def test_a_double_click_on_the_draft_and_on_the_agreement_asks_once(them: Three) -> None:
    assert isinstance(them.propose(), UpdateModal)
    assert isinstance(them.propose(), Wrong)
    for _ in range(2):
        them.taps(them.mentee).submit("introductions.agree", meta=them.row.id, why=WHY, wish=WISH)
    them.house.forward(hours=1)
    assert len(them.house.read_by(them.contact, "introductions.asked")) == 1
