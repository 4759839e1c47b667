"""What a reply says, for tests."""

from bot.slack.replies import Wrong
from tests.builders import texts_in


def said(reply: object) -> str:
    """Every text of a reply, in one."""
    shown = getattr(reply, "modal", None) or getattr(reply, "message", None)
    assert shown is not None, reply
    return "\n".join(texts_in(shown.payload()))


def refused(reply: object) -> dict[str, str]:
    """What a refused modal says beside which field."""
    assert isinstance(reply, Wrong), reply
    return dict(reply.errors)
