"""Away, as the one who stays reads it."""

from bot.rules.preferences import PairAway
from bot.slack import blocks as b
from bot.slack.text import Markup, md
from bot.views import times
from bot.views.people import first

BlockRun = tuple[b.Block, ...]


def told(held: PairAway) -> b.Message:
    """The partner is away; it asks nothing."""
    words = _waits(held)
    return b.Message(words, (b.section(words),))


def in_pair(held: PairAway) -> BlockRun:
    """A pair's own line about being on hold, and the way in or out of it."""
    pair_id = held.card.id
    pause = b.button("Pause a while", "preferences.pause_pair", pair_id)
    if held.until is None:
        return (b.actions(pause),)
    if not held.is_own:
        return (b.section(_waits(held)),)
    words = md("On hold until {day}: I'm quiet about the two of you.", day=back_words(held))
    return (b.section(words, b.button("Go on now", "preferences.resume_pair", pair_id)),)


def back_words(held: PairAway) -> str:
    """The day it goes on, by the clock of whoever picked it, so that both read the same day."""
    return times.day(held.until, held.by.zone) if held.until and held.by else ""


def _waits(held: PairAway) -> Markup:
    return md(
        "{name} is away until {day}, so I'm quiet about the two of you until then.",
        name=first(held.card.partner_of(held.reader)),
        day=back_words(held),
    )
