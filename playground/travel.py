"""Stepping through time: to each due moment in turn, letting the app do its work and everything arrive."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.records import Message, User
from playground.shapes import first_line
from playground.things import WorldHooks
from playground.world import Workspaces, World
from playground.zones import zone

Seen = Callable[[World, Message], bool]
SMALLEST = timedelta(milliseconds=1)
PATIENCE = 50


class JumpInProgressError(RuntimeError):
    """The clock is already being moved."""


class Travel:
    """Moves the clock of all worlds; `hooks` hand in the app's timetable, without them only the clock moves."""

    def __init__(self, worlds: Workspaces) -> None:
        self._worlds = worlds
        self._lock = asyncio.Lock()
        self.hooks: WorldHooks | None = None

    def moment(self, seconds: float) -> str:
        """A moment given in seconds since 1970, as ISO text."""
        return datetime.fromtimestamp(seconds, UTC).isoformat()

    async def next_due(self) -> datetime | None:
        """The next moment at which the app or the playground has something to do."""
        now = self._world.clock.now()
        own = self._world.timetable.next_due()
        theirs = await self.hooks.next_due(now) if self.hooks else None
        return min((each for each in (own, theirs) if each is not None), default=None)

    async def step_next(self) -> datetime:
        """To the next due moment, and through it; without one an hour passes."""
        due = await self.next_due()
        now = self._world.clock.now()
        return await self.step_to(due if due is not None and due > now else now + timedelta(hours=0 if due else 1))

    @property
    def moving(self) -> bool:
        """Whether the clock is being moved."""
        return self._lock.locked()

    @property
    def _world(self) -> World:
        return self._worlds.first

    def _tell(self, kind: str, **facts: Any) -> None:
        """Every page, of whichever workspace."""
        for world in self._worlds:
            world.stream.tell(kind, None, **facts)

    async def step_until(self, where: World, wanted: Callable[[Message], bool], limit: datetime) -> Message | None:
        """From due moment to due moment until the app says what is wanted there; None when the limit came first."""
        found: list[Message] = []

        def seen(world: World, message: Message) -> bool:
            if world is where and wanted(message):
                found.append(message)
            return bool(found)

        await self.step_to(limit, seen)
        return found[0] if found else None

    async def step_to(self, target: datetime, seen: Seen | None = None) -> datetime:
        """Through every due moment up to the target, or the first message that was wanted to be seen."""
        if self._lock.locked():
            raise JumpInProgressError("The clock is already moving.")
        async with self._lock:
            world = self._world
            began = world.clock.now()
            self._begin(began, target)
            try:
                await self._walk(target, seen)
            finally:
                for each in self._worlds:
                    each.stepping = False
                self._tell("jump", state="end", **self._span(began, world.clock.now()))
            self._end(began)
            return world.clock.now()

    def _begin(self, began: datetime, target: datetime) -> None:
        for world in self._worlds:
            world.stepping = True
            world.stepped.clear()
        self._tell("jump", state="begin", **self._span(began, max(began, target)))

    def _span(self, start: datetime, end: datetime) -> dict[str, str]:
        return {"from": start.isoformat(), "to": end.isoformat()}

    def _end(self, began: datetime) -> None:
        now = self._world.clock.now()
        words = f"Time moved on by {_words(now - began)}"
        self._world.journal.note("clock", words, detail=self._span(began, now), team="")
        self._world.guide.happened("step")

    async def _walk(self, target: datetime, seen: Seen | None) -> None:
        """Stop at each due moment; one that stays due although it was run is left behind after some tries."""
        stuck = 0
        await self._settle()
        while (due := await self.next_due()) is not None and due <= target:
            before = self._world.clock.now()
            if due <= before:
                stuck += 1
                if stuck > PATIENCE:
                    raise RuntimeError(f"The same moment stays due: {due.isoformat()}.")
                due = before + SMALLEST
            else:
                stuck = 0
            landed = await self._arrive(due)
            met = [seen(world, message) for world, message in landed] if seen is not None else []  # all are shown
            if any(met):
                return
        await self._arrive(target)

    async def _arrive(self, moment: datetime) -> list[tuple[World, Message]]:
        world = self._world
        world.clock.move_to(moment)
        self._tell("clock", now=world.clock.now().isoformat())
        if world.save is not None:
            await world.save()  # a killed run must not wake up before what its app has already done
        await world.timetable.run_due()
        if self.hooks is not None:
            await self.hooks.run_until(world.clock.now())
        await self._settle()
        landed = [(each, message) for each in self._worlds for message in each.stepped]
        for each in self._worlds:
            each.stepped.clear()
        for each, message in landed:
            self._tell_step(each, message)
        return landed

    async def _settle(self) -> None:
        await self._world.deliver.settled()
        if self.hooks is not None:
            await self.hooks.drained()
        await self._world.deliver.settled()

    def _tell_step(self, world: World, message: Message) -> None:
        place = world.state.conversations.get(message.channel)
        if place is None:
            return
        people = [message.only_for] if message.only_for else [m for m in place.members if m != world.state.app.user_id]
        reader = world.state.users.get(people[0]) if len(people) == 1 else None
        world.stream.tell(
            "step",
            None,
            **_when(world, reader),
            to=people[0] if len(people) == 1 else None,
            line=first_line(message.text),
            channel=message.channel,
            ts=message.ts,
        )


def _when(world: World, reader: User | None) -> dict[str, Any]:
    """The moment, which day of the world it is, and for one reader their name and the hour on their own clock.

    Spelt out, since a page that follows a chapter being played does not know that world's people yet.
    """
    team, now = world.state.team, world.clock.now()
    home = zone(team.home_zone)
    began = datetime.fromtimestamp(team.started, home).date()
    local = now.astimezone(zone(reader.tz) if reader else home)
    return {
        "at": now.isoformat(),
        "day": (now.astimezone(home).date() - began).days + 1,
        "hour": f"{local:%H:%M}",
        "name": reader.name.split(" ")[0] if reader else "",
    }


def _words(span: timedelta) -> str:
    hours, days = span.seconds // 3600, span.days
    if days:
        return f"{_count(days, 'day')} and {_count(hours, 'hour')}" if hours else _count(days, "day")
    return _count(hours, "hour") if hours else _count(span.seconds // 60, "minute")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
