"""A pair: for now its beginning is worded with the request, and here its end."""

from bot.slack import blocks as b
from bot.slack.text import md
from bot.views.people import first
from storage.models.members import Member


def ended(leaver: Member, topic: str, *, is_mentor: bool) -> b.Message:
    """The partner left or is gone; nothing is said about why, since nobody asked."""
    if is_mentor:
        words = md(
            "Your mentoring with {name} on {topic} has come to an end, and your place is free again. Thank you for it.",
            name=first(leaver),
            topic=topic,
        )
        return b.Message(words, (b.section(words),))
    words = md(
        "Your mentoring with {name} on {topic} has come to an end. It isn't about you. Shall I look for somebody else?",
        name=first(leaver),
        topic=topic,
    )
    return b.Message(words, (b.section(words), b.actions(b.button("Find a mentor", "find.start", style="primary"))))
