"""Two workspaces in one playground, one bot in both, and the same story told in each at once.

A story is handed a world that looks like any other: its own people, its own days. Time is shared, so it moves when all
who are still telling wait for it, and only as far as the nearest of what they wait for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.commands.world import World
from playground.records import Message

Seen = Callable[[Any, Message], bool]


@dataclass(slots=True)
class Wish:
    """What somebody waits for: a moment, or before it the first message that is wanted."""

    target: datetime
    seen: Seen | None
    done: asyncio.Future[datetime]
    is_met: bool = False


class Lockstep:
    """Time for several at once; whoever has told their story to the end is waited for no longer."""

    def __init__(self, travel: Any, sides: Sequence[int]) -> None:
        self._travel = travel
        self._telling = set(sides)
        self._waiting: dict[int, Wish] = {}
        self._moving: asyncio.Task[None] | None = None

    async def step_to(self, side: int, target: datetime, seen: Seen | None = None) -> datetime:
        """Wait until the world has come so far."""
        wish = Wish(target, seen, asyncio.get_running_loop().create_future())
        self._waiting[side] = wish
        self._move_if_all_wait()
        return await wish.done

    async def next_due(self) -> datetime | None:
        """The next moment at which anybody has something to do."""
        due: datetime | None = await self._travel.next_due()
        return due

    def leave(self, side: int) -> None:
        """This story is told."""
        self._telling.discard(side)
        self._move_if_all_wait()

    def _move_if_all_wait(self) -> None:
        is_moving = self._moving is not None and not self._moving.done()
        if self._waiting and self._waiting.keys() >= self._telling and not is_moving:
            self._moving = asyncio.ensure_future(self._move())

    async def _move(self) -> None:
        def seen(world: Any, message: Message) -> bool:
            for wish in self._waiting.values():
                wish.is_met = wish.is_met or bool(wish.seen and wish.seen(world, message))
            return any(wish.is_met for wish in self._waiting.values())

        try:
            now = await self._travel.step_to(min(wish.target for wish in self._waiting.values()), seen)
        except BaseException as problem:  # noqa: BLE001  (it is the stories' to fail by)
            for wish in self._waiting.values():
                wish.done.set_exception(problem)
            self._waiting.clear()
            return
        for side, wish in list(self._waiting.items()):
            if wish.is_met or wish.target <= now:
                del self._waiting[side]
                wish.done.set_result(now)


@dataclass(slots=True)
class SideTravel:
    """One story's way through time."""

    steps: Lockstep
    side: int
    clock: Any

    async def step_to(self, target: datetime) -> datetime:
        """Through everything due on the way, in all workspaces."""
        return await self.steps.step_to(self.side, target)

    async def step_next(self) -> datetime:
        """To the next due moment of anybody's."""
        due = await self.steps.next_due()
        return await self.step_to(due or self.clock.now() + timedelta(hours=1))

    async def step_until(self, where: Any, wanted: Callable[[Message], bool], limit: datetime) -> Message | None:
        """To the first message here that is wanted."""
        found: list[Message] = []

        def seen(world: Any, message: Message) -> bool:
            if world is where and not found and wanted(message):
                found.append(message)
            return bool(found)

        await self.steps.step_to(self.side, limit, seen)
        return found[0] if found else None


class SideStage:
    """The playground as one of its workspaces sees it."""

    def __init__(self, stage: Any, side: int, steps: Lockstep) -> None:
        self._stage = stage
        self.workspace = stage.workspaces[side]
        self.world = self.workspace._world  # noqa: SLF001  (the driver keeps its world to itself)
        self.travel = SideTravel(steps, side, stage.clock)

    async def step_to(self, target: datetime) -> datetime:
        """Through everything due on the way."""
        return await self.travel.step_to(target)

    def __getattr__(self, name: str) -> Any:
        """Whatever all of them share."""
        return getattr(self._stage, name)


@dataclass(slots=True)
class Side:
    """A world as a story wants it."""

    playground: Any
    bot: Any

    @property
    def workspace_id(self) -> str:
        """Where this side's story happens."""
        return str(self.playground.workspace.team_id)


@dataclass(slots=True)
class Town:
    """One bot, several workspaces."""

    world: World
    sides: list[Side] = field(default_factory=list)

    def take_sides(self) -> Lockstep:
        """Make a side of every workspace; how time passes for them."""
        stage: Any = self.world.playground
        steps = Lockstep(stage.travel, range(len(stage.workspaces)))
        self.sides = [Side(SideStage(stage, number, steps), self.world.bot) for number in range(len(stage.workspaces))]
        return steps

    async def tell(self, *stories: Callable[[Any], Awaitable[None]]) -> None:
        """Tell a story in each workspace, all at once."""
        steps = self.take_sides()

        async def told(number: int) -> None:
            try:
                await stories[number](self.sides[number])
            finally:
                steps.leave(number)

        async with asyncio.TaskGroup() as telling:
            for number in range(len(stories)):
                telling.create_task(told(number))
