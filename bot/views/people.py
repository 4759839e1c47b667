"""How people are named: the whole name once, then the first."""

from bot.rules.permissions import SEEN_BY, Reader
from bot.slack.text import Markup, joined, listed, md, mention
from storage.models.members import Member

READERS = {
    Reader.SELF: "you",
    Reader.CURRENT_NAME: "the mentor being asked",
    Reader.EVERYONE: "everyone in the programme",
    Reader.MENTEE: "the person who asked",
    Reader.BOTH: "the two of you",
    Reader.ENOUGH: "nobody else until five people have answered",
    Reader.PARTNER: "your partner",
    Reader.INTRODUCED: "whoever is asked, and whoever is where the introduction is made",
}


def first(member: Member) -> str:
    """The first name, as one would say it."""
    return member.name.split()[0] if member.name.split() else "Someone"


def whole(member: Member) -> str:
    """The whole name."""
    return member.name.strip() or "Someone"


def at(member: Member) -> Markup:
    """The person as Slack shows them, so that one can write to them."""
    return mention(member.slack_id)


def seen_by(*fields: str) -> Markup:
    """The line every form carries, written from the permission matrix."""
    readers: list[Reader] = []
    for field in fields:
        readers.extend(reader for reader in SEEN_BY[field] if reader not in readers)
    said = md("Seen by: {readers}.", readers=listed([READERS[reader] for reader in readers]))
    is_open = {Reader.EVERYONE, Reader.INTRODUCED} & set(readers)
    return said if is_open else joined([said, md("Never by your organisers.")], " ")
