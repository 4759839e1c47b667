"""The modals of an introduction: whom, the draft, reading and editing it, how it stands, and a second try."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from bot.rules.introductions import MINUTES, DraftPage, IntroductionCard, Whom
from bot.rules.policy import INTRODUCTION_MINUTES
from bot.slack import blocks as b
from bot.slack.forms import Form, Line, Words, wrong
from bot.slack.text import cut, joined, md
from bot.views import introductions as messages
from bot.views.fields import at_most
from bot.views.people import first, seen_by, whole
from storage.models.introductions import IntroductionState
from storage.models.members import Member

WHY_MAX, WISH_MAX = 600, 300
LEAST = 10
PUBLIC = re.compile(r"C[A-Z0-9]{2,20}")
WHERE = "In a public channel, else in a group message for the three of you"


def _said_enough(value: str) -> str:
    if sum(c.isalnum() for c in value) < LEAST:
        raise wrong("A sentence will do, so that a stranger understands it.")
    return value


def _somebody(value: str) -> str:
    if not value:
        raise wrong("Pick a person, please.")
    return value


def _public(value: str) -> str:
    if value and not PUBLIC.fullmatch(value):
        raise wrong("I can only post in public channels. Pick one, or leave this empty.")
    return value


def _minutes(value: object) -> object:
    known = {str(minutes): minutes for minutes in MINUTES}
    return known.get(str(value), INTRODUCTION_MINUTES.value)


Why = Annotated[Words, at_most(WHY_MAX), AfterValidator(_said_enough)]
Wish = Annotated[Words, at_most(WISH_MAX), AfterValidator(_said_enough)]
Place = Annotated[Line, AfterValidator(_public)]


class DraftForm(Form):
    """Whom, why, for what, how long, and where."""

    contact: Annotated[Line, AfterValidator(_somebody)]
    why: Why
    wish: Wish
    minutes: Annotated[int, BeforeValidator(_minutes)]
    place: Place


class AgreeForm(Form):
    """The words as the mentee would have them."""

    why: Why
    wish: Wish


class Again(StrEnum):
    """Where an introduction is tried again; both are places its three people agreed to, or fewer read."""

    GROUP = "group"
    CHANNEL = "channel"


def _again(value: object) -> object:
    return Again(str(value)) if value in set(Again) else Again.GROUP


class PlaceForm(Form):
    """Where to try again."""

    way: Annotated[Again, BeforeValidator(_again)] = Again.GROUP


AGAIN = [
    b.Option(Again.GROUP, "In a group message for the three of you"),
    b.Option(Again.CHANNEL, "In the channel once more"),
]


def whom(page: Whom) -> b.Modal:
    """Which mentee; one button each."""
    rows = (
        b.section(
            md("*{name}*, on {topic}", name=whole(card.mentee), topic=card.relationship.topic),
            b.button(f"Introduce {first(card.mentee)}", "introductions.draft", card.id),
        )
        for card in page.cards
    )
    return b.Modal(
        title="Introduce a mentee",
        callback="introductions.whom",
        blocks=(b.section(md("Whom would you like to introduce to somebody new?")), *rows),
    )


def nobody() -> b.Modal:
    """To somebody who mentors nobody: what this is, and a way on."""
    words = md(
        "Introductions are for people you mentor, and you have no mentee now. "
        "Say in your profile what you could teach, and somebody can find you."
    )
    return b.Modal(
        title="Introduce a mentee",
        callback="introductions.nobody",
        blocks=(
            b.section(words),
            b.actions(b.button("My profile", "profiles.edit"), b.button("Meet your peers", "rounds.show")),
        ),
    )


def draft(page: DraftPage) -> b.Modal:
    """A mentor's draft: five fields, and who reads it first."""
    name = first(page.card.mentee)
    minutes = [b.Option(str(each), f"{each} minutes") for each in MINUTES]
    return b.Modal(
        title=cut(f"Introduce {name}", b.TITLE_MAX),
        callback="introductions.propose",
        submit="Show it to them",
        close="Not now",
        meta=page.card.id,
        blocks=(
            b.section(md("{name} reads this first, can change the words, and decides whether it is sent.", name=name)),
            b.person_select("contact", "Somebody new to them"),
            b.text_input("why", "Why you two", initial=page.why, max_length=WHY_MAX, lines=True),
            b.text_input("wish", "One ask", initial=page.wish, max_length=WISH_MAX, hint="Small and clear is easiest."),
            b.radio("minutes", "The time it takes", minutes, initial=str(INTRODUCTION_MINUTES.value)),
            b.channel_select("place", "Where I introduce you", hint=WHERE, optional=True),
            b.context(seen_by("introductions.words")),
        ),
    )


def review(card: IntroductionCard, words: tuple[str, str]) -> b.Modal:
    """The mentee reads the draft, edits its words, and agrees to be named."""
    why, wish = words
    named = md(
        "You'll be named: {contact} reads that {mentor} mentors you, and these words exactly. It asks for "
        "{minutes} minutes.",
        contact=first(card.contact),
        mentor=first(card.mentor),
        minutes=card.row.minutes,
    )
    return b.Modal(
        title="Your introduction",
        callback="introductions.agree",
        submit="Agree and ask",
        close="Later",
        meta=card.id,
        blocks=(
            b.section(
                md("{mentor} would introduce you to *{contact}*.", mentor=first(card.mentor), contact=_who(card))
            ),
            b.text_input("why", "Why you two", initial=why, max_length=WHY_MAX, lines=True),
            b.text_input("wish", "One ask", initial=wish, max_length=WISH_MAX),
            b.section(named),
            messages.where(card, "After a yes, I introduce you in "),
            b.actions(b.button("Rather not", "introductions.rather_not", card.id)),
            b.context(seen_by("introductions.words")),
        ),
    )


def _who(card: IntroductionCard) -> str:
    title = card.contact.title.strip()
    return f"{whole(card.contact)}, {title}" if title else whole(card.contact)


def standing(card: IntroductionCard, reader: Member) -> b.Modal:
    """How an introduction stands for mentor or mentee, with its words."""
    sent = () if card.seems == IntroductionState.DRAFTED else (messages.where(card, "The place is "),)
    return b.Modal(
        title="The introduction",
        callback="introductions.standing",
        meta=card.id,
        blocks=(
            b.section(messages.stands(card, reader)),
            *messages.words(card),
            *sent,
            *messages.ways(card, reader),
            b.context(seen_by("introductions.words")),
        ),
    )


def asking(card: IntroductionCard) -> b.Modal:
    """The contact's message once more, as a modal."""
    return b.Modal(
        title="An introduction", callback="introductions.asking", meta=card.id, blocks=messages.asked(card).blocks
    )


def what(card: IntroductionCard) -> b.Modal:
    """What an introduction is, to somebody who may never have heard of any of this."""
    lines = (
        md(
            "I help people here find mentors. {mentor} mentors {mentee}.",
            mentor=whole(card.mentor),
            mentee=_mentee(card),
        ),
        md("A mentor can suggest that somebody they mentor meets one person. Both have agreed to the words."),
        md("*If you say yes*, I introduce you once, and the rest is yours. It binds you to one short talk at most."),
        md("*If you don't*, you need no reason. They hear the same as from somebody who never answered."),
        md("You're asked twice in thirty days at most, by everyone together, and never reminded."),
    )
    return b.Modal(
        title="What is this?",
        callback="introductions.about",
        blocks=(
            b.section(joined(list(lines), "\n\n")),
            b.actions(b.button("Back to the question", "introductions.open", card.id)),
        ),
    )


def _mentee(card: IntroductionCard) -> str:
    return first(card.mentee)


def elsewhere(card: IntroductionCard) -> b.Modal:
    """A second try for an introduction all three have agreed to; in a channel only where that was agreed."""
    words = md("Everybody has agreed, and the words are kept. Shall I introduce {name} now?", name=first(card.mentee))
    group = b.context(md("I open a group message for the three of you."))
    return b.Modal(
        title="Try again",
        callback="introductions.put",
        submit="Introduce them",
        close="Later",
        meta=card.id,
        blocks=(b.section(words), b.radio("way", "Where", AGAIN, initial=Again.GROUP) if card.row.place else group),
    )
