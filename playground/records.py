"""What a workspace holds: the playground's own records, JSON-ready so that each can be kept as it is."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Kind(StrEnum):
    """The kinds of conversation; `APP` is a person's direct message with the app."""

    APP = "app"
    DM = "dm"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(slots=True)
class Team:
    """The workspace itself."""

    id: str
    name: str
    domain: str
    home_zone: str
    first: str
    started: float


@dataclass(slots=True)
class App:
    """The app in one workspace: its ids and secrets, the tokens it got there, and whether it is still welcome.

    `expires_at` is world time in seconds, 0 for a token that never does; with rotation the token before may go on
    beside it. `spent` keeps what was once a token, with the word each is refused by.
    """

    id: str
    user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str
    client_secret: str
    scopes: list[str] = field(default_factory=list)
    revoked: bool = False
    removed: bool = False
    refresh_token: str = ""
    expires_at: float = 0.0
    earlier_token: str = ""
    earlier_expires_at: float = 0.0
    spent: dict[str, str] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        """Whether the workspace has no living app."""
        return self.revoked or self.removed


@dataclass(slots=True)
class User:
    """A person or a bot; `key` is what the cast calls them, `foreign` means they live in a neighbour of this place."""

    id: str
    key: str
    name: str
    username: str
    title: str
    tz: str
    team_id: str
    order: int
    locale: str = "en-GB"
    email: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    updated: int = 0
    foreign: bool = False


@dataclass(slots=True)
class Conversation:
    """A place where messages go; members are user ids, `shared` the teams that have it, `host` whose it is."""

    id: str
    kind: str
    name: str
    members: list[str]
    created: int
    creator: str
    private: bool = False
    archived: bool = False
    purpose: str = ""
    topic: str = ""
    shared: list[str] = field(default_factory=list)
    host: str = ""


@dataclass(slots=True)
class Message:
    """One message; `only_for` makes it ephemeral, `typed` is what people chose in it, by person.

    `team` is where it was said, when that is not here, and `bot` how an app installed there signs.
    """

    channel: str
    ts: str
    user: str
    text: str
    by_app: bool = False
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: Json | None = None
    only_for: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[Json] | None = None
    typed: dict[str, Json] = field(default_factory=dict)
    team: str = ""
    bot: Json | None = None

    @property
    def id(self) -> str:
        """The key it is kept under."""
        return f"{self.channel}:{self.ts}"


@dataclass(slots=True)
class View:
    """A modal or a Home tab; `content` is what the app sent, `values` the state of its inputs."""

    id: str
    type: str
    user: str
    hash: str
    content: Json
    root_view_id: str
    previous_view_id: str | None = None
    values: Json = field(default_factory=dict)
    problem: str | None = None
    channel: str | None = None


@dataclass(slots=True)
class Seat:
    """What one person has before them: the modal stack, the Home view and how far they have read."""

    id: str
    modals: list[str] = field(default_factory=list)
    home: str | None = None
    read: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Hook:
    """A response_url; `message_ts` is the message it may replace, `made` is world time in seconds."""

    id: str
    channel: str
    user: str
    made: float
    message_ts: str | None = None
    uses: int = 0


@dataclass(slots=True)
class Scheduled:
    """A message the app asked to have posted later; `post_at` is world time in seconds."""

    id: str
    channel: str
    post_at: int
    made: int
    arguments: Json


@dataclass(slots=True)
class File:
    """An upload: announced, then filled, then shared."""

    id: str
    name: str
    length: int
    made: int
    ticket: str
    title: str = ""
    content: str | None = None
    alt_text: str = ""
    channels: list[str] = field(default_factory=list)
    complete: bool = False


@dataclass(slots=True)
class Memory:
    """Odds that survive a restart: clock offset in seconds, last timestamp, page key, guide step, run number.

    `touched` is whether anybody has done anything since this world or its chapter began; `chapter` is the one opened.
    """

    id: str = "memory"
    offset: float = 0.0
    last_ts: int = 0
    page_key: str = ""
    generation: int = 0
    guide_index: int = 0
    guide_wandered: bool = False
    guide_as: str = ""
    touched: bool = False
    chapter: str = ""


Record = (
    Team | App | User | Conversation | Message | View | Seat | Hook | Scheduled | File | Memory
)  # whatever has an id and is kept

KINDS: dict[str, type[Any]] = {
    "team": Team,
    "app": App,
    "user": User,
    "conversation": Conversation,
    "message": Message,
    "view": View,
    "seat": Seat,
    "hook": Hook,
    "scheduled": Scheduled,
    "file": File,
    "memory": Memory,
}
NAMES = {kind: name for name, kind in KINDS.items()}


def as_json(record: Record) -> Json:
    """The record's fields, shared and not copied: for writing down at once."""
    return {each.name: getattr(record, each.name) for each in fields(record)}
