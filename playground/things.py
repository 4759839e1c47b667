"""What whoever starts the playground hands in: people, channels, a guide, gallery samples and hooks into time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

TargetKind = Literal["action", "field", "submit", "person", "clock", "command", "chapter", "until"]
DeedKind = Literal["click", "submit", "command", "become", "step", "message", "open_home", "chapter"]
# takes the driver's Workspace and Days; named so here, what is handed in would know the machine it is handed to
Play = Callable[[Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast; `tz` is an IANA zone, `is_stranger` means a member of another organisation."""

    key: str
    name: str
    title: str
    tz: str
    username: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    locale: str = "en-GB"
    email: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the cast; `said` is (person key, text, minutes before the world's start)."""

    name: str
    members: tuple[str, ...]
    is_private: bool = False
    purpose: str = ""
    said: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and every place of a fresh world; `first` is the key of the person the page opens as."""

    team_name: str
    team_domain: str
    home_zone: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    first: str


@dataclass(frozen=True, slots=True)
class Target:
    """What "Show me where" points to; `ref` is an action_id, block_id, person key, command text or chapter's name.

    Of kind `until` it lets the days pass until a message holding the action `ref` reaches `who` (a person key; empty:
    whoever acts), at most `days` of them.
    """

    kind: TargetKind
    ref: str = ""
    who: str = ""
    days: int = 31


@dataclass(frozen=True, slots=True)
class Happening:
    """A real event that completes a step; `who` is a person key (empty: anybody), `ref` exact or a command's prefix.

    A `message` without a `ref` is one they write; with one it is the app's, holding that action, when it reaches them.
    """

    did: DeedKind
    who: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of the guide and the one action it asks for; `fill` is text by block_id.

    `beside` is the key of somebody whose Home is shown next to one's own while the step is open.
    """

    key: str
    act_as: str
    sentence: str
    action: str
    target: Target | None
    fill: Mapping[str, str]
    done_when: Happening
    chapter: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the story that can be opened by itself: `play` acts on a world just begun until the chapter begins.

    `first` is the key of the step it begins with (empty: the first step of that chapter's name), `act_as` whom one is
    then, `place` where; `days` is about how long `play` takes in the world, for the strip that shows it.
    """

    name: str
    title: str
    play: Play
    act_as: str
    first: str = ""
    place: Literal["home", "messages"] = "home"
    days: int = 0


@dataclass(frozen=True, slots=True)
class Guide:
    """A path through the app; `wandered` is said when somebody leaves it, `closing` when it has been walked.

    `ending` is what one may do then, at most three: a label and a web address, "#gallery", or "faults".
    """

    title: str
    steps: tuple[Step, ...]
    wandered: str
    chapters: tuple[Chapter, ...] = ()
    closing: str = "That was the whole path. The workspace is yours now."
    ending: tuple[tuple[str, str], ...] = (("See every view", "#gallery"),)


@dataclass(frozen=True, slots=True)
class Sample:
    """One view of the app under test for the gallery: a message's `{"blocks":..,"text":..}` or a whole view."""

    name: str
    surface: Literal["message", "modal", "home"]
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorldHooks:
    """How the playground's clock drives an app's own timetable; all moments are aware UTC world time."""

    next_due: Callable[[datetime], Awaitable[datetime | None]]
    run_until: Callable[[datetime], Awaitable[None]]
    drained: Callable[[], Awaitable[None]]
