"""What the courier must be told of each kind of news."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.slack.blocks import Home, Message
from bot.slack.text import Markup
from storage.database import Tx
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import OutboxRow

StillTrue = Callable[[Tx, OutboxRow, Member], bool]
Line = Callable[[Tx, DigestLine, Member], Markup | None]
Failed = Callable[[Tx, OutboxRow, str], None]
Render = Callable[[Tx, OutboxRow, Member], Message | Home]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind: asked again at the moment of sending whether it is true, then rendered in the reader's zone.

    `line` words it for a digest, None once it is no longer true; every unasked kind has one but the digest itself.
    `failed` is told, in the same transaction, that Slack would not take it for good, with Slack's own code.
    """

    still_true: StillTrue
    render: Render
    line: Line | None = None
    failed: Failed | None = None
