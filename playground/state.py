"""Everything a workspace remembers, and the one way to change it: by `keep` and `drop`, so nothing is lost."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from playground.clock import WorldClock
from playground.ids import Ids
from playground.records import (
    NAMES,
    App,
    Conversation,
    File,
    Hook,
    Json,
    Kind,
    Memory,
    Message,
    Record,
    Scheduled,
    Seat,
    Team,
    User,
    View,
)
from playground.shelf import Shelf
from playground.watch import Watch

MOST_UNREAD = 99


class State:
    """The records by id; messages lie by channel in the order of their timestamps.

    `space` tells one workspace's records from another's in the file they share; the first needs none.
    """

    def __init__(self, clock: WorldClock, ids: Ids, watch: Watch | None = None, space: str = "") -> None:
        self.clock = clock
        self.ids = ids
        self.watch = watch or Watch()
        self.space = space
        self.dirty: set[tuple[str, str]] = set()
        self.empty()

    def empty(self) -> None:
        """Forget everything; what was kept on disk goes with the next writing."""
        for kind, key in list(self.everything()) if hasattr(self, "users") else ():
            self.dirty.add((kind, key))
        self.team = Team("", "", "", "UTC", "", 0.0)
        self.app = App("", "", "", "", "", "", "", "", "")
        self.memory = Memory()
        self.users: dict[str, User] = {}
        self.conversations: dict[str, Conversation] = {}
        self.messages: dict[str, Shelf] = {}
        self.views: dict[str, View] = {}
        self.seats: dict[str, Seat] = {}
        self.hooks: dict[str, Hook] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.files: dict[str, File] = {}

    # -- keeping and finding records by kind ------------------------------------------------------------

    def _table(self, kind: str) -> dict[str, Any]:
        tables: dict[str, dict[str, Any]] = {
            "user": self.users,
            "conversation": self.conversations,
            "view": self.views,
            "seat": self.seats,
            "hook": self.hooks,
            "scheduled": self.scheduled,
            "file": self.files,
        }
        return tables[kind]

    def keep(self, record: Record) -> None:
        """Put a new record in its place, or note that a known one has changed."""
        kind = NAMES[type(record)]
        if isinstance(record, Message):
            self._keep_message(record)
        elif isinstance(record, Team | App | Memory):
            setattr(self, kind, record)
        else:
            self._table(kind)[record.id] = record
        self.dirty.add((kind, record.id))
        self.watch.notify()

    def _keep_message(self, message: Message) -> None:
        self.messages.setdefault(message.channel, Shelf()).put(message)

    def drop(self, record: Record) -> None:
        """Forget one record."""
        kind = NAMES[type(record)]
        if isinstance(record, Message):
            self.messages.get(record.channel, Shelf()).take(record.ts)
        else:
            self._table(kind).pop(record.id, None)
        self.dirty.add((kind, record.id))
        self.watch.notify()

    def record(self, kind: str, key: str) -> Record | None:
        """The record kept under this kind and id, or None once it is gone."""
        if kind == "message":
            channel, _, ts = key.partition(":")
            return self.message(channel, ts)
        if kind in {"team", "app", "memory"}:
            single: Record = getattr(self, kind)
            return single if single.id == key else None
        found: Record | None = self._table(kind).get(key)
        return found

    def everything(self) -> Iterator[tuple[str, str]]:
        """Kind and id of every record."""
        yield from (("team", self.team.id), ("app", self.app.id), ("memory", self.memory.id))
        for kind in ("user", "conversation", "view", "seat", "hook", "scheduled", "file"):
            yield from ((kind, key) for key in self._table(kind))
        for there in self.messages.values():
            yield from (("message", message.id) for message in there.oldest_first())

    # -- timestamps --------------------------------------------------------------------------------------

    def next_ts(self) -> str:
        """A message's timestamp: world time in microseconds, never the same twice, never going back."""
        now = int(self.clock.seconds() * 1_000_000)
        self.memory.last_ts = max(now, self.memory.last_ts + 1)
        self.dirty.add(("memory", self.memory.id))
        return f"{self.memory.last_ts // 1_000_000}.{self.memory.last_ts % 1_000_000:06d}"

    # -- people ------------------------------------------------------------------------------------------

    def person(self, key: str) -> User | None:
        """The user the cast calls `key`, or whose id it is."""
        return self.users.get(key) or next((user for user in self.users.values() if user.key == key), None)

    def people(self) -> list[User]:
        """Everybody who can act here: neither bots nor the built-in helper nor whoever lives in a neighbour."""
        mine = (user for user in self.users.values() if not user.is_bot and user.id != "USLACKBOT")
        return [user for user in mine if not user.foreign]

    def seat(self, user_id: str) -> Seat:
        """What this person has before them, made when first needed."""
        if user_id not in self.seats:
            self.keep(Seat(user_id))
        return self.seats[user_id]

    # -- conversations -----------------------------------------------------------------------------------

    def direct(self, members: Iterable[str]) -> Conversation | None:
        """The direct or group message among exactly these people."""
        wanted = set(members)
        kinds = {Kind.APP, Kind.DM, Kind.GROUP}
        return next((c for c in self.conversations.values() if c.kind in kinds and set(c.members) == wanted), None)

    def app_conversation(self, user_id: str) -> Conversation | None:
        """This person's direct message with the app, if it was ever opened."""
        return self.direct((user_id, self.app.user_id))

    def open_direct(self, members: Iterable[str], creator: str) -> tuple[Conversation, bool]:
        """The conversation among these people and whether it was there before; opening again gives the same."""
        wanted = list(dict.fromkeys(members))
        found = self.direct(wanted)
        if found is not None:
            return found, True
        pair = len(set(wanted)) <= 2  # noqa: PLR2004  (two make a pair)
        app = self.app.user_id in wanted
        kind = (Kind.APP if app else Kind.DM) if pair else Kind.GROUP
        names = "--".join(self.users[each].username for each in wanted)
        made = Conversation(
            id=self.ids.make("D" if pair else "G"),
            kind=kind,
            name="" if pair else f"mpdm-{names}-1",
            members=wanted,
            created=int(self.clock.seconds()),
            creator=creator,
            private=True,
        )
        self.keep(made)
        return made, False

    def visible_to(self, user_id: str) -> list[Conversation]:
        """The conversations a person may read: their own, and public channels."""
        guest = self.users[user_id].is_restricted or self.users[user_id].is_stranger
        return [
            c
            for c in self.conversations.values()
            if user_id in c.members or (c.kind == Kind.CHANNEL and not c.private and not guest)
        ]

    # -- messages ----------------------------------------------------------------------------------------

    def message(self, channel: str, ts: str) -> Message | None:
        """One message by its place and time."""
        return self.messages.get(channel, Shelf()).get(ts)

    def said_in(self, channel: str, user_id: str | None = None) -> list[Message]:
        """A place's messages, oldest first; those for somebody else's eyes only are left out."""
        there = self.messages.get(channel, Shelf()).oldest_first()
        return [each for each in there if each.only_for is None or each.only_for == user_id]

    def newest_in(self, channel: str, user_id: str, *, from_app: bool = False) -> Iterator[Message]:
        """What one person sees at a place, from the newest back."""
        there = self.messages.get(channel, Shelf()).newest_first(from_app=from_app)
        return (each for each in there if each.only_for in {None, user_id})

    def unread(self, channel: str, user_id: str, *, from_app: bool = False) -> int:
        """How many messages of others a person has not looked at yet, counted up to MOST_UNREAD."""
        seat = self.seats.get(user_id)
        last = seat.read.get(channel, "") if seat else ""
        newest = self.newest_in(channel, user_id, from_app=from_app)
        fresh = itertools.takewhile(lambda each: each.ts > last, newest)
        theirs = (each for each in fresh if each.user != user_id)
        return sum(1 for _ in itertools.islice(theirs, MOST_UNREAD))

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """The messages below a thread's first one."""
        return self.messages.get(channel, Shelf()).below(thread_ts)

    # -- views -------------------------------------------------------------------------------------------

    def modals(self, user_id: str) -> list[View]:
        """A person's stack of modals, the top one last."""
        seat = self.seats.get(user_id)
        return [self.views[each] for each in seat.modals if each in self.views] if seat else []

    def home(self, user_id: str) -> View | None:
        """The Home view the app has published for a person."""
        seat = self.seats.get(user_id)
        return self.views.get(seat.home) if seat and seat.home else None

    def shape_of_channel(self, conversation: Conversation) -> str:
        """The word for a place in payloads, where direct messages have no name of their own."""
        if conversation.kind in {Kind.APP, Kind.DM}:
            return "directmessage"
        return "privategroup" if conversation.private and conversation.kind == Kind.CHANNEL else conversation.name


def wanted_fields(given: Json, names: Iterable[str]) -> Json:
    """Those of the named fields that are present."""
    return {name: given[name] for name in names if name in given}
