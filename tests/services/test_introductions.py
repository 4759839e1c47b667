"""An introduction from a mentor's draft to a group message: who reads what, and what nobody learns."""

from datetime import timedelta

import pytest

from bot.news import NEWS
from bot.outbox.rows import Rows
from bot.rules.introductions import MINUTES
from bot.services import introducing, introductions, pairs
from bot.slack.calls import Source
from bot.slack.replies import Replace, ShowModal, Tell, UpdateModal
from bot.views import introductions as views
from storage.models.introductions import Introduction, IntroductionState, NoIntroductions
from storage.models.members import Member
from storage.models.outbox import Op
from tests.builders import House, texts_in
from tests.couples import paired
from tests.introduced import CHANNEL, WHY, WISH, Three, three
from tests.replies import refused, said


@pytest.fixture
def them(house: House) -> Three:
    return three(house)


def test_a_draft_is_read_first_by_the_one_it_is_about(them: Three) -> None:
    shown = them.propose()
    assert "reads your words about Grace M first" in said(shown)
    them.house.forward(minutes=1)
    doorbell = them.house.read_by(them.mentee, "introductions.drafted")
    assert len(doorbell) == 1
    assert WHY not in "\n".join(texts_in(doorbell[0].payload)), "her message is a doorbell"
    assert not them.house.read_by(them.contact, "introductions")
    opened = them.taps(them.mentee).press("introductions.open", them.row.id).reply
    assert isinstance(opened, ShowModal)
    assert WHY in said(opened)
    assert "You'll be named" in said(opened)


def test_the_contact_reads_the_words_exactly_as_the_mentee_left_them(them: Three) -> None:
    drafted, words = them.draft(), ("We both left support for data.", "May I see how you build a forecast?")
    shown = them.taps(them.mentee).submit("introductions.agree", meta=drafted, why=words[0], wish=words[1]).reply
    assert isinstance(shown, UpdateModal)
    them.house.forward(minutes=1)
    asked = them.house.read_by(them.contact, "introductions.asked")
    assert len(asked) == 1
    texts = "\n".join(texts_in(asked[0].payload))
    assert all(word in texts for word in (*words, "Tomás F", "Noor H", "20 minutes"))
    assert WHY not in texts
    assert {"Yes, introduce us", "Not now", "Don't ask me again", "What is this?"} <= set(texts.split("\n"))


def test_a_yes_opens_one_group_message_in_the_agreed_words_and_both_are_told(them: Three) -> None:
    asked = them.ask()
    them.house.forward(minutes=1)
    shown = them.taps(them.contact).press("introductions.yes", asked).reply
    assert isinstance(shown, Replace)
    assert "I introduce you and Noor in a group message" in said(shown)
    assert them.taps(them.contact).press("introductions.yes", asked).reply == shown
    them.house.forward(hours=1)
    made = them.made()
    assert [each.op for each in made] == [Op.OPEN_GROUP]
    texts = "\n".join(texts_in(made[0].payload))
    assert all(word in texts for word in (WHY, WISH, "I can't read this chat: I never asked for that permission."))
    for who in (them.mentor, them.mentee):
        assert [text for text in them.told(who) if "The introduction is in a group message" in text]
        assert len(them.told(who)) == 1


def test_a_yes_posts_in_the_channel_they_chose(them: Three) -> None:
    asked = them.ask(place=CHANNEL)
    them.house.forward(minutes=1)
    them.taps(them.contact).press("introductions.yes", asked)
    them.house.forward(hours=1)
    assert [each.op for each in them.made()] == [Op.POST_TO]
    assert them.house.owed("introductions.made")[0].facts["channel"] == CHANNEL
    texts = "\n".join(texts_in(them.made()[0].payload))
    assert f"<@{them.contact.slack_id}>" in texts
    assert "I can't read this chat" not in texts
    assert "the channel you two chose" in them.told(them.mentor)[0]


def stories(them: Three, ending: str) -> dict[str, list[tuple[str, str]]]:
    """What mentor and mentee hear by day 8, with the moments, when the contact did this."""
    asked = them.ask()
    them.house.forward(hours=2)
    if ending:
        them.taps(them.contact).press(f"introductions.{ending}", asked)
    before = len(them.house.letters)
    them.house.forward(days=6, hours=20)
    quiet = [each for each in them.house.letters[before:] if each.slack_id != them.contact.slack_id]
    assert not [each for each in quiet if each.kind.startswith("introductions")], "nothing before day 7"
    for who in (them.mentor, them.mentee):
        seen = them.house.act(who, lambda tx, me: introductions.of_pair(tx, pairs.card_of(tx, them.pair.id), me))
        assert "was asked" in "\n".join(texts_in(list(views.in_pair(seen))))
    them.house.forward(days=1)
    return {
        who.name: [(f"{each.at:%a %H:%M}", each.text) for each in them.house.read_by(who, "introductions.told")]
        for who in (them.mentor, them.mentee)
    }


@pytest.mark.parametrize("ending", ["not_now", "never"])
def test_a_no_and_a_silence_are_the_same_to_both_on_day_seven(house: House, ending: str) -> None:
    beside = house.beside("T0THERE")
    heard = stories(three(house), "")
    assert heard == stories(three(beside), ending)
    assert all(len(told) == 1 for told in heard.values())
    assert len({told[0][1] for told in heard.values()}) == 1, "both read the same words"
    assert not [each for each in house.letters if "reminder" in each.text.lower()]


def test_a_no_can_become_a_yes_until_day_seven(them: Three) -> None:
    asked = them.ask()
    them.house.forward(days=3)
    no = them.taps(them.contact).press("introductions.not_now", asked).reply
    assert "Nobody hears who said no" in said(no)
    them.taps(them.contact).press("introductions.yes", asked)
    assert them.row.state == IntroductionState.MADE
    them.house.forward(days=6)
    assert len(them.made()) == 1
    assert len(them.told(them.mentor)) == 1


def test_a_yes_after_day_seven_is_told_kindly_that_it_has_lapsed(them: Three) -> None:
    asked = them.ask()
    them.house.forward(hours=1)
    them.house.now += timedelta(days=7)
    late = them.taps(them.contact).press("introductions.yes", asked).reply
    assert "This one has lapsed, and nobody waits" in said(late)
    assert them.row.state == IntroductionState.ASKED
    them.house.forward(days=1)
    assert them.row.state == IntroductionState.LAPSED
    assert "has lapsed" in said(them.taps(them.contact).press("introductions.yes", asked).reply)
    assert them.made() == []


def test_dont_ask_me_again_is_kept_and_can_be_undone_from_the_same_message(them: Three) -> None:
    asked = them.ask()
    them.house.forward(minutes=1)
    shown = them.taps(them.contact).press("introductions.never", asked).reply
    assert "I won't ask you again." in said(shown)
    assert "You may ask me again" in said(shown)
    them.taps(them.contact).press("introductions.never", asked)
    assert len(them.house.rows(NoIntroductions)) == 1
    them.house.forward(days=8)
    assert "can't be asked just now" in refused(them.propose())["contact"]
    shown = them.taps(them.contact).press("introductions.may_again", asked).reply
    assert "I won't ask you again." not in said(shown)
    assert isinstance(them.propose(), UpdateModal)


def test_asked_often_and_dont_ask_me_again_read_the_same(them: Three) -> None:
    house = them.house
    for name in ("Mateo C", "Lucas A"):
        other = three_with(house, name, them.contact)
        other.ask()
    often = refused(them.propose())["contact"]
    house.now += timedelta(days=31)
    assert isinstance(them.propose(), UpdateModal), "thirty days later there is room again"
    house.act(them.mentor, introductions.take_back, them.row.id)
    asked = max(house.rows(Introduction), key=lambda row: row.asked_at or house.now - timedelta(days=99))
    house.act(them.contact, introducing.never, asked.id)
    assert refused(them.propose())["contact"] == often


def three_with(house: House, name: str, contact: Member) -> Three:
    """Another pair, and the same contact."""
    made = three(house)
    assert name
    return Three(house, made.mentor, made.mentee, contact, made.pair)


def test_a_second_draft_after_a_no_is_answered_as_after_a_silence(them: Three) -> None:
    asked = them.ask()
    before = refused(them.propose())
    them.house.act(them.contact, introducing.never, asked)
    assert refused(them.propose()) == before


def test_the_mentee_who_would_rather_not_is_told_of_in_one_neutral_line(them: Three) -> None:
    drafted = them.draft()
    them.house.forward(minutes=1)
    shown = them.taps(them.mentee).press("introductions.rather_not", drafted).reply
    assert "nothing was sent" in said(shown)
    assert them.taps(them.mentee).press("introductions.rather_not", drafted).reply == shown
    them.house.forward(hours=1)
    assert [text for text in them.told(them.mentor) if "would rather leave the introduction to Grace M" in text]
    assert them.told(them.mentee) == []
    assert not them.house.read_by(them.contact, "introductions")
    them.taps(them.mentee).submit("introductions.agree", meta=drafted, why=WHY, wish=WISH)
    them.house.forward(hours=1)
    assert not them.house.read_by(them.contact, "introductions")


def test_words_edited_after_the_ask_change_nothing_and_say_that_it_is_sent(them: Three) -> None:
    asked = them.ask()
    late = them.taps(them.mentee).submit("introductions.agree", meta=asked, why="Other words, come late", wish=WISH)
    assert "was asked, and reads the words as agreed" in said(late.reply)
    assert them.house.do(introductions.card_of, asked).why == WHY
    assert len(them.house.owed("introductions.asked")) == 1


def test_a_draft_taken_back_leaves_nothing_to_answer(them: Three) -> None:
    drafted = them.draft()
    them.house.forward(minutes=1)
    assert isinstance(them.taps(them.mentor).press("introductions.take_back", drafted).reply, ShowModal)
    opened = them.taps(them.mentee).press("introductions.open", drafted).reply
    assert "isn't on its way any more" in said(opened)
    assert isinstance(them.propose(), UpdateModal), "the same two may be drafted anew"


def refuse(them: Three, code: str) -> None:
    """Slack refuses the introduction for good, by the courier's own row."""
    rows, row = Rows(NEWS, them.house.vault), them.house.owed("introductions.made")[-1]
    parcel = them.house.do(lambda tx: rows.prepare(tx.session, tx.workspace_id, row.id, tx.now))
    assert parcel is not None
    them.house.do(lambda tx: rows.dead(tx.session, parcel, tx.now, code))


@pytest.mark.parametrize("code", ["is_archived", "channel_not_found", "not_in_channel", "restricted_action"])
def test_a_channel_that_refuses_loses_nothing_and_the_mentor_tries_a_group_message(them: Three, code: str) -> None:
    asked = them.said_yes(CHANNEL)
    refuse(them, code)
    assert them.row.state == IntroductionState.AGREED
    them.house.forward(hours=1)
    assert [text for text in them.told(them.mentor) if "Nothing is lost: try again" in text]
    assert len(them.told(them.mentor)) == 1
    assert them.told(them.mentee) == []
    taps = them.taps(them.mentor)
    assert isinstance(taps.press("introductions.elsewhere", asked).reply, ShowModal)
    assert isinstance(taps.submit("introductions.put", meta=asked, way="group").reply, UpdateModal)
    again = taps.submit("introductions.put", meta=asked, way="channel").reply
    assert "group message" in said(again), "what is made stays where it is"
    them.house.forward(hours=1)
    assert [each.op for each in them.made()] == [Op.OPEN_GROUP]
    assert WHY in "\n".join(texts_in(them.made()[0].payload))
    assert "The introduction is in a group message" in them.told(them.mentee)[0]


def test_a_second_place_that_refuses_is_told_again(them: Three) -> None:
    asked = them.said_yes(CHANNEL)
    refuse(them, "is_archived")
    them.house.now += timedelta(minutes=5)
    them.house.act(them.mentor, introducing.elsewhere, asked, once_more=True)
    assert them.row.place == CHANNEL
    refuse(them, "channel_not_found")
    assert them.row.state == IntroductionState.AGREED
    them.house.forward(minutes=1)
    assert them.house.act(them.mentor, introducing.elsewhere, asked, once_more=False).stands == IntroductionState.MADE
    them.house.forward(hours=1)
    assert len(them.made()) == 1


def test_what_was_agreed_for_a_group_message_is_never_tried_in_a_channel(them: Three) -> None:
    asked = them.said_yes()
    refuse(them, "restricted_action")
    taps = them.taps(them.mentor)
    shown = taps.press("introductions.elsewhere", asked).reply
    assert isinstance(shown, ShowModal)
    assert "channel" not in said(shown)
    them.house.now += timedelta(seconds=5)
    taps.submit("introductions.put", meta=asked, way="channel")
    them.house.forward(hours=1)
    assert [each.op for each in them.made()] == [Op.OPEN_GROUP]
    assert them.row.place == ""


def test_a_whole_introduction_is_lived_on_either_database(either_house: House) -> None:
    them = three(either_house)
    lapsing, other = them.ask(), them.house.person("Ingrid B")
    them.house.forward(hours=1)
    them.ask(other)
    asked = them.row.id
    them.house.act(other, introducing.never, asked)
    them.house.act(other, introducing.may_again, asked)
    them.house.act(other, introducing.yes, asked)
    them.house.forward(days=9)
    states = {row.id: row.state for row in them.house.rows(Introduction)}
    assert states == {lapsing: IntroductionState.LAPSED, asked: IntroductionState.MADE}
    assert len(them.made()) == 1
    assert len(them.told(them.mentee)) == 2
    assert them.house.rows(NoIntroductions) == []


def test_home_shows_each_only_what_waits_for_them(them: Three) -> None:
    drafted = them.draft()
    waiting = [them.house.act(who, introductions.waiting_for).count for who in (them.mentor, them.mentee, them.contact)]
    assert waiting == [0, 1, 0]
    them.house.act(them.mentee, introductions.agree, drafted, WHY, WISH)
    waiting = [them.house.act(who, introductions.waiting_for).count for who in (them.mentor, them.mentee, them.contact)]
    assert waiting == [0, 0, 1]
    opened = them.taps(them.contact).press("introductions.open", drafted, source=Source.HOME).reply
    assert WHY in said(opened)
    them.taps(them.contact).press("introductions.yes", drafted, source=Source.MODAL)
    assert them.house.act(them.contact, introductions.waiting_for).count == 0


def test_the_command_asks_whom_and_offers_a_way_on_to_who_mentors_nobody(them: Three) -> None:
    assert "My profile" in said(them.taps(them.contact).type("introduce").reply)
    assert them.pair.id == them.taps(them.mentor).type("introduce").reply.modal.meta  # type: ignore[union-attr]
    second = them.house.person("Mateo C")
    paired(them.house, second, them.mentor)
    both = said(them.taps(them.mentor).type("introduce").reply)
    assert "Noor H" in both
    assert "Mateo C" in both


def test_what_is_this_is_shown_to_who_is_asked_and_to_nobody_else(them: Three) -> None:
    asked = them.ask()
    assert "you need no reason" in said(them.taps(them.contact).press("introductions.what", asked).reply)
    assert isinstance(them.taps(them.mentee).press("introductions.what", asked).reply, Tell)
    assert MINUTES == (15, 20, 30)
