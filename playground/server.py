"""The playground itself: puts the parts together, serves them on one port of this machine, and puts them away again."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from aiohttp import web

from playground import connect, events, snapshots
from playground.api.later import arm
from playground.assembling import Assembling, Choices
from playground.casts import EXAMPLE
from playground.chapters import Chapters
from playground.clock import WorldClock
from playground.days import Days
from playground.deeds import deeds_in
from playground.driver import Workspace
from playground.faults import Faults
from playground.limits import Limits
from playground.local.writes import Turns
from playground.manifest import Given
from playground.records import App
from playground.routes import Door, Serving
from playground.seed import identity, plant
from playground.state import State
from playground.store import Store
from playground.things import Cast, Guide, Sample, WorldHooks
from playground.travel import JumpInProgressError, Travel
from playground.world import World

LOOPBACK = "127.0.0.1"


class PortTakenError(OSError):
    """The port could not be had; the message says what to do."""


class Playground:
    """Slack-compatible workspaces on 127.0.0.1 for the app of one manifest.

    There is one of `cast` and one of each of the `neighbours`, which know nothing of each other: what is named without
    a workspace means the first. Without `installed` the app is in none of them until somebody consents to it.
    """

    def __init__(  # noqa: PLR0913  (each is a choice of whoever starts it)
        self,
        manifest: Given,
        cast: Cast = EXAMPLE,
        *,
        neighbours: Sequence[Cast] = (),
        installed: bool = True,
        guide: Guide | None = None,
        gallery: Sequence[Sample] = (),
        home: Path | None = None,
        snapshot: Path | None = None,
        port: int = 0,
        seed: int | None = None,
        starts_at: datetime | None = None,
        page_size: int | None = None,
        rate_limits: bool = True,
        strict_text: bool = False,
    ) -> None:
        self._port = port
        self._starts_at = starts_at
        self._store = Store(home) if home is not None else None
        self._first = snapshots.read(snapshot) if snapshot is not None else {}
        choices = Choices(guide, gallery, seed, installed, page_size, rate_limits, strict_text)
        parts = Assembling(manifest, choices)
        self._worlds = [parts.world(each) for each in (cast, *neighbours)]
        self.world = self._worlds[0]
        self.travel = Travel(parts.workspaces)
        doors = [self._door(world) for world in self._worlds]
        self.workspaces = tuple(each.workspace for each in doors)
        self.workspace = self.workspaces[0]
        self._chapters = Chapters(self.world, self.travel, self.workspace, self._begin_again)
        self._serving = Serving(parts.workspaces, self.travel, doors)
        self.on_start_over: Callable[[], Awaitable[None]] | None = None
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._stopped = False
        self.notice = ""
        self._load()

    def _door(self, world: World) -> Door:
        deeds = deeds_in(world)
        workspace = Workspace(world, deeds)
        days = Days(world, self.travel, workspace)
        return Door(world, deeds, workspace, Turns(self.start_over, self.play_chapter, days.reach))

    # -- what one needs to know of it --------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """The Web API's base, with the slash at the end that slack_sdk needs."""
        return f"{self.world.base_url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's bot token in the first workspace."""
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode."""
        return self.world.state.app.app_token

    @property
    def signing_secret(self) -> str:
        """The secret requests over HTTP are signed with."""
        return self.world.state.app.signing_secret

    @property
    def clock(self) -> WorldClock:
        """The world's clock."""
        return self.world.clock

    @property
    def faults(self) -> Faults:
        """What fails on purpose."""
        return self.world.faults

    @property
    def limits(self) -> Limits:
        """The protocol's numbers; tests may shorten waits."""
        return self.world.limits

    @property
    def hooks(self) -> WorldHooks | None:
        """How the clock drives the app's timetable."""
        return self.travel.hooks

    @hooks.setter
    def hooks(self, hooks: WorldHooks | None) -> None:
        self.travel.hooks = hooks

    # -- beginning and end -------------------------------------------------------------------------------

    @property
    def _states(self) -> list[State]:
        return [each.state for each in self._worlds]

    def _load(self) -> None:
        state = self.world.state
        found = [self._store is not None and self._store.load(each) for each in self._states]
        if self._store is not None:
            self.notice = self._store.notice
        if self._first and not any(found):
            snapshots.put_back(self._states, self._first)
            found = [True for _ in found]
        state.memory.generation += 1
        self.world.ids.start(state.memory.generation)
        self.clock.resume(timedelta(seconds=state.memory.offset))
        if not found[0] and self._starts_at is not None:
            self.clock.move_to(self._starts_at)
        app = state.app if found[0] else identity(self.world.ids)
        for world, there in zip(self._worlds, found, strict=True):
            if not there:
                self._plant(world, app)
            self._finish_loading(world)
        self.world.clock.moved.append(self._remember_offset)
        self._remember_offset()

    def _plant(self, world: World, app: App) -> None:
        plant(world.state, world.cast, world.manifest, app, installed=world.installed)

    def _finish_loading(self, world: World) -> None:
        world.journal.team = world.state.team.id
        world.hub.app_id = world.state.app.id
        world.http.secret = world.state.app.signing_secret
        self._arm(world)

    def _arm(self, world: World) -> None:
        for item in world.state.scheduled.values():
            arm(world, item)

    def _remember_offset(self) -> None:
        self.world.state.memory.offset = self.clock.offset.total_seconds()
        self.world.state.keep(self.world.state.memory)

    async def start(self) -> None:
        """Serve; returns once requests are answered."""
        self._runner = web.AppRunner(
            self._serving.application(), access_log=None, handle_signals=False, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self._port)
        try:
            await site.start()
        except OSError as problem:
            await self._runner.cleanup()
            raise PortTakenError(
                f"Port {self._port} is taken. Choose another, or 0 to have a free one found."
            ) from problem
        port = self._runner.addresses[0][1]
        for world in self._worlds:
            world.set_base_url(f"http://{LOOPBACK}:{port}")
        self._tasks.append(asyncio.create_task(self.world.timetable.keep_running()))
        if self._store is not None:
            self.world.save = self._save
            self._tasks.append(asyncio.create_task(self._store.keep_writing(*self._states)))

    async def _save(self) -> None:
        if self._store is not None:
            await self._store.flush(*self._states)

    async def stop(self) -> None:
        """Let everybody go and write down the rest; a second time does nothing."""
        if self._stopped:
            return
        self._stopped = True
        await self._chapters.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        for world in self._worlds:
            world.stream.close_all()
        await self._serving.close()
        await self.world.deliver.close()
        await self.world.hub.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._store is not None:
            await self._store.close(*self._states)

    async def start_over(self) -> None:
        """Fresh worlds for the same app and workspaces, with new ids for people; the clock does not go back.

        `on_start_over` is awaited once the new world is there, so that the app can forget the old one and look around.
        """
        if self.travel.moving or self.world.playing:
            raise JumpInProgressError("Time is still moving. Start over when it stands.")
        await self._begin_again()

    async def play_chapter(self, name: str) -> None:
        """Begin again and play up to this chapter, where the guide then stands; the clock does not go back."""
        await self._chapters.play(name)

    async def _begin_again(self) -> None:
        world = self.world
        await world.deliver.settled()
        self._replant()
        if self.on_start_over is not None:
            await self.on_start_over()
        for each in self._worlds:
            each.state.team.started = world.clock.seconds()
            each.state.keep(each.state.team)
            each.stream.tell("conversations")

    def _replant(self) -> None:
        self.world.timetable.forget()
        self.world.faults.clear()
        for world in self._worlds:
            self._replant_one(world)

    def _replant_one(self, world: World) -> None:
        team, app, memory = world.state.team, world.state.app, world.state.memory
        self._forget_passing(world)
        world.state.empty()
        world.state.team, world.state.app, world.state.memory = team, app, memory
        memory.guide_index, memory.guide_wandered, memory.guide_as = 0, False, ""
        memory.touched, memory.chapter = False, ""
        self._plant(world, app)

    def _forget_passing(self, world: World) -> None:
        """What is only for now: how much was asked, what selects were offered, who is consenting."""
        world.rates.forget()
        world.loaded.clear()
        world.grants.clear()

    async def snapshot(self, folder: Path) -> None:
        """Copy every workspace as it is into a folder, to be gone back to or to be another playground's home."""
        await snapshots.write(self._states, folder)

    async def restore(self, folder: Path) -> None:
        """Go back to a snapshot of this app; it stays connected, and the clock does not go back.

        Its own memory, if it has any, is the app's to turn back.
        """
        if self.travel.moving or self.world.playing:
            raise JumpInProgressError("Time is still moving. Go back when it stands.")
        records = await asyncio.to_thread(snapshots.read, folder)
        await self.world.deliver.settled()
        snapshots.put_back(self._states, records)
        self.world.timetable.forget()
        self.world.faults.clear()
        self.clock.move_to(self.clock.now() + timedelta(seconds=self.world.state.memory.offset) - self.clock.offset)
        for world in self._worlds:
            self._forget_passing(world)
            self._arm(world)
            world.stream.close_all()  # every open page comes back and reads all of it anew

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self.stop()

    async def verify_request_url(self) -> bool:
        """For an app over HTTP: Slack's challenge to its events URL; True when it was handed back."""
        return await self.world.http.challenge(self.world.state.app.verification_token)

    async def check_certificates(self) -> bool:
        """For an app over HTTP: the `ssl_check` of its commands' URLs; True when all were answered well."""
        return await self.world.http.check_certificates(self.world.state.app.verification_token)

    def share_channel(self, owner: Workspace, name: str, with_workspace: Workspace, *, known_as: str = "") -> str:
        """Slack Connect: let another workspace have this channel too, with the same id, perhaps by another name."""
        here, there = (self._worlds[self.workspaces.index(each)] for each in (owner, with_workspace))
        place = deeds_in(here).workspace.channel(name)
        twin = connect.share(here, place, there, known_as)
        events.channel_shared(here, place)
        events.channel_shared(there, twin)
        return twin.id

    # -- time --------------------------------------------------------------------------------------------

    async def step_to(self, target: datetime) -> datetime:
        """Move the world to this moment, through everything due on the way."""
        return await self.travel.step_to(target)

    async def step_next(self) -> datetime:
        """Move the world to the next due moment."""
        return await self.travel.step_next()
