"""Help: what there is, who to talk to, and the answer to a typed word."""

from collections.abc import Sequence

from bot.slack import blocks as b
from bot.slack.text import Markup, joined, md
from bot.views.people import at, whole
from storage.models.members import Member

COMMANDS = (
    ("find", "find a mentor; add a topic if you like, such as `/mentor find SQL`"),
    ("profile", "what you teach, what you want to learn, how many mentees you take"),
    ("peers", "meet a colleague every second week, two or three at a time"),
    ("introduce", "introduce a mentee of yours to somebody who could help"),
    ("settings", "how much you hear from me, when, and away until"),
    ("leave", "stop, without a why"),
    ("help", "this page"),
)


def ways(organisers: Sequence[Member]) -> b.Message:
    """Everything one can do, and who organises."""
    lines = joined([md("`/mentor {word}`  {what}", word=word, what=md(what)) for word, what in COMMANDS])
    lead = md("*Here is what I can do.* Everything is on the Home tab too.")
    return b.Message(
        md("Here is what I can do: find, profile, peers, introduce, settings, leave, help."),
        (
            b.section(lead),
            b.section(lines),
            b.actions(
                b.button("Find a mentor", "find.start", style="primary"),
                b.button("My profile", "profiles.edit"),
                b.button("Something isn't right", "help.worry"),
            ),
            b.context(_who(organisers)),
        ),
    )


def _who(organisers: Sequence[Member]) -> Markup:
    if not organisers:
        return md("Nobody is named as an organiser yet. Whoever runs me can name them in the settings.")
    return md("Organisers: {names}. They see states and counts, never your words.", names=_names(organisers))


def _names(people: Sequence[Member]) -> Markup:
    return joined([md("{name} ({at})", name=whole(p), at=at(p)) for p in people], ", ")


def worry(organisers: Sequence[Member]) -> b.Modal:
    """Something isn't right: people to talk to, by name."""
    who = (
        md("Write to someone directly: {names}.", names=_names(organisers))
        if organisers
        else md("Nobody is named as an organiser here yet. Someone you trust, or your people team, is a good start.")
    )
    return b.Modal(
        title="Something isn't right",
        callback="help.worried",
        blocks=(
            b.section(md("You don't have to sort this out alone, and you don't need to be sure.")),
            b.section(who),
            b.section(md("If you're in danger now, call your local emergency number first.")),
            b.context(md("Opening this told nobody anything.")),
        ),
    )


def typed() -> b.Message:
    """The answer to a word typed to the bot: it reads buttons, and keeps nothing."""
    words = md("I understand buttons, not sentences, and I keep nothing you type here. Four ways on:")
    return b.Message(
        words,
        (
            b.section(words),
            b.actions(
                b.button("What's next", "home.next_steps"),
                b.button("Find a mentor", "find.start"),
                b.button("Something isn't right", "help.worry"),
                b.button("Help", "help.ways"),
            ),
        ),
    )
