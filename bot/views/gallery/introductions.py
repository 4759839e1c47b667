"""Introductions, sampled in every state, for each of the three."""

from datetime import timedelta
from typing import Any

from bot.rules.introductions import DraftPage, IntroductionCard, PairIntroductions, WaitingIntroductions, Whom
from bot.rules.pairs import PairCard
from bot.slack.blocks import Home, Message
from bot.slack.text import md
from bot.views import introducing as modals
from bot.views import introductions as views
from bot.views.gallery.agreements import WILD, pair
from bot.views.gallery.samples import GRACE, HERE, HOSTILE, NOOR, NOW, TOMAS, Sample, sample
from storage.models.introductions import Introduction, IntroductionState
from storage.models.members import Member
from storage.models.relationships import RelationshipState

DRAFTED, ASKED, AGREED, MADE, DECLINED, LAPSED, DROPPED = IntroductionState
WHY = "You both moved from support into data, two years apart, and ask the same questions about it."
WISH = "Which two things would you learn first if you began again?"
PLACE = "C0SAMPLE1"


def card(
    state: IntroductionState, contact: Member = GRACE, words: tuple[str, str] = (WHY, WISH), **more: Any
) -> IntroductionCard:
    """Noor, introduced to somebody by Tomás; `more` is what the row says besides."""
    is_open = state in {ASKED, DECLINED}
    facts: dict[str, Any] = {
        "asked_at": None if state == DRAFTED else NOW,
        "due_at": NOW + timedelta(days=7) if is_open else None,
    }
    row = Introduction(
        id="i1",
        workspace_id=HERE,
        relationship_id="r1",
        state=state,
        drafted_at=NOW,
        mentor_id=TOMAS.id,
        mentee_id=NOOR.id,
        contact_id=contact.id,
        why=b"",
        wish=b"",
        **(facts | {key: value for key, value in more.items() if key not in {"card", "is_closed"}}),
    )
    held: PairCard = more.get("card") or pair()
    return IntroductionCard(held, row, contact, *words, NOW, is_closed=bool(more.get("is_closed")))


def samples() -> tuple[Sample, ...]:
    """Every view of the feature."""
    return (*_mentee(), *_contact(), *_made(), *_told(), *_modals(), *_runs())


def _mentee() -> tuple[Sample, ...]:
    return (
        sample("introductions.drafted", views.drafted(card(DRAFTED))),
        sample("introductions.drafted hostile", views.drafted(card(DRAFTED, HOSTILE))),
        sample("introductions.drafted asked", views.drafted(card(ASKED))),
        sample("introductions.drafted rather not", views.drafted(card(DROPPED, asked_at=None, answered_at=NOW))),
        sample("introductions.drafted taken back", views.drafted(card(DROPPED))),
    )


def _contact() -> tuple[Sample, ...]:
    wild = (WILD * 11)[:600], (WILD * 5)[:300]
    return (
        sample("introductions.asked", views.asked(card(ASKED))),
        sample("introductions.asked in a channel", views.asked(card(ASKED, words=wild, place=PLACE))),
        sample("introductions.asked yes", views.asked(card(MADE))),
        sample("introductions.asked yes, in a channel", views.asked(card(MADE, place=PLACE))),
        sample("introductions.asked yes, refused", views.asked(card(AGREED, place=PLACE))),
        sample("introductions.asked not now", views.asked(card(DECLINED))),
        sample("introductions.asked never", views.asked(card(DECLINED, is_closed=True))),
        sample("introductions.asked late", views.asked(card(LAPSED))),
        sample("introductions.asked late, never", views.asked(card(LAPSED, is_closed=True))),
        sample("introductions.asked let go", views.asked(card(DROPPED))),
    )


def _made() -> tuple[Sample, ...]:
    wild = (WILD * 11)[:600], (WILD * 5)[:300]
    return (
        sample("introductions.made", views.made(card(MADE))),
        sample("introductions.made in a channel", views.made(card(MADE, HOSTILE, wild, place=PLACE))),
    )


def _told() -> tuple[Sample, ...]:
    return (
        sample("introductions.told made", views.told(card(MADE), TOMAS)),
        sample("introductions.told made in a channel", views.told(card(MADE, place=PLACE), NOOR)),
        sample("introductions.told refused", views.told(card(AGREED, place=PLACE), TOMAS)),
        sample("introductions.told nothing", views.told(card(LAPSED), TOMAS)),
        sample("introductions.told nothing, mentee", views.told(card(DECLINED, due_at=None), NOOR)),
        sample("introductions.told rather not", views.told(card(DROPPED, asked_at=None, answered_at=NOW), TOMAS)),
    )


def _modals() -> tuple[Sample, ...]:
    wild = (WILD * 11)[:600], (WILD * 5)[:300]
    return (
        sample("introductions.whom", modals.whom(Whom(TOMAS, (pair(), pair())))),
        sample("introductions.nobody", modals.nobody()),
        sample("introductions.propose", modals.draft(DraftPage(pair()))),
        sample("introductions.propose kept", modals.draft(DraftPage(pair(), *wild))),
        sample("introductions.agree", modals.review(card(DRAFTED), (WHY, WISH))),
        sample("introductions.agree channel", modals.review(card(DRAFTED, HOSTILE, place=PLACE), wild)),
        sample("introductions.standing drafted", modals.standing(card(DRAFTED), TOMAS)),
        sample("introductions.standing drafted, mentee", modals.standing(card(DRAFTED), NOOR)),
        sample("introductions.standing asked", modals.standing(card(ASKED, words=wild, place=PLACE), NOOR)),
        sample("introductions.standing refused", modals.standing(card(AGREED, place=PLACE), TOMAS)),
        sample("introductions.standing refused, mentee", modals.standing(card(AGREED, place=PLACE), NOOR)),
        sample("introductions.standing lapsed", modals.standing(card(LAPSED), TOMAS)),
        sample("introductions.asking", modals.asking(card(ASKED))),
        sample("introductions.asking not now", modals.asking(card(DECLINED))),
        sample("introductions.asking never", modals.asking(card(DECLINED, is_closed=True))),
        sample("introductions.about", modals.what(card(ASKED))),
        sample("introductions.put", modals.elsewhere(card(AGREED, HOSTILE, place=PLACE))),
        sample("introductions.put group", modals.elsewhere(card(AGREED, HOSTILE))),
    )


def _runs() -> tuple[Sample, ...]:
    several = (card(DRAFTED, HOSTILE), card(ASKED), card(MADE))
    waiting = WaitingIntroductions(NOOR, (card(DRAFTED),), (card(ASKED),))
    return (
        sample("introductions in pair", _in_pair(TOMAS, *several)),
        sample("introductions in pair, mentee", _in_pair(NOOR, *several)),
        sample("introductions in pair, none", _in_pair(NOOR)),
        sample("introductions in pair, over", _in_pair(TOMAS, *several, held=pair(RelationshipState.ENDED))),
        sample("introductions on home", Home(views.on_home(waiting))),
    )


def _in_pair(reader: Member, *shown: IntroductionCard, held: PairCard | None = None) -> Message:
    return Message(md("Pair"), views.in_pair(PairIntroductions(held or pair(), reader, shown)))
