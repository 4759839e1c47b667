"""Finding a mentor: two questions, names with reasons, a note."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.rules.find import Name, NotePage, Results, Start
from bot.rules.matching import Reason, ReasonKind
from bot.slack import blocks as b
from bot.slack.forms import Form, Line, Words, wrong
from bot.slack.text import Markup, cut, joined, listed, md
from bot.views import times
from bot.views.fields import at_most
from bot.views.people import first, seen_by, whole
from storage.models.requests import Search

TOPIC_MAX = 120
GOAL_MAX = 300
NOTE_MAX = 1500
LEAST_NOTE = 20


def _topic(value: str) -> str:
    if not any(c.isalnum() for c in value):
        raise wrong("Name one thing in a few words, such as: data analysis.")
    return value


def _goal(value: str) -> str:
    if not any(c.isalnum() for c in value):
        raise wrong("One sentence is plenty. What would be different in six months?")
    return value


def said_enough(value: str) -> str:
    """A note with a sentence in it, else words for what to add."""
    if sum(c.isalnum() for c in value) < LEAST_NOTE:
        raise wrong("Add a sentence or two: what you hope for, and what a first chat should be about.")
    return value


class SearchForm(Form):
    """The two questions."""

    topic: Annotated[Line, at_most(TOPIC_MAX), AfterValidator(_topic)]
    goal: Annotated[Line, at_most(GOAL_MAX), AfterValidator(_goal)]


def start(page: Start) -> b.Modal:
    """The two questions; for somebody new, answering them is joining."""
    opening = "Two questions, and then names." if page.has_joined else "Two questions. Answering them is joining."
    return b.Modal(
        title="Find a mentor",
        callback="find.search",
        submit="Show me who",
        close="Not now",
        blocks=(
            b.section(md(opening)),
            b.text_input(
                "topic",
                "What do you want to learn?",
                placeholder="data analysis",
                initial=page.topic,
                max_length=TOPIC_MAX,
            ),
            b.text_input(
                "goal",
                "One goal: what should be different in six months?",
                placeholder="Move from support into a data role",
                initial=page.goal,
                max_length=GOAL_MAX,
                lines=True,
            ),
            b.context(seen_by("find.topic", "find.goal")),
        ),
    )


def results(page: Results) -> b.Modal:
    """Names with their reasons in words; who is full is said to be full."""
    return b.Modal(
        title="Who could help",
        callback="find.results",
        close="Close",
        meta=page.search.id,
        blocks=(*_result_blocks(page), b.context(_small_print(page))),
    )


def _result_blocks(page: Results) -> tuple[b.Block, ...]:
    if not page.fitting and not page.others:
        return (b.section(_nobody(page.search)), b.actions(b.button("Try other words", "find.elsewhere")))
    lead = (
        md("For *{topic}*, best fit first:", topic=page.search.topic)
        if page.fitting
        else md("Nobody lists *{topic}* yet. These people are open, and may know the way:", topic=page.search.topic)
    )
    names = [b.section(_name(name), _ask_button(name)) for name in page.fitting]
    if page.fitting and page.others:
        names.append(b.context(md("Open too, though they don't list {topic}:", topic=page.search.topic)))
    names += [b.section(_name(name), _ask_button(name)) for name in page.others]
    return (b.section(lead), *names, b.actions(b.button("Try other words", "find.elsewhere")))


def _nobody(search: Search) -> Markup:
    return md(
        "Nobody is open for mentoring yet, so there is no one to ask for *{topic}* today. I kept your two answers: "
        "`/mentor find` picks up here. If you can teach something yourself, `/mentor profile` makes you the first.",
        topic=search.topic,
    )


def _small_print(page: Results) -> Markup:
    if not page.askable:
        return md("I kept your answers. `/mentor find` looks again whenever you like.")
    return md("One person is asked at a time, and nobody learns which choice they were.")


def _name(name: Name) -> Markup:
    title = md("  ·  {title}", title=name.member.title) if name.member.title else Markup("")
    return md("*{name}*{title}\n{why}", name=whole(name.member), title=title, why=reasons(name.suggestion.reasons))


def _ask_button(name: Name) -> b.Block | None:
    if name.suggestion.is_full:
        return None
    return b.button(f"Ask {first(name.member)}", "find.ask", name.member.id)


REASONS = {
    ReasonKind.TEACHES: "teaches {skill}",
    ReasonKind.NEAR: "teaches {skill}, which is close",
    ReasonKind.GOAL: "{skill} would help with your goal",
    ReasonKind.LANGUAGE: "speaks {skill} too",
    ReasonKind.HOURS: "overlaps {hours} your time",
    ReasonKind.FULL: "no free place just now ({n} of {n} taken)",
    ReasonKind.ROOM: "has {room}",
}


def reasons(found: tuple[Reason, ...]) -> Markup:
    """The reasons as one line of words; never a score."""
    said = joined([_reason(reason) for reason in found], ", ")
    return Markup(said.value[:1].upper() + said.value[1:] + ".") if said.value else Markup("")


def _reason(reason: Reason) -> Markup:
    return md(
        REASONS[reason.kind],
        skill=reason.skill,
        hours=times.window(reason.window) if reason.window else "",
        n=reason.free,
        room="a free place" if reason.free == 1 else f"{reason.free} free places",
    )


class NoteForm(Form):
    """The note, and who may be asked after the first name."""

    note: Annotated[Words, at_most(NOTE_MAX), AfterValidator(said_enough)]
    others: list[str] = Field(default_factory=list)


def note(page: NotePage) -> b.Modal:
    """A half-written note that makes intentions clear, and the names to try after the first."""
    return b.Modal(
        title=cut(f"Ask {first(page.first.member)}", b.TITLE_MAX),
        callback="find.send",
        submit="Send",
        close="Back",
        meta=f"{page.search.id} {page.first.member.id}",
        blocks=(
            b.section(md("{name}: {why}", name=whole(page.first.member), why=reasons(page.first.suggestion.reasons))),
            b.text_input(
                "note",
                "Your note",
                hint="Half-written for you. Change what doesn't sound like you.",
                initial=page.kept or draft_note(page),
                max_length=NOTE_MAX,
                lines=True,
            ),
            *_others(page.others, first(page.first.member)),
            b.context(seen_by("find.note")),
        ),
    )


def _others(names: tuple[Name, ...], chosen: str) -> tuple[b.Block, ...]:
    if not names:
        return ()
    options = [b.Option(name.member.id, whole(name.member), _skills_line(name)) for name in names]
    return (
        b.checkboxes(
            "others",
            f"If {chosen} can't, ask next",
            options,
            initial=[name.member.id for name in names if name.suggestion.fits],
            hint="In this order, one at a time, each with three working days.",
        ),
    )


def _skills_line(name: Name) -> str:
    taught = [r.skill for r in name.suggestion.reasons if r.skill and r.kind is not ReasonKind.LANGUAGE]
    return f"Teaches {listed(taught)}" if taught else ""


def draft_note(page: NotePage) -> str:
    """What the note starts as: who, what for, and what a first chat would be about."""
    role = f", {page.mentee.title}" if page.mentee.title else ""
    return (
        f"Hi {first(page.first.member)}, I'm {first(page.mentee)}{role}.\n\n"
        f"I'd like to learn {page.search.topic}. My goal: {page.search.goal.rstrip('.')}.\n\n"
        "Would you have 30 minutes for a first chat? I'd like to hear how you started, "
        "and what you would do first in my place."
    )
