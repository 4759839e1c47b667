"""After a meeting: did it take place, one tap on how it was, and perhaps a word. No message says what was chosen."""

from typing import Annotated

from pydantic import BeforeValidator

from bot.rules.feedback import AfterCard, Word
from bot.rules.meetings import MeetingCard, Score
from bot.slack import blocks as b
from bot.slack.forms import Form, Words, wrong
from bot.slack.text import Markup, md
from bot.views.fields import at_most
from bot.views.meetings import SCORES, answers, scores, when
from bot.views.people import first, seen_by
from storage.models.meetings import MeetingState
from storage.models.members import Member

WORDS_MAX = 2000


def after(seen: AfterCard) -> b.Message:
    """One message from the question to the thanks, as things stand for this reader."""
    state = seen.card.meeting.state
    if state == MeetingState.MET:
        return _thanks(seen) if seen.has_rated else _rating(seen)
    if state == MeetingState.CANCELLED:
        return _says(_about(seen, "Your meeting with {name} on *{when}* was called off, so there's nothing to answer."))
    if seen.said_no:
        words = md("Thanks, that stays with me. Shall we find another time?")
        plan = b.button("Plan a meeting", "meetings.another", seen.card.pair.id)
        return _says(words, b.actions(plan))
    if not seen.card.has_begun:
        words = _about(seen, "Your meeting with {name} is on *{when}*, so I'll ask after that.")
        return _says(words, b.actions(b.button("Move it", "meetings.move", seen.card.meeting.id)))
    return _question(seen)


def _says(words: Markup, *rows: b.Block) -> b.Message:
    return b.Message(words, (b.section(words), *rows))


def _about(seen: AfterCard, template: str) -> Markup:
    name = first(seen.card.pair.partner_of(seen.reader))
    return md(template, name=name, when=when(seen.card, seen.reader))


def _question(seen: AfterCard) -> b.Message:
    return _says(_about(seen, "Did you and {name} meet on *{when}*?"), b.actions(*answers(seen.card)))


def line(card: MeetingCard, reader: Member) -> Markup:
    """The same question as a line of a digest."""
    name = first(card.pair.partner_of(reader))
    return md("Did you and {name} meet on {when}? The Home tab takes your yes.", name=name, when=when(card, reader))


def _rating(seen: AfterCard) -> b.Message:
    words = _about(seen, "You and {name} met: noted. How much did it help you?")
    return _says(words, b.actions(*scores(seen.card)), b.context(seen_by("feedback.words")))


def _thanks(seen: AfterCard) -> b.Message:
    return _says(md("Thanks, noted."), b.actions(b.button("Add a word", "feedback.word", seen.card.meeting.id)))


def _score(value: object) -> Score:
    if value not in set(Score):
        raise wrong("Please pick one of the three.")
    return Score(str(value))


class WordForm(Form):
    """One's tap, and perhaps a word with it."""

    score: Annotated[Score, BeforeValidator(_score)]
    words: Annotated[Words, at_most(WORDS_MAX)] = ""


def word(given: Word) -> b.Modal:
    """One's own feedback, to read and change; nobody else is shown this modal."""
    name = first(given.card.pair.partner_of(given.reader))
    return b.Modal(
        title="A word on it",
        callback="feedback.save",
        submit="Save",
        close="Back",
        meta=given.card.meeting.id,
        blocks=(
            b.section(md("You and {name}, *{when}*.", name=name, when=when(given.card, given.reader))),
            b.radio(
                "score",
                "How much did it help you?",
                [b.Option(score, label) for score, label in SCORES.items()],
                initial=given.score,
            ),
            b.text_input(
                "words", "A word, if you like", initial=given.words, max_length=WORDS_MAX, lines=True, optional=True
            ),
            b.context(seen_by("feedback.words")),
        ),
    )
