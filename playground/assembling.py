"""Putting the parts of a playground together: what its workspaces share, and a world for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from playground.clock import WorldClock
from playground.deliver import Deliver, Line
from playground.faults import Faults
from playground.guide import GuideBook
from playground.hooks import Hooks
from playground.ids import Ids
from playground.journal import Journal
from playground.limits import Limits
from playground.manifest import AppManifest, Given, read_manifest
from playground.rates import Rates
from playground.signed_http import SignedHttp
from playground.socket import Hub
from playground.state import State
from playground.stream import Stream
from playground.things import Cast, Guide, Sample
from playground.timetable import Timetable
from playground.triggers import Triggers
from playground.watch import Watch
from playground.world import Workspaces, World


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever starts a playground may choose for its worlds."""

    guide: Guide | None = None
    gallery: Sequence[Sample] = ()
    seed: int | None = None
    installed: bool = True
    page_size: int | None = None
    rate_limits: bool = True
    strict_text: bool = False


class Assembling:
    """What is shared by all worlds; `world` makes one more."""

    def __init__(self, manifest: Given, choices: Choices) -> None:
        self._choices = choices
        self._manifest: AppManifest = read_manifest(manifest)
        self._clock, self._ids, self._limits = WorldClock(), Ids(choices.seed), Limits()
        self._faults, self._watch = Faults(choices.seed), Watch()
        self._journal = Journal(self._clock)
        self._line = self._lay_line()
        self._journal.listeners.append(lambda _: self._watch.notify())
        self.workspaces = Workspaces()

    def _lay_line(self) -> Line:
        hub = Hub("", self._ids, self._journal, self._limits, self._faults)
        http = SignedHttp(self._manifest, "", self._limits, self._journal, self._ids, self._faults)
        return Line(hub, http, Timetable(self._clock), self._watch, self._limits)

    def world(self, cast: Cast) -> World:
        """A world for this cast; the first is the one at the root, with the guide."""
        others, choices = [each.cast.team_domain for each in self.workspaces], self._choices
        if cast.team_domain in others:
            raise ValueError(f"Two workspaces have the domain {cast.team_domain!r}.")
        state = State(self._clock, self._ids, self._watch, cast.team_domain if others else "")
        journal = self._journal.sister()
        made = World(
            manifest=self._manifest,
            cast=cast,
            gallery=choices.gallery,
            state=state,
            clock=self._clock,
            ids=self._ids,
            limits=self._limits,
            journal=journal,
            stream=Stream(),
            timetable=self._line.timetable,
            triggers=Triggers(self._ids, self._limits),
            hooks=Hooks(state, self._ids, self._limits),
            hub=self._line.hub,
            http=self._line.http,
            deliver=Deliver(self._line, journal, lambda: state.app.gone),
            faults=self._faults,
            rates=Rates(self._clock, enforced=choices.rate_limits),
            guide=GuideBook(state, None if others else choices.guide),
            workspaces=self.workspaces,
            installed=choices.installed,
            path=f"/w/{cast.team_domain}" if others else "",
            page_size=choices.page_size,
            strict_text=choices.strict_text,
        )
        self.workspaces.add(made)
        return made
