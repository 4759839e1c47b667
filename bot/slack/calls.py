"""What comes in, once Slack's shapes are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from storage.database import Tx
from storage.models.members import Member


class Source(StrEnum):
    """Where the person was when they did it: it decides how an answer can reach them."""

    COMMAND = "command"
    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"
    EVENT = "event"
    SHORTCUT = "shortcut"


@dataclass(frozen=True, slots=True)
class Call:
    """One thing one person did, inside the transaction it will be carried out in."""

    tx: Tx
    actor: Member
    source: Source
    text: str = ""
    value: str = ""
    meta: str = ""
    event: Mapping[str, Any] = field(default_factory=dict)
