"""Proposing an agreement: one screen to pick from, one for words."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from bot.rules.agreements import MINUTES, REPLY_DAYS, Method, Proposal, Terms
from bot.rules.rhythms import Rhythm
from bot.slack import blocks as b
from bot.slack.forms import Form, Words, wrong
from bot.slack.text import md
from bot.views.agreements import METHODS, RHYTHMS, lines, reply_words
from bot.views.fields import at_most, read_day
from bot.views.people import first, seen_by

GOAL_MAX = 300
BOUNDARIES_MAX = 600


def _one_of(kind: type[Rhythm] | type[Method]) -> BeforeValidator:
    def check(value: object) -> object:
        if str(value) not in set(kind):
            raise wrong("Pick one of these, please.")
        return kind(str(value))

    return BeforeValidator(check)


def _number(allowed: tuple[int, ...]) -> BeforeValidator:
    def check(value: object) -> object:
        found = next((number for number in allowed if str(number) == str(value)), None)
        if found is None:
            raise wrong("Pick one of these, please.")
        return found

    return BeforeValidator(check)


def _said_goal(value: str) -> str:
    if not any(c.isalnum() for c in value):
        raise wrong("One sentence is plenty. What would be different at the end?")
    return value


class ChoicesForm(Form):
    """The first half of a proposal: what one picks."""

    rhythm: Annotated[Rhythm, _one_of(Rhythm)]
    minutes: Annotated[int, _number(MINUTES)]
    method: Annotated[Method, _one_of(Method)]
    reply_days: Annotated[int, _number(REPLY_DAYS)]
    ends_on: Annotated[date, BeforeValidator(read_day)]

    def terms(self) -> Terms:
        """The same as terms, their words still to come."""
        return Terms(self.rhythm, self.minutes, self.method, self.reply_days, self.ends_on, goal="")


class WordsForm(Form):
    """The second half: what one types."""

    goal: Annotated[Words, at_most(GOAL_MAX), AfterValidator(_said_goal)]
    boundaries: Annotated[Words, at_most(BOUNDARIES_MAX)]


def choose(page: Proposal) -> b.Modal:
    """The first half of a proposal: picked, not typed."""
    terms = page.terms
    rhythms = [b.Option(rhythm, _capital(words)) for rhythm, words in RHYTHMS.items()]
    methods = [b.Option(method, _capital(words)) for method, words in METHODS.items()]
    lengths = [b.Option(str(minutes), f"{minutes} minutes") for minutes in MINUTES]
    replies = [b.Option(str(days), _capital(reply_words(days))) for days in REPLY_DAYS]
    return b.Modal(
        title="Suggest a change",
        callback="agreements.choose",
        submit="Next",
        close="Not now",
        meta=f"{page.card.id} {page.based_on}",
        blocks=(
            b.section(md("Two short steps. {name} then signs, or answers with a change.", name=_partner(page))),
            b.select("rhythm", "How often you meet", rhythms, initial=terms.rhythm),
            b.select("minutes", "How long", lengths, initial=str(terms.minutes)),
            b.select("method", "How you talk", methods, initial=terms.method),
            b.select("reply_days", "How soon you answer each other", replies, initial=str(terms.reply_days)),
            b.date_input("ends_on", "Until", initial=terms.ends_on.isoformat(), hint="One to twelve months in all."),
        ),
    )


def words(page: Proposal) -> b.Modal:
    """The second half: the goal, and what is left out."""
    return b.Modal(
        title="In your own words",
        callback="agreements.propose",
        submit="Sign and propose",
        close="Not now",
        meta=f"{page.card.id} {page.based_on}",
        blocks=(
            b.section(lines(page.terms)),
            b.text_input(
                "goal",
                "One goal",
                initial=page.terms.goal,
                max_length=GOAL_MAX,
                lines=True,
                placeholder="Move from support into a data role",
            ),
            b.text_input(
                "boundaries",
                "What we leave out",
                initial=page.terms.boundaries,
                max_length=BOUNDARIES_MAX,
                lines=True,
                optional=True,
                hint="Topics, hours, or ways of reaching each other you would rather not have.",
            ),
            b.context(seen_by("agreements.goal", "agreements.boundaries")),
        ),
    )


def _partner(page: Proposal) -> str:
    return first(page.card.partner_of(page.reader))


def _capital(words_: str) -> str:
    return words_[0].upper() + words_[1:]
