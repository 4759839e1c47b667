"""What may be answered; the shell carries it out after the commit."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.slack.blocks import Home, Message, Modal


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to show: what changed reaches people by the outbox."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Words for the person alone: under a command, beside a message, or as a small modal from Home."""

    message: Message
    title: str = "Mentor"


@dataclass(frozen=True, slots=True)
class Replace:
    """The message that was pressed now says this; elsewhere it is shown as a small modal."""

    message: Message
    title: str = "Mentor"


@dataclass(frozen=True, slots=True)
class OpenModal:
    """A modal; on top of the current one where the person is in a modal already."""

    modal: Modal


@dataclass(frozen=True, slots=True)
class ShowModal:
    """A modal that begins something new: it takes the place of the one the person is in, so that none pile up."""

    modal: Modal


@dataclass(frozen=True, slots=True)
class UpdateModal:
    """The modal the person is in becomes this one."""

    modal: Modal


@dataclass(frozen=True, slots=True)
class CloseAll:
    """Every open modal closes."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """The modal stays, with words beside its fields."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShowHome:
    """The person's Home shows this."""

    home: Home


Reply = Nothing | Tell | Replace | OpenModal | ShowModal | UpdateModal | CloseAll | Wrong | ShowHome
