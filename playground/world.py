"""All parts of a running workspace in one place, handed to whoever acts in it; some are shared with its neighbours."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from playground.clock import WorldClock
from playground.deliver import Deliver
from playground.faults import Faults
from playground.grants import Grant
from playground.guide import GuideBook
from playground.hooks import Hooks
from playground.ids import Ids
from playground.journal import Journal
from playground.limits import Limits
from playground.manifest import AppManifest
from playground.rates import Rates
from playground.records import Json, Message
from playground.signed_http import SignedHttp
from playground.socket import Hub
from playground.state import State
from playground.stream import Stream
from playground.things import Cast, Sample
from playground.timetable import Timetable
from playground.tokens import known
from playground.triggers import Triggers


class Workspaces:
    """One world a workspace, the first first; nothing that belongs to one is ever found in another."""

    def __init__(self) -> None:
        self._worlds: list[World] = []

    def __iter__(self) -> Iterator["World"]:
        return iter(self._worlds)

    def __len__(self) -> int:
        return len(self._worlds)

    def add(self, world: "World") -> None:
        """One more, with an address of its own unless it is the first."""
        self._worlds.append(world)

    @property
    def first(self) -> "World":
        """The one meant when none is named."""
        return self._worlds[0]

    def _where(self, holds: Callable[["World"], bool]) -> "World | None":
        return next((each for each in self._worlds if holds(each)), None)

    def of_token(self, token: str) -> "World | None":
        """Where this bot token was given out, whether it still works or not."""
        return self._where(lambda world: known(world.state.app, token)) if token else None

    def of_team(self, team_id: str) -> "World | None":
        """The workspace of this id."""
        return self._where(lambda world: world.state.team.id == team_id)

    def of_hook(self, key: str) -> "World | None":
        """Where this response_url answers."""
        return self._where(lambda world: key in world.state.hooks)

    def of_ticket(self, ticket: str) -> "World | None":
        """Where a file was announced under this ticket."""
        return self._where(lambda world: any(each.ticket == ticket for each in world.state.files.values()))

    def of_file(self, file_id: str) -> "World | None":
        """Where this file was uploaded."""
        return self._where(lambda world: file_id in world.state.files)

    def of_code(self, code: str) -> "World | None":
        """Where somebody consented for this code."""
        return self._where(lambda world: code in world.grants)

    def of_refresh_token(self, token: str) -> "World | None":
        """Where this refresh token may be used now."""
        return self._where(lambda world: bool(token) and world.state.app.refresh_token == token)


@dataclass(slots=True)
class World:
    """The parts, and a few settings of this world.

    `loaded` are options the app gave for external selects, `page_size` caps every list's page, `strict_text` refuses
    blocks without a plain text, `save` writes everything down now, `stepped` are the app's messages of this step,
    `playing` is the title of the chapter that is being played, `installed` is whether the app is there from the start.
    """

    manifest: AppManifest
    cast: Cast
    gallery: Sequence[Sample]
    state: State
    clock: WorldClock
    ids: Ids
    limits: Limits
    journal: Journal
    stream: Stream
    timetable: Timetable
    triggers: Triggers
    hooks: Hooks
    hub: Hub
    http: SignedHttp
    deliver: Deliver
    faults: Faults
    rates: Rates
    guide: GuideBook
    workspaces: Workspaces
    installed: bool = True
    path: str = ""
    page_size: int | None = None
    strict_text: bool = False
    base_url: str = ""
    loaded: dict[tuple[str, str, str], list[Json]] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    save: Callable[[], Awaitable[None]] | None = None
    stepping: bool = False
    playing: str = ""
    stepped: list[Message] = field(default_factory=list)

    def set_base_url(self, url: str) -> None:
        """Where the playground is served, for the URLs this workspace hands out."""
        self.base_url = url
        self.hooks.base_url = url

    @property
    def url(self) -> str:
        """Where this workspace's page is: the first at the root, each other below a path of its own."""
        return f"{self.base_url}{self.path}/"
