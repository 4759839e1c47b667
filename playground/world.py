"""All parts of a running workspace in one place, handed to whoever acts in it."""

from collections.abc import Awaitable, Callable, Sequence
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
from playground.triggers import Triggers


@dataclass(slots=True)
class World:
    """The parts, and a few settings of this world.

    `loaded` are options the app gave for external selects, `page_size` caps every list's page, `strict_text` refuses
    blocks without a plain text, `save` writes everything down now, `stepped` are the app's messages of this step,
    `playing` is the title of the chapter that is being played.
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
        """Where this workspace is served, for the URLs it hands out."""
        self.base_url = url
        self.hooks.base_url = url
