"""The kill switch on an organiser's Home: what it does, and since when it has."""

from datetime import datetime

from bot.rules.home import Silence
from bot.slack import blocks as b
from bot.slack.text import Markup, md
from bot.views import times
from bot.views.people import whole

SURE = b.Confirm(
    "Silence me everywhere?",
    "I'll only answer when somebody taps or types. Reminders, requests, check-ins and digests wait; nothing is lost, "
    "and what is too old when I speak again is let go.",
    "Silence me",
)


AGAIN = b.Confirm(
    "Speak again?",
    "What waited and is still worth reading reaches people in their own working hours, a few things a week, and not "
    "all at once. Whoever had days left to answer has as many now.",
    "Speak again",
)


def on_home(silence: Silence | None, zone: str) -> tuple[b.Block, ...]:
    """One line and one button."""
    if silence is None:
        words = md("I write to people when something is due for them.")
        return (b.section(words, b.button("Silence me everywhere", "silence.begin", confirm=SURE)),)
    speak = b.button("Let me speak again", "silence.end", style="primary", confirm=AGAIN)
    return (b.section(_since(silence, zone), speak),)


def for_everybody() -> tuple[b.Block, ...]:
    """What everybody else reads on their Home meanwhile."""
    words = md("I'm silent for now, as organisers asked. All you do here works, and reaches others afterwards.")
    return (b.context(words),)


def _since(silence: Silence, zone: str) -> Markup:
    when = _moment(silence.since, zone)
    if silence.by is None:
        return md("*I'm silenced* in the whole workspace, since {when}. I only answer taps; the rest waits.", when=when)
    return md(
        "*I'm silenced* in the whole workspace, by {name} since {when}. I only answer taps; the rest waits.",
        name=whole(silence.by),
        when=when,
    )


def _moment(at: datetime, zone: str) -> str:
    return times.moment_words(at, zone)
