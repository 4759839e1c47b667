"""Introductions on their way when a pair ends or somebody goes: nobody is introduced, and a no stays untold."""

import pytest

from bot.services import endings, introducing, introductions, pairs
from bot.views import introductions as views
from storage.database import Tx
from storage.models.introductions import IntroductionState
from storage.models.members import Member
from storage.models.relationships import Ending, RelationshipState
from storage.queries import relationships
from tests.builders import House, fresh
from tests.introduced import WHY, WISH, Three, three
from tests.replies import refused, said


@pytest.fixture
def them(house: House) -> Three:
    return three(house)


def end(them: Three) -> None:
    """The pair ends, with everything that hangs on it."""

    def over(tx: Tx) -> None:
        card = pairs.card_of(tx, them.pair.id)
        introductions.let_go(tx, card)
        endings.end(tx, card, Ending.EARLY)

    them.house.do(over)


def test_a_pair_that_ends_lets_go_of_what_is_on_its_way(them: Three) -> None:
    asked, other = them.ask(), them.house.person("Ingrid B")
    drafted = them.draft(other)
    them.house.forward(minutes=1)
    end(them)
    yes = them.taps(them.contact).press("introductions.yes", asked).reply
    assert "isn't needed any more" in said(yes)
    late = them.taps(them.mentee).submit("introductions.agree", meta=drafted, why=WHY, wish=WISH).reply
    assert "isn't on its way any more" in said(late)
    them.house.forward(days=9)
    assert them.made() == []
    assert them.told(them.mentor) == them.told(them.mentee) == []
    seen = them.house.act(them.mentor, lambda tx, me: introductions.of_pair(tx, pairs.card_of(tx, them.pair.id), me))
    assert views.in_pair(seen) == ()


def test_a_pair_that_ends_after_a_no_reads_as_one_that_ends_after_a_silence(house: House) -> None:
    said_by_then: list[list[str]] = []
    for beside, says_no in ((house.beside("T0THERE"), False), (house, True)):
        them = three(beside)
        asked = them.ask()
        beside.forward(hours=1)
        if says_no:
            beside.act(them.contact, introducing.not_now, asked)
        end(them)
        beside.forward(days=9)
        mine = [each for each in beside.letters if each.slack_id != them.contact.slack_id]
        said_by_then.append([each.text for each in mine if each.kind.startswith("introductions")])
        reads = [said(them.taps(who).press("introductions.open", asked).reply) for who in (them.mentor, them.mentee)]
        said_by_then[-1] += [each.replace(asked, "it").replace(them.pair.id, "pair") for each in reads]
    assert said_by_then[0] == said_by_then[1]


def test_a_pair_that_ends_between_a_yes_and_the_message_introduces_nobody(them: Three) -> None:
    them.said_yes()
    end(them)
    them.house.forward(days=1)
    assert them.made() == []
    assert them.row.state == IntroductionState.DROPPED


def test_a_pair_that_ends_unnoticed_still_answers_kindly(them: Three) -> None:
    asked, drafted = them.ask(), them.draft(them.house.person("Ingrid B"))
    them.house.do(lambda tx: relationships.close(tx, them.pair.id, RelationshipState.ENDED, tx.now))
    assert "lapsed" in said(them.taps(them.contact).press("introductions.yes", asked).reply)
    late = them.taps(them.mentee).submit("introductions.agree", meta=drafted, why=WHY, wish=WISH).reply
    assert "has come to an end" in refused(late)["why"]
    assert "has come to an end" in refused(them.propose())["contact"]


def gone(them: Three, who: Member) -> None:
    """Somebody's account closes, and they are taken out."""

    def close(tx: Tx) -> None:
        member = fresh(tx, who)
        member.is_gone = True
        tx.session.flush()
        introductions.take_out(tx, member)

    them.house.do(close)


def test_a_contact_who_is_gone_is_a_silence_until_day_seven(them: Three) -> None:
    them.ask()
    them.house.forward(hours=1)
    gone(them, them.contact)
    them.house.forward(days=6)
    assert them.told(them.mentor) == []
    them.house.forward(days=2)
    assert "Nothing has come of the introduction" in them.told(them.mentor)[0]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_contact_found_gone_by_the_courier_or_the_sweep_is_told_of_as_nothing(
    either_house: House, *, is_first: bool
) -> None:
    them = three(either_house)
    them.said_yes()
    them.house.do(lambda tx: setattr(tx.session.get(Member, them.contact.id), "is_gone", True))
    if is_first:
        them.house.deliver()
    them.house.forward(hours=2)
    assert them.made() == []
    assert "Nothing has come of the introduction" in them.told(them.mentor)[0]
    assert them.told(them.mentor) == them.told(them.mentee)
    assert them.row.state == IntroductionState.LAPSED


def test_a_contact_who_goes_after_being_introduced_changes_nothing(them: Three) -> None:
    them.said_yes()
    them.house.forward(hours=1)
    gone(them, them.contact)
    them.house.forward(days=9)
    assert them.row.state == IntroductionState.MADE
    assert len(them.told(them.mentor)) == 1


def test_a_contact_who_is_gone_after_a_yes_is_told_of_as_nothing(them: Three) -> None:
    them.said_yes()
    gone(them, them.contact)
    them.house.forward(hours=2)
    assert them.made() == []
    assert "Nothing has come of the introduction" in them.told(them.mentor)[0]
    assert them.told(them.mentor) == them.told(them.mentee)


def test_a_contact_gone_between_two_clicks_is_not_asked(them: Three) -> None:
    drafted = them.draft()
    them.house.do(lambda tx: setattr(tx.session.get(Member, them.contact.id), "is_gone", True))
    late = them.taps(them.mentee).submit("introductions.agree", meta=drafted, why="Words of my own, kept", wish=WISH)
    assert "isn't here any more" in refused(late.reply)["why"]
    assert them.row.state == IntroductionState.DRAFTED
    them.house.act(them.contact, introductions.take_out)
    assert them.row.state == IntroductionState.LAPSED


def test_a_mentee_who_is_gone_is_introduced_to_nobody(them: Three) -> None:
    asked = them.ask()
    them.house.forward(minutes=1)
    gone(them, them.mentee)
    assert "isn't needed any more" in said(them.taps(them.contact).press("introductions.yes", asked).reply)
    them.house.forward(days=8)
    assert them.made() == []


def test_a_mentee_gone_after_the_yes_is_introduced_to_nobody(them: Three) -> None:
    them.said_yes()
    gone(them, them.mentee)
    them.house.forward(days=1)
    assert them.made() == []


def test_who_leaves_the_programme_as_a_contact_is_asked_no_more(them: Three) -> None:
    them.ask()
    them.house.act(them.contact, introductions.take_out)
    assert them.house.act(them.contact, introductions.waiting_for).count == 0
    them.house.forward(days=8)
    assert "Nothing has come of the introduction" in them.told(them.mentee)[0]
