"""What the courier must be told of each kind of news."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.slack.blocks import Home, Message
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import OutboxRow

StillTrue = Callable[[Tx, OutboxRow, Member], bool]
Render = Callable[[Tx, OutboxRow, Member], Message | Home]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind: asked again at the moment of sending whether it is true, then rendered in the reader's zone."""

    still_true: StillTrue
    render: Render
