"""A message shown where there is no message: as a small modal, or as plain words beside a field."""

from bot.slack.blocks import Block, Message, Modal
from bot.slack.text import Markup

PLAIN = str.maketrans("", "", "*`")
UNESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def as_modal(message: Message, title: str) -> Modal:
    """The message's own blocks, in a modal with nothing to send."""
    return Modal(title=title, callback="notice.shown", blocks=message.blocks)


def as_view_of_loading(title: str) -> Modal:
    """What stands there while slow work is done."""
    waiting: Block = {"type": "section", "text": {"type": "plain_text", "text": "One moment…"}}
    return Modal(title=title, callback="notice.loading", blocks=(waiting,))


def as_plain(words: Markup) -> str:
    """Words as they stand beside a field, where nothing is marked up."""
    text = words.value.translate(PLAIN)
    for entity, char in UNESCAPED:
        text = text.replace(entity, char)
    return text
