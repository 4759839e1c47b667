"""What whoever starts the playground hands in: people, channels, a guide, gallery samples and hooks into time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

TargetKind = Literal["action", "field", "submit", "person", "clock", "command"]
DeedKind = Literal["click", "submit", "command", "become", "step", "message", "open_home"]


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
    """What "Show me where" points to; `ref` is an action_id, block_id, person key or command text."""

    kind: TargetKind
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A real event that completes a step; `who` is a person key (empty: anybody), `ref` exact or a command's prefix."""

    did: DeedKind
    who: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of the guide and the one action it asks for; `fill` is text by block_id."""

    key: str
    act_as: str
    sentence: str
    action: str
    target: Target | None
    fill: Mapping[str, str]
    done_when: Happening
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """A path through the app; `wandered` is said when somebody leaves it."""

    title: str
    steps: tuple[Step, ...]
    wandered: str


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
